"""A report as Markdown: whole tables, nothing of a vocabulary taken for markup."""

from __future__ import annotations

import tokenizers
from tokenizers import models

import tokstat
from tests.conftest import wrap
from tokstat.render.markdown.report import escape, render_markdown
from tokstat.results.report import Report


def test_rows_have_as_many_cells_as_their_header(modernbert_report: Report) -> None:
    cells = None
    tables = 0
    for line in render_markdown(modernbert_report).splitlines():
        if not line.startswith("|"):
            cells = None
            continue
        count = line.replace("\\|", "").count("|")
        tables += cells is None
        cells = cells or count
        assert count == cells, line
    assert tables >= 15


def test_markup_in_tokens_is_escaped() -> None:
    tokens = ["<script>alert(1)</script>", "a|b", "`x`", "[l](u)", "*b*", "x\ny"]
    vocab = {token: index for index, token in enumerate(["[UNK]", *tokens])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    text = render_markdown(tokstat.inspect(wrap(backend, "# hostile")))
    assert "<script>" not in text
    assert "a\\|b" in text
    assert text.startswith("# \\# hostile\n")


def test_escape_leaves_words_alone() -> None:
    assert escape("plain words, 1.5 %") == "plain words, 1.5 %"


def test_nothing_is_a_mention_or_a_link() -> None:
    """What GitHub links even where its signs are escaped: by name, number and address."""
    texts = ["@name", "a@b.c", "#1", "o/r#1", "GH-1", "gh-22", "https://x.y", "ftp://x", "_www.x.y"]
    for text in texts:
        assert escape(text).replace("\\", "").replace("&#8203;", "") == text
        assert escape(text).count("&#8203;") == 1
    for text in ("C#", "a @ b", "HIGH-1", "http", "www"):
        assert "&#8203;" not in escape(text)
