"""Results as text in every format; no other package knows a format."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from tokstat.results.report import Table
    from tokstat.results.written import Written

    Parts: TypeAlias = "Iterable[str | Table]"

Format = Literal["terminal", "json", "markdown", "html", "fragment", "csv"]
"""A page is "html"; what a notebook shows of it is "fragment". CSV has the rows of `to_table`."""

_OWN_FORMS = {
    "Report": {
        "terminal": "terminal.report:render_terminal",
        "markdown": "markdown.report:render_markdown",
        "html": "html.report:render_html",
        "fragment": "html.report:render_fragment",
    },
    "Comparison": {
        "terminal": "terminal.comparison:render_comparison",
        "markdown": "markdown.comparison:render_comparison_markdown",
        "html": "html.comparison:render_comparison_html",
        "fragment": "html.comparison:render_comparison_fragment",
    },
    "CorpusReport": {
        "terminal": "terminal.corpus:render_corpus",
        "markdown": "markdown.corpus:render_corpus_markdown",
        "html": "html.corpus:render_corpus_html",
        "fragment": "html.corpus:render_corpus_fragment",
    },
    "Difference": {
        "terminal": "terminal.difference:render_difference",
        "markdown": "markdown.difference:render_difference_markdown",
        "html": "html.difference:render_difference_html",
        "fragment": "html.difference:render_difference_fragment",
    },
    "TextSplits": {
        "terminal": "terminal.splits:render_splits",
        "markdown": "markdown.splits:render_splits_markdown",
        "html": "html.splits:render_splits_html",
        "fragment": "html.splits:render_splits_fragment",
    },
    "GatedReport": {
        "terminal": "gated:render_gated",
        "markdown": "gated:render_gated_markdown",
        "html": "gated:render_gated_html",
        "fragment": "gated:render_gated_fragment",
    },
}
"""The functions that write a result which has forms of its own, by the name of its class."""

_PARTS = {
    "Ladder": ("What-if ladder", "terminal.ladder:ladder_parts"),
    "LaddersByTeacher": ("What-if ladders by teacher", "terminal.by_teacher:ladders_parts"),
    "StudiesByTeacher": ("Studies of tokenizers by teacher", "terminal.by_teacher:studies_parts"),
    "SmallestFix": ("The smallest fix", "terminal.smallest_fix:fix_parts"),
    "Grid": ("Tokenizers trained alike", "terminal.grid:grid_parts"),
    "Study": ("Study of tokenizers", "terminal.study:study_parts"),
    "StudyLink": ("Scores and WordSim in a study", "terminal.study:study_link_parts"),
    "PublishedLink": ("Scores and published WordSim", "terminal.published_link:link_parts"),
    "ModelScore": ("WordSim", "terminal.wordsim:score_parts"),
    "Repair": ("Repaired tokenizer", "terminal.repair:repair_parts"),
    "Lock": ("Lock of a tokenizer", "terminal.lock:lock_parts"),
    "Decoded": ("Decoded ids", "terminal.splits:decoded_parts"),
    "Steps": ("Split, step by step", "terminal.steps:steps_parts"),
    "SplitCauses": ("Why words are split", "terminal.causes:causes_parts"),
    "Findings": ("Findings", "parts:table_parts"),
    "Table": ("Table", "parts:table_parts"),
}
"""The title of every other result, and the function that gives its texts and tables."""


def write_result(result: Written, format: Format = "terminal", **options: Any) -> str:  # noqa: A002
    """Write a result in a format.

    `options` are `width` (None for that of the terminal), `color` and `verbose`; a format takes
    those that it has a use for.
    """
    kind = type(result).__name__
    if format == "json":
        return result.to_json().rstrip("\n") + "\n"
    if format == "csv":
        return str(_named("terminal.tables:to_csv")(result.to_table()))
    if kind == "TextSplit":
        result, kind = _alone(result), "TextSplits"
    if options.get("width") is None:
        options["width"] = shutil.get_terminal_size().columns
    if kind in _OWN_FORMS:
        write = _named(_OWN_FORMS[kind][format])
        return str(write(result, **_taken(write, options)))
    title, name = _PARTS[kind]
    title = str(getattr(result, "title", title))
    parts: Parts = _named(name)(result)
    return write_parts(title, parts, format)


def write_parts(title: str, parts: Parts, format: str) -> str:  # noqa: A002
    """Write texts and tables: as "terminal", without the title, "markdown", "html", "fragment"."""
    if format == "terminal":
        from tokstat.render.terminal.text import to_text

        return to_text(parts).rstrip("\n") + "\n"
    write = _named(f"{'markdown' if format == 'markdown' else 'html'}.parts:parts_to_{format}")
    return str(write(title, parts))


def _alone(split: Any) -> Any:
    """Return one split as splits are written."""
    from tokstat.splitting.side_by_side import AlignedText, TextSplits

    return TextSplits((AlignedText(split.text, (split,)),))


def _named(name: str) -> Callable[..., Any]:
    """Import a function of this package, which takes only what is needed."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"tokstat.render.{module}"), function)
    return found


def _taken(write: Callable[..., Any], options: dict[str, Any]) -> dict[str, Any]:
    known = inspect.signature(write).parameters
    return {name: value for name, value in options.items() if name in known}
