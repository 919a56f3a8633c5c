"""Tests of word classes: the case's own tokens, the order of classes, and a plain recount."""

from collections.abc import Mapping

import pytest
import regex

from tokstat.analyzers.subject import Subject
from tokstat.api.inspection import make_subject
from tokstat.tokenizer.decoding import Scheme
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Token, Vocabulary
from tokstat.words.affixes import Affixes
from tokstat.words.lexicon import KNOWN_ZIPF, Lexicon, WordList
from tokstat.words.word_classes import WORD_CLASSES, classify_tokens, token_frequencies

WORDPIECE = Scheme("WordPiece", continuation="##")

UNSPACED = {"Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan"}


def class_of(tokenizer: Tokenizer, subject: Subject, token: str) -> str:
    index = tokenizer.backend.token_to_id(token)
    (row,) = (tokenizer.vocabulary.ids == index).nonzero()[0]
    return WORD_CLASSES[subject.word_classes[row]]


@pytest.mark.parametrize(
    ("token", "word_class"),
    [
        ("Ġnickel", "whole_word"),
        ("Ġtar", "whole_word"),
        ("tar", "bare_word"),
        ("The", "bare_word"),
        ("ercul", "fragment"),
        ("encephal", "fragment"),
        ("ation", "affix"),
        ("ness", "affix"),
        ("Ġa", "single_letter"),
        ("a", "single_letter"),
        ("^),", "not_alphabetic"),
        ("2012", "not_alphabetic"),
        ("é", "not_alphabetic"),
        ("[UNK]", "not_alphabetic"),
        ("Ð½Ð°", "other_script"),
    ],
)
def test_modernberts_tokens(
    modernbert: Tokenizer, english: Lexicon, token: str, word_class: str
) -> None:
    assert class_of(modernbert, Subject(modernbert, english), token) == word_class


@pytest.mark.parametrize(
    ("token", "word_class"),
    [
        ("lastly", "whole_word"),
        ("defendants", "whole_word"),
        ("ventured", "whole_word"),
        ("##ect", "fragment"),
        ("##ing", "affix"),
        ("##ness", "affix"),
        ("##the", "bare_word"),
        ("##a", "single_letter"),
        ("в", "other_script"),
        ("年", "other_script"),
        ("[unused0]", "not_alphabetic"),
    ],
)
def test_berts_tokens(bert: Tokenizer, english: Lexicon, token: str, word_class: str) -> None:
    assert class_of(bert, Subject(bert, english), token) == word_class


def classes(tokens: list[str], lexicon: Lexicon) -> dict[str, str]:
    """Classify the tokens of a vocabulary that WordPiece could have."""
    vocabulary = Vocabulary.from_tokens(
        {token: index for index, token in enumerate(tokens)}, {}, WORDPIECE
    )
    codes = classify_tokens(vocabulary, lexicon, token_frequencies(vocabulary, lexicon))
    return {token: WORD_CLASSES[code] for token, code in zip(tokens, codes, strict=True)}


def lexicon_of(
    words: Mapping[str, float],
    prefixes: frozenset[str] = frozenset(),
    suffixes: frozenset[str] = frozenset(),
) -> Lexicon:
    affixes = Affixes(prefixes, suffixes)
    return Lexicon((WordList("test", words, "test", learned_affixes=affixes),))


def test_the_first_class_that_fits_is_taken() -> None:
    lexicon = lexicon_of(
        {"tiger": 4.0, "un": 3.0, "er": 3.0, "re": 1.99}, frozenset({"un", "re"}), frozenset({"er"})
    )
    expected = {
        "tiger": "whole_word",
        "Tiger": "whole_word",
        "##tiger": "bare_word",
        "##TIGER": "bare_word",
        "un": "whole_word",  # a word before an affix
        "##un": "bare_word",  # a prefix inside a word is none
        "er": "whole_word",
        "##er": "affix",  # an affix before a bare word
        "re": "affix",  # below the frequency of known words
        "##re": "fragment",
        "t": "single_letter",
        "##t": "single_letter",
        "ti": "fragment",
        "##iger": "fragment",
        "ti2": "not_alphabetic",
        "т": "other_script",
        "##тигр": "other_script",
        "tигр": "other_script",
    }
    assert classes(list(expected), lexicon) == expected


def test_a_bare_word_needs_its_word_beside_it() -> None:
    lexicon = lexicon_of({"tar": 3.0, "ect": 3.0})
    assert classes(["tar", "##tar", "##ect"], lexicon) == {
        "tar": "whole_word",
        "##tar": "bare_word",
        "##ect": "fragment",
    }


def test_a_known_word_of_another_script_is_a_word() -> None:
    """Definitions come before scripts; but one Han character is a word in its languages only."""
    latin = {f"word{letter}": 4.0 for letter in "abcdefghijklmnopqrstuvwxyz"}
    lexicon = lexicon_of({**latin, "на": 2.5, "年": 2.5})
    assert lexicon.scripts == {"Latin"}
    assert classes(["на", "##на", "年", "##年"], lexicon) == {
        "на": "whole_word",
        "##на": "other_script",
        "年": "other_script",
        "##年": "other_script",
    }
    assert classes(["年", "##年", "月"], lexicon_of({"年": 5.0})) == {
        "年": "whole_word",
        "##年": "bare_word",
        "月": "single_letter",
    }


def plain_class(token: Token, subject: Subject, words: set[str], suffix_starts: bool) -> str:
    """Classify one token by the definitions, read off one after the other."""
    text = token.text or ""
    if token.kind != "text" or not regex.fullmatch(r"[\p{L}\p{M}]+", text):
        return "not_alphabetic"
    lexicon, lowered = subject.lexicon, text.lower()
    scripts = set(token.script.split("+"))
    known = lexicon.frequencies([lowered])[0] >= KNOWN_ZIPF
    is_long = len(text) > 1 or scripts <= ({"Han", "Hiragana", "Katakana"} & lexicon.scripts)
    affixes = lexicon.affixes
    is_suffix_side = token.starts_word == suffix_starts
    if token.starts_word and known and is_long:
        return "whole_word"
    if not scripts <= lexicon.scripts:
        return "other_script"
    if lowered in (affixes.suffixes if is_suffix_side else affixes.prefixes):
        return "affix"
    if known and is_long and not token.starts_word and (lowered in words or scripts <= UNSPACED):
        return "bare_word"
    return "single_letter" if len(text) == 1 else "fragment"


@pytest.mark.parametrize("lang", ["en", "auto"])
def test_every_class_follows_its_definition(tokenizer: Tokenizer, lang: str) -> None:
    subject = make_subject(tokenizer, lang)
    rows = list(tokenizer.vocabulary)
    found = [WORD_CLASSES[code] for code in subject.word_classes]
    words = {
        (row.text or "").lower()
        for row, name in zip(rows, found, strict=True)
        if name == "whole_word"
    }
    suffix_starts = bool(tokenizer.scheme.end)
    assert found == [plain_class(row, subject, words, suffix_starts) for row in rows]


def test_another_script_is_never_a_fragment(tokenizer: Tokenizer, english: Lexicon) -> None:
    subject = Subject(tokenizer, english)
    for row in subject.rows_of_class("fragment").tolist():
        assert tokenizer.vocabulary.row(row).script == "Latin"


def test_a_token_of_two_scripts_of_the_lexicon_is_in_script() -> None:
    """`漢か` is written as Japanese is; `漢t` is not, in a lexicon of Japanese alone."""
    japanese = {"漢字": 4.0, "ひらがな": 4.0, "カタカナ": 4.0, "食べる": 4.0}
    lexicon = lexicon_of(japanese)
    assert lexicon.scripts == {"Han", "Hiragana", "Katakana"}
    assert classes(["漢か", "漢t", "食べる", "##食べる"], lexicon) == {
        "漢か": "fragment",
        "漢t": "other_script",
        "食べる": "whole_word",
        "##食べる": "bare_word",  # in scripts that write no blanks it needs no twin
    }
