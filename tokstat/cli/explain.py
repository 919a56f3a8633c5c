"""`tokstat explain`: the meaning of codes, metrics and analyzers."""

from __future__ import annotations

import shutil

import click

from tokstat.cli.completion import complete_names
from tokstat.cli.options import examples, json_option

_WIDEST = 100


@click.command(
    epilog=examples("explain TS501", "explain leading_space_gap coverage", "explain eos")
)
@click.argument(
    "names", nargs=-1, metavar="[CODE|ANALYZER|METRIC]...", shell_complete=complete_names
)
@json_option
def explain(names: tuple[str, ...], as_json: bool) -> None:
    """Explain a finding, metric or analyzer.

    The output has its meaning, its source, and what to do. For another word, such as lstrip or eos,
    list the findings about it. Without a name, list all of them, including those of installed
    plug-ins.
    """
    import tokstat
    from tokstat.cli.output import write
    from tokstat.render.terminal import explanations

    found = tokstat.explain(*names)
    if as_json:
        write(explanations.to_json(found), None)
    elif names and {each.name for each in found} <= {*names}:
        width = min(shutil.get_terminal_size().columns, _WIDEST)
        write(explanations.to_text(found, width), None)
    else:
        write(explanations.to_list(found), None)
