"""A comparison as Markdown."""

from __future__ import annotations

import pytest

import tokstat
from tests.conftest import wrap
from tests.small_tokenizers import superword_bpe
from tokstat.comparison.comparison import Comparison
from tokstat.render.markdown.comparison import render_comparison_markdown
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


def test_markdown_has_rows_of_one_length(comparison: Comparison) -> None:
    text = render_comparison_markdown(comparison)
    assert all(score.name.replace("_", r"\_") in text for score in comparison.scores)
    table: list[int] = []
    for line in text.splitlines():
        if line.startswith("|"):
            table.append(line.replace(r"\|", "").count("|"))
        else:
            assert len(set(table)) <= 1
            table = []
