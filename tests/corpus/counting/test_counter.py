"""The counts are those of encoding every document by itself, to the last token."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from hypothesis import HealthCheck, given, settings, strategies
from tokenizers import models, pre_tokenizers

from tests.conftest import wrap
from tests.corpus.adversarial import texts
from tests.corpus.conftest import DOCUMENTS
from tokstat.api.corpus import measure_corpus
from tokstat.corpus.counting import chunks, counter, window
from tokstat.corpus.counting.state import Counts
from tokstat.corpus.counting.window import Document
from tokstat.corpus.counting.word_definitions import WORDS, words_named
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.safe_cuts.boundaries import code_points
from tokstat.tokenizer.tokenizer import Tokenizer


def brute_force(
    tokenizer: Tokenizer, words: str, documents: Sequence[Document]
) -> dict[str, dict[str, Any]]:
    """Encode every document by itself and count one token and one word after the other."""
    found: dict[str, dict[str, Any]] = {}
    for document in documents:
        encoding = tokenizer.backend.encode(document.text, add_special_tokens=False)
        spans = words_named(words).find(code_points(document.text))
        for name in (f"group {document.group}", f"file {document.file}"):
            cell = found.setdefault(name, {"ids": Counter(), "words": Counter(), "text": [0] * 4})
            cell["ids"].update(encoding.ids)
            for start, end in zip(spans.starts.tolist(), spans.ends.tolist(), strict=True):
                ids = [
                    token
                    for token, (first, last) in zip(encoding.ids, encoding.offsets, strict=True)
                    if first < end and last > start
                ]
                cell["words"][document.text[start:end], len(ids)] += 1
            sizes = (1, len(document.text.encode()), len(document.text), len(spans.starts))
            cell["text"] = [one + other for one, other in zip(cell["text"], sizes, strict=True)]
    return found


def check(plan: Plan, documents: Sequence[Document]) -> Counts:
    """Hold a plan's counts against brute force, for every group, file and tokenizer."""
    counts = plan.count(iter(documents))
    for number, tokenizer in enumerate(plan.tokenizers):
        expected = brute_force(tokenizer, plan.words, documents)
        by_word: Counter[str] = Counter()
        for name, group in counts.groups.items():
            wanted, mine = expected[f"group {name}"], group.tokenizers[number]
            ids = dict(zip(mine.tokens.keys.tolist(), mine.tokens.times.tolist(), strict=True))
            assert ids == wanted["ids"]
            assert group.text.to_list() == wanted["text"]
            by_length: Counter[int] = Counter()
            for (word, length), count in wanted["words"].items():
                by_length[length] += count
                by_word[word] += count if length > 1 else 0
            lengths = {at: count for at, count in enumerate(mine.words.tolist()) if count}
            assert lengths == dict(by_length)
        splits: Counter[str] = Counter()
        for (word, split), count in counts.splits_of(number).times.items():
            splits[word] += count
            assert len(split) > 1
        assert counts.splits_of(number).left_out == 0
        assert splits == +by_word
        for name, file in counts.files.items():
            wanted = expected[f"file {name}"]
            assert file.text.to_list() == wanted["text"]
            assert file.tokens[number] == wanted["ids"].total()
            words = sum(length * count for (_, length), count in wanted["words"].items())
            assert file.word_tokens[number] == words
        assert sum(1 for name in expected if name[:5] == "group") == len(counts.groups)
    return counts


@pytest.mark.parametrize("words", WORDS)
def test_counts_are_those_of_whole_documents(tokenizer: Tokenizer, words: str) -> None:
    check(Plan.of([tokenizer], words, Reading()), DOCUMENTS)


def test_several_tokenizers_at_once(several: Plan) -> None:
    check(several, DOCUMENTS)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(given_texts=strategies.lists(texts, max_size=6))
def test_random_documents(several: Plan, given_texts: list[str]) -> None:
    check(several, [Document(text, "file", "group") for text in given_texts])


LIMITS = {
    **dict.fromkeys(("_DISTINCT_BYTES", "_ENTRIES", "_NEW_BYTES", "_NEW_ENTRIES"), window),
    "_BLOCK": counter,
    "_STEP": chunks,
}


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_change_nothing(several: Plan, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Encoding and forgetting after every few texts gives the same state."""
    expected = several.count(iter(DOCUMENTS))
    monkeypatch.setattr(LIMITS[limit], limit, 100)
    assert several.count(iter(DOCUMENTS)) == expected


def test_counts_without_pyarrow(several: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = several.count(iter(DOCUMENTS))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert several.count(iter(DOCUMENTS)) == expected


def test_rare_splits_are_left_out_and_that_is_said(
    several: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = several.count(iter(DOCUMENTS)).splits_of(0).times
    monkeypatch.setattr(counter, "MOST_SPLITS", 10)
    counts = several.count(iter(DOCUMENTS)).splits_of(0)
    by_word: Counter[str] = Counter()
    for (word, _), count in every.items():
        by_word[word] += count
    kept = {word for word, _ in counts.times}
    assert 0 < len(kept) <= 10
    assert {word for word, count in by_word.items() if count > counts.left_out} == kept
    assert all(every[split] == count for split, count in counts.times.items())


def test_ids_with_gaps_are_counted(tmp_path: Path) -> None:
    """As GPT-4o's, whose special tokens have ids above the number of its tokens."""
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0, "b": 1, "[UNK]": 2}, "[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens(["<end>"])
    content = json.loads(backend.to_str())
    content["model"]["vocab"]["<end>"] = content["added_tokens"][0]["id"] = 70
    gaps = wrap(tokenizers.Tokenizer.from_str(json.dumps(content)), "gaps")
    assert gaps.backend.encode("a <end>").ids == [0, 70]
    path = tmp_path / "text.txt"
    path.write_text("a <end> b a\n<end>\n")
    (measured,) = measure_corpus([gaps], [path]).tokenizers
    assert measured.metric("tokens").value == 5
    assert measured.metric("dead_tokens").value == 1  # [UNK]
