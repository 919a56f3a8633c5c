"""Tests of the token rows: kinds, ids, ranks, and how tokens are shown."""

import unicodedata
from collections import Counter

import pytest
import tokenizers
from tokenizers import AddedToken, models

from tokstat.errors import InvalidTokenizerError
from tokstat.tokenizer.decoding import Scheme
from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import KINDS, Token, Vocabulary

UNMARKED = Scheme("unmarked")


def find(tokenizer: Tokenizer, token: str) -> Token:
    index = tokenizer.backend.token_to_id(token)
    assert index is not None, token
    return tokenizer.vocabulary[index]


@pytest.mark.parametrize(
    ("token", "kind", "display"),
    [
        ("[CLS]", "special", "[CLS]"),
        ("<|padding|>", "special", "<|padding|>"),
        ("[unused0]", "placeholder", "[unused0]"),
        ("|||IP_ADDRESS|||", "added", "|||IP_ADDRESS|||"),
        ("   ", "added", "···"),
        ("æ", "byte", "<E6>"),
        ("Ġâ", "partial", "<20 E2>"),
        ("æľ", "partial", "<E6 9C>"),
        ("Ġnickel", "text", "·nickel"),
        ("ercul", "text", "ercul"),
        ("Ġ", "text", "·"),
        ("Ċ", "text", "\\n"),
        ("^),", "text", "^),"),
        ("é", "byte", "<E9>"),
        ("Ã©", "text", "é"),
    ],
)
def test_kinds_in_modernbert(modernbert: Tokenizer, token: str, kind: str, display: str) -> None:
    row = find(modernbert, token)
    assert (row.kind, row.display) == (kind, display)


@pytest.mark.parametrize(
    ("token", "kind", "display"),
    [
        ("[CLS]", "special", "[CLS]"),
        ("[unused993]", "placeholder", "[unused993]"),
        ("lastly", "text", "·lastly"),
        ("##ect", "text", "ect"),
        ("!", "text", "·!"),
        ("##～", "text", "～"),
    ],
)
def test_kinds_in_bert(bert: Tokenizer, token: str, kind: str, display: str) -> None:
    row = find(bert, token)
    assert (row.kind, row.display) == (kind, display)


def test_every_kind_is_somewhere(modernbert: Tokenizer) -> None:
    assert set(Counter(row.kind for row in modernbert.vocabulary)) == set(KINDS)


@pytest.mark.parametrize(
    ("token", "special", "kind"),
    [
        ("[unused7]", False, "placeholder"),
        ("[unused7]", True, "placeholder"),
        ("<unused7>", True, "placeholder"),
        ("<|reserved_special_token_7|>", True, "placeholder"),
        ("<extra_id_7>", True, "placeholder"),
        ("<|placeholder7|>", True, "placeholder"),
        ("<｜place▁holder▁no▁7｜>", True, "placeholder"),
        ("<｜begin▁of▁sentence｜>", True, "special"),
        ("[MASK]", True, "special"),
        ("<mask>", False, "added"),
        ("unused", False, "added"),
        ("<unusual>", False, "added"),
        ("a [unused7]", True, "special"),
    ],
)
def test_placeholders_are_told_by_their_shape(token: str, special: bool, kind: str) -> None:
    (row,) = Vocabulary.of(StoredTokens.from_ids({token: 0}, {0: (token, special)}), UNMARKED)
    assert (row.kind, row.surface, row.rank) == (kind, token.encode(), None)


def test_a_placeholder_of_the_model_is_one_without_being_added() -> None:
    (row,) = Vocabulary.of(StoredTokens.from_ids({"[unused7]": 0}, {}), UNMARKED)
    assert (row.kind, row.rank) == ("placeholder", 0)


def test_added_tokens_are_literal_text() -> None:
    scheme = Scheme("byte-level", byte_level=True)
    rows = Vocabulary.of(StoredTokens.from_ids({"Ġa": 0, "Ġb": 1}, {1: ("Ġb", False)}), scheme)
    assert (rows[0].text, rows[0].starts_word) == ("a", True)
    assert (rows[1].text, rows[1].starts_word, rows[1].display) == ("Ġb", False, "Ġb")


def test_added_runs_of_blanks_stand_for_blanks() -> None:
    """In Gemma's vocabulary they are added tokens, and what the model makes of blanks, too."""
    scheme = Scheme("metaspace", space="▁")
    (row,) = Vocabulary.of(StoredTokens.from_ids({"▁▁": 0}, {0: ("▁▁", False)}), scheme)
    assert (row.kind, row.surface, row.display, row.starts_word) == ("added", b"  ", "··", False)


def test_ids_may_have_gaps() -> None:
    rows = Vocabulary.of(
        StoredTokens.from_ids({"c": 7, "a": 0, "b": 3}, {7: ("c", False)}), UNMARKED
    )
    assert rows.ids.tolist() == [0, 3, 7]
    assert rows.missing_ids.tolist() == [1, 2, 4, 5, 6]
    assert [row.rank for row in rows] == [0, 1, None]
    assert rows[3].token == "b"
    for absent in (1, 8, -1):
        with pytest.raises(KeyError):
            rows[absent]


@pytest.mark.parametrize("last", [2, 3, 50])
def test_a_backend_may_have_gaps(last: int) -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0, "b": last}, "a"))
    rows = Vocabulary.of(StoredTokens.from_backend(backend), UNMARKED)
    assert {row.id: row.token for row in rows} == {0: "a", last: "b"}
    assert len(rows.missing_ids) == last - 1


def test_ids_without_end_are_refused() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0, "b": 10**9}, "a"))
    with pytest.raises(InvalidTokenizerError):
        Vocabulary.of(StoredTokens.from_backend(backend), UNMARKED)


def test_several_tokens_may_claim_one_id() -> None:
    """An added token that the model lacks takes the next number, whoever has it already."""
    backend = tokenizers.Tokenizer(models.WordLevel({"a": 0, "b": 2}, "a"))
    backend.add_tokens([AddedToken("c")])
    rows = Vocabulary.of(StoredTokens.from_backend(backend), UNMARKED)
    assert rows.shared_ids == (2,)
    assert [(row.id, row.token, row.kind) for row in rows] == [(0, "a", "text"), (2, "c", "added")]


def test_an_empty_vocabulary_has_no_rows() -> None:
    rows = Vocabulary.of(StoredTokens.from_ids({}, {}), UNMARKED)
    assert (len(rows), list(rows), rows.missing_ids.tolist()) == (0, [], [])


def test_every_token_has_its_row(tokenizer: Tokenizer) -> None:
    """Ids and tokens are the backend's, kinds a partition, ranks of the model's own tokens."""
    rows = list(tokenizer.vocabulary)
    expected = tokenizer.backend.get_vocab(with_added_tokens=True)
    assert len(tokenizer.vocabulary) == len(rows)
    assert {row.token: row.id for row in rows} == expected
    assert [row.id for row in rows] == sorted(expected.values())
    added = tokenizer.backend.get_added_tokens_decoder()
    assert [row.rank for row in rows if row.id not in added] == list(range(len(rows) - len(added)))
    for row in rows:
        if row.id in added and row.kind != "placeholder":
            assert row.kind == ("special" if added[row.id].special else "added")
            assert row.rank is None
        assert (row.text is None) == (not is_utf8(row.surface))
        if row.kind == "text":
            assert row.text is not None
        elif row.kind == "partial":
            assert row.text is None
            assert len(row.surface) > 1
        elif row.kind == "byte":
            assert len(row.surface) == 1


def is_utf8(surface: bytes) -> bool:
    try:
        surface.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_white_space_starts_no_word(tokenizer: Tokenizer) -> None:
    for row in tokenizer.vocabulary:
        if row.text is not None and (row.text + "x")[0].isspace():
            assert not row.starts_word or not tokenizer.scheme.keeps_spaces
        if row.text is not None and row.text.isspace():
            assert not row.starts_word or not tokenizer.scheme.keeps_spaces


def test_no_marker_is_shown_as_content(tokenizer: Tokenizer) -> None:
    """A marker in a text is there because the stored token spells it, in the byte alphabet, say."""
    scheme = tokenizer.scheme
    for row in tokenizer.vocabulary:
        if row.kind != "text":
            continue
        assert row.text is not None
        if scheme.byte_level:
            assert ("Ġ" in row.text) <= ("Äł" in row.token)
            assert ("Ċ" in row.text) <= ("ÄĬ" in row.token)
        if scheme.space:
            assert scheme.space not in row.text + row.display
        if scheme.continuation:
            prefix = scheme.continuation
            assert not row.text.startswith(prefix) or row.token in (prefix, prefix + row.text)
        if scheme.end:
            assert row.text.endswith(scheme.end) <= row.token.endswith(2 * scheme.end)


def test_displays_are_safe_to_print(tokenizer: Tokenizer) -> None:
    rows = tokenizer.vocabulary
    for row, shown in zip(rows, rows.displays(list(range(len(rows)))), strict=True):
        assert shown == row.display
        assert shown.isprintable()
        assert (" " in shown) == (row.kind == "partial")
        assert shown or not row.token
        if row.kind == "text" and row.starts_word:
            assert shown.startswith("·")


def test_the_display_of_a_mark_has_a_base() -> None:
    (row,) = Vocabulary.of(
        StoredTokens.from_ids({"\u0301a": 0}, {}), Scheme("WordPiece", continuation="##")
    )
    assert row.starts_word
    assert row.display == "·\u0301a" or unicodedata.category(row.display[0])[0] != "M"


def test_table_has_the_columns_of_a_token(modernbert: Tokenizer) -> None:
    rows = modernbert.vocabulary
    table = rows.to_table()
    assert len(table) == len(rows) == 50_368
    assert set(table.columns) == {*Token.__dataclass_fields__, "display"}
    index = modernbert.backend.token_to_id("Ġnickel")
    assert index is not None
    (row,) = rows.to_table(rows.ids[rows.ids == index].astype("int64")).rows()
    assert dict(zip(table.columns, row, strict=True)) == {
        "id": index,
        "display": "·nickel",
        "token": "Ġnickel",
        "surface": b" nickel".hex(),
        "text": "nickel",
        "starts_word": True,
        "kind": "text",
        "script": "Latin",
        "rank": rows[index].rank,
    }
