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
