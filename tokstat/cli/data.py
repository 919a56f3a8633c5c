"""`tokstat data`: the packaged and the fetched data sets."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tokstat.cli.options import data_option, examples, json_option


@click.group(epilog=examples("data list", "data fetch"))
def data() -> None:
    """List, fetch and verify the sets of WordSim, and segmentations of words."""


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


@data.command(epilog=examples("data fetch", "data fetch morphynet:deu"))
@click.argument("names", nargs=-1)
def fetch(names: tuple[str, ...]) -> None:
    """Fetch the seven sets of WordSim from their public source, checked by SHA-256.

    NAMES are segmentations to fetch instead: `tokstat data segmentations` lists them.
    """
    import tokstat
    from tokstat.cli.output import say, write
    from tokstat.cli.progress import telling

    if not names:
        with telling():
            fetched = tokstat.fetch_data()
        for path in fetched:
            write(f"{path}\n", None)
        return
    from tokstat.words.segmentation_store import LICENCE, fetch_segmentations, find_source

    for source in [find_source(name) for name in names]:
        with telling():
            path = fetch_segmentations(source)
        write(f"{path}\n", None)
        say(f"{source.name}: MorphyNet (Batsuren et al. 2021), licence {LICENCE}")


@data.command(epilog=examples("data segmentations", "data segmentations --json"))
@json_option
def segmentations(as_json: bool) -> None:
    """List the segmentations that can be fetched: language, licence, and whether each is here."""
    import tokstat
    from tokstat.cli.output import write
    from tokstat.render.terminal import tables

    table = tokstat.list_segmentations()
    write(tables.to_json(table) if as_json else tables.to_grid(table), None)


@data.command(epilog=examples("data verify", "data fetch && tokstat data verify"))
@data_option
def verify(data: Path | None) -> None:
    """Check the fetched files against their SHA-256; exit with 1 if one is damaged."""
    import tokstat
    from tokstat.cli.output import write

    table = tokstat.list_data(data)
    states = dict(zip(table.columns["set"], table.columns["state"], strict=True))
    for name, state in states.items():
        write(f"{name}: {state}\n", None)
    if "damaged" in states.values():
        sys.exit(1)
