"""The packaged pair as subjects, for several analyzers."""

from __future__ import annotations

from typing import Any

import pytest

from tokstat.analyzers.subject import Subject
from tokstat.results.report import Section
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.lexicon import Lexicon


@pytest.fixture(scope="session")
def case(modernbert: Tokenizer, english: Lexicon) -> Subject:
    return Subject(modernbert, english)


@pytest.fixture(scope="session")
def bert_case(bert: Tokenizer, english: Lexicon) -> Subject:
    return Subject(bert, english)


def alphabetic_texts(vocabulary: Vocabulary) -> list[tuple[int, bool, str]]:
    return [
        (token.id, token.starts_word, token.text)
        for token in vocabulary
        if token.kind == "text" and token.text and all(c.isalpha() for c in token.text)
    ]


def column(section: Section, table: str, name: str) -> list[Any]:
    return list(section.table(table).columns[name])
