"""A corpus report as text: tokenizers side by side."""

from __future__ import annotations

import pytest

import tokstat
from tests.conftest import load_known
from tokstat.corpus.report import CorpusReport
from tokstat.render.terminal.corpus import (
    SHOWN_IN_TABLES,
    digits,
    headline,
    largest_parts,
    lost_in_groups,
    pivot,
    render_corpus,
    size_text,
    value_text,
)
from tokstat.results.report import Metric, Table

NAMES = ("byte-level", "wordpiece")


@pytest.fixture(scope="module")
def report() -> CorpusReport:
    return tokstat.measure_corpus([load_known(name) for name in NAMES], texts=["the people"])


@pytest.mark.parametrize(
    ("metric", "shown"),
    [
        (Metric("m", None, "tokens", ""), "-"),
        (Metric("m", 1234567, "tokens", ""), "1,234,567"),
        (Metric("m", 0.25, "ratio", "", 1, 4), "25.0%"),
        (Metric("m", 0.0002, "ratio", "", 1, 5000), "<0.1%"),
        (Metric("m", 0.0, "ratio", "", 0, 5000), "0.0%"),
        (Metric("m", 0.25, "ratio", ""), "0.250"),
        (Metric("m", 0.0, "tokens per word", ""), "0"),
        (Metric("m", 12.3456, "tokens per word", ""), "12.3"),
        (Metric("m", 1234.5, "bytes per token", ""), "1,234"),
        (Metric("m", 1.23456, "tokens per word", ""), "1.23"),
    ],
)
def test_values(metric: Metric, shown: str) -> None:
    assert value_text(metric) == shown


def test_every_metric_stands_in_its_row(report: CorpusReport) -> None:
    rows = {line.split()[0]: line for line in render_corpus(report).splitlines() if line.strip()}
    first, second = report.tokenizers
    for one, other in zip(first.metrics, second.metrics, strict=True):
        if one.name not in SHOWN_IN_TABLES:
            assert rows[one.name].split()[1:] == [value_text(one), value_text(other)]


def test_files_and_definitions_are_for_verbose(report: CorpusReport) -> None:
    definition = report.tokenizers[0].metric("tokens").definition
    brief, verbose = (" ".join(render_corpus(report, each).split()) for each in (False, True))
    assert definition not in brief
    assert definition in verbose
    assert report.table("files").title not in brief
    assert report.table("files").title in verbose


def test_sizes_have_their_number() -> None:
    one = tokstat.measure_corpus([load_known("byte-level")], texts=["a"])
    assert size_text(one) == "1 document, 1 byte, 1 character, 1 word"


def test_a_table_is_turned_with_the_tokenizers_side_by_side() -> None:
    columns = {"group": ("a", "a", "b", "b"), "tokenizer": ("x", "y") * 2, "tokens": (1, 2, 3, 4)}
    turned = pivot(Table("groups", "", columns), ("group",), "tokens")
    assert turned.columns == {"group": ("a", "b"), "x": (1, 3), "y": (2, 4)}


def test_long_names_that_end_alike_have_columns_of_their_own() -> None:
    specs = tuple(f"{letter}{'x' * 40}" for letter in "ab")
    turned = pivot(Table("t", "", {"tokenizer": specs, "n": (1, 2), "k": (0, 0)}), ("k",), "n")
    assert len(turned.columns) == 3


def test_a_tokenizer_that_loses_text_does_not_win_by_it() -> None:
    """The word-piece tokenizer lacks the tiger, so its two tokens are no bargain."""
    pair = [load_known(name) for name in NAMES]
    found = tokstat.measure_corpus(pair, texts=["the 虎"])
    whole, lossy = found.tokenizers
    assert (whole.loses_text, lossy.loses_text) == (False, True)
    few, many = (each.metric("tokens").value or 0 for each in (lossy, whole))
    assert few < many
    line = headline(found)
    assert line.startswith(f"Fewest tokens: {whole.spec} {many:.0f} ({many / 2:#.3g} a word).")
    assert f"{lossy.spec} {few:.0f} ({few / 2:#.3g} a word, 50.0% of tokens are unknown)" in line
    assert render_corpus(found).startswith(line[:60])
    alone = headline(tokstat.measure_corpus(pair[:1], texts=[""]))
    assert alone == f"Tokens: {whole.spec} 0."


def test_the_first_line_has_the_cheapest_first() -> None:
    pair = [load_known(name) for name in ("byte-level", "metaspace")]
    found = tokstat.measure_corpus(pair, texts=["unreadable \U0001f9ff"])
    first, second = sorted(found.tokenizers, key=lambda each: each.metric("tokens").value or 0)
    few, many = (int(each.metric("tokens").value or 0) for each in (first, second))
    assert few < many
    assert headline(found) == (
        f"Fewest tokens: {first.spec} {few} ({digits(few)} a word);"
        f" {second.spec} {many} (+{many / few - 1:.1%}, {digits(many)} a word)."
    )


def test_a_loss_that_nobody_notices_is_none() -> None:
    texts = ["the people " * 600 + "虎"]
    found = tokstat.measure_corpus([load_known("wordpiece")], texts=texts)
    assert 0 < (found.tokenizers[0].metric("unknown_token_ratio").value or 0) < 0.001
    assert not found.tokenizers[0].loses_text
    assert "unknown" not in headline(found)


def test_groups_of_which_text_is_lost_are_named() -> None:
    texts = {"en": "the people", "zh": "the 虎"}
    found = tokstat.measure_corpus([load_known(name) for name in NAMES], texts=texts)
    (line,) = lost_in_groups(found.table("groups"))
    assert line.startswith("wordpiece loses text of zh (50.0% of tokens are unknown)")
    columns = dict(found.table("groups").columns)
    del columns["dropped_word_ratio"]
    assert list(lost_in_groups(Table("groups", "", columns))) == []


def test_the_groups_with_the_most_text_are_listed() -> None:
    tokenizers = [load_known(name) for name in NAMES]
    texts = {f"g{number:02}": "the people " * (60 - number) for number in range(50)}
    report = tokstat.measure_corpus(tokenizers, texts={**texts, "last": "the people " * 99})
    shown = [f"g{number:02}" for number in range(39)] + ["last"]
    largest = largest_parts(report.table("groups"), 2, 40)
    assert largest.columns["group"] == tuple(name for name in shown for _ in NAMES)
    text = render_corpus(report)
    assert [name for name in (*texts, "last") if f"\n{name} " in text] == shown
    assert text.count("and 11 more") == 2
    assert "with less text" not in render_corpus(report, verbose=True)
