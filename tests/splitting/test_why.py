"""Why words are split, checked by undoing each cause."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import pytest
import tokenizers
import wordfreq

from tests.conftest import BUNDLED, load_known, load_real
from tests.small_tokenizers import SMALL
from tests.splitting.undoing import Case, is_whole, undone
from tokstat.splitting.why import Explainer, WordCause
from tokstat.tokenizer.tokenizer import Tokenizer

CHECKED = ("modernbert", "bert", "mistral", "tokenlearn", "clip", "llama3")
"""Tokenizers of every family with real words to explain."""

WORDS = 300


def split_words(tokenizer: Tokenizer, before: str, count: int) -> list[Case]:
    """Return frequent words that are split after a text, explained."""
    explainer = Explainer(tokenizer)
    found: list[Case] = []
    for word in wordfreq.top_n_list("en", 20_000):
        text = before + word
        found += [
            Case(text, each, tokenizer.adds_leading_space)
            for each in explainer.explain(text)
            if each.word == word
        ]
        if len(found) >= count:
            break
    return found[:count]


def not_undone(tokenizer: Tokenizer, cases: Sequence[Case]) -> Iterator[Case]:
    """Yield the words that stay split when their causes are undone, or are whole before that."""
    for group in _alike(cases):
        backend = undone(tokenizer.backend, group)
        for case in group:
            if not _is_whole(backend, case) and not _is_whole(
                undone(tokenizer.backend, [case]), case
            ):
                yield case
        if len(group[0].found.causes) > 1:
            # The stated cause is one: the others undone do not make the word whole.
            backend = undone(tokenizer.backend, group, skipped=0)
            yield from (case for case in group if _is_whole(backend, case))


def _alike(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """Group words whose causes in the pipeline are the same, and merges to move apart."""
    groups: dict[object, list[Case]] = defaultdict(list)
    for case in cases:
        merges = [each.merges for each in case.found.causes]
        key = (
            [(each.kind, each.part, each.number) for each in case.pipeline],
            any(merges) and merges,
        )
        groups[repr(key)].append(case)
    yield from groups.values()


def _is_whole(backend: tokenizers.Tokenizer, case: Case) -> bool:
    return is_whole(backend, *case.changed_text, len(case.found.word))


def only(found: tuple[WordCause, ...]) -> WordCause:
    (cause,) = found
    return cause


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("before", ["", "the ", "("])
def test_each_cause_is_undone_on_small_tokenizers(name: str, before: str) -> None:
    tokenizer = load_known(name)
    cases = split_words(tokenizer, before, 12)
    odd = ("don't", "l’été", "汉字", "zyzzyva", "ÅNGSTRÖM", "Māori", "x" * 101)
    explainer = Explainer(tokenizer)
    for word in odd:
        text = before + word
        cases += [
            Case(text, each, tokenizer.adds_leading_space)
            for each in explainer.explain(text)
            if each.word == word
        ]
    assert len(cases) > 12
    assert [*not_undone(tokenizer, cases)] == []


@pytest.mark.slow
@pytest.mark.parametrize("before", ["", "the "])
@pytest.mark.parametrize("name", CHECKED)
def test_each_cause_of_frequent_words_is_undone(name: str, before: str) -> None:
    tokenizer = load_known(name) if name in BUNDLED else load_real(name)
    cases = split_words(tokenizer, before, WORDS)
    print(name, repr(before), Counter(case.found.cause_kind for case in cases))  # noqa: T201
    assert len(cases) == WORDS
    assert [*not_undone(tokenizer, cases)] == []
