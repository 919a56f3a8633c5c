"""Word lists with frequencies, and look-ups in them.

The default is wordfreq's list (Speer 2022, https://github.com/rspeer/wordfreq). Its data ends in
2021 and will not be updated: a frozen reference from before text written by language models.
"""

from __future__ import annotations

import gzip
import importlib.util
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokstat.errors import LexiconError, reason_of
from tokstat.io.limits import read_text
from tokstat.results.report import LexiconInfo
from tokstat.text.unicode import NO_SCRIPT, script_of, text_properties
from tokstat.text.wording import counted
from tokstat.words.affixes import Affixes, learn_affixes
from tokstat.words.language_names import resolve_language
from tokstat.words.packaged import LearnedWords, learned_words
from tokstat.words.standalone import SeldomAlone, seldom_alone

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


@dataclass(frozen=True, eq=False)
class WordList:
    """Hold the known words of one language with their Zipf frequency, most frequent first.

    They are words in the scripts of the language; see `in_own_scripts`. `lookup_form` maps a
    lower-cased text to the form in which the list stores it.
    """

    language: str
    zipf: Mapping[str, float] = field(repr=False)
    source: str
    lookup_form: Callable[[str], str] | None = field(default=None, repr=False)
    learned: LearnedWords | None = field(default=None, repr=False)

    def top(self, count: int) -> list[str]:
        """Return the most frequent words without numbers, like wordfreq's own `top_n_list`."""
        return list(itertools.islice(filter(_is_worded, self.zipf), count))

    def forms(self, lowered: Sequence[str]) -> Sequence[str]:
        """Return the forms in which the list would store some lower-cased texts."""
        return list(map(self.lookup_form, lowered)) if self.lookup_form else lowered

    def frequency(self, lowered: str) -> float:
        """Return the Zipf frequency of a lower-cased text, 0 for an unknown one."""
        return self.zipf.get(self.forms([lowered])[0], 0.0)

    @cached_property
    def scripts(self) -> frozenset[str]:
        """The scripts of the language, by the letters of its frequent words."""
        return _scripts_of(self.top(_SCRIPT_SAMPLE))

    @cached_property
    def affixes(self) -> Affixes:
        """Productive affixes: the packaged ones of the language, or else learned from the words."""
        return self.learned.affixes if self.learned else learn_affixes(self.zipf)

    @cached_property
    def seldom_alone(self) -> SeldomAlone:
        """Words that are mostly parts of others: the packaged ones, or else found in the list."""
        return self.learned.seldom_alone if self.learned else seldom_alone(self.zipf)

    def usual_forms(self, words: Sequence[str]) -> list[str]:
        """Return each lower-cased word in its usual case, such as London; as packaged.

        Words of a language without packaged forms stay as they are.
        """
        cased = self.learned.cased if self.learned else {}
        return [cased.get(word, word) for word in words]


@dataclass(frozen=True, eq=False)
class Known:
    """Hold what the lists know of n lower-cased texts.

    - `zipf`: the highest Zipf frequency among the languages, 0 for unknown texts.
    - `whole`: known, and not seldom alone where it could begin a word.
    - `bare`: known, and not seldom alone where it could be inside a word.
    """

    zipf: NDArray[np.float32]
    whole: NDArray[np.bool_]
    bare: NDArray[np.bool_]


@dataclass(frozen=True)
class Lexicon:
    """Join the word lists of one or several languages."""

    word_lists: tuple[WordList, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes, in the order asked for."""
        return tuple(words.language for words in self.word_lists)

    def look_up(self, lowered: Sequence[str]) -> Known:
        """Look up lower-cased texts in all the lists."""
        count = len(lowered)
        known = Known(
            np.zeros(count, np.float32), np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        )
        for words in self.word_lists:
            forms, seldom = words.forms(lowered), words.seldom_alone
            zipf = np.fromiter(map(words.zipf.get, forms, itertools.repeat(0.0)), np.float32)
            np.maximum(known.zipf, zipf, out=known.zipf)
            places = np.flatnonzero(zipf >= KNOWN_ZIPF)
            words_known = [forms[place] for place in places.tolist()]
            for mask, parts in ((known.whole, seldom.starting), (known.bare, seldom.inside)):
                mask[places] |= ~np.fromiter(map(parts.__contains__, words_known), np.bool_)
        return known

    def frequent(self, least_zipf: float, shortest: int) -> frozenset[str]:
        """Return the words of some frequency and length that are not seldom alone."""
        found: set[str] = set()
        for words in self.word_lists:
            often = itertools.takewhile(least_zipf.__le__, words.zipf.values())
            seldom = words.seldom_alone
            pairs = zip(words.zipf, often, strict=False)
            long_enough = {word for word, _ in pairs if len(word) >= shortest}
            found |= long_enough - seldom.starting - seldom.inside
        return frozenset(found)

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


def _scripts_of(words: Sequence[str]) -> frozenset[str]:
    counts = Counter(
        script for word in words for script in set(map(script_of, word)) if script != NO_SCRIPT
    )
    return frozenset(
        script for script, count in counts.items() if count >= _SCRIPT_SHARE * len(words)
    )


def in_own_scripts(zipf: dict[str, float]) -> dict[str, float]:
    """Return the words that have no letter outside the scripts of the language.

    Lists from the web quote other languages: `the` is among the frequent words of the Greek list.
    The scripts are those of the frequent words.
    """
    scripts = _scripts_of(list(itertools.islice(filter(_is_worded, zipf), _SCRIPT_SAMPLE)))
    suspects = list(zipf)
    if "Latin" in scripts:
        suspects = list(itertools.filterfalse(str.isascii, suspects))
    properties = text_properties(suspects)
    fits = [
        name == NO_SCRIPT or scripts.issuperset(name.split("+")) for name in properties.script_names
    ]
    foreign = [
        word
        for word, code in zip(suspects, properties.script_codes.tolist(), strict=True)
        if not fits[code]
    ]
    for word in foreign:
        del zipf[word]
    return zipf


def _is_worded(word: str) -> bool:
    """Return whether a text is not a number; most begin with no digit, which is tested faster."""
    return not (word[:1].isdecimal() and _NUMBER.match(word))


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


def _data_folder() -> Path:
    """Return the folder of wordfreq's data; importing wordfreq would take longer than a list."""
    spec = importlib.util.find_spec("wordfreq")
    if spec is None or spec.origin is None:
        raise LexiconError(
            "wordfreq, which has the word lists, is not installed",
            "Run: pip install wordfreq",
        )
    return Path(spec.origin).parent / "data"


def wordfreq_languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a list, sorted."""
    return tuple(sorted(_available_lists()))


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
        zipf=in_own_scripts(zipf),
        source="wordfreq 3, list best: a frozen, pre-LLM reference (data up to 2021)",
        lookup_form=None if language in _PLAIN_LANGUAGES else _wordfreq_form(language),
        learned=learned_words(language),
    )


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
        lines = read_text(path).splitlines()
    except OSError as error:
        raise LexiconError(
            f"The word list {path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    except UnicodeDecodeError as error:
        raise LexiconError(
            f"The word list {path} cannot be read: {reason_of(error)}",
            "Convert the file to UTF-8.",
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
    return WordList(language=path.name, zipf=in_own_scripts(zipf), source=source)
