"""Composition of a vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokstat.plots.style import BLUE, GREY, ORANGE, SKY, axes_or_new, frame, label, section_of
from tokstat.results.report import Report, Section

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def composition(report: Report | Section, ax: Axes | None = None) -> Axes:
    """Plot the tokens of each word class, from the section `whole_words`."""
    table = section_of(report, "whole_words").table("word_classes")
    names = [str(name).replace("_", " ") for name in table.columns["word_class"]]
    return _bars(names, [int(count) for count in table.columns["tokens"]], ax)


def duplicates(report: Report | Section, ax: Axes | None = None) -> Axes:
    """Plot the tokens that repeat another but for case, leading space, or both, from `casing`."""
    section = section_of(report, "casing")
    names = ("casing_duplicates", "space_duplicates", "near_duplicates")
    counts = [int(section.metric(name).value or 0) for name in names]
    labels = ["differ by case", "differ by leading space", "differ by either"]
    return _bars(labels, counts, ax, shares=False)


def duplicate_families(report: Report | Section, ax: Axes | None = None) -> Axes:
    """Plot the largest families of tokens that spell one word, from `casing`."""
    table = section_of(report, "casing").table("duplicate_families")
    labels = [str(members) for members in table.columns["members"]][:12]
    return _bars(labels, [int(count) for count in table.columns["tokens"]][:12], ax, shares=False)


def lengths(report: Report | Section, ax: Axes | None = None) -> Axes:
    """Plot the lengths of content tokens, and which start a word, from `composition`."""
    axes = axes_or_new(ax)
    table = section_of(report, "composition").table("lengths")
    names = [label(str(name)) for name in table.columns["characters"]]
    places = range(len(names))
    starting = [int(count) for count in table.columns["starting_a_word"]]
    others = [
        int(count) - start for count, start in zip(table.columns["tokens"], starting, strict=True)
    ]
    axes.bar(places, starting, color=BLUE, label="start a word")
    axes.bar(places, others, bottom=starting, color=SKY, hatch="//", label="continue a word")
    axes.set_xticks(places, names)
    axes.set_xlabel("characters")
    axes.set_ylabel("content tokens")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend(fontsize="small", frameon=False)
    frame(axes)
    return axes


def fragments_by_rank(report: Report | Section, ax: Axes | None = None) -> Axes:
    """Plot the share of fragments among in-script tokens by rank, from `fragments`.

    The rank is the position in the vocabulary: by falling frequency (WordPiece, Unigram), or by
    merge.
    """
    axes = axes_or_new(ax)
    table = section_of(report, "fragments").table("rank_bands")
    middles = [
        (first + last) / 2
        for first, last in zip(table.columns["from_rank"], table.columns["to_rank"], strict=True)
    ]
    shares = [
        100 * fragments / tokens if tokens else float("nan")
        for fragments, tokens in zip(
            table.columns["fragments"], table.columns["tokens"], strict=True
        )
    ]
    axes.plot(middles, shares, marker="o", color=ORANGE)
    axes.set_ylim(0, max([1, *(share for share in shares if share == share)]) * 1.1)
    axes.set_xlabel("rank in the vocabulary")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylabel("fragments, % of in-script tokens")
    frame(axes)
    return axes


def _bars(labels: list[str], counts: list[int], ax: Axes | None, *, shares: bool = True) -> Axes:
    """Plot one bar a label, the longest on top, with its count and its share of the sum."""
    axes = axes_or_new(ax)
    whole = sum(counts)
    order = sorted(range(len(counts)), key=lambda place: counts[place])
    axes.barh(
        range(len(order)),
        [counts[place] for place in order],
        color=[BLUE if counts[place] else GREY for place in order],
    )
    axes.set_yticks(range(len(order)), [label(labels[place]) for place in order])
    for height, place in enumerate(order):
        share = f" ({counts[place] / whole:.0%})" if shares and whole else ""
        axes.annotate(
            f"{counts[place]:,}{share}",
            (counts[place], height),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize="small",
        )
    axes.margins(x=0.2)
    axes.set_xlabel("tokens")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    frame(axes, grid="x")
    return axes
