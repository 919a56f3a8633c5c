"""The report holds the splits of fixed texts, as the encoder has them."""

from __future__ import annotations

import tokenizers
from tokenizers import models

from tests.conftest import wrap
from tokstat import encode, inspect
from tokstat.results.report import Report
from tokstat.splitting.panel import PANEL
from tokstat.tokenizer.tokenizer import Tokenizer


def test_the_tables_hold_what_encode_shows(
    modernbert: Tokenizer, modernbert_report: Report
) -> None:
    splits = encode(modernbert, classes=True)
    texts = modernbert_report.table("splits").columns
    assert texts["text"] == tuple(PANEL)
    assert texts["content"] == tuple(PANEL.values())
    assert texts["tokens"] == tuple(map(len, splits))
    assert texts["split"][1] == "t|iger"
    tokens = modernbert_report.table("split_tokens")
    assert list(tokens.rows()) == [
        (text.name, token.id, token.text, token.start, token.end, token.label)
        for text in splits.texts
        for token in text.splits[0]
    ]


def test_ids_with_gaps_keep_their_word_classes() -> None:
    vocabulary = {"[UNK]": 7, "tiger": 90, "ti": 12}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    report = inspect(wrap(backend, "gaps"), analyzers=["splits"])
    alone = [row for row in report.table("split_tokens").rows() if row[0] == "word alone"]
    assert alone == [("word alone", 90, "tiger", 0, 5, "whole_word")]


def test_a_tokenizer_that_fails_on_a_text_is_skipped() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"tiger": 0}, unk_token="[UNK]"))
    section = inspect(wrap(backend, "fails"), analyzers=["splits"]).section("splits")
    assert "cannot encode" in (section.skipped or "")
