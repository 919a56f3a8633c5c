"""Tokens in lower case: what goes, what is renamed, and what texts become."""

from __future__ import annotations

import json

import pytest
import tokenizers
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tokenizers import models, pre_tokenizers, processors

from tests.conftest import real_ones, wrap
from tests.editing.interventions.changes import (
    EDITABLE,
    LOWER,
    TEXT,
    changed_ids,
    ids,
    kept_surfaces,
    make,
    texts_of,
    tokens,
)
from tests.needs import need
from tests.real_tokenizers import ONE_OF_EACH_FAMILY
from tests.small_tokenizers import SMALL, training_text
from tokstat.editing.edit import Edit
from tokstat.editing.interventions import decase
from tokstat.tokenizer.single_words import CONVENTIONS, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer


@pytest.mark.parametrize("kind", EDITABLE)
def test_lower_case_merges_what_differs_in_case_only(kind: str) -> None:
    tokenizer = make(kind)
    edit = decase().apply(tokenizer)
    lower = texts_of(edit.tokenizer)
    assert [LOWER.normalize_str(text) for _, text in lower] == [text for _, text in lower]
    assert len({*lower}) == len(lower)
    assert edit.stranded == 0
    for was, is_ in kept_surfaces(tokenizer, edit):
        assert is_ == was or is_.decode() == LOWER.normalize_str(was.decode())
    assert edit.renamed == changed_ids(tokenizer, edit)
    assert edit.tokenizer.lowercases
    assert edit.new == 0


ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126)) | st.sampled_from(
    [TEXT, *training_text()[:20]]
)


@pytest.mark.parametrize("kind", EDITABLE)
def test_the_case_of_a_text_counts_no_more(kind: str) -> None:
    tokenizer = make(kind)
    edited = decase().apply(tokenizer).tokenizer
    added = [token.content for token in edited.backend.get_added_tokens_decoder().values()]

    @settings(max_examples=80, deadline=None)
    @given(ASCII)
    def check(text: str) -> None:
        assume(not any(token in text for token in added))
        assert ids(edited, text) == ids(edited, text.lower())

    check()


@pytest.mark.parametrize("kind", EDITABLE)
def test_texts_in_lower_case_are_cut_as_before(kind: str) -> None:
    """Cased tokens were never part of them; renamed ones may be now."""
    tokenizer = make(kind)
    edit = decase().apply(tokenizer)
    renamed = {
        edit.tokenizer.vocabulary.tokens[index]
        for index, (was, is_) in enumerate(kept_surfaces(tokenizer, edit))
        if was != is_
    }
    same = 0
    for text in training_text()[:100]:
        for word in text.lower().split():
            found = tokens(edit.tokenizer, word)
            if not renamed.intersection(found):
                assert found == tokens(tokenizer, word)
                same += 1
    assert same > 300


@pytest.mark.parametrize("kind", ["wordpiece", "end-of-word"])
def test_what_is_in_lower_case_stays_untouched(kind: str, bert: Tokenizer) -> None:
    for tokenizer in (make(kind), bert):
        edit = decase().apply(tokenizer)
        assert edit.tokenizer is tokenizer
        assert (edit.removed, edit.renamed) == (0, frozenset())


def test_only_what_no_text_reaches_goes_from_one_that_lower_cases() -> None:
    """As the capitals of the byte alphabet."""
    tokenizer = make("end-of-word-bytes")
    edit = decase().apply(tokenizer)
    gone = set(tokenizer.vocabulary.tokens) - set(edit.tokenizer.vocabulary.tokens)
    assert gone == {*"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@pytest.fixture(scope="module")
def decased(modernbert: Tokenizer) -> Edit:
    return decase().apply(modernbert)


def test_decase_of_the_case(modernbert: Tokenizer, decased: Edit) -> None:
    """50,368 tokens less 9,436 casing duplicates, and every other one is there still."""
    edit = decased
    assert (edit.before, edit.removed, len(edit.tokenizer.vocabulary)) == (50_368, 9_436, 40_932)
    assert edit.stranded == 45  # renamed ones, which no merges spell in lower case
    assert edit.new == 0
    pairs = kept_surfaces(modernbert, edit)
    assert len(pairs) == edit.kept == 40_932
    assert all(
        is_ in (was, LOWER.normalize_str(was.decode("utf-8", "replace")).encode())
        for was, is_ in pairs
    )
    assert ids(edit.tokenizer, "The [MASK] Sat") == ids(edit.tokenizer, "the [MASK] sat")
    assert tokens(edit.tokenizer, " Expansion CAPACITY") == ["Ġexpansion", "Ġcapacity"]


@pytest.mark.slow
def test_decase_of_the_upstream_ones(upstream: Tokenizer) -> None:
    removed = {50_368: 9_436, 30_522: 0, 50_257: 10_885}[len(upstream.vocabulary)]
    assert decase().apply(upstream).removed == removed


@pytest.mark.slow
def test_skeletoken_keeps_the_same_texts(modernbert: Tokenizer, decased: Edit) -> None:
    """And makes some of them unreachable, which is why it is not used."""
    skeletoken = need("skeletoken")
    model = skeletoken.TokenizerModel.from_tokenizer(modernbert.backend).decase_vocabulary()
    theirs = wrap(model.to_tokenizer(), "skeletoken")
    ours = decased.tokenizer
    assert {*ours.vocabulary.tokens} == {*theirs.vocabulary.tokens}
    words = ["expansion", "capacity"]
    assert single_token_words(ours, words, "spaced").all()
    assert not single_token_words(theirs, words, "spaced").any()


@pytest.mark.parametrize(
    "real_tokenizer",
    real_ones(slow={*ONE_OF_EACH_FAMILY} - {"tokenlearn"}),  # 300,000 pieces are looked through
    indirect=True,
)
def test_real_ones_in_lower_case(real_tokenizer: Tokenizer) -> None:
    edit = decase().apply(real_tokenizer)
    assert ids(edit.tokenizer, TEXT) == ids(edit.tokenizer, TEXT.lower())
    before = real_tokenizer.vocabulary
    found = texts_of(edit.tokenizer)
    lower = [(starts, LOWER.normalize_str(text)) for starts, text in found if text.isalpha()]
    assert len({*lower}) == len(lower)
    words = [
        before.texts[row] or ""
        for row in before.alphabetic_rows[::50].tolist()
        if (before.texts[row] or "") == LOWER.normalize_str(before.texts[row] or "")
    ]
    was = single_token_words(real_tokenizer, words, "spaced")
    assert (single_token_words(edit.tokenizer, words, "spaced") >= was).all()


def test_tokens_that_the_file_names_keep_their_names() -> None:
    """The unknown token and those of the post-processor, though they are not flagged."""
    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "Tiger": 3, "tiger": 4, "Cat": 5}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    edit = decase().apply(wrap(backend, "names"))
    found = edit.tokenizer.backend.encode("TIGER cat dog")
    assert found.tokens == ["[CLS]", "tiger", "cat", "[UNK]", "[SEP]"]
    assert (edit.removed, len(edit.renamed)) == (1, 1)


@pytest.mark.parametrize("kind", EDITABLE)
def test_a_letter_whose_lower_case_is_two(kind: str) -> None:
    """Of which the vocabulary lacks one: nothing leads to the token, and nothing breaks."""
    backend = SMALL[kind]()
    data = json.loads(backend.to_str())
    vocabulary = data["model"]["vocab"]
    letters = "Ä°" if make(kind).scheme.byte_level else "İ"
    if kind == "unigram":
        vocabulary.append([letters, -5.0])
    else:
        vocabulary.setdefault(letters, len(vocabulary))
    tokenizer = wrap(tokenizers.Tokenizer.from_str(json.dumps(data)), kind)
    edited = decase().apply(tokenizer).tokenizer
    assert ids(edited, "İstanbul") == ids(edited, "i̇stanbul")


@pytest.mark.parametrize("kind", EDITABLE)
def test_words_in_lower_case_stay_in_reach(kind: str) -> None:
    """Whatever was renamed."""
    tokenizer = make(kind)
    words = [text for _, text in texts_of(tokenizer) if text.isalpha() and text.islower()]
    edited = decase().apply(tokenizer).tokenizer
    for convention in CONVENTIONS:
        was = single_token_words(tokenizer, words, convention)
        assert (single_token_words(edited, words, convention) >= was).all()
