"""The changes that options ask for, in the order in which they must be made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokstat.editing import interventions
from tokstat.editing.interventions import Intervention
from tokstat.errors import EditError, reason_of
from tokstat.io.limits import read_text
from tokstat.words.lexicon import Lexicon, load_lexicon
from tokstat.wordsim.sets import WORDSIM_SETS
from tokstat.wordsim.store import require_sets

WORDSIM_WORDS = "wordsim"
"""Stands for the words of WordSim's own sets."""

_DIGITS = 10
"""A name of this many digits is that of a file, not a number of words."""


def make_interventions(
    *,
    prefix_space: bool = False,
    decase: bool = False,
    drop: Sequence[str] = (),
    add_words: str | int | Path | None = None,
    lexicon: Lexicon | None = None,
    data: Path | None = None,
) -> list[Intervention]:
    """Return the changes asked for, in the order in which they must be made.

    The leading space comes before added words, as it decides how these are stored. `drop` names
    word classes. `add_words` is a number of the lexicon's most frequent words, a file with one word
    a line, or "wordsim".

    Raises:
        EditError: a class cannot be dropped, or a file has no words.
        DataError: WordSim's words are asked for, and its sets are missing.
    """
    lexicon = lexicon or load_lexicon()
    chosen = []
    if prefix_space:
        chosen.append(interventions.leading_blank())
    if decase:
        chosen.append(interventions.decase())
    chosen += [interventions.drop(each, lexicon) for each in drop]
    if add_words is not None:
        words, name = words_to_add(add_words, lexicon, data)
        chosen.append(interventions.add_words(words, name))
    return chosen


def words_to_add(
    wanted: str | int | Path, lexicon: Lexicon, data: Path | None
) -> tuple[list[str], str]:
    """Return the words that `add_words` of `make_interventions` stands for, and their name.

    Raises:
        EditError: a file has no words, or cannot be read.
        DataError: WordSim's words are asked for, and its sets are missing.
    """
    if isinstance(wanted, int) or (str(wanted).isdecimal() and len(str(wanted)) < _DIGITS):
        count = int(str(wanted))
        words = [word for each in lexicon.word_lists for word in each.top(count)]
        return words, f"{count:,} most frequent words"
    if wanted == WORDSIM_WORDS:
        return _wordsim_words(data), "WordSim's own words (an upper bound)"
    path = Path(wanted)
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise EditError(
            f"The words to add cannot be read from {path}: {reason_of(error)}",
            "Give a number of frequent words, a UTF-8 file with one word a line, or wordsim.",
        ) from error
    words = [line.strip() for line in text.splitlines() if line.strip()]
    if not words:
        raise EditError(f"{path} has no words", "Write one word a line.")
    return words, f"words of {path.name}"


def _wordsim_words(data: Path | None) -> list[str]:
    return sorted({word for each in require_sets(WORDSIM_SETS, data) for word in each.words})
