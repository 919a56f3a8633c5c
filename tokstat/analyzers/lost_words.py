"""Letters that the normalizer deletes, and frequent words that become unknown or vanish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import compress
from typing import cast
from unicodedata import category, combining
from unicodedata import normalize as normal_form

import numpy as np

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.analyzers.training import unused_marks
from tokstat.errors import EncodingError
from tokstat.results.language_names import named
from tokstat.text.utf8 import UTF8_BYTES
from tokstat.text.visible import visible
from tokstat.text.wording import counted, quoted
from tokstat.tokenizer.encoding import normalize
from tokstat.tokenizer.scheme import byte_alphabet
from tokstat.tokenizer.single_words import spaced_spans
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import WordList

DELETED = Rule(
    "TS721",
    "warning",
    "The normalizer deletes letters or marks of a language",
    "strip_accents deletes every combining mark. In Hindi, Thai or Tamil these are vowels, in "
    "Japanese and Russian they are part of letters, in Turkish they tell letters apart. Different "
    "words become one, so more of them are one token and scores of coverage rise.",
    "Set strip_accents of the BertNormalizer to false, or remove StripAccents from the normalizer. "
    "If the vocabulary was trained with it, train it again.",
    source=OWN,
)
LOST = Rule(
    "TS722",
    "warning",
    "Frequent words become unknown or vanish",
    "The vocabulary has no token for a character that frequent words contain, and no bytes to fall "
    "back to. WordPiece then loses the whole word, and other models the character. A model can "
    "neither read nor write these words.",
    "Train the vocabulary again without limit_alphabet, and with an initial_alphabet or byte "
    "fallback.",
    source=OWN,
)

_SAMPLES = {
    "Devanagari": "कुछ",
    "Bengali": "কুকুর",
    "Gurmukhi": "ਕੁਝ",
    "Gujarati": "કુલ",
    "Oriya": "କୁକୁର",
    "Tamil": "தமிழ்",
    "Telugu": "తెలుగు",
    "Kannada": "ಕನ್ನಡ",
    "Malayalam": "മല്ലു",
    "Sinhala": "සිංහල",
    "Thai": "ที่",
    "Lao": "ທີ່",
    "Khmer": "ខ្មែរ",
    "Myanmar": "မြန်မာ",
    "Tibetan": "བོད",
    "Hiragana": "がく",
    "Katakana": "ガス",
    "Cyrillic": "май",
}
"""A word of each script that has combining marks in its letters; without them it is another."""

_PROBE = " ".join(("é ş ğ ñ ё", *_SAMPLES.values()))
"""Letters and marks of many languages: a normalizer that keeps all of them is not looked into."""

_LEAST_OF_SCRIPT = 0.01
_LEAST_OF_TOKENS = 0.005
_LEAST_TOKENS = 20
_FREQUENT = 2_000
_LEAST_OF_WORDS = 0.05

_LEAST_LOST = 0.01
_EXAMPLES = 6
_MOST_LOOKED_AT = 1_000


@analyzer("lost_words", title="Lost letters and words", rules=(DELETED, LOST))
def lost_words(subject: Subject) -> Result:
    """Look for letters that the normalizer deletes, and for frequent words that no tokens spell.

    A letter is deleted if its decomposition (NFKD) loses a letter or a mark in the normalizer,
    apart from case. It is a finding where a script of the vocabulary needs such marks, where at
    least 0.5% of the alphabetic tokens have such letters, or where 5% of the 2,000 most frequent
    words of a language other than English do. A script counts if it has 1% of the alphabetic
    tokens, without single characters.

    Of the 20,000 most frequent words of each language, those with a character that has no token are
    encoded in text. A word is lost if it gets the unknown token, or if one of its letters is in no
    token. It is a finding if 1% of the words are lost.
    """
    try:
        return Result(findings=(*_deleted(subject), *_lost(subject)))
    except EncodingError:  # which other findings report
        return Result()


def _deleted(subject: Subject) -> Iterator[Finding]:
    tokenizer = subject.tokenizer
    if tokenizer.backend.normalizer is None or not _loses(_PROBE, _normalized(tokenizer, _PROBE)):
        return
    names = _names_of_scripts(subject)
    ids = _tokens_that_lose(subject)
    languages = _languages_that_lose(subject)
    if not names and not languages and not len(ids):
        return
    parts = []
    for script in names:
        sample = _SAMPLES[script]
        parts.append(f"{script}: {sample!r} becomes {_normalized(tokenizer, sample)!r}")
    for language, (words, share) in languages.items():
        shown = f"{words[0]!r} becomes {_normalized(tokenizer, words[0])!r}"
        parts.append(
            f"{share:.1%} of the {_FREQUENT:,} most frequent words of {named(language)}: {shown}"
        )
    if len(ids):
        tokens = subject.vocabulary
        texts = [tokens[number].text or "" for number in ids[:_MOST_LOOKED_AT]]
        text = next((each for each in texts if len(each) > 1), texts[0])
        parts.append(
            f"{counted(len(ids), 'token')} with letters that it changes: {quoted(text)} becomes "
            f"{_normalized(tokenizer, text)!r}"
        )
    yield DELETED.found(f"The normalizer deletes marks. {'; '.join(parts)}.", ids)


def _normalized(tokenizer: Tokenizer, text: str) -> str:
    """Return the normalized text, without marks for spaces."""
    return normalize(tokenizer.backend, text).replace(tokenizer.scheme.space or " ", " ").strip()


def _loses(text: str, normalized: str) -> bool:
    """Return whether a text has letters or marks that its normalized form lacks, case apart."""

    def parts(given: str) -> Counter[str]:
        return Counter(filter(_is_letter, normal_form("NFKD", given.lower())))

    return bool(parts(text) - parts(normalized))


def _is_letter(character: str) -> bool:
    return category(character)[0] in "LM"


def _names_of_scripts(subject: Subject) -> list[str]:
    """Return the scripts of the vocabulary whose sample word loses something."""
    vocabulary = subject.vocabulary
    words = vocabulary.alphabetic & (vocabulary.properties.lengths > 1)
    names = vocabulary.properties.script_names
    counts = np.bincount(vocabulary.properties.script_codes[words], minlength=len(names))
    least = max(_LEAST_TOKENS, _LEAST_OF_SCRIPT * int(vocabulary.alphabetic.sum()))
    return [
        name
        for name, count in zip(names, counts.tolist(), strict=True)
        if name in _SAMPLES
        and count >= least
        and _loses(_SAMPLES[name], _normalized(subject.tokenizer, _SAMPLES[name]))
    ]


def _tokens_that_lose(subject: Subject) -> list[int]:
    """Return the ids of the tokens with letters that the normalizer changes, if they are many."""
    vocabulary = subject.vocabulary
    texts = cast("list[str]", list(compress(vocabulary.texts, vocabulary.alphabetic.tolist())))
    changed = _losing_characters(subject.tokenizer, texts)
    if not changed:
        return []
    rows = vocabulary.alphabetic_rows.tolist()
    found = [row for row, text in zip(rows, texts, strict=True) if not changed.isdisjoint(text)]
    if len(found) < max(_LEAST_TOKENS, _LEAST_OF_TOKENS * len(rows)):
        return []
    ids: list[int] = vocabulary.ids[found].tolist()
    return ids


def _losing_characters(tokenizer: Tokenizer, texts: Iterable[str]) -> frozenset[str]:
    distinct = {character for character in set("".join(texts)) if not character.isascii()}
    return frozenset(
        character
        for character in distinct
        if normal_form("NFKD", character) != character or combining(character)
        if _loses(character, normalize(tokenizer.backend, character))
    )


def _languages_that_lose(subject: Subject) -> dict[str, tuple[list[str], float]]:
    """Return the words that lose letters, and their share, by language; English aside."""
    found = {}
    for words, frequent in _frequent(subject, _FREQUENT):
        if words.language == "en":
            continue
        changed = _losing_characters(subject.tokenizer, frequent)
        losing = [word for word in frequent if not changed.isdisjoint(word)]
        if len(losing) >= _LEAST_OF_WORDS * len(frequent) > 0:
            found[words.language] = losing, len(losing) / len(frequent)
    return found


def _lost(subject: Subject) -> Iterator[Finding]:
    if _Lacking(subject.tokenizer).has_all_bytes or unused_marks(subject):
        return  # a mark that no token has is the cause, and TS633 reports it
    for at, (words, frequent) in enumerate(_frequent(subject)):
        if subject.tokenizer.model_type == "WordLevel":  # it needs no character, but the word
            split = frozenset(compress(frequent, (~subject.lower_coverage[at].spaced).tolist()))
        else:
            split = None
        yield from _lost_of(subject.tokenizer, words, frequent, split)


def _frequent(subject: Subject, most: int | None = None) -> Iterator[tuple[WordList, list[str]]]:
    for words, frequent in zip(subject.lexicon.word_lists, subject.frequent_words, strict=True):
        yield words, frequent[:most]


def _lost_of(
    tokenizer: Tokenizer, words: WordList, frequent: list[str], split: frozenset[str] | None
) -> Iterator[Finding]:
    lacking = _Lacking(tokenizer)
    absent = lacking.of(frequent) if split is None else frozenset()
    if split is None:
        joined = "".join(frequent)  # no more words have a character than it occurs
        if sum(map(joined.count, absent)) < _LEAST_LOST * len(frequent):
            return
        candidates = [word for word in frequent if not absent.isdisjoint(word)]
    else:
        candidates = [word for word in frequent if word in split]
    if len(candidates) < _LEAST_LOST * len(frequent) or not candidates:
        return
    unknown, vanishing = _split_by_loss(tokenizer, candidates, absent)
    lost = len(unknown) + len(vanishing)
    if lost < _LEAST_LOST * len(frequent):
        return
    parts = []
    if unknown:
        name = tokenizer.backend.id_to_token(tokenizer.unknown_id or 0)
        parts.append(f"{counted(len(unknown), 'word')} with the unknown token {name!r}")
    if vanishing:
        parts.append(f"{counted(len(vanishing), 'word')} with letters that vanish")
    example = (unknown or vanishing)[0]
    cause, hint = lacking.cause(absent, candidates, {*unknown, *vanishing})
    message = (
        f"{lost:,} of the {len(frequent):,} most frequent words of {named(words.language)} are "
        f"lost ({lost / len(frequent):.1%}): {', '.join(parts)}, such as {example!r}."
        f"{cause}"
    )
    ids = () if not unknown or tokenizer.unknown_id is None else (tokenizer.unknown_id,)
    yield LOST.found(message, ids, hint=hint)


def _split_by_loss(
    tokenizer: Tokenizer, words: list[str], absent: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Return the words with the unknown token, and those with letters that are in no token."""
    unknown, vanishing = [], []
    surfaces = _Surfaces(tokenizer)
    for word, spans in zip(words, spaced_spans(tokenizer, words), strict=True):
        ids = [token for token, _, _ in spans]
        if tokenizer.unknown_id in ids:
            unknown.append(word)
            continue
        # A letter that vanishes also shifts the offsets after it, so the tokens are spelled out.
        spelled = b"".join(map(surfaces.__getitem__, ids)).decode("utf-8", "ignore")
        if any(spelled.count(each) < word.count(each) for each in absent.intersection(word)):
            vanishing.append(word)
    return unknown, vanishing


class _Surfaces(dict[int, bytes]):
    """Look up the bytes of tokens by their ids, each once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._vocabulary = tokenizer.vocabulary

    def __missing__(self, number: int) -> bytes:
        self[number] = surface = self._vocabulary[number].surface
        return surface


class _Lacking:
    """Find the characters of words that a vocabulary has no token for."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        model = tokenizer.backend.model
        self._tokenizer = tokenizer
        self._token_to_id = model.token_to_id
        self._prefix = getattr(model, "continuing_subword_prefix", None) or ""
        self._suffix = getattr(model, "end_of_word_suffix", None) or ""
        self._falls_back = bool(getattr(model, "byte_fallback", False))
        self._letters = {byte: letter for letter, byte in byte_alphabet().items()}

    @property
    def has_all_bytes(self) -> bool:
        """Whether every byte of UTF-8 can be written, so that no character is lost."""
        if self._tokenizer.scheme.byte_level:
            letters = (self._letters[byte] for byte in UTF8_BYTES)
            return all(map(self._has, letters))
        return self._falls_back and all(
            self._found(f"<0x{byte:02X}>") or (byte < 0x80 and self._found(chr(byte)))
            for byte in UTF8_BYTES
        )

    def of(self, words: Iterable[str]) -> frozenset[str]:
        """Return the characters that lack a token, in a word's first place or inside it."""
        return frozenset(
            character
            for character in set("".join(words))
            if not all(map(self._has, self._units(character)))
        )

    def _units(self, character: str) -> Iterator[str]:
        """Yield what the model looks up for a character, in the vocabulary's own alphabet."""
        tokenizer = self._tokenizer
        if tokenizer.scheme.byte_level:
            yield from (self._letters[byte] for byte in character.encode())
            return
        yield from _normalized(tokenizer, character).replace(" ", "")

    def _has(self, unit: str) -> bool:
        forms = {unit, self._prefix + unit, unit + self._suffix}
        return all(map(self._found, forms)) or self._in_bytes(unit)

    def _found(self, token: str) -> bool:
        return self._token_to_id(token) is not None

    def _in_bytes(self, unit: str) -> bool:
        return self._falls_back and all(
            self._found(f"<0x{byte:02X}>") for byte in unit.encode("utf-8", "surrogatepass")
        )

    def cause(
        self, absent: frozenset[str], words: Iterable[str], lost: set[str]
    ) -> tuple[str, str]:
        """Say which characters have no token, and what to do; "" for what the rule says.

        Words that are split at a character anyway are not lost for lack of it.
        """
        if not absent:
            return "", "Use a tokenizer that splits words, such as BPE, or a larger vocabulary."
        with_it: Counter[str] = Counter()
        lost_with_it: Counter[str] = Counter()
        for word in words:
            with_it.update(absent.intersection(word))
            if word in lost:
                lost_with_it.update(absent.intersection(word))
        to_blame = [each for each, count in lost_with_it.most_common() if count > with_it[each] / 2]
        most = to_blame[:_EXAMPLES]
        inside = bool(self._prefix) and all(
            self._found(unit) for each in most for unit in self._units(each)
        )
        message = (
            f" No token{' inside a word' if inside else ''} for "
            f"{counted(len(to_blame), 'character')}: {' '.join(map(visible, most))}."
        )
        hint = (
            f"Add the missing tokens {self._prefix}x, one for each character, to the vocabulary, "
            "and train their rows."
        )
        return message, hint if inside else ""
