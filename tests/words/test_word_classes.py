"""Tests of word classes: the case's own tokens, the order of classes, and a plain recount."""

from collections.abc import Mapping

import pytest
import regex

from tokstat.analyzers.subject import Subject
from tokstat.api.inspection import make_subject
from tokstat.tokenizer.decoding import Scheme
from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Token, Vocabulary
from tokstat.words.affixes import Affixes
from tokstat.words.languages import language_words
from tokstat.words.lexicon import KNOWN_ZIPF, Lexicon, WordList
from tokstat.words.packaged import LearnedWords
from tokstat.words.standalone import LEAST_BARE, LEAST_WHOLE, seldom_alone, standalone_shares
from tokstat.words.word_classes import WORD_CLASSES, classify_tokens

Shares = Mapping[str, tuple[float, float]]


@pytest.fixture(scope="module")
def shares(english: Lexicon) -> Shares:
    zipf = {word: each for word, each in english.word_lists[0].zipf.items() if len(word) <= 32}
    columns = standalone_shares(list(zipf), list(zipf.values()))
    pairs = zip(*(column.tolist() for column in columns), strict=True)
    return dict(zip(zipf, pairs, strict=True))


WORDPIECE = Scheme("WordPiece", continuation="##")


def class_of(tokenizer: Tokenizer, subject: Subject, token: str) -> str:
    index = tokenizer.backend.token_to_id(token)
    (row,) = (tokenizer.vocabulary.ids == index).nonzero()[0]
    return WORD_CLASSES[subject.word_classes[row]]


@pytest.mark.parametrize(
    ("token", "word_class"),
    [
        ("Ġnickel", "whole_word"),
        ("Ġtar", "whole_word"),
        ("tar", "fragment"),  # as in start
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
    vocabulary = Vocabulary.of(
        StoredTokens.from_ids({token: index for index, token in enumerate(tokens)}, {}), WORDPIECE
    )
    known = lexicon.look_up(vocabulary.words)
    codes = classify_tokens(vocabulary, lexicon, known, language_words(vocabulary))
    return {token: WORD_CLASSES[code] for token, code in zip(tokens, codes, strict=True)}


def lexicon_of(
    words: Mapping[str, float],
    prefixes: frozenset[str] = frozenset(),
    suffixes: frozenset[str] = frozenset(),
) -> Lexicon:
    learned = LearnedWords(Affixes(prefixes, suffixes), seldom_alone(words), {})
    return Lexicon((WordList("test", words, "test", learned=learned),))


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
        "##qger": "fragment",
        "ti2": "not_alphabetic",
        "т": "other_script",
        "##тигр": "other_script",
        "tигр": "other_script",
    }
    assert classes(list(expected), lexicon) == expected


def test_a_word_must_stand_alone_now_and_then() -> None:
    """`thur` is nearly always the end of Arthur, and `arth` its beginning."""
    lexicon = lexicon_of({"arthur": 5.0, "thur": 3.0, "arth": 3.0, "tar": 3.0})
    assert classes(["tar", "##tar", "thur", "##thur", "arth", "ARTH", "##arth"], lexicon) == {
        "tar": "whole_word",
        "##tar": "bare_word",
        "thur": "whole_word",
        "##thur": "fragment",
        "arth": "fragment",
        "ARTH": "whole_word",  # an acronym is no beginning of a word in lower case
        "##arth": "bare_word",
    }


def test_a_word_counts_in_the_scripts_of_its_language_only() -> None:
    latin = {f"word{letter}": 4.0 for letter in "abcdefghijklmnopqrstuvwxyz"}
    lexicon = lexicon_of({**latin, "на": 2.5, "年": 2.5})
    assert lexicon.scripts == {"Latin"}
    assert set(classes(["на", "##на", "年", "##年"], lexicon).values()) == {"other_script"}


def test_no_boundary_is_asked_for_where_the_script_has_none() -> None:
    assert classes(["年", "##年", "月"], lexicon_of({"年": 5.0})) == {
        "年": "whole_word",
        "##年": "whole_word",
        "月": "single_letter",
    }


def test_words_of_other_languages_and_words_run_together() -> None:
    lexicon = lexicon_of({"fire": 4.0, "wall": 4.0, "wallet": 3.0, "house": 4.0})
    tokens = ["ağaç", "daudz", "##onde", "firewall", "FireWall", "firewallet", "##ßerdem", "xqzv"]
    assert classes(tokens, lexicon) == {
        "ağaç": "other_language",
        "daudz": "other_language",
        "##onde": "other_language",
        "firewall": "joined_words",
        "FireWall": "joined_words",
        "firewallet": "fragment",  # `wallet` is not frequent enough
        "##ßerdem": "fragment",
        "xqzv": "fragment",
    }


def test_a_phrase_of_chinese_is_words_run_together() -> None:
    tokens = ["##的天堂", "和他", "天虎", "年月"]
    words = {"的": 7.0, "天堂": 4.5, "和": 6.0, "他": 6.0, "天": 5.0, "年": 6.0, "月": 3.0}
    assert classes(tokens, lexicon_of(words)) == {
        "##的天堂": "joined_words",
        "和他": "joined_words",
        "天虎": "fragment",  # no word has 虎
        "年月": "fragment",  # 月 is not frequent enough
    }
    japanese = lexicon_of(words | {"です": 6.0})
    assert classes(["##的天堂"], japanese) == {"##的天堂": "fragment"}


def plain_class(token: Token, subject: Subject, shares: Shares, suffix_starts: bool) -> str:
    """Classify one token by the definitions, read off one after the other.

    The classes after bare words are one here: `other`.
    """
    text = token.text or ""
    if token.kind != "text" or not regex.fullmatch(r"[\p{L}\p{M}]+", text):
        return "not_alphabetic"
    lexicon, lowered = subject.lexicon, text.lower()
    scripts = set(token.script.split("+"))
    if not scripts <= lexicon.scripts:
        return "other_script"
    (words,) = lexicon.word_lists
    known = words.frequency(lowered) >= KNOWN_ZIPF
    is_long = len(text) > 1 or scripts <= {"Han", "Hiragana", "Katakana"}
    starting, inside = shares.get(lowered, (1.0, 1.0))
    if token.starts_word and known and is_long and (text.isupper() or starting >= LEAST_WHOLE):
        return "whole_word"
    affixes = lexicon.affixes
    is_suffix_side = token.starts_word == suffix_starts
    if lowered in (affixes.suffixes if is_suffix_side else affixes.prefixes):
        return "affix"
    if known and is_long and not token.starts_word and inside >= LEAST_BARE:
        return "bare_word"
    return "other"


def test_every_class_follows_its_definition(tokenizer: Tokenizer, shares: Shares) -> None:
    subject = make_subject(tokenizer)
    last = {"single_letter", "other_language", "joined_words", "fragment"}
    found = [WORD_CLASSES[code] for code in subject.word_classes]
    suffix_starts = bool(tokenizer.scheme.end)
    expected = [plain_class(row, subject, shares, suffix_starts) for row in tokenizer.vocabulary]
    assert ["other" if name in last else name for name in found] == expected


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
        "##食べる": "whole_word",  # in scripts that write no spaces
    }
