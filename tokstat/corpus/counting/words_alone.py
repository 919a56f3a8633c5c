"""Encode the words of a tokenizer that treats each character and each word by itself.

The normalizer is asked about each character once, and the pre-tokenizer whether it splits there.
Each distinct word, or part of one, is followed through a trie of the model's tokens, as the model
does. The library is asked about the words whose tokens this does not decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, AnyStr

import numpy as np
import tokenizers
from numpy.typing import NDArray
from tokenizers import AddedToken, models

from tokstat.corpus.counting.distinct_pieces import Indices, Names, distinct_pieces, unify
from tokstat.corpus.counting.encoded import Encoded, gather, join
from tokstat.corpus.counting.normal_characters import ALONE, INNER, ODD, CharacterTable
from tokstat.corpus.counting.unigram_parts import UnigramParts
from tokstat.corpus.counting.word_pieces import WordPieces
from tokstat.corpus.safe_cuts.at_white_space import Bytes, ending_before, starting_at
from tokstat.corpus.safe_cuts.boundaries import (
    SEPARATOR,
    Codes,
    Mask,
    Places,
    characters_before,
    code_points,
    find_all,
)
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode_batch_fast, normalize
from tokstat.tokenizer.tokenizer import Tokenizer

_NORMALIZERS = frozenset({"BertNormalizer", "Lowercase", "NFD", "NFKD", "StripAccents"})
"""Those that write each character by itself, if they do not sort marks."""

_PREFIX = "▁"

_LONGEST = 200
"""Characters of a word that the model is asked about."""

_NO_LENGTH = 1 << 40
"""The length of an unknown token among others. No word is that long."""

_STEP = 1 << 15
"""Pieces at a time, which bounds the arrays in memory."""

_TOGETHER = 256
_AT_A_TIME = 32
"""Words that are joined into a text, and texts per call, whose tokens are objects."""


@dataclass(frozen=True, eq=False)
class _Divided:
    """Hold the words of pieces: the number of each name, and where it is.

    A word is twice the number of its name, and one more where it is the first part of a word.
    `places` count normal characters, of which each character has left as many as `counts` has;
    `owners` are pieces, which begin at the characters `starts`.
    """

    words: Indices
    places: Indices
    owners: Indices
    counts: NDArray[np.uint8]
    starts: Indices
    is_left: Mask

    def encoded(self, words: Encoded, fits: Mask) -> tuple[Encoded, Places]:
        """Return the tokens of the pieces, and the numbers of those that are left out."""
        is_left = self.is_left.copy()
        is_left[self.owners.compress(~fits.take(self.words))] = True
        kept = np.flatnonzero(~is_left.take(self.owners))
        numbers, owners = self.words.take(kept), self.owners.take(kept)
        tokens = gather(words, numbers)
        lengths = tokens.lengths
        before = np.repeat(self.places.take(kept), lengths)
        shift = np.repeat(self.starts.take(owners), lengths)
        counts = np.bincount(owners, lengths, len(is_left))
        sources = np.repeat(np.arange(len(self.counts), dtype=np.int32), self.counts)
        found = Encoded(
            tokens.ids,
            sources.take(before + tokens.starts) - shift,
            sources.take(before + tokens.ends - 1) + 1 - shift,
            np.concatenate([[0], np.cumsum(counts.astype(np.int64))]),
        )
        return found, np.flatnonzero(is_left)


@dataclass(frozen=True, eq=False)
class WordsAlone:
    """Encode pieces of text by their words.

    `model` has the model alone, with the separator as a token. `strings` are the contents of added
    tokens, and `normal_strings` those to find in normal text. The pre-tokenizer writes `prefix`
    before each word. `_lengths` has the characters of each token at the start of a word and within
    it, shape (ids, 2). `_encoder` encodes nearly all words, or parts of them; the library the rest.
    """

    model: tokenizers.Tokenizer
    strings: frozenset[str]
    normal_strings: frozenset[str]
    prefix: str
    _characters: CharacterTable
    _lengths: Indices
    _encoder: UnigramParts | WordPieces

    def encode(self, pieces: Names) -> tuple[Encoded, Places]:
        """Encode pieces, and return the numbers of those left out, which have no tokens.

        They hold characters that are not known, added tokens, or very long words.

        Raises:
            EncodingError: the tokenizer fails on a word.
        """
        steps = range(0, max(len(pieces), 1), _STEP)
        parts = [self._divide(pieces.between(step, step + _STEP)) for step in steps]
        names, tables = unify([some for some, _ in parts])
        divided = [each for _, each in parts]
        parts.clear()
        is_asked = np.zeros(2 * len(names), np.bool_)
        for each, table in zip(divided, tables, strict=True):
            each.words[:] = 2 * table.take(each.words >> 1) + (each.words & 1)
            is_asked[each.words] = True
        words, fits = self._words(names, is_asked)
        divided.reverse()
        found = [divided.pop().encoded(words, fits) for _ in steps]
        left = [numbers + step for (_, numbers), step in zip(found, steps, strict=True)]
        return join([each for each, _ in found]), np.concatenate(left)

    @property
    def divides_words(self) -> bool:
        """Whether words may be cut from what is beside them, wherever that is safe."""
        return not self.prefix

    def unsafe(self, data: Bytes, cuts: Places) -> Places:
        """Return places of chunks that may not be cut at `cuts`; all count bytes of UTF-8.

        A cut divides a word of the tokenizer, a character beside it is odd, or an added token
        begins.
        """
        joins = self._characters.joins(ending_before(data, cuts), starting_at(data, cuts))
        written = data.tobytes()
        found = [cuts.compress(joins)]
        found += [_find(written, content.encode()) for content in self.strings]
        if self.normal_strings:
            normal = self._characters.normalize(code_points(written.decode()))
            text = normal.codes.tobytes().decode("utf-32-le")
            first = np.flatnonzero(data & 0xC0 != 0x80)
            found += [first[normal.sources[_find(text, each)]] for each in self.normal_strings]
        return np.concatenate(found)

    def _divide(self, pieces: Names) -> tuple[Names, _Divided]:
        """Return the distinct words of pieces, and where they are."""
        data, bounds = pieces.utf8()
        written = data.tobytes()
        codes = code_points(written.decode())
        starts = characters_before(data)[bounds]
        normal = self._characters.normalize(codes)
        text = normal.codes.tobytes().decode("utf-32-le")
        normal_bounds = np.searchsorted(normal.sources, starts)
        is_left = np.zeros(len(pieces), np.bool_)
        is_left[_owners(normal_bounds, np.flatnonzero(normal.kinds == ODD))] = True
        is_left[_owners(starts, self._characters.in_short_graphemes(codes))] = True
        for content in self.strings:
            is_left[_owners(bounds, _find(written, content.encode()))] = True
        for content in self.normal_strings:
            is_left[_owners(normal_bounds, _find(text, content))] = True
        begins = _word_cuts(normal.kinds, normal_bounds)
        cuts = begins
        if isinstance(self._encoder, UnigramParts):
            cuts = begins | (self._encoder.cuts(normal.codes) & (normal.kinds == INNER))
        places = np.flatnonzero(cuts)
        owners = _owners(normal_bounds, places)
        is_word = normal.kinds.take(places) >= INNER
        ends = np.append(np.flatnonzero(begins)[1:], len(text))
        first = begins.take(places)
        begun = np.flatnonzero(first)
        is_long = (ends - places.take(begun) > _LONGEST) & is_word.take(begun)
        is_left[owners.take(begun.compress(is_long))] = True
        is_word &= ~is_left.take(owners)
        names, which = distinct_pieces(text, normal.codes, cuts)
        # An empty text is one piece there, but has no place.
        words = (2 * which[: len(places)] + first).compress(is_word)
        of_words = places.compress(is_word).astype(np.int32)
        owners_of_words = owners.compress(is_word).astype(np.int32)
        counts = np.bincount(normal.sources, minlength=len(codes)).astype(np.uint8)
        return names, _Divided(words, of_words, owners_of_words, counts, starts, is_left)

    def _words(self, names: Names, is_asked: Mask) -> tuple[Encoded, Mask]:
        """Encode the words that are asked for: 2 * i + 1 is name i as the first part of a word.

        Return their tokens, which are those in any word, and whether these spell it. One token
        alone may be the unknown one, and stands for the whole word in any case.
        """
        numbers = np.flatnonzero(is_asked)
        is_first = (numbers & 1).astype(np.bool_)
        codes, bounds = self._written(names, numbers >> 1, is_first)
        sizes = np.diff(bounds)
        ids, counts = self._encoder.encode(codes, bounds)
        # What the encoder leaves out depends on the part before, unless there is none.
        is_left = (counts == 0) & (is_first | (not self.prefix))
        left = np.flatnonzero(is_left)
        spans = zip(bounds[left].tolist(), bounds[left + 1].tolist(), strict=True)
        asked = [codes[start:end].tobytes().decode("utf-32-le") for start, end in spans]
        del codes
        more, counts[left] = self._ask(asked)
        is_more = np.repeat(is_left, counts)
        found = np.zeros(len(is_more), np.int32)
        found[~is_more], found[is_more] = ids, more
        first = np.cumsum(counts) - counts
        spelled = self._lengths[:, 1].take(found).astype(np.int64)
        if isinstance(self._encoder, UnigramParts):
            spelled[is_more & (found == self._encoder.unknown_id)] = _NO_LENGTH
        begins = first[counts > 0]
        spelled[begins] = self._lengths[found[begins], 0]
        spelled[first[counts == 1]] = sizes[counts == 1]
        ends = np.concatenate([[0], np.cumsum(spelled)])
        before = ends[np.append(first, len(found))]
        fits = np.zeros(len(is_asked), np.bool_)
        fits[numbers] = np.diff(before) == sizes
        # The prefix, if it is a token of its own, stands for the first character of the word.
        shift = np.repeat(before[:-1] + len(self.prefix) * is_first, counts)
        starts = np.maximum(ends[:-1] - shift, 0).astype(np.int32)
        stops = np.maximum(ends[1:] - shift, 1).astype(np.int32)
        every = np.zeros(len(is_asked) + 1, np.int64)
        every[1:][numbers] = counts
        return Encoded(found, starts, stops, np.cumsum(every)), fits

    def _written(self, names: Names, numbers: Places, is_first: Mask) -> tuple[Codes, Places]:
        """Return the characters of some names, with the prefix before some, and their bounds."""
        data, bytes_of = names.utf8()
        characters = characters_before(data)[bytes_of]
        lengths = np.diff(characters)[numbers]
        bounds = np.concatenate([[0], np.cumsum(lengths + len(self.prefix) * is_first)])
        is_own = np.ones(bounds[-1], np.bool_)
        if self.prefix:
            is_own[bounds[:-1][is_first]] = False
        codes = np.full(len(is_own), ord(self.prefix or _PREFIX), np.uint32)
        shift = characters[numbers] - (np.cumsum(lengths) - lengths)
        places = np.repeat(shift, lengths) + np.arange(lengths.sum())
        codes[is_own] = code_points(data.tobytes().decode())[places]
        return codes, bounds

    def _ask(self, words: list[str]) -> tuple[NDArray[np.int32], Places]:
        """Return what the model makes of each word: all ids in order, and their numbers."""
        step = _TOGETHER * _AT_A_TIME
        found = [np.zeros(0, np.int32)]
        for start in range(0, len(words), step):
            some = words[start : start + step]
            texts = [
                SEPARATOR.join([*some[low : low + _TOGETHER], ""])
                for low in range(0, len(some), _TOGETHER)
            ]
            encoded = encode_batch_fast(self.model, texts)
            found += [np.array(each.ids, np.int32) for each in encoded]
        ids = np.concatenate(found)
        is_end = ids == self.model.token_to_id(SEPARATOR)
        counts = np.diff(np.flatnonzero(is_end), prepend=-1) - 1
        return ids[~is_end], counts


def _find(text: AnyStr, content: AnyStr) -> Places:
    """Return all places where a string occurs in a text."""
    return np.fromiter(find_all(text, content), np.int64)


def _owners(bounds: Places | Indices, places: Places) -> Places:
    """Return the number of the piece that each place belongs to."""
    return np.searchsorted(bounds, places, "right") - 1


def _word_cuts(kinds: NDArray[np.uint8], bounds: Places) -> Mask:
    """Tell where words and the stretches between them begin, shape as `kinds`."""
    cuts = np.ones(len(kinds), np.bool_)
    cuts[1:] = (kinds[1:] != kinds[:-1]) | (kinds[1:] == ALONE)
    cuts[bounds[bounds < len(kinds)]] = True
    return cuts


def words_alone(tokenizer: Tokenizer) -> WordsAlone | None:
    """Return how to encode by words, None where the pipeline looks at more than one character."""
    backend = tokenizer.backend
    if tokenizer.stored_tokens.shared_ids or not _is_by_words(backend):
        return None
    added = backend.get_added_tokens_decoder().values()
    strings = frozenset(token.content for token in added)
    normal = frozenset(normalize(backend, token.content) for token in added if token.normalized)
    model = tokenizers.Tokenizer(backend.model)
    model.add_special_tokens([AddedToken(SEPARATOR, normalized=False, special=True)])
    is_free = backend.model.id_to_token(model.token_to_id(SEPARATOR)) is None
    if "" in strings | normal or not is_free:
        return None
    is_unigram = isinstance(backend.model, models.Unigram)
    prefix = _PREFIX if is_unigram else ""
    return WordsAlone(
        model,
        strings,
        normal,
        prefix,
        CharacterTable(backend, prefix),
        _token_lengths(tokenizer),
        UnigramParts(backend.model) if is_unigram else WordPieces(backend.model),
    )


def _is_by_words(backend: tokenizers.Tokenizer) -> bool:
    """Whether a pipeline writes each character by itself, and gives the model word by word."""
    parts, steps = components(backend, "normalizer"), components(backend, "pre_tokenizer")
    kinds = [part["type"] for part in parts]
    if not steps or (backend.normalizer is not None and not parts):
        return False
    if isinstance(backend.model, (models.WordPiece, models.WordLevel)):
        return _NORMALIZERS.issuperset(kinds) and all(map(_splits_alone, steps))
    return (
        isinstance(backend.model, models.Unigram)
        and not getattr(backend.model, "alpha", None)
        and kinds in ([], ["Precompiled"])
        and [step["type"] for step in steps] == ["WhitespaceSplit", "Metaspace"]
        and steps[1].get("replacement", _PREFIX) == _PREFIX
        and steps[1].get("prepend_scheme", "always") == "always"
        and bool(steps[1].get("split", True))
        and normalize(backend, "a\r\nb")[1:-1].isspace()
    )


def _token_lengths(tokenizer: Tokenizer) -> Indices:
    """Return the characters of each id at the start of a word and within it, shape (ids, 2)."""
    stored = tokenizer.stored_tokens
    prefix = getattr(tokenizer.backend.model, "continuing_subword_prefix", "")
    lengths = np.zeros((int(stored.ids.max(initial=-1)) + 1, 2), np.int32)
    lengths[stored.ids, 0] = np.fromiter(map(len, stored.tokens), np.int32)
    lengths[:, 1] = lengths[:, 0] - len(prefix)
    return lengths


def _splits_alone(step: Mapping[str, Any]) -> bool:
    """Whether a pre-tokenizer asks of each character by itself whether to split there."""
    kind = step["type"]
    return (
        kind in ("BertPreTokenizer", "WhitespaceSplit")
        or (kind == "Punctuation" and step.get("behavior", "Isolated") in ("Isolated", "Removed"))
        or (kind == "Digits" and bool(step.get("individual_digits")))
    )
