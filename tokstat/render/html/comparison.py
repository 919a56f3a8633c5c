"""A comparison as a self-contained page, and as a fragment for a notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from tokstat.comparison.comparison import Comparison, Score
from tokstat.comparison.words import WordExamples
from tokstat.io.limits import limits
from tokstat.render.compared_parts import diff_command, part_notes, part_rows
from tokstat.render.headlines import severities
from tokstat.render.html.components import (
    Explained,
    badge,
    facts,
    folded,
    panel,
    sentences,
    terms,
    tokens,
)
from tokstat.render.html.markup import Child, Html, breakable, element, to_ascii
from tokstat.render.html.page import asset, render_page
from tokstat.render.html.shared_tokens import heat_map, shared_tokens
from tokstat.render.html.side_by_side import (
    Bar,
    bar_card,
    cards,
    mark_cell,
    matrix,
    name,
    row,
    title_of,
    value_cell,
)
from tokstat.render.html.splits import LEGEND, tables
from tokstat.render.html.tables import cut_note
from tokstat.render.markdown.comparison import made_of
from tokstat.render.panel import is_panel, splits_of
from tokstat.render.terminal.comparison import HEADLINES, ComparedScore, change_text, value_text
from tokstat.results.language_names import named
from tokstat.splitting.side_by_side import TextSplits
from tokstat.text.wording import counted

_WORDSIM_AXIS = 50.0
"""The least WordSim that a full bar stands for."""

_WORDS_OF_FRAGMENT = 8

_OPEN_SPLITS = 16
"""Splits that are shown open, of as many texts as have them; the other texts are folded."""

_ABOUT_WORDS = (
    "Words of the lexicon that are one token with their word boundary, most frequent first. "
    "The words that only one tokenizer has reflect its training data."
)

_ABOUT_RANKS = (
    "Ranks are among the packaged reference tokenizers. Rank 1 has the highest score; a rank is "
    "not a grade."
)


def render_comparison_html(comparison: Comparison) -> str:
    """Write a comparison as one self-contained page, byte for byte reproducible."""
    title = title_of(comparison.labels)
    first, more = list(_open(comparison)), list(_folded(comparison))
    codes = [each.code for each in comparison.findings]
    return render_page(
        title=f"{title} · tokstat",
        header=element("p", element("b", "tokstat"), " comparison of tokenizers", class_="brand"),
        contents=[*((each[0], each[1]) for each in first), *((each[0], each[1]) for each in more)],
        body=(
            element("h1", element("bdi", title)),
            sentences(comparison.verdict, dict.fromkeys(codes, "#findings")),
            (panel(*each) for each in first),
            element("div", (folded(*each) for each in more), class_="more"),
        ),
        footer=element(
            "p",
            f"Written by tokstat {comparison.tokstat_version}. ",
            "This page is self-contained: it loads nothing.",
        ),
    )


def render_comparison_fragment(comparison: Comparison) -> str:
    """Write the main parts of a comparison for a notebook's cell, without scripts and ids."""
    words = (
        element("p", name(comparison.labels, position), ": ", _only(found, _WORDS_OF_FRAGMENT))
        for position, found in enumerate(comparison.words)
    )
    return to_ascii(
        element(
            "div",
            element("style", Html(asset("components.css"))),
            element("p", element("strong", title_of(comparison.labels)), class_="name"),
            sentences(comparison.verdict),
            _on_scores(comparison),
            _score_cards(comparison),
            _parts(comparison) if comparison.parts is not None else None,
            heat_map(comparison, comparison.surfaces, "Shared tokens"),
            element("div", words),
            class_="tokstat fragment",
        )
    )


def _open(comparison: Comparison) -> Iterator[tuple[str, str, Child]]:
    """Yield id, title and content of the parts that a reader meets open."""
    positions = range(len(comparison.labels))
    yield "tokenizers", "Tokenizers", cards(_tokenizer(comparison, each) for each in positions)
    shown = _score_cards(comparison, Explained())
    yield "scores", "Scores", [_on_scores(comparison), shown]
    if comparison.parts is not None:
        yield "pipeline", "Pipeline and ids", _parts(comparison)
    yield "shared", "Shared tokens", shared_tokens(comparison)
    splits = splits_of(comparison.labels, comparison.splits)
    if splits is not None:
        yield "splits", "Splits of fixed texts", _splits(comparison, splits)


def _folded(comparison: Comparison) -> Iterator[tuple[str, str, str, Child]]:
    """Yield id, title, a count and the content of the parts that open at their titles."""
    if comparison.findings:
        told = counted(len(comparison.findings), "finding")
        yield "findings", "Findings by tokenizer", told, _findings(comparison)
    told = f"{counted(comparison.shared_words, 'word')} in every tokenizer"
    yield "words", "Words that are one token", told, _words(comparison)
    told = counted(len(comparison.scores), "score")
    yield "all-scores", "All scores", told, _all_scores(comparison)
    about = _about(comparison), terms()
    yield "about", "About this comparison", "lexicon, sums and terms", about


def _tokenizer(comparison: Comparison, position: int) -> Html:
    info = comparison.tokenizers[position]
    found = Counter(each.severity for each in comparison.findings if position in each.tokenizers)
    policy = comparison.digit_policies[position]
    return element(
        "div",
        element("h3", name(comparison.labels, position)),
        facts(
            [
                ("spec", breakable(info.spec)),
                ("model", made_of(info)),
                ("tokens", f"{info.vocab_size:,}"),
                *([("numbers", policy)] if policy else []),
                ("findings", severities(found)),
            ]
        ),
        (element("p", "Note: ", note, class_="note") for note in info.notes),
        class_="card",
    )


def _on_scores(comparison: Comparison) -> Html:
    ranked = any(rank for score in comparison.scores for rank in score.ranks)
    return element(
        "p",
        "Changes are from ",
        element("bdi", comparison.labels[0]),
        ". ",
        _ABOUT_RANKS if ranked else None,
        class_="note",
    )


def _score_cards(comparison: Comparison, explain: Callable[[str], Child] = str) -> Html:
    by_name = {score.name: score for score in comparison.scores}
    return cards(
        _score_card(comparison, headline, by_name[headline.metric], explain)
        for headline in HEADLINES
        if headline.metric in by_name
    )


def _score_card(
    comparison: Comparison,
    headline: ComparedScore,
    score: Score,
    explain: Callable[[str], Child],
) -> Html:
    known = [value for value in score.values if value is not None]
    reach = 1.0 if score.unit in ("ratio", "difference") else max(_WORDSIM_AXIS, *known, 0.0)
    bars = [
        Bar(
            value=value_text(score.unit, value),
            share=None if value is None else value / reach,
            change=change_text(score.unit, change) if position and change is not None else "",
            rank=f"Rank {rank.number} of {rank.of}" if rank else "",
        )
        for position, (value, change, rank) in enumerate(
            zip(score.values, score.changes, score.ranks, strict=True)
        )
    ]
    labels, better = comparison.labels, headline.better
    return bar_card(headline.meaning, explain(score.definition), labels, bars, better)


def _findings(comparison: Comparison) -> Child:
    most = limits().findings
    rows = (
        row(
            (
                badge(found.severity),
                " ",
                element("span", found.code, class_="code"),
                " ",
                found.title,
            ),
            (mark_cell(each in found.tokenizers) for each in range(len(comparison.labels))),
        )
        for found in comparison.findings[:most]
    )
    return [
        matrix(comparison.labels, "Findings by tokenizer", "finding", rows),
        cut_note(most, len(comparison.findings), "findings"),
    ]


def _parts(comparison: Comparison) -> Child:
    """Show the parts that differ, one column a tokenizer."""
    rows = (
        row(
            (
                each.part,
                " ",
                element("small", element("bdi", breakable(each.name))) if each.name else None,
            ),
            (element("td", element("bdi", breakable(cell or "–"))) for cell in each.cells),
        )
        for each in part_rows(comparison)
    )
    what, command = diff_command(comparison)
    return [
        matrix(comparison.labels, "Pipeline and ids", "part", rows, kind="texts")
        if comparison.parts
        else element("p", "Nothing differs."),
        (element("p", note, class_="note") for note in part_notes(comparison)),
        element("p", f"{what}: ", element("code", command), class_="note")
        if comparison.parts
        else None,
    ]


def _words(comparison: Comparison) -> Child:
    """Show the words that all have, that only one has, and that only one lacks."""
    several = len(comparison.labels) > 2
    return [
        element("p", _ABOUT_WORDS, class_="note"),
        cards(
            (
                element(
                    "div",
                    element("h3", "All tokenizers"),
                    element("p", counted(comparison.shared_words, "word")),
                    tokens(comparison.shared_examples),
                    class_="card",
                ),
                *(
                    element(
                        "div",
                        element("h3", name(comparison.labels, position)),
                        element("p", counted(found.words, "word"), ", ", _only(found)),
                        element("p", _lacking(found)) if several and found.lacking else None,
                        class_="card",
                    )
                    for position, found in enumerate(comparison.words)
                ),
            )
        ),
    ]


def _only(found: WordExamples, most: int | None = None) -> Child:
    return [f"{found.only:,} in no other: ", tokens(found.only_examples[:most])]


def _lacking(found: WordExamples) -> Child:
    return [
        f"lacks {counted(found.lacking, 'word')} that all others have: ",
        tokens(found.lacking_examples),
    ]


def _splits(comparison: Comparison, splits: TextSplits) -> Child:
    named = [
        (name(comparison.labels, position), section)
        for position, section in enumerate(comparison.splits)
    ]
    shown = [label for label, section in named if is_panel(section)]
    most = max(_OPEN_SPLITS // len(shown), 1)
    first, others = (
        replace(splits, texts=some) for some in (splits.texts[:most], splits.texts[most:])
    )
    return [
        element("p", LEGEND, class_="note"),
        tables(first, shown),
        element(
            "details",
            element("summary", f"Show {counted(len(others.texts), 'more text')}"),
            tables(others, shown),
        )
        if others.texts
        else None,
        (
            element("p", label, ": skipped, ", section.skipped, class_="note")
            for label, section in named
            if not is_panel(section)
        ),
    ]


def _all_scores(comparison: Comparison) -> Html:
    rows = (
        row(
            (element("code", breakable(score.name)), element("small", score.definition)),
            (_value(score, position) for position in range(len(comparison.labels))),
        )
        for score in comparison.scores
    )
    return matrix(comparison.labels, "All scores", "score", rows)


def _value(score: Score, position: int) -> Html:
    change = score.changes[position]
    return value_cell(
        value_text(score.unit, score.values[position]),
        change_text(score.unit, change) if position and change is not None else "",
    )


def _about(comparison: Comparison) -> Html:
    lexicon = comparison.lexicon
    languages = named(*lexicon.languages)
    sums = enumerate((info.sha256 for info in comparison.tokenizers), 1)
    return facts(
        [
            ("lexicon", f"{languages}: {counted(lexicon.words, 'known word')} ({lexicon.source})"),
            *((f"sha256 {number}", each) for number, each in sums),
            ("tokstat", comparison.tokstat_version),
        ]
    )
