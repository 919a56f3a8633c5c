"""A comparison as text: complete, and narrow enough for two tokenizers and for twenty."""

from __future__ import annotations

import pytest

import tokstat
from tests.conftest import wrap
from tests.render.terminal.test_report import HOSTILE
from tests.small_tokenizers import superword_bpe
from tokstat.comparison.comparison import Comparison
from tokstat.render.markdown.comparison import render_comparison_markdown
from tokstat.render.terminal.comparison import (
    HEADLINES,
    change_text,
    render_comparison,
    value_text,
)
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


@pytest.fixture(
    scope="module",
    params=[2, *(pytest.param(count, marks=pytest.mark.slow) for count in (4, 5, 20))],
)
def comparison(
    request: pytest.FixtureRequest, bert: Tokenizer, modernbert: Tokenizer, english: Lexicon
) -> Comparison:
    small = [wrap(superword_bpe(), f"org/{n}-of-a-long-name-as-some-are") for n in range(18)]
    return tokstat.compare(*[bert, modernbert, *small][: request.param], lexicon=english)


@pytest.mark.parametrize("verbose", [False, True])
def test_lines_keep_within_80_columns(comparison: Comparison, verbose: bool) -> None:
    lines = render_comparison(comparison, verbose=verbose).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines == [line.rstrip() for line in lines]


def test_every_tokenizer_and_headline_is_there(comparison: Comparison) -> None:
    text = render_comparison(comparison)
    count = len(comparison.labels)
    for number, info in enumerate(comparison.tokenizers, 1):
        assert f"{info.vocab_size:,} tokens" in text
        assert f"{number} has {comparison.words[number - 1].words:,}" in text
    labels = [each.label if count <= 4 else each.short for each in HEADLINES]
    assert all(label in text for label in labels)
    assert all(f"{found.code}  {found.title[:20]}" in text for found in comparison.findings)
    assert "22,662" not in text
    assert ("51.7%" if count <= 4 else "51.7") in text
    assert "-27.9" in text


def test_verbose_shows_every_score(comparison: Comparison) -> None:
    text = render_comparison(comparison, verbose=True)
    assert all(score.name in text for score in comparison.scores)


def test_hostile_names_and_tokens_reach_nobody_raw() -> None:
    from tokenizers import Tokenizer as Backend
    from tokenizers import models

    vocab = {token: index for index, token in enumerate(["[UNK]", *HOSTILE])}
    hostile = wrap(Backend(models.WordLevel(vocab, unk_token="[UNK]")), "x\x1b[2J/y\u202e")
    comparison = tokstat.compare(hostile, hostile)
    for text in (
        render_comparison(comparison, verbose=True),
        render_comparison_markdown(comparison),
    ):
        assert all(character.isprintable() or character == "\n" for character in text)


@pytest.mark.parametrize(
    ("unit", "value", "text", "change"),
    [
        ("ratio", 0.5167, "51.7%", "+51.7"),
        ("difference", 0.0, "0.0", "0.0"),
        ("difference", -0.0001, "0.0", "0.0"),
        ("difference", 0.537, "+53.7", "+53.7"),
        ("WordSim", 43.31, "43.3", "+43.3"),
        ("tokens per word", 1.1276, "1.13", "+1.13"),
        ("tokens per word", 0.0012, "0.00", "0.00"),
        ("tokens", 50368, "50,368", "+50,368"),
        ("tokens", None, "-", "-"),
    ],
)
def test_numbers_have_the_decimals_that_they_need(
    unit: str, value: float | None, text: str, change: str
) -> None:
    assert (value_text(unit, value), change_text(unit, value)) == (text, change)


def test_scores_with_a_better_end_are_marked(comparison: Comparison) -> None:
    lines = render_comparison(comparison).splitlines()
    for text in (lines, render_comparison_markdown(comparison).splitlines()):
        marked = [line for line in text if "↓" in line]
        assert any("lower is better" in line for line in marked)
        assert len(marked) > 1


@pytest.mark.parametrize("width", [60, 200])
def test_lines_keep_within_other_widths(comparison: Comparison, width: int) -> None:
    if width == 60 and len(comparison.labels) > 3:
        pytest.skip("the scores of many tokenizers need 80 columns")
    text = render_comparison(comparison, width=width)
    lines = [line for line in text.splitlines() if "tokstat diff" not in line]
    assert max(map(len, lines)) <= width
