"""A hook of mkdocs: the pages of the reference, from the code's own declarations.

One page each for every analyzer, metric and finding, one for the command line, one for the Python
names. They are made while the site is built and kept nowhere.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

import tokstat
from tokstat import plots
from tokstat.analyzers.explanations import all_explanations
from tokstat.cli.main import cli
from tokstat.results.explanations import Explanation

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_TITLES = {
    "analyzer": "Analyzers",
    "command": "Measures of text",
    "metric": "Metrics",
    "finding": "Findings",
}
"""Titles in the navigation, where the page of all commands is apart from what one measures."""

_FOLDERS = {
    "analyzer": "analyzers",
    "command": "measures",
    "metric": "metrics",
    "finding": "findings",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the generated pages below the last part of the navigation, which is the reference."""
    (reference,) = config.nav[-1].values()
    for kind, folder in _FOLDERS.items():
        paths = sorted(path for path in pages() if path.startswith(f"reference/{folder}/"))
        reference.append({_TITLES[kind]: paths})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to those of the folder."""
    from mkdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


@functools.cache
def pages() -> dict[str, str]:
    """Return every page of the reference by its path within the documentation."""
    everything = all_explanations()
    found = {
        "reference/index.md": _index(everything),
        "reference/commands.md": _commands(),
        "reference/python.md": _python(),
    }
    homes = {each.name: _home(each) for each in everything}
    for home in dict.fromkeys(homes.values()):
        same = [each for each in everything if _home(each) == home]
        found[f"reference/{home}"] = _page(same, homes)
    return found


def _home(each: Explanation) -> str:
    return f"{_FOLDERS[each.kind]}/{each.name}.md"


def _page(same: list[Explanation], homes: dict[str, str]) -> str:
    """Explain one name; several analyzers may give a metric of that name."""
    lines = [f"# {same[0].name}", ""]
    for each in same:
        lines += [f"**{_text(each.title)}**", "", _kind(each, homes), ""]
        if each.meaning:
            lines += [_text(each.meaning), ""]
        if each.needs:
            lines += [f"It needs: {', '.join(each.needs)}.", ""]
        if each.what_to_do:
            lines += ["## What to do" if len(same) == 1 else "What to do:", ""]
            lines += [_text(each.what_to_do), ""]
        if each.source:
            lines += [f"Source: {_with_papers(_text(each.source))}.", ""]
        if each.related:
            links = (f"[`{name}`](../{homes[name]})" for name in each.related)
            lines += ["See also: " + ", ".join(links), ""]
    return "\n".join(lines) + f"\nIn a terminal: `tokstat explain {same[0].name}`\n"


def _kind(each: Explanation, homes: dict[str, str]) -> str:
    if each.kind == "analyzer":
        return f"An analyzer: `tokstat inspect SPEC --analyzer {each.name} -v` runs it alone."
    if each.kind == "command":
        return f"A command: `tokstat {each.name}`."
    detail = each.severity if each.kind == "finding" else each.unit
    if each.analyzer not in homes:  # a command that gives findings of its own
        return f"A {each.kind} ({detail}) of the command [`{each.analyzer}`](../commands.md)."
    by = f"[`{each.analyzer}`](../{homes[each.analyzer]})"
    whose = "command" if homes[each.analyzer].startswith(_FOLDERS["command"]) else "analyzer"
    return f"A {each.kind} ({detail}) of the {whose} {by}."


def _text(text: str) -> str:
    """Keep what markdown would take for markup as it is; its own code and lists stay."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else _plain(part) for part in parts)


def _plain(text: str) -> str:
    escaped = re.sub(r"([\[\]*_\\])", r"\\\1", text)
    return escaped.replace("<", "&lt;").replace(">", "&gt;").replace("|", "&#124;")


def _with_papers(text: str) -> str:
    return re.sub(r"arXiv (\d{4}\.\d{5})", r"[arXiv \1](https://arxiv.org/abs/\1)", text)


def _index(everything: Iterable[Explanation]) -> str:
    lines = ["# All names", "", "Every analyzer, with its metrics and findings.", ""]
    for each in everything:
        link = f"[`{each.name}`]({_home(each)})"
        if each.kind in ("analyzer", "command"):
            lines += ["", f"## {each.title}", "", f"{each.kind.title()} {link}", ""]
        else:
            severity = f"{each.severity}: " if each.kind == "finding" else ""
            lines.append(f"- {link} {severity}{_text(each.title)}")
    return "\n".join(lines) + "\n"


def _commands() -> str:
    lines = ["# Command line", "", _text(_help(cli)), ""]
    for path, command in commands(cli):
        lines += [f"## tokstat {' '.join(path)}", "", _text(_help(command)), ""]
        context = click.Context(command, info_name=f"tokstat {' '.join(path)}")
        lines += ["```text", command.get_usage(context), "```", ""]
        options = [each for each in command.params if isinstance(each, click.Option)]
        if options:
            lines += ["| option | what it does |", "| --- | --- |"]
        for option in options:
            record = option.get_help_record(context)
            if record:
                lines.append(f"| `{record[0]}` | {_text(record[1])} |")
        lines.append("")
    return "\n".join(lines)


def _help(command: click.Command) -> str:
    # \b is click's mark of a paragraph that it must not fill.
    return inspect.cleandoc(command.help or "").replace("\b\n", "")


def commands(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command and every command of a group, with the words that call it."""
    if path:
        yield path, command
    if isinstance(command, click.Group):
        for name, each in sorted(command.commands.items()):
            yield from commands(each, (*path, name))


def _python() -> str:
    lines = ["# Python", "", "`import tokstat` gives these names; each loads when first used.", ""]
    for name in tokstat.__all__:
        each = getattr(tokstat, name)
        lines += [f"::: {each.__module__}.{name}", ""]
    lines += ["# Plots", "", "`from tokstat import plots`", ""]
    for name in plots.__all__:
        lines += [f"::: {getattr(plots, name).__module__}.{name}", ""]
    return "\n".join(lines)
