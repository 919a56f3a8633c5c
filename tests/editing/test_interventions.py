"""Changes to a tokenizer: what each makes of vocabulary and texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
import tokenizers
from tokenizers import AddedToken, models, normalizers, pre_tokenizers

from tests.conftest import load_real, wrap
from tests.editing.interventions.changes import (
    EDITABLE,
    TEXT,
    changed_ids,
    ids,
    kept_surfaces,
    make,
    texts_of,
    tokens,
)
from tests.small_tokenizers import SMALL, build
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


@pytest.mark.parametrize(
    "name",
    [
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("llama3", "deepseek_v3")),
        *(
            pytest.param(name, marks=pytest.mark.exhaustive)
            for name in ("qwen3", "gemma3", "gpt4o")
        ),
    ],
)
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
