"""Word lists with frequencies, and look-ups in them.

The default is wordfreq's list (Speer 2022, https://github.com/rspeer/wordfreq). Its data ends in
2021 and will not be updated: a frozen reference from before text written by language models.
"""

from __future__ import annotations

import gzip
import importlib.util
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tokstat.errors import LexiconError
from tokstat.io.files import PACKAGED_DATA
from tokstat.io.limits import read_text
from tokstat.results.report import LexiconInfo
from tokstat.text.unicode import NO_SCRIPT, script_of
from tokstat.text.wording import counted
from tokstat.words.affixes import Affixes, learn_affixes
from tokstat.words.language_names import resolve_language

KNOWN_ZIPF = 2.0
"""Lowest Zipf frequency of a known word: once in ten million words."""

_ZIPF_OF_CERTAINTY = 9.0
"""Zipf frequency of a word that makes up a whole text (van Heuven et al. 2014)."""

_SCRIPT_SAMPLE = 2000
_SCRIPT_SHARE = 0.05
"""Least share of a language's frequent words with a letter of a script that the language uses.

Katakana, the rarest script of any language, is in 9% of Japanese words. Foreign words in Latin
letters are up to 3% of any list.
"""

_PLAIN_LANGUAGES = frozenset({"en"})
"""Languages whose lookup form is the lower-cased text, without wordfreq's own preprocessing."""

_COUNT = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"\d[\d.,]+")

LANGUAGE_OF_SCRIPT = {
    "Latin": "en",
    "Cyrillic": "ru",
    "Han": "zh",
    "Hiragana": "ja",
    "Katakana": "ja",
    "Hangul": "ko",
    "Arabic": "ar",
    "Greek": "el",
    "Hebrew": "he",
    "Devanagari": "hi",
    "Bengali": "bn",
    "Tamil": "ta",
}
"""The language that `--lang auto` chooses for a script: the largest one written in it."""

_AUTO_SHARE = 0.01
"""Least share of the alphabetic tokens for which `--lang auto` considers a script."""


@dataclass(frozen=True)
class WordList:
    """Hold the known words of one language with their Zipf frequency, most frequent first.

    `lookup_form` maps a lower-cased text to the form in which the list stores it.
    """

    language: str
    zipf: Mapping[str, float] = field(repr=False)
    source: str
    lookup_form: Callable[[str], str] | None = field(default=None, repr=False)
    learned_affixes: Affixes | None = field(default=None, repr=False)

    def top(self, count: int) -> list[str]:
        """Return the most frequent words without numbers, like wordfreq's own `top_n_list`."""
        # Hardly any word begins with a digit, and testing that is ten times faster than matching.
        words = (word for word in self.zipf if not (word[:1].isdecimal() and _NUMBER.match(word)))
        return list(itertools.islice(words, count))

    def frequency(self, lowered: str) -> float:
        """Return the Zipf frequency of a lower-cased text, 0 for an unknown one."""
        form = self.lookup_form(lowered) if self.lookup_form else lowered
        return self.zipf.get(form, 0.0)

    @cached_property
    def scripts(self) -> frozenset[str]:
        """The scripts of the language, by the letters of its frequent words."""
        words = self.top(_SCRIPT_SAMPLE)
        counts = Counter(
            script for word in words for script in set(map(script_of, word)) if script != NO_SCRIPT
        )
        return frozenset(
            script for script, count in counts.items() if count >= _SCRIPT_SHARE * len(words)
        )

    @cached_property
    def affixes(self) -> Affixes:
        """Productive affixes: the packaged ones of the language, or else learned from the words."""
        return self.learned_affixes or learn_affixes(self.zipf)


@dataclass(frozen=True)
class Lexicon:
    """Join the word lists of one or several languages."""

    word_lists: tuple[WordList, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes, in the order asked for."""
        return tuple(words.language for words in self.word_lists)

    def frequencies(self, lowered: Sequence[str]) -> list[float]:
        """Return the Zipf frequency of each lower-cased text, the highest among the languages."""
        columns = [_frequencies(words, lowered) for words in self.word_lists]
        if len(columns) == 1:
            return columns[0]
        return [max(row) for row in zip(*columns, strict=True)]

    @cached_property
    def scripts(self) -> frozenset[str]:
        """The scripts of all the languages."""
        return frozenset().union(*(words.scripts for words in self.word_lists))

    @cached_property
    def affixes(self) -> Affixes:
        """Productive affixes of all the languages."""
        learned = [words.affixes for words in self.word_lists]
        return Affixes(
            prefixes=frozenset().union(*(affixes.prefixes for affixes in learned)),
            suffixes=frozenset().union(*(affixes.suffixes for affixes in learned)),
        )

    @property
    def info(self) -> LexiconInfo:
        """The entry that identifies the lexicon in a report."""
        return LexiconInfo(
            name="+".join(words.language for words in self.word_lists),
            languages=self.languages,
            words=sum(len(words.zipf) for words in self.word_lists),
            source="; ".join(dict.fromkeys(words.source for words in self.word_lists)),
        )


def _frequencies(words: WordList, lowered: Sequence[str]) -> list[float]:
    if words.lookup_form is None:
        return list(map(words.zipf.get, lowered, itertools.repeat(0.0)))
    return [words.frequency(text) for text in lowered]


def load_lexicon(languages: Iterable[str] = ("en",), path: Path | None = None) -> Lexicon:
    """Load wordfreq's lists of several languages, or one list from a file instead.

    A language is a code, a tag or a name: `pt`, `pt-BR`, `portuguese`.
    The file is UTF-8 with one `word<TAB>count` per line. Counts of words that differ only in case
    are added. Zipf frequencies are computed from the counts.

    Raises:
        LexiconError: a language has no list, or a file is not a word list.
    """
    if path is not None:
        return Lexicon((_read_counts(path),))
    available = _available_lists()
    codes = dict.fromkeys(resolve_language(name, available) for name in languages)
    if not codes:
        raise LexiconError("There is no language", "Give one: `--lang en`, or `--lang auto`.")
    return Lexicon(tuple(_load_wordfreq(code, available[code]) for code in codes))


def languages_of_scripts(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Choose languages by the scripts of the alphabetic tokens, most frequent script first.

    Scripts with under 1% of the tokens, or without a word list, are ignored. Where all scripts
    are, the choice is English.
    """
    total = sum(counts.values())
    chosen = [
        LANGUAGE_OF_SCRIPT[script]
        for script, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if script in LANGUAGE_OF_SCRIPT and count >= _AUTO_SHARE * total
    ]
    return tuple(dict.fromkeys(chosen)) or ("en",)


def _data_folder() -> Path:
    """Return the folder of wordfreq's data; importing wordfreq would take longer than a list."""
    spec = importlib.util.find_spec("wordfreq")
    if spec is None or spec.origin is None:
        raise LexiconError(
            "wordfreq, which has the word lists, is not installed",
            "Run: pip install wordfreq",
        )
    return Path(spec.origin).parent / "data"


def _available_lists() -> dict[str, Path]:
    """Return each language's best list in wordfreq: the large one, or else the small one."""
    names = sorted(_data_folder().glob("*.msgpack.gz"), reverse=True)
    split = [(path, *path.name.removesuffix(".msgpack.gz").partition("_")) for path in names]
    # In this order a large list replaces a small one of the same language.
    return {language: path for path, size, _, language in split if size in ("small", "large")}


def _load_wordfreq(language: str, path: Path) -> WordList:
    """Read one list: buckets, of which the k-th has the words at a frequency of -k centibels."""
    zipf: dict[str, float] = {}
    for centibels, words in enumerate(_read_buckets(path)):
        frequency = (_ZIPF_OF_CERTAINTY * 100 - centibels) / 100
        if frequency < KNOWN_ZIPF:
            break
        zipf.update(zip(words, itertools.repeat(frequency)))
    return WordList(
        language=language,
        zipf=zipf,
        source="wordfreq 3, list best: a frozen, pre-LLM reference (data up to 2021)",
        lookup_form=None if language in _PLAIN_LANGUAGES else _wordfreq_form(language),
        learned_affixes=_packaged_affixes(language),
    )


def _packaged_affixes(language: str) -> Affixes | None:
    """Read affixes learned ahead of time, if the package has them: learning takes 0.1 s."""
    content = json.loads((PACKAGED_DATA / "affixes.json").read_text("utf-8"))
    learned = content["languages"].get(language)
    return learned and Affixes(frozenset(learned["prefixes"]), frozenset(learned["suffixes"]))


def _read_buckets(path: Path) -> Iterator[list[str]]:
    """Yield the buckets of a list one by one, so that the rare two thirds need not be read."""
    import msgpack

    with gzip.open(path) as file:
        unpacker = msgpack.Unpacker(file)
        count = unpacker.read_array_header()
        unpacker.skip()
        for _ in range(count - 1):
            yield unpacker.unpack()


def _wordfreq_form(language: str) -> Callable[[str], str]:
    """Return the function that maps a text to the form in wordfreq's list."""
    from wordfreq.preprocess import preprocess_text

    if language == "zh":
        simplified = _simplified_characters()
        return lambda text: preprocess_text(text, language).translate(simplified).casefold()
    return lambda text: preprocess_text(text, language)


def _simplified_characters() -> dict[int, str]:
    """Read wordfreq's map to simplified characters; its own code for that needs jieba."""
    import msgpack

    packed = (_data_folder() / "_chinese_mapping.msgpack.gz").read_bytes()
    mapping: dict[int, str] = msgpack.unpackb(gzip.decompress(packed), strict_map_key=False)
    return mapping


def _read_counts(path: Path) -> WordList:
    """Read `word<TAB>count` lines."""
    counts: Counter[str] = Counter()
    spellings: set[str] = set()
    try:
        lines = read_text(path, "utf-8-sig").splitlines()
    except OSError as error:
        raise LexiconError(
            f"The word list {path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    except UnicodeDecodeError as error:
        raise LexiconError(
            f"The word list {path} is not UTF-8: {error}", "Convert the file to UTF-8."
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        word, _, count = line.partition("\t")
        if not word or not _COUNT.fullmatch(count.strip()):
            raise LexiconError(
                f"Line {number} of the word list {path} is not `word<TAB>count`",
                "Write one word and its whole-number count per line, separated by a tab.",
            )
        spellings.add(word)
        counts[word.lower()] += int(count.strip())
    total = sum(counts.values())
    if not total:
        raise LexiconError(
            f"The word list {path} has no word with a count above 0", "Give another word list."
        )
    if not any(character.isalpha() for word in counts for character in word):
        raise LexiconError(f"The word list {path} has no word with a letter", "Give another one.")
    zipf = {
        word: _ZIPF_OF_CERTAINTY + math.log10(count / total)
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if count and _ZIPF_OF_CERTAINTY + math.log10(count / total) >= KNOWN_ZIPF
    }
    joined = len(spellings) - len(counts)
    notes = [
        f"{counted(joined, 'spelling')} joined with another by case" if joined else "",
        f"{counted(rare, 'word')} too rare to be known"
        if (rare := len(counts) - len(zipf))
        else "",
    ]
    source = "; ".join([f"word list {path.name}", *filter(None, notes)])
    return WordList(language=path.name, zipf=zipf, source=source)
