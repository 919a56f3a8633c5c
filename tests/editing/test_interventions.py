"""Changes to a tokenizer: what each makes of vocabulary and texts."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
import tokenizers
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, models, normalizers, pre_tokenizers, processors

from tests.conftest import load_real, wrap
from tests.needs import need
from tests.small_tokenizers import SMALL, build, training_text
from tokstat.analyzers.subject import Subject
from tokstat.editing.edit import NEW, Edit
from tokstat.editing.interventions import (
    UNTOUCHABLE,
    add_words,
    apply_all,
    decase,
    drop,
    leading_blank,
)
from tokstat.errors import EditError
from tokstat.tokenizer.single_words import CONVENTIONS, single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.words.word_classes import WORD_CLASSES

EDITABLE = [kind for kind in SMALL if kind != "continuation"]

LOWER = normalizers.Lowercase()

TEXT = "The tiger crossed the River, and TIGERS (e-mail: naïve café) slept. Привет!"


@cache
def make(kind: str) -> Tokenizer:
    return wrap(SMALL[kind](), kind)


def tokens(tokenizer: Tokenizer, text: str) -> list[str]:
    found: list[str] = tokenizer.backend.encode(text, add_special_tokens=False).tokens
    return found


def ids(tokenizer: Tokenizer, text: str) -> list[int]:
    found: list[int] = tokenizer.backend.encode(text, add_special_tokens=False).ids
    return found


def kept_surfaces(before: Tokenizer, edit: Edit) -> list[tuple[bytes, bytes]]:
    """Pair what the kept tokens stood for with what they stand for."""
    old, new = before.vocabulary, edit.tokenizer.vocabulary
    rows = np.searchsorted(old.ids, edit.sources).tolist()
    return [
        (old.surface(row), new.surface(index))
        for index, row in enumerate(rows)
        if edit.sources[index] != NEW
    ]


def changed_ids(before: Tokenizer, edit: Edit) -> frozenset[int]:
    """New ids of the kept tokens that do not stand for the same bytes any more."""
    kept = np.flatnonzero(edit.sources != NEW).tolist()
    pairs = zip(kept, kept_surfaces(before, edit), strict=True)
    return frozenset(index for index, (was, is_) in pairs if was != is_)


# A blank before every text.


@pytest.mark.parametrize("kind", [*SMALL])
def test_texts_are_read_as_if_a_blank_stood_before_them(kind: str) -> None:
    tokenizer = make(kind)
    edit = leading_blank().apply(tokenizer)
    assert edit.tokenizer.vocabulary.tokens == tokenizer.vocabulary.tokens
    assert (edit.removed, edit.new) == (0, 0)
    for text in (TEXT, "tiger", "汉字", "", " blank", "<s>tiger"):
        if kind in ("byte-level", "metaspace"):
            expected = ids(tokenizer, text if not text or text[0] == " " else " " + text)
            assert text[:1] == "<" or ids(edit.tokenizer, text) == expected
        else:
            assert edit.tokenizer is tokenizer
    assert edit.tokenizer.adds_leading_space == tokenizer.scheme.keeps_spaces
    again = leading_blank().apply(edit.tokenizer)
    assert again.tokenizer is edit.tokenizer


def test_words_alone_are_what_they_are_inside_a_text(modernbert: Tokenizer) -> None:
    edited = leading_blank().apply(modernbert).tokenizer
    words = ["tiger", "river", "antidisestablishment", "Apple", "汉"]
    bare = single_token_words(edited, words, "bare").tolist()
    assert bare == single_token_words(modernbert, words, "spaced").tolist()
    assert tokens(edited, "tiger") == ["Ġtiger"]
    assert tokens(edited, "two tigers") == tokens(modernbert, " two tigers")


def test_nothing_is_put_behind_added_tokens(modernbert: Tokenizer) -> None:
    """Nor are they read as other text."""
    edited = leading_blank().apply(modernbert).tokenizer
    for text in (" the [MASK] sat", " a[MASK]b", " x [SEP] y"):
        assert ids(edited, text.removeprefix(" ")) == ids(modernbert, text)
    backend = SMALL["byte-level"]()
    backend.add_tokens([AddedToken("<x>", normalized=True)])
    added = leading_blank().apply(wrap(backend, "added")).tokenizer
    assert tokens(added, "a<x>b <x>") == ["Ġa", "<x>", "b", "Ġ", "<x>"]


@pytest.mark.parametrize("name", ["qwen3", "llama3", "gemma3", "deepseek_v3", "gpt4o"])
@pytest.mark.slow
def test_pieces_inside_a_text_get_no_blank(name: str) -> None:
    """A split before the byte level makes pieces of their own of words and punctuation."""
    tokenizer = load_real(name)
    edited = leading_blank().apply(tokenizer).tokenizer
    for text in (TEXT, "tiger", "don't 12345"):
        assert ids(edited, text) == ids(tokenizer, " " + text)
    assert edited.adds_leading_space


def test_a_normalizer_that_writes_bytes() -> None:
    """Blank and lower case are put where texts are still text."""
    backend = SMALL["byte-level"]()
    tokenizer = wrap(backend, "bytes")
    backend = tokenizers.Tokenizer.from_str(tokenizer.backend.to_str())
    backend.normalizer = normalizers.ByteLevel()
    backend.pre_tokenizer = pre_tokenizers.Split(tokenizers.Regex("Ġ?[^Ġ]+"), "isolated")
    other = wrap(backend, "bytes")
    assert tokens(other, "the people") == tokens(tokenizer, "the people")
    blank, lower = (each.apply(other).tokenizer for each in (leading_blank(), decase()))
    assert tokens(blank, "the people") == ["Ġthe", "Ġpeople"]
    assert tokens(lower, "THE People") == tokens(other, "the people")
    assert tokens(lower, "Über") == tokens(lower, "über")


# Lower case.


def texts_of(tokenizer: Tokenizer) -> list[tuple[bool, str]]:
    """Texts of the content tokens of the model, with whether they carry the boundary."""
    vocabulary = tokenizer.vocabulary
    rows = np.flatnonzero(vocabulary.content & (vocabulary.ranks >= 0)).tolist()
    return [(bool(vocabulary.starts_word[row]), vocabulary.texts[row] or "") for row in rows]


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


@pytest.mark.slow
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


# Words.


WORDS = ["zebrafish", "tiger", "xylem", "the", "crossfade", "Tigress"]

CUT = {
    "byte-level": ["don't", "half-life", "7up"],
    "byte-level-prefix": ["don't", "half-life", "7up"],
    "wordpiece": ["don't", "half-life", "zzz汉"],
    "word-level": ["don't", "half-life"],
}
"""Words that pre-tokenizers cut into pieces."""


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("kind", EDITABLE)
def test_each_added_word_is_one_token_alone(kind: str, blank: bool) -> None:
    tokenizer = make(kind)
    cut = CUT.get(kind, [])
    steps = [leading_blank()] if blank else []
    edit = apply_all(tokenizer, [*steps, add_words([*cut, *WORDS, "two words", "", " "])])
    assert {word for word, _ in edit.skipped} == {*cut, "two words", "", " "}
    assert single_token_words(edit.tokenizer, WORDS, "bare").all()
    assert edit.removed == 0
    assert {"zebrafish", "crossfade", "xylem"} <= {word.lower() for word in edit.added}
    assert "the" not in edit.added or (not blank and kind in ("byte-level", "metaspace"))
    for word in WORDS:
        (index,) = ids(edit.tokenizer, word)
        text = edit.tokenizer.vocabulary[index].text
        assert text == (word.lower() if edit.tokenizer.lowercases else word)
        starts = edit.tokenizer.vocabulary[index].starts_word
        assert starts == (blank or kind not in ("byte-level", "metaspace"))


@pytest.mark.parametrize("kind", EDITABLE)
def test_many_words_at_once(kind: str, english: Lexicon) -> None:
    tokenizer = make(kind)
    words = english.word_lists[0].top(2000)
    edit = add_words(words).apply(tokenizer)
    skipped = {word for word, _ in edit.skipped}
    there = [word for word in words if word not in skipped]
    assert single_token_words(edit.tokenizer, there, "bare").all()
    assert len(there) > 1850
    texts = {text for _, text in texts_of(tokenizer)}
    assert {word for word in there if word not in texts} <= set(edit.added)
    assert edit.new >= len(edit.added)
    has_two_forms = kind == "byte-level" or kind.split("-")[0] in ("end", "metaspace")
    assert (edit.new > len(edit.added)) == has_two_forms
    again = add_words(words).apply(edit.tokenizer)
    assert (again.new, again.added, again.skipped) == (0, (), edit.skipped)


def test_words_in_one_form_only() -> None:
    tokenizer = make("byte-level")
    for convention, other in (CONVENTIONS, CONVENTIONS[::-1]):
        edit = add_words(["zebrafish"], conventions=[convention]).apply(tokenizer)
        assert single_token_words(edit.tokenizer, ["zebrafish"], convention).all()
        assert not single_token_words(edit.tokenizer, ["zebrafish"], other).any()
    one = add_words(["zebrafish"], conventions=["bare"]).apply(make("wordpiece"))
    assert (
        one.tokenizer.to_json()
        == add_words(["zebrafish"]).apply(make("wordpiece")).tokenizer.to_json()
    )


def test_words_that_the_model_cannot_take() -> None:
    """Longer than WordPiece reads, or with an added token inside; the rest goes on."""
    edit = add_words(["x" * 101, "xylem", "x" * 100]).apply(make("wordpiece"))
    assert edit.added == ("xylem", "x" * 100)
    assert [word for word, _ in edit.skipped] == ["x" * 101]
    edit = add_words(["a<pad>b", "xylem"]).apply(make("unigram"))
    assert edit.added == ("xylem",)
    assert [word for word, _ in edit.skipped] == ["a<pad>b"]


def test_words_with_characters_that_there_are_not() -> None:
    edit = add_words(["汉字汉", "𝔛x", "xylem"]).apply(make("end-of-word"))
    assert edit.added == ("xylem",)
    assert {word for word, _ in edit.skipped} == {"汉字汉", "𝔛x"}


def test_a_word_that_the_normalizer_takes_away() -> None:
    vocabulary = {"[UNK]": 0, "a": 1, "b": 2}
    backend = build(
        models.BPE(vocabulary, [], unk_token="[UNK]"), normalizer=normalizers.Replace("x", "")
    )
    edit = add_words(["xx", "ab"]).apply(wrap(backend, "empty"))
    assert edit.added == ("ab",)
    assert [word for word, _ in edit.skipped] == ["xx"]


def test_added_words_are_one_token_alone_and_in_text(modernbert: Tokenizer) -> None:
    """In byte-level BPE these are two tokens, of which one may be there already."""
    words = ["zebrafishes", "tiger", "xylophones", "Reykjavik"]
    edit = add_words(words).apply(modernbert)
    assert edit.skipped == ()
    for word in words:
        for text in (word, f" {word}", f"a {word} b"):
            assert word in [token.lstrip("Ġ") for token in tokens(edit.tokenizer, text)]
    assert [len(tokens(edit.tokenizer, word)) for word in words] == [1] * len(words)


def test_the_blank_is_there_before_words_are() -> None:
    word, tokenizer = "zebrafishes", make("byte-level")
    spaced = apply_all(tokenizer, [leading_blank(), add_words([word])])
    bare = add_words([word]).apply(tokenizer)
    assert tokens(spaced.tokenizer, word) == ["Ġ" + word]
    assert tokens(bare.tokenizer, word) == [word]
    assert (spaced.new, bare.new) == (1, 2)
    assert spaced.added == bare.added == (word,)


# Classes.


@pytest.mark.parametrize("word_class", [each for each in WORD_CLASSES if each not in UNTOUCHABLE])
@pytest.mark.parametrize("kind", EDITABLE)
def test_nothing_of_a_class_is_left(kind: str, word_class: str, english: Lexicon) -> None:
    """Save single letters, and tokens that others are built from."""
    tokenizer = make(kind)
    subject = Subject(tokenizer, english)
    rows = subject.rows_of_class(word_class)
    doomed = {
        tokenizer.vocabulary.tokens[row]
        for row in rows.tolist()
        if tokenizer.vocabulary.properties.lengths[row] > 1
    }
    if len(doomed) == tokenizer.vocabulary.content.sum():
        pytest.skip("there is nothing else")
    edit = drop(word_class, english).apply(tokenizer)
    left = doomed & set(edit.tokenizer.vocabulary.tokens)
    assert len(left) == len(edit.indispensable)
    assert edit.removed == len(doomed) - len(left)
    assert not left or kind.split("-")[0] in ("end", "metaspace")
    assert (edit.new, edit.renamed) == (0, frozenset())
    assert all(was == is_ for was, is_ in kept_surfaces(tokenizer, edit))


def test_fragments_of_the_case(modernbert: Tokenizer, english: Lexicon) -> None:
    """Words that were built from them stay in reach, as whole pieces."""
    edit = drop("fragment", english).apply(modernbert)
    assert edit.indispensable == ()
    assert edit.removed == len(Subject(modernbert, english).rows_of_class("fragment")) == 12_791
    assert edit.stranded > 10_000
    words = [
        modernbert.vocabulary.texts[row] or ""
        for row in Subject(modernbert, english).rows_of_class("whole_word")[::20].tolist()
    ]
    was = single_token_words(modernbert, words, "spaced")
    now = single_token_words(edit.tokenizer, words, "spaced")
    assert was.sum() > 1000
    assert (now >= was).all()


@pytest.mark.parametrize("word_class", [*UNTOUCHABLE, "Fragment", "text"])
def test_classes_that_cannot_be_dropped(word_class: str, english: Lexicon) -> None:
    with pytest.raises(EditError, match=word_class):
        drop(word_class, english)


def test_an_unknown_token_of_letters_stays(english: Lexicon) -> None:
    vocabulary = {"unkq": 0, "tiger": 1, "xqzt": 2}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="unkq"))
    edit = drop("fragment", english).apply(wrap(backend, "letters"))
    assert edit.tokenizer.vocabulary.tokens[0] == "unkq"


def test_all_words_of_a_tokenizer_that_has_nothing_else(english: Lexicon) -> None:
    vocabulary = {"[UNK]": 0, "tiger": 1, "river": 2}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.add_special_tokens(["[UNK]"])
    with pytest.raises(EditError, match="no content token"):
        drop("whole_word", english).apply(wrap(backend, "words"))


# One after the other.


def test_edits_are_joined(english: Lexicon) -> None:
    tokenizer = make("byte-level")
    words = add_words(["zebrafishes", "two words", "people"])
    edit = apply_all(tokenizer, [leading_blank(), decase(), drop("fragment", english), words])
    alone = decase().apply(tokenizer)
    assert edit.before == len(tokenizer.vocabulary)
    assert edit.removed > alone.removed > 0
    assert edit.kept + edit.new == len(edit.tokenizer.vocabulary) == len(edit.sources)
    assert (edit.added, edit.new) == (("zebrafishes",), 1)
    assert [word for word, _ in edit.skipped] == ["two words"]
    pairs = kept_surfaces(tokenizer, edit)
    assert len(pairs) == edit.kept
    assert edit.renamed == changed_ids(tokenizer, edit)
    assert len(edit.renamed) <= len(alone.renamed)
    without_drop = apply_all(tokenizer, [leading_blank(), decase(), words])
    assert 0 < len(without_drop.renamed) == len(alone.renamed)


def test_no_changes(modernbert: Tokenizer) -> None:
    edit = apply_all(modernbert, [])
    assert edit.tokenizer is modernbert
    assert (edit.kept, edit.removed, edit.new) == (50_368, 0, 0)


def test_gaps_are_no_new_tokens() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 1, "a": 4}, unk_token="[UNK]"))
    edit = Edit.nothing(wrap(backend, "gaps"))
    assert edit.sources.tolist() == [NEW, 1, NEW, NEW, 4]
    assert (edit.kept, edit.removed, edit.new) == (2, 0, 0)


def as_json(tokenizer: Tokenizer) -> Any:
    return json.loads(tokenizer.backend.to_str())


@pytest.mark.parametrize("kind", EDITABLE)
def test_edits_are_the_same_each_time_and_leave_the_old_one_alone(
    kind: str, english: Lexicon
) -> None:
    tokenizer = make(kind)
    before = as_json(tokenizer)
    steps = [leading_blank(), decase(), drop("fragment", english), add_words(WORDS)]
    one, other = (apply_all(tokenizer, steps).tokenizer for _ in range(2))
    assert as_json(one) == as_json(other)
    assert one.origin == other.origin
    assert as_json(tokenizer) == before
