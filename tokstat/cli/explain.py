"""`tokstat explain`: what codes, metrics and analyzers mean."""

from __future__ import annotations

import shutil

import click

from tokstat.cli.options import json_option

_WIDEST = 100


@click.command()
@click.argument("names", nargs=-1, metavar="[CODE|ANALYZER|METRIC]...")
@json_option
def explain(names: tuple[str, ...], as_json: bool) -> None:
    """Say what a finding, a metric or an analyzer means, its source, and what to do.

    Without a name it lists all there are, those of installed plug-ins among them.
    """
    from tokstat import api
    from tokstat.cli.output import write
    from tokstat.render.terminal import explanations

    found = api.explain(*names)
    if as_json:
        write(explanations.to_json(found), None)
    elif names:
        width = min(shutil.get_terminal_size().columns, _WIDEST)
        write(explanations.to_text(found, width), None)
    else:
        write(explanations.to_list(found), None)
