"""`tokstat data`: the packaged and the fetched word-similarity sets."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tokstat.cli.options import data_option, examples, json_option


@click.group(epilog=examples("data list", "data fetch"))
def data() -> None:
    """List, fetch and verify the word-similarity sets of WordSim."""


@data.command("list", epilog=examples("data list", "data list --json"))
@data_option
@json_option
def list_(data: Path | None, as_json: bool) -> None:
    """List the sets: pairs, words, licence, source, and whether each is here."""
    import tokstat
    from tokstat.cli.output import write
    from tokstat.render.terminal import tables

    table = tokstat.list_data(data)
    write(tables.to_json(table) if as_json else tables.to_grid(table), None)


@data.command(epilog=examples("data fetch", "data fetch && tokstat data list"))
def fetch() -> None:
    """Fetch the seven sets of WordSim from their public source, checked by SHA-256."""
    import tokstat
    from tokstat.cli.output import write

    for path in tokstat.fetch_data():
        write(f"{path}\n", None)


@data.command(epilog=examples("data verify", "data fetch && tokstat data verify"))
@data_option
def verify(data: Path | None) -> None:
    """Check the files that are here against their SHA-256; exit with 1 if one is damaged."""
    import tokstat
    from tokstat.cli.output import write

    table = tokstat.list_data(data)
    states = dict(zip(table.columns["set"], table.columns["state"], strict=True))
    for name, state in states.items():
        write(f"{name}: {state}\n", None)
    if "damaged" in states.values():
        sys.exit(1)
