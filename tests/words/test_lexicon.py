"""Tests of the word lists against wordfreq's own functions, which tokstat does without."""

import math
from pathlib import Path

import pytest
import wordfreq

from tokstat.api.inspection import make_subject
from tokstat.errors import LexiconError
from tokstat.text.unicode import NO_SCRIPT, script_of
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import KNOWN_ZIPF, Lexicon, WordList, in_own_scripts, load_lexicon

CASEFOLDED = {"ß", "ς", "ﬁ", "ﬂ", "ße", "straße", "µ", "µg", "µm", "ϕ", "daß"}
"""Lower-case texts that wordfreq looks up in another form: casefolded, ß is ss, ﬁ fi, ς σ.

DESIGN defines a word as known by its lower-cased text, so these are not known in that spelling.
"""


def word_list(language: str) -> WordList:
    (words,) = load_lexicon([language]).word_lists
    return words


def known_zipf(word: str, language: str) -> float:
    """Return wordfreq's answer, without words too rare to count as known."""
    zipf: float = wordfreq.zipf_frequency(word, language)
    return zipf if zipf >= KNOWN_ZIPF else 0.0


@pytest.mark.parametrize("language", ["en", "de", "ru", "ar", "zh", "ja", "ko"])
def test_frequent_words_are_wordfreqs(language: str) -> None:
    """Words of other scripts are left out: some Latin ones outside of English and German."""
    words = word_list(language)
    expected = wordfreq.top_n_list(language, 25_000)
    assert words.top(20_000) == list(in_own_scripts(dict.fromkeys(expected, 0.0)))[:20_000]


def test_known_words_are_wordfreqs(english: Lexicon) -> None:
    expected = {
        word: round(math.log10(frequency) + 9, 2)
        for word, frequency in wordfreq.get_frequency_dict("en").items()
        if frequency >= 10 ** (KNOWN_ZIPF - 9) * (1 - 1e-9)
    }
    found = dict(english.word_lists[0].zipf)
    assert found == pytest.approx({word: expected[word] for word in found})
    assert english.info.words == len(found) == 95_930
    assert len(expected) == 95_992
    assert {"на", "α"} <= expected.keys() - found.keys()


@pytest.mark.parametrize("name", ["bert", "modernbert"])
def test_frequencies_of_tokens_are_wordfreqs(
    english: Lexicon, name: str, request: pytest.FixtureRequest
) -> None:
    tokenizer: Tokenizer = request.getfixturevalue(name)
    texts = sorted(tokenizer.vocabulary.words)
    found = dict(zip(texts, english.look_up(texts).zipf.tolist(), strict=True))
    differ = {text for text in texts if found[text] != pytest.approx(known_zipf(text, "en"))}
    assert {text for text in differ if script_of(text[0]) == "Latin"} <= CASEFOLDED
    assert {found[text] for text in differ} == {0.0}


@pytest.mark.parametrize(
    ("language", "script"),
    [("de", "Latin"), ("ru", "Cyrillic"), ("ar", "Arabic"), ("el", "Greek"), ("tr", "Latin")],
)
def test_frequencies_in_other_languages_are_wordfreqs(language: str, script: str) -> None:
    """Other lists store casefolded and normalised words; a lookup maps to that form first."""
    words = word_list(language)
    for word in [*words.top(1000), "straße", "daß", "λόγος", "كَلِمَة", "kişi", "ırmak"]:
        is_own = script_of(word[0]) in (script, NO_SCRIPT)
        expected = known_zipf(word.lower(), language) if is_own else 0.0
        assert words.frequency(word.lower()) == pytest.approx(expected)


@pytest.mark.parametrize("language", ["el", "hi", "bn", "ta", "ko", "ja", "zh", "ru", "ar"])
def test_no_word_is_of_another_script(language: str) -> None:
    words = word_list(language)
    assert "the" not in words.zipf
    scripts = {script_of(letter) for word in words.top(20_000) for letter in word} - {"Common"}
    assert scripts <= words.scripts


def test_words_in_their_usual_case(english: Lexicon) -> None:
    lower = ["london", "i", "the", "usa", "tiger"]
    assert english.word_lists[0].usual_forms(lower) == ["London", "I", "the", "USA", "tiger"]
    assert word_list("de").usual_forms(["haus", "gehen"]) == ["Haus", "gehen"]
    assert word_list("ru").usual_forms(["москва"]) == ["москва"]


def test_chinese_is_looked_up_simplified() -> None:
    """wordfreq wants jieba installed for that, tokstat does not."""
    words = word_list("zh")
    assert words.frequency("漢語") == words.frequency("汉语") > KNOWN_ZIPF


@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        ("en", {"Latin"}),
        ("de", {"Latin"}),
        ("ru", {"Cyrillic"}),
        ("ar", {"Arabic"}),
        ("zh", {"Han"}),
        ("ja", {"Han", "Hiragana", "Katakana"}),
        ("ko", {"Hangul"}),
        ("el", {"Greek"}),
        ("hi", {"Devanagari"}),
    ],
)
def test_scripts_of_a_language(language: str, scripts: set[str]) -> None:
    assert word_list(language).scripts == scripts


def test_several_languages_are_joined() -> None:
    lexicon = load_lexicon(["en", "ru", "en"])
    assert lexicon.languages == ("en", "ru")
    assert lexicon.scripts == {"Latin", "Cyrillic"}
    english, russian = lexicon.word_lists
    known = lexicon.look_up(["the", "это", "xqzv", "thur"])
    zipf = [english.zipf["the"], russian.zipf["это"], 0.0, english.zipf["thur"]]
    assert known.zipf.tolist() == pytest.approx(zipf)
    assert known.whole.tolist() == [True, True, False, False]
    assert known.bare.tolist() == [True, True, False, False]
    assert lexicon.affixes.suffixes >= english.affixes.suffixes


@pytest.mark.parametrize("language", ["xx", "", "../large_en", "best"])
def test_a_language_without_a_list(language: str) -> None:
    with pytest.raises(LexiconError):
        load_lexicon([language])


def test_no_language() -> None:
    with pytest.raises(LexiconError):
        load_lexicon([])


def test_auto_looks_at_the_vocabulary(modernbert: Tokenizer, bert: Tokenizer) -> None:
    assert make_subject(modernbert, "auto").lexicon.languages == ("en",)
    assert make_subject(bert, "auto").lexicon.languages == ("en",)
    assert make_subject(bert, "en,de").lexicon.languages == ("en", "de")


def test_a_word_list_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text("\ufeffTiger\t60\ntiger\t30\n\nнога\t10\nrare\t0\n", encoding="utf-8")
    lexicon = load_lexicon(path=path)
    (words,) = lexicon.word_lists
    assert words.top(10) == ["tiger", "нога"]
    assert dict(words.zipf) == pytest.approx({"tiger": 9 + math.log10(0.9), "нога": 8.0})
    assert lexicon.scripts == {"Latin", "Cyrillic"}
    assert "1 spelling" in lexicon.info.source
    assert "1 word " in lexicon.info.source
    assert (lexicon.info.name, lexicon.info.words) == ("words.tsv", 2)


def test_a_word_of_a_file_is_known_from_zipf_2_on(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text("the\t20000000\nonce\t1\nthrice\t3\n")
    (words,) = load_lexicon(path=path).word_lists
    assert words.top(10) == ["the", "thrice"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"tiger\n", b"tiger 3\n", b"tiger\tmany\n", b"tiger\t-3\n", b"\t3\n",
     b"tiger\t0\n", b"tiger\t1.5\n", b"\xff\xfe\t3\n"],
)  # fmt: skip
def test_a_file_that_is_no_word_list(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "words.tsv"
    path.write_bytes(content)
    with pytest.raises(LexiconError):
        load_lexicon(path=path)


def test_a_word_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LexiconError):
        load_lexicon(path=tmp_path / "absent.tsv")
