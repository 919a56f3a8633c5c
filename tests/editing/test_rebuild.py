"""Tokenizers built anew: what they keep."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, models, normalizers, pre_tokenizers, processors

from tests.conftest import wrap
from tests.small_tokenizers import SMALL, training_text
from tokstat.editing.edit import NEW, Edit
from tokstat.editing.rebuild import rebuild
from tokstat.errors import EditError
from tokstat.tokenizer.tokenizer import Tokenizer

TEXTS = [
    "",
    "The tiger crossed the river at dawn.",
    "Tigers, TIGERS and the Bengal tiger: 3,890 of them in 2016!",
    "  def area(radius):\n\treturn 3.14 * radius ** 2\n",
    "naïve café — Übung, 東京タワー, Привет мир, مرحبا, 😀🏽 \U0010ffff",
    "<|endoftext|> [UNK] [CLS] <unk><s> a  b   c </w> ## ▁",
    *training_text()[:5],
]


@cache
def make(kind: str) -> Tokenizer:
    return wrap(SMALL[kind](), kind)


def everything(tokenizer: Tokenizer) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.ones(len(tokenizer.vocabulary), np.bool_)


def some(tokenizer: Tokenizer) -> Any:
    """Drop a fifth of the longer content tokens, but not the unknown one."""
    vocabulary = tokenizer.vocabulary
    keep = everything(tokenizer)
    rows = np.flatnonzero(vocabulary.content & (vocabulary.properties.lengths > 1))
    gone = random.Random(0).sample(rows.tolist(), len(rows) // 5)
    keep[gone] = False
    keep[vocabulary.ids == (NEW if tokenizer.unknown_id is None else tokenizer.unknown_id)] = True
    return keep


def editable(tokenizer: Tokenizer) -> Tokenizer:
    if tokenizer.scheme.name == "continuation prefix":
        pytest.skip("cannot be edited")
    return tokenizer


def encode(tokenizer: Tokenizer, text: str) -> list[int]:
    ids: list[int] = tokenizer.backend.encode(text).ids
    return ids


def old_ids(edit: Edit, text: str) -> list[int]:
    """Encode with the edited tokenizer, and give the ids that the tokens had before."""
    return [int(edit.sources[token]) for token in encode(edit.tokenizer, text)]


def test_keeping_everything_changes_nothing(tokenizer: Tokenizer) -> None:
    editable(tokenizer)
    edit = rebuild(tokenizer, everything(tokenizer))
    before, after = tokenizer.vocabulary, edit.tokenizer.vocabulary
    assert after.tokens == before.tokens
    assert after.ids.tolist() == [*range(len(before))]
    assert edit.sources.tolist() == before.ids.tolist()
    assert (after.kind_codes == before.kind_codes).all()
    assert (after.ranks == before.ranks).all()
    assert (edit.kept, edit.removed, len(edit.renamed), edit.added) == (len(before), 0, 0, ())
    assert (edit.indispensable, edit.stranded) == ((), 0)
    for text in TEXTS:
        assert old_ids(edit, text) == encode(tokenizer, text)
    was, is_ = (json.loads(each.backend.to_str()) for each in (tokenizer, edit.tokenizer))
    for part in ("normalizer", "pre_tokenizer", "decoder", "truncation", "padding"):
        assert is_[part] == was[part]
    assert {**is_["model"], "vocab": 0, "merges": 0} == {**was["model"], "vocab": 0, "merges": 0}
    assert is_["model"].get("merges") == was["model"].get("merges")


@pytest.mark.parametrize("kind", [*SMALL])
def test_any_text_is_encoded_as_before(kind: str) -> None:
    tokenizer = editable(make(kind))
    edit = rebuild(tokenizer, everything(tokenizer))

    @settings(max_examples=60, deadline=None)
    @given(st.text() | st.sampled_from(training_text()))
    def check(text: str) -> None:
        assert old_ids(edit, text) == encode(tokenizer, text)

    check()


@pytest.fixture(scope="module")
def thinned(tokenizer: Tokenizer) -> Edit:
    """Without a fifth of the tokens."""
    return rebuild(editable(tokenizer), some(tokenizer))


def test_ids_are_dense_and_in_the_order_of_the_old_ones(
    tokenizer: Tokenizer, thinned: Edit
) -> None:
    keep, edit = some(tokenizer), thinned
    before, after = tokenizer.vocabulary, edit.tokenizer.vocabulary
    assert after.ids.tolist() == [*range(len(after))]
    assert (np.diff(edit.sources) > 0).all()
    assert set(before.ids[keep].tolist()) <= set(edit.sources.tolist())
    assert len(edit.sources) == len(after) == keep.sum() + len(edit.indispensable)
    assert edit.kept + edit.removed == len(before) == edit.before
    rows = np.searchsorted(before.ids, edit.sources)
    assert after.tokens == [before.tokens[row] for row in rows.tolist()]
    assert (after.kind_codes == before.kind_codes[rows]).all()
    assert edit.tokenizer.origin.sha256 != tokenizer.origin.sha256


def test_kept_tokens_are_reached_as_before(tokenizer: Tokenizer, thinned: Edit) -> None:
    """Whatever went: each that was one token, as a text of its own, still is."""
    edit = thinned
    before = tokenizer.vocabulary
    rows = np.searchsorted(before.ids, edit.sources).tolist()
    blank = "" if tokenizer.adds_leading_space else " "
    texts = [before.surface(row).decode("utf-8", "replace") for row in rows]
    texts = [blank + text[1:] if text[:1] == " " else text for text in texts]
    one, other = (
        [found.ids for found in each.backend.encode_batch(texts, add_special_tokens=False)]
        for each in (tokenizer, edit.tokenizer)
    )
    reached = [new for new, ids in enumerate(one) if ids == [int(edit.sources[new])]]
    assert len(reached) > len(rows) / 4
    assert [new for new in reached if other[new] != [new]] == []


def test_texts_without_removed_tokens_stay_as_they_are(tokenizer: Tokenizer, thinned: Edit) -> None:
    """Where merges are cut off words may fall apart, so there only tokens go that none needs."""
    edit = thinned
    merges = json.loads(tokenizer.backend.to_str())["model"].get("merges", [])
    if edit.stranded:
        sides = {side for pair in merges for side in pair}
        needed = np.array([token in sides for token in tokenizer.vocabulary.tokens])
        edit = rebuild(tokenizer, some(tokenizer) | needed)
    assert edit.stranded == 0
    assert edit.removed > 0
    kept = {int(source) for source in edit.sources}
    texts = [*dict.fromkeys([word for text in training_text() for word in text.split()] + TEXTS)]
    before = [encode(tokenizer, text) for text in texts]
    after = [old_ids(edit, text) for text in texts]
    pairs = [both for both in zip(before, after, strict=True) if kept.issuperset(both[0])]
    changed = sum(one != other for one, other in pairs)
    assert len(pairs) > 100
    # LLaMA's merges lead to a token in several ways, and another one of them may not come in time.
    one_way = len({*map("".join, merges)}) == len(merges)
    assert changed == 0 if one_way else changed < len(pairs) / 100


def test_the_unknown_token_is_the_same(tokenizer: Tokenizer, thinned: Edit) -> None:
    found = thinned.tokenizer.unknown_id
    assert (None if found is None else int(thinned.sources[found])) == tokenizer.unknown_id


def test_tokens_that_others_are_built_from_stay_where_words_are_not_cut() -> None:
    tokenizer = make("metaspace")
    edit = rebuild(tokenizer, some(tokenizer))
    assert edit.indispensable
    assert set(edit.indispensable) <= set(tokenizer.vocabulary.displays([*range(edit.before)]))
    assert edit.stranded == 0
    # Where they are cut, none has to, and whole pieces are taken from the vocabulary.
    tokenizer = make("byte-level")
    edit = rebuild(tokenizer, some(tokenizer))
    assert edit.indispensable == ()
    assert edit.stranded > 0
    assert json.loads(edit.tokenizer.backend.to_str())["model"]["ignore_merges"] is True


def test_scores_of_pieces_stay_theirs() -> None:
    tokenizer = make("unigram")
    edit = rebuild(tokenizer, some(tokenizer))
    was, is_ = (json.loads(t.backend.to_str())["model"] for t in (tokenizer, edit.tokenizer))
    scores, found = dict(was["vocab"]), dict(is_["vocab"])
    assert [*found] == edit.tokenizer.vocabulary.tokens
    assert [*found.values()] == pytest.approx([scores[token] for token in found], rel=1e-14)
    assert is_["vocab"][is_["unk_id"]][0] == was["vocab"][was["unk_id"]][0] == "<unk>"


# Ids elsewhere in the file.


def words(**ids: int) -> dict[str, int]:
    return {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, **ids}


def word_level(vocabulary: dict[str, int], *special: str) -> tokenizers.Tokenizer:
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens(["[UNK]", "[CLS]", "[SEP]", *special])
    return backend


PROCESSORS: dict[str, Callable[[int, int], Any]] = {
    "template": lambda cls, sep: processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", cls), ("[SEP]", sep)],
    ),
    "bert": lambda cls, sep: processors.BertProcessing(("[SEP]", sep), ("[CLS]", cls)),
    "roberta": lambda cls, sep: processors.RobertaProcessing(
        ("[SEP]", sep), ("[CLS]", cls), trim_offsets=False, add_prefix_space=False
    ),
    "sequence": lambda cls, sep: processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(
                single="[CLS] $A", pair=None, special_tokens=[("[CLS]", cls)]
            ),
        ]
    ),
}


@pytest.mark.parametrize("processor", PROCESSORS)
def test_special_tokens_that_the_post_processor_adds(processor: str) -> None:
    """They stand behind tokens that go, and the name is not always the token's own."""
    vocabulary = {"one": 0, "two": 1, "[UNK]": 2, "three": 3, "[CLS]": 4, "four": 5, "[SEP]": 6}
    backend = word_level(vocabulary)
    backend.post_processor = PROCESSORS[processor](4, 6)
    tokenizer = wrap(backend, processor)
    keep = everything(tokenizer)
    keep[[0, 3]] = False
    edit = rebuild(tokenizer, keep)
    found = edit.tokenizer.backend.encode("two four one")
    ends = [] if processor == "sequence" else ["[SEP]"]
    assert found.tokens == ["[CLS]", "two", "four", "[UNK]", *ends]
    assert found.ids == [edit.tokenizer.backend.token_to_id(token) for token in found.tokens]


def test_a_post_processor_with_a_name_of_its_own() -> None:
    """What it adds is an id; the name beside it may be another one's, or nobody's."""
    backend = word_level({"one": 0, "two": 1, "[UNK]": 2, "[CLS]": 3, "[SEP]": 4})
    backend.post_processor = processors.BertProcessing(("</s>", 4), ("two", 3))
    tokenizer = wrap(backend, "names")
    edit = rebuild(tokenizer, np.array([False, True, True, True, True]))
    assert encode(edit.tokenizer, "two") == [2, 0, 3]


def test_added_tokens_that_the_model_does_not_know() -> None:
    backend = word_level(words(one=3, two=4))
    backend.add_tokens([AddedToken("thr", single_word=True), AddedToken("</x>", lstrip=True)])
    tokenizer = wrap(backend, "added")
    keep = everything(tokenizer)
    keep[3] = False
    edit = rebuild(tokenizer, keep)
    flags = edit.tokenizer.backend.get_added_tokens_decoder()
    names = {index: token.content for index, token in flags.items()}
    assert names == {0: "[UNK]", 1: "[CLS]", 2: "[SEP]", 4: "thr", 5: "</x>"}
    assert (flags[4].single_word, flags[5].lstrip, flags[4].special) == (True, True, False)
    for text in ("two thr two", "two </x>two", "three", "thr</x>"):
        assert old_ids(edit, text) == encode(tokenizer, text)
    model = json.loads(edit.tokenizer.backend.to_str())["model"]["vocab"]
    assert model == {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "two": 3}


@pytest.mark.parametrize("kind", ["wordpiece", "unigram", "byte-level"])
def test_an_added_token_that_is_one_as_a_word_only(kind: str) -> None:
    """The model must not take it for a piece of other words."""
    backend = SMALL[kind]()
    backend.add_tokens([AddedToken("zzq", single_word=True, normalized=False)])
    tokenizer = wrap(backend, kind)
    edits = [rebuild(tokenizer, everything(tokenizer))]
    if kind == "byte-level":  # others would have to hold it, so that ids behind it are theirs
        edits.append(rebuild(tokenizer, everything(tokenizer), wanted=["▁zyxw"]))
    for edit in edits:
        for text in ("zzq", "a zzq b", "zzqs", "a zzqzzq", "azzq"):
            assert old_ids(edit, text) == encode(tokenizer, text)


def test_ids_with_gaps_are_closed() -> None:
    backend = word_level({"[UNK]": 3, "[CLS]": 4, "[SEP]": 9, "one": 12, "two": 30})
    backend.post_processor = PROCESSORS["template"](4, 9)
    tokenizer = wrap(backend, "gaps")
    assert len(tokenizer.vocabulary.missing_ids) == 26
    edit = rebuild(tokenizer, everything(tokenizer))
    assert edit.sources.tolist() == [3, 4, 9, 12, 30]
    assert edit.removed == 0
    assert encode(edit.tokenizer, "two three one") == [1, 4, 0, 3, 2]


def test_ids_that_tokens_share_are_refused() -> None:
    """One of them would have to go, or get a vector of its own."""
    tokenizer = wrap(word_level(words(one=3, two=3, three=4)), "shared")
    with pytest.raises(EditError, match="share"):
        rebuild(tokenizer, everything(tokenizer))


def test_unigram_without_an_unknown_piece() -> None:
    model = models.Unigram([("a", -1.0), ("b", -2.0), ("c", -3.0)])
    tokenizer = wrap(tokenizers.Tokenizer(model), "unigram")
    edit = rebuild(tokenizer, np.array([True, False, True]), wanted=["cc"])
    assert edit.tokenizer.vocabulary.tokens == ["a", "c", "cc"]
    assert encode(edit.tokenizer, "cca") == [2, 0]


# Renamed tokens, and new ones.


@pytest.mark.parametrize("kind", [kind for kind in SMALL if kind != "continuation"])
def test_wanted_tokens_are_one_token(kind: str) -> None:
    tokenizer = make(kind)
    scheme = tokenizer.scheme
    blank = scheme.blank if tokenizer.adds_leading_space else ""
    new = [f"{blank}{word}{scheme.end}" for word in ("zebrafish", "tigerish", "xylem")]
    edit = rebuild(tokenizer, everything(tokenizer), wanted=[*new, *new])
    assert set(new) <= set(edit.added)
    assert (edit.sources[-len(edit.added) :] == NEW).all()
    assert edit.kept == edit.before == len(edit.sources) - len(edit.added)
    for token, word in zip(new, ("zebrafish", "tigerish", "xylem"), strict=True):
        found = edit.tokenizer.backend.encode(word, add_special_tokens=False)
        assert found.tokens == [token]
    again = rebuild(edit.tokenizer, everything(edit.tokenizer), wanted=new)
    assert again.added == ()
    assert again.tokenizer.vocabulary.tokens == edit.tokenizer.vocabulary.tokens


def test_renamed_tokens_keep_their_place() -> None:
    tokenizer = make("byte-level")
    row = tokenizer.vocabulary.tokens.index("Ġgovernment")
    edit = rebuild(tokenizer, everything(tokenizer), {row: "Ġzzzzzz"})
    assert edit.tokenizer.vocabulary.tokens[row] == "Ġzzzzzz"
    assert encode(edit.tokenizer, " zzzzzz") == [row]
    assert (edit.renamed, edit.removed) == (frozenset({row}), 0)


def test_merges_that_stand_there_twice() -> None:
    """The library takes the rank of the last one."""
    merges = [("a", "b"), ("b", "c"), ("a", "b")]
    vocabulary = {token: index for index, token in enumerate(["a", "b", "c", "ab", "bc", "d"])}
    backend = tokenizers.Tokenizer(models.BPE(vocabulary, merges))
    backend.normalizer = normalizers.Lowercase()
    tokenizer = wrap(backend, "twice")
    keep = everything(tokenizer)
    keep[5] = False
    edit = rebuild(tokenizer, keep)
    assert tokenizer.backend.encode("abc").tokens == ["a", "bc"]
    assert edit.tokenizer.backend.encode("abc").tokens == ["a", "bc"]
