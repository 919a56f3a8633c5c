"""Words segmented into morphemes, read from files of three forms.

A line is, by its number of fields between tabs:

- 2: a word, and its pieces with `|` between them;
- 4: lemma, form, features, pieces of the form (UniMorph's segmentations, MorphyNet's inflections);
- 6: base, derived word, two parts of speech, affix, `prefix` or `suffix` (MorphyNet's derivations).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from tokstat.errors import DataError, reason_of
from tokstat.io.limits import read_text
from tokstat.text.wording import counted

SEPARATOR = "|"
NO_PIECES = "-"
"""What the two projects write for a form that has no segmentation."""


@dataclass(frozen=True)
class SegmentedWord:
    """Hold a word and its pieces, which spell it, at least two."""

    word: str
    pieces: tuple[str, ...]

    @property
    def boundaries(self) -> frozenset[int]:
        """The boundaries inside the word: the number of characters before each."""
        return frozenset(accumulate(map(len, self.pieces[:-1])))


@dataclass(frozen=True)
class Segmentations:
    """Hold the segmented words of a language, and what could not be used.

    `misspelled` are lines whose pieces do not spell the word, as `word = piece|piece`. `whole`
    counts lines with one piece or none, and `repeated` those that an earlier line has.
    """

    language: str
    words: tuple[SegmentedWord, ...]
    misspelled: tuple[str, ...] = ()
    whole: int = 0
    repeated: int = 0


def read_segmentations(path: Path, language: str | None = None) -> Segmentations:
    """Read a file of segmentations.

    `language` is by default the beginning of the file's name, as in `deu.segmentations`.

    Raises:
        DataError: the file cannot be read, or a line has another form.
        LimitError: the file is too large.
    """
    try:
        lines = read_text(path).splitlines()
    except OSError as error:
        raise DataError(
            f"The segmentations {path} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"The segmentations {path} cannot be read: {reason_of(error)}",
            "Convert the file to UTF-8.",
        ) from error
    found: dict[SegmentedWord, None] = {}
    misspelled: dict[str, None] = {}
    whole = repeated = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        word, pieces = _parse(line, number, path)
        segmented = SegmentedWord(word, pieces)
        if len(pieces) < 2:
            whole += 1
        elif "".join(pieces).casefold() != word.casefold() or len("".join(pieces)) != len(word):
            misspelled[f"{word} = {SEPARATOR.join(pieces)}"] = None
        elif segmented in found:
            repeated += 1
        else:
            found[segmented] = None
    if not found and not misspelled and not whole:
        raise DataError(f"The segmentations {path} have no line", "Give another file.")
    name = language or path.name.split(".")[0]
    return Segmentations(name, tuple(found), tuple(misspelled), whole, repeated)


def _parse(line: str, number: int, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the word and the pieces of a line."""
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) == 2:
        return fields[0], _pieces(fields[1])
    if len(fields) == 4:
        return fields[1], _pieces(fields[3])
    if len(fields) == 6 and fields[5] in ("prefix", "suffix"):
        base, word, affix = fields[0], fields[1], fields[4]
        return word, (affix, base) if fields[5] == "prefix" else (base, affix)
    hint = "Write word<TAB>piece|piece, or give a file of MorphyNet or of UniMorph's segmentations."
    if len(fields) == 3:
        hint = "UniMorph's main files have no pieces: give its file LANGUAGE.segmentations."
    raise DataError(
        f"Line {number} of the segmentations {path} has an unknown form ("
        f"{counted(len(fields), 'field')})",
        hint,
    )


def _pieces(text: str) -> tuple[str, ...]:
    if text == NO_PIECES:
        return ()
    return tuple(piece for piece in text.split(SEPARATOR) if piece)
