"""Train tokenizers that are alike but for algorithm, size, casing and spaces."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tokenizers
from tokenizers import Regex, decoders, models, normalizers, pre_tokenizers, trainers

from tokstat.errors import DataError
from tokstat.experiments.defaults import TRAINING_WORDS
from tokstat.io.files import replace_file
from tokstat.io.limits import read_tokenizer_file
from tokstat.loading.tokenizer_json import parse_tokenizer_json
from tokstat.text.wording import counted
from tokstat.tokenizer.scheme import byte_alphabet
from tokstat.tokenizer.tokenizer import Origin, Tokenizer

_LOG = logging.getLogger(__name__)

Algorithm = Literal["BPE", "WordPiece", "Unigram"]

Casing = Literal["cased", "lower-cased"]

Spaces = Literal["kept", "dropped"]
"""Whether the space before a word is part of its tokens, as in GPT-2, or dropped, as in BERT."""

ALGORITHMS: tuple[Algorithm, ...] = ("BPE", "WordPiece", "Unigram")
CASINGS: tuple[Casing, ...] = ("cased", "lower-cased")
SPACES: tuple[Spaces, ...] = ("kept", "dropped")

UNKNOWN = "[UNK]"

_AT_A_TIME = 1_000
"""Copies of a word in one string for the trainer."""


@dataclass(frozen=True)
class Design:
    """Name what tokenizers of a grid differ in; `size` is the number of tokens."""

    algorithm: Algorithm
    size: int
    casing: Casing
    spaces: Spaces

    @property
    def name(self) -> str:
        """The tokenizer's name in messages and files."""
        return f"{self.algorithm}-{self.size}-{self.casing}-{self.spaces}"


def train(
    design: Design,
    counts: Mapping[str, int],
    folder: Path | None = None,
    words: int = TRAINING_WORDS,
) -> Tokenizer:
    """Train a tokenizer on counted words; some of the words begin with a space.

    The trainers are those of the library `tokenizers`, which see nothing of a text but how often
    each word occurs. All tokenizers write bytes in GPT-2's alphabet and find words by its pattern.
    A text of more than so many `words` is scaled down to these. With `folder` the tokenizer is kept
    there, and taken from there the next time. WordPiece's trainer breaks ties by chance. Unigram's
    takes a string for a token only if two distinct words go on in different ways after it: `tiger`
    needs `tigers`, however frequent it is.

    Raises:
        DataError: the words are too few for the size.
        InvalidTokenizerError: the file of the kept tokenizer is damaged.
        OutputError: the tokenizer cannot be written.
    """
    seen = scaled(_as_seen(design, counts), words)
    path = None if folder is None else folder / f"{design.name}-{digest_of(seen)[:12]}.json"
    if path is not None and path.is_file():
        data = read_tokenizer_file(path)
    else:
        _LOG.info("training %s", design.name)
        data = _trained(design, seen).to_str().encode()
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)
    digest = hashlib.sha256(data).hexdigest()
    origin = Origin(design.name, design.name, None, digest, "trained", ())
    return Tokenizer(parse_tokenizer_json(data, str(path or design.name)), origin)


def scaled(counts: Mapping[str, int], words: int = TRAINING_WORDS) -> dict[str, int]:
    """Scale counts down to a text of so many words; what rounds to 0 is left out."""
    factor = min(1.0, words / max(sum(counts.values()), 1))
    return {word: times for word, count in counts.items() if (times := round(count * factor))}


def digest_of(counts: Mapping[str, int]) -> str:
    """Return the SHA-256 of counted words, in whichever order."""
    lines = "".join(f"{word}\t{counts[word]}\n" for word in sorted(counts))
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def _as_seen(design: Design, counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return the counts of words as the trainer sees them, after the design's own changes."""
    seen: Counter[str] = Counter()
    for word, count in counts.items():
        changed = word.lower() if design.casing == "lower-cased" else word
        seen[changed if design.spaces == "kept" else changed.lstrip(" ")] += count
    return seen


def _trained(design: Design, words: Mapping[str, int]) -> tokenizers.Tokenizer:
    model, trainer = _model(design)
    backend = tokenizers.Tokenizer(model)
    # Words come in the byte alphabet, one a line: lines are found faster than by GPT-2's pattern.
    backend.pre_tokenizer = pre_tokenizers.CharDelimiterSplit("\n")
    backend.train_from_iterator(_lines(words), trainer)
    learned = backend.get_vocab_size()
    if learned < design.size:
        raise too_little(len(words), design.size, f": {design.algorithm} learned {learned:,}")
    if design.casing == "lower-cased":
        backend.normalizer = normalizers.Lowercase()
    split: list[Any] = [pre_tokenizers.ByteLevel(add_prefix_space=False)]
    if design.spaces == "dropped":
        split.insert(0, pre_tokenizers.Split(Regex(r"\s+"), "removed"))
    backend.pre_tokenizer = pre_tokenizers.Sequence(split)
    joined: list[Any] = [decoders.ByteLevel()]
    if design.algorithm == "WordPiece":
        joined.insert(0, decoders.Replace("##", ""))
    backend.decoder = decoders.Sequence(joined)
    return backend


def _model(design: Design) -> tuple[Any, Any]:
    given: dict[str, Any] = {
        "vocab_size": design.size,
        "initial_alphabet": sorted(byte_alphabet()),
        "special_tokens": [UNKNOWN],
        "show_progress": False,
    }
    if design.algorithm == "BPE":
        return models.BPE(unk_token=UNKNOWN), trainers.BpeTrainer(**given)
    if design.algorithm == "WordPiece":
        return models.WordPiece(unk_token=UNKNOWN), trainers.WordPieceTrainer(**given)
    return models.Unigram(), trainers.UnigramTrainer(unk_token=UNKNOWN, **given)


def _lines(words: Mapping[str, int]) -> Iterator[str]:
    character_of = {byte: character for character, byte in byte_alphabet().items()}
    for word in sorted(words):
        line = "".join(character_of[byte] for byte in word.encode("utf-8", "replace")) + "\n"
        full, rest = divmod(words[word], _AT_A_TIME)
        yield from [line * _AT_A_TIME] * full
        yield line * rest


def too_little(words: int, size: int, learned: str = "") -> DataError:
    """Return the error about a text with too few words for a size."""
    return DataError(
        f"The text has {counted(words, 'distinct word')}, too few to learn {size:,} tokens"
        f"{learned}",
        "Give more text, 100 MB or so of prose (500 MB for 64,000 tokens), or smaller sizes with"
        " --size.",
    )
