"""Why words are split, checked by undoing each cause."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import pytest
import tokenizers
import wordfreq
from tokenizers import AddedToken, models, normalizers, pre_tokenizers

from tests.conftest import BUNDLED, load_known, load_real, wrap
from tests.small_tokenizers import SMALL
from tests.splitting.undoing import Case, is_whole, undone
from tokstat.splitting.why import Explainer, WordCause, explain_splits, words_of
from tokstat.tokenizer.tokenizer import Tokenizer

SMALLER = ("modernbert", "bert", "mistral", "clip")
CHECKED = (*SMALLER, "tokenlearn", "llama3")
"""Tokenizers of every family with real words to explain."""

WORDS = 300


def split_words(tokenizer: Tokenizer, before: str, count: int, language: str = "en") -> list[Case]:
    """Return frequent words that are split after a text, explained."""
    explainer = Explainer(tokenizer)
    found: list[Case] = []
    for word in wordfreq.top_n_list(language, 20_000):
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
    """Group words whose causes are the same."""
    groups: dict[object, list[Case]] = defaultdict(list)
    for case in cases:
        key = [(each.kind, each.part, each.number, each.merges) for each in case.found.causes]
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
    odd = ("don't", "l’été", "汉", "zyzzyva", "ÅNGSTRÖM", "Māori", "x" * 101)
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


def few_or_many(few: int, names: Sequence[str], many: int) -> pytest.MarkDecorator:
    """Undoing a cause loads a changed tokenizer: many, or large ones, take minutes."""
    return pytest.mark.parametrize(
        ("name", "count"),
        [
            *(pytest.param(name, few, marks=pytest.mark.slow) for name in names),
            *(pytest.param(name, many, marks=pytest.mark.exhaustive) for name in CHECKED),
        ],
    )


@few_or_many(12, (*SMALLER, "tokenlearn"), WORDS)
@pytest.mark.parametrize("before", ["", "the "])
def test_each_cause_of_frequent_words_is_undone(name: str, before: str, count: int) -> None:
    tokenizer = load_known(name) if name in BUNDLED else load_real(name)
    cases = split_words(tokenizer, before, count)
    print(name, repr(before), Counter(case.found.cause_kind for case in cases))  # noqa: T201
    assert len(cases) == count
    assert [*not_undone(tokenizer, cases)] == []


@few_or_many(2, SMALLER, 40)
def test_each_cause_in_other_languages_is_undone(name: str, count: int) -> None:
    tokenizer = load_known(name) if name in BUNDLED else load_real(name)
    for language, before in (
        ("de", ""),
        ("ru", " "),
        ("hi", "और "),
        ("ar", "("),
        ("zh", ""),
        ("ja", "の"),
    ):
        cases = split_words(tokenizer, before, count, language)
        print(name, language, Counter(case.found.cause_kind for case in cases))  # noqa: T201
        assert [*not_undone(tokenizer, cases)] == []


def test_words_are_runs_of_letters_and_marks_with_apostrophes_inside() -> None:
    text = "'Don't' l’été x1y मज़बूत cafe\u0301's _a_ ' 汉字か\u3099กำ한국"
    words = [text[start:end] for start, end in words_of(text)]
    assert words == [
        "Don't",
        "l’été",
        "x",
        "y",
        "मज़बूत",
        "cafe\u0301's",
        "a",
        *("汉", "字", "か\u3099", "ก", "ำ", "한국"),
    ]


def test_a_word_alone_needs_the_space_of_its_token(modernbert: Tokenizer) -> None:
    cause = only(explain_splits(modernbert, "tiger"))
    assert (cause.word, cause.start, cause.end) == ("tiger", 0, 5)
    assert cause.tokens == ("t", "iger")
    assert cause.cause_kind == "leading_space"
    assert cause.whole_as == "·tiger"
    assert "39,121" in cause.cause
    assert explain_splits(modernbert, " tiger") == ()


def test_a_contraction_is_split_by_the_pre_tokenizer(modernbert: Tokenizer) -> None:
    cause = only(explain_splits(modernbert, "they don't"))
    assert [each.kind for each in cause.causes] == ["pre_tokenizer", "not_in_vocabulary"]
    assert (cause.causes[0].part, cause.causes[0].number) == ("ByteLevel", 0)
    assert "`'`" in cause.cause


def explained(backend: tokenizers.Tokenizer, text: str) -> WordCause:
    """Explain the only split word of a text, and check the cause by undoing it."""
    tokenizer = wrap(backend, "test")
    found = only(explain_splits(tokenizer, text))
    case = Case(text, found, tokenizer.adds_leading_space)
    assert [*not_undone(tokenizer, [case])] == []
    return found


def kinds(found: WordCause) -> list[str]:
    return [each.kind for each in found.causes]


def wordpiece(*tokens: str, longest: int = 100) -> tokenizers.Tokenizer:
    vocabulary = {token: number for number, token in enumerate(["[UNK]", *tokens])}
    backend = tokenizers.Tokenizer(
        models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=longest)
    )
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return backend


def test_an_added_token_inside_a_word() -> None:
    backend = wordpiece("tigers", "tig", "s")
    backend.add_tokens([AddedToken("er", normalized=True)])
    found = explained(backend, "tigers")
    assert kinds(found) == ["added_token"]
    assert found.causes[0].part == "er"
    assert found.whole_as == "·tigers"


def test_an_added_token_inside_a_word_that_is_no_token_either() -> None:
    backend = wordpiece("tig", *(mark + letter for letter in "tigers" for mark in ("", "##")))
    backend.add_tokens(["er"])
    assert kinds(explained(backend, "tigers")) == ["added_token", "not_in_vocabulary"]


@pytest.mark.parametrize(
    ("normalizer", "word", "part"),
    [
        (normalizers.Lowercase(), "Tiger", "Lowercase"),
        (normalizers.BertNormalizer(lowercase=True), "māori", "BertNormalizer"),
        (
            normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents()]),
            "māori",
            "NFD",
        ),
        (normalizers.Replace("a", "x"), "pantera", "Replace"),
    ],
)
def test_a_normalizer_that_changes_a_token(
    normalizer: normalizers.Normalizer, word: str, part: str
) -> None:
    letters = (mark + letter for letter in "abceghimnoprtx" for mark in ("", "##"))
    backend = wordpiece(word, *letters)
    backend.normalizer = normalizer
    found = explained(backend, word)
    assert kinds(found) == ["normalizer"]
    assert found.causes[0].part == part
    assert found.whole_as == "·" + word


def test_a_normalizer_that_puts_spaces_into_a_word() -> None:
    backend = wordpiece(*(mark + letter for letter in "axb" for mark in ("", "##")))
    backend.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace("x", " x "), normalizers.Lowercase()]
    )
    found = explained(backend, "axb")
    assert kinds(found) == ["normalizer", "not_in_vocabulary"]
    assert (found.causes[0].part, found.causes[0].number) == ("Replace", 1)


def test_several_parts_of_a_pre_tokenizer() -> None:
    backend = wordpiece(
        "l", "##l", "##'", "'", "été", "##e", "e\u0301te\u0301", "\u0301", "##\u0301", "##t"
    )
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split("'", "isolated"),
            pre_tokenizers.Split("t", "isolated"),
        ]
    )
    found = explained(backend, "l'ete\u0301")
    assert kinds(found)[:2] == ["pre_tokenizer", "pre_tokenizer"]
    assert [each.number for each in found.causes[:2]] == [1, 2]


def test_a_word_of_too_many_characters() -> None:
    assert kinds(explained(wordpiece("tiger", longest=4), "tiger")) == ["too_long"]
    assert kinds(explained(wordpiece("t", longest=4), "tiger")) == [
        "too_long",
        "unknown_characters",
    ]


def bpe(merges: list[tuple[str, str]], *more: str) -> tokenizers.Tokenizer:
    tokens = dict.fromkeys([*"tiger", *map("".join, merges), *more])
    vocabulary = {token: number for number, token in enumerate(tokens)}
    backend = tokenizers.Tokenizer(models.BPE(vocabulary, merges))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return backend


def test_a_merge_of_a_lower_rank_comes_first() -> None:
    backend = bpe([("t", "i"), ("g", "e"), ("ge", "r"), ("i", "ger"), ("t", "iger")])
    found = explained(backend, "tiger")
    assert kinds(found) == ["merge_order"]
    assert "erge 0 " in found.cause
    assert "erge 3 " in found.cause
    assert found.causes[0].merges == (("g", "e"), ("ge", "r"), ("i", "ger"), ("t", "iger"))


def test_no_merges_build_a_token() -> None:
    assert kinds(explained(bpe([("t", "i")], "tiger"), "tiger")) == ["no_merges"]


def test_a_token_of_too_low_a_score() -> None:
    vocabulary = [("<unk>", 0.0), ("tig", -1.0), ("er", -1.5), ("tiger", -9.0)]
    backend = tokenizers.Tokenizer(models.Unigram(vocabulary, 0, False))
    found = explained(backend, "tiger")
    assert kinds(found) == ["better_path"]
    assert "-2.50" in found.cause
    assert "-9.00" in found.cause


def test_a_neighbour_in_the_same_piece() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0, "tiger": 1}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    assert kinds(explained(backend, "tiger! tiger")) == ["neighbour"]


def test_other_forms_that_are_tokens_are_named() -> None:
    found = explained(wordpiece("tiger", "##Tiger", "T", "##i", "##g", "##e", "##r"), "Tiger")
    assert kinds(found) == ["not_in_vocabulary"]
    assert "`·tiger` (1)" in found.cause


def test_a_part_that_cannot_be_replayed_is_named() -> None:
    backend = tokenizers.Tokenizer(models.BPE({"a": 0, "b": 1}, [], dropout=0.5))
    found = only(explain_splits(wrap(backend, "dropout"), "ab"))
    assert found.cause_kind == "not_replayed"
    assert "dropout" in found.cause


def test_a_long_text_is_explained() -> None:
    text = " ".join(wordfreq.top_n_list("en", 3000))
    found = explain_splits(load_known("bert"), text)
    assert 20 < len(found) < 600
    for each in found:
        assert text[each.start : each.end] == each.word
        assert len(each.cause.split()) <= 25
