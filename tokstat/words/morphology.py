"""Agreement of a tokenizer's splits with morpheme boundaries, as MorphScore defines it.

MorphScore (Arnett and Bergen 2025, arXiv 2411.14198; Arnett et al. 2025, arXiv 2507.06378) asks of
each word whether its split has the morpheme boundary, whatever other boundaries it has. Words that
are one token count for nothing. The mean over words is the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tokstat.tokenizer.encoding import encode_batch
from tokstat.tokenizer.single_words import Convention, spaced_spans
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.segmentations import Segmentations, SegmentedWord

_BATCH = 2048


@dataclass(frozen=True)
class Agreement:
    """Count what the split of words and their morphemes have in common, in one language.

    - `scored`: words with two tokens or more, each known;
    - `one_token`: words that are one token, which MorphScore leaves out;
    - `unknown`: words with an unknown token, or with no token;
    - `shared`, `morpheme_boundaries`, `token_boundaries`: boundaries inside the scored words;
    - `recalls`, `precisions`: sums over the scored words.
    """

    language: str
    scored: int
    one_token: int
    unknown: int
    shared: int
    morpheme_boundaries: int
    token_boundaries: int
    recalls: float
    precisions: float

    @property
    def recall_macro(self) -> float | None:
        """MorphScore: the share of morpheme boundaries that the split has, mean over words."""
        return self.recalls / self.scored if self.scored else None

    @property
    def recall_micro(self) -> float | None:
        """The share of the morpheme boundaries of all words that the splits have."""
        return self.shared / self.morpheme_boundaries if self.morpheme_boundaries else None

    @property
    def precision_macro(self) -> float | None:
        """The share of token boundaries that are morpheme boundaries, mean over words."""
        return self.precisions / self.scored if self.scored else None

    @property
    def precision_micro(self) -> float | None:
        """The share of the token boundaries of all words that are morpheme boundaries."""
        return self.shared / self.token_boundaries if self.token_boundaries else None


def agreement(
    tokenizer: Tokenizer, segmentations: Segmentations, convention: Convention
) -> Agreement:
    """Compare the splits of segmented words with their morphemes.

    Raises:
        EncodingError: the tokenizer fails on a word.
        LimitError: encoding takes too long.
    """
    words = segmentations.words
    scored = one_token = unknown = shared = morphemes = tokens = 0
    recalls = precisions = 0.0
    for start in range(0, len(words), _BATCH):
        batch = words[start : start + _BATCH]
        for word, spans in zip(batch, _spans(tokenizer, batch, convention), strict=True):
            if not spans or tokenizer.unknown_id in [token for token, _, _ in spans]:
                unknown += 1
            elif len(spans) == 1:
                one_token += 1
            else:
                common = len(word.boundaries & _boundaries(spans))
                scored += 1
                shared += common
                morphemes += len(word.boundaries)
                tokens += len(spans) - 1
                recalls += common / len(word.boundaries)
                precisions += common / (len(spans) - 1)
    return Agreement(
        segmentations.language,
        scored,
        one_token,
        unknown,
        shared,
        morphemes,
        tokens,
        recalls,
        precisions,
    )


def _spans(
    tokenizer: Tokenizer, words: Sequence[SegmentedWord], convention: Convention
) -> list[list[tuple[int, int, int]]]:
    """Return each token of words as its id, its start and its end, without tokens of a space."""
    texts = [word.word for word in words]
    if convention == "spaced":
        found = spaced_spans(tokenizer, texts)
    else:
        encodings = encode_batch(tokenizer.backend, texts)
        found = [
            [(token, *span) for token, span in zip(each.ids, each.offsets, strict=True)]
            for each in encodings
        ]
    rows = tokenizer.vocabulary
    return [[span for span in spans if not _is_space(rows[span[0]].text)] for spans in found]


def _is_space(text: str | None) -> bool:
    """Return whether a token is white space alone; one of partial bytes has no text."""
    return text is not None and not text.strip()


def _boundaries(spans: Sequence[tuple[int, int, int]]) -> set[int]:
    """Return the characters before each boundary; one inside a character is none."""
    found = set()
    for (_, _, end), (_, start, _) in pairwise(spans):
        if end <= start:
            found.add(start)
    return found
