"""An edited tokenizer on disk, tested to load and to encode as expected."""

from __future__ import annotations

import json
import operator
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tokenizers

from tokstat.analyzers.registry import get_analyzers
from tokstat.analyzers.subject import Subject
from tokstat.editing.carried import carry_over
from tokstat.editing.edit import NEW, Edit
from tokstat.editing.embeddings import require_model_folder, write_model
from tokstat.editing.files_beside import write_beside
from tokstat.editing.interventions import Intervention, apply_all
from tokstat.editing.mends import NO_MENDS, Mends, mended
from tokstat.errors import EditError, MissingExtraError, reason_of
from tokstat.io.files import new_folder
from tokstat.model.transformers_library import from_transformers, without_warnings
from tokstat.results.report import SCHEMA_VERSION, Table
from tokstat.results.written import Written
from tokstat.text.wording import counted, quoted
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon

SAMPLE = (
    "The tiger crossed the river at dawn.",
    "Tigers, TIGERS and the Bengal tiger: 3,890 of them in 2016!",
    "  def area(radius):\n\treturn 3.14 * radius ** 2\n",
    "naïve café — Übung, 東京タワー, Привет мир, مرحبا, 😀🏽",
)
"""Texts that both libraries must encode in the same way."""

_SCORES = {
    "whole_words": ("whole_word_ratio",),
    "casing": ("casing_duplicate_ratio",),
    "fragments": ("fragment_ratio",),
    "coverage": ("coverage_bare", "coverage_spaced", "leading_space_gap"),
    "expected_wordsim": ("expected_wordsim_bare", "expected_wordsim_spaced"),
}
"""The scores to show, by the analyzer that computes them."""


@dataclass(frozen=True)
class RepairedScore:
    """Hold one score before and after."""

    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Repair(Written):
    """Hold the changes of a repair and their effect.

    `same_surface` of the `kept` tokens have the same bytes as before; the others were lower-cased.
    `added` counts the tokens of the `words_added`, and their merge steps. `loads_in` names the
    libraries that load the folder and encode a sample as expected. `carried` are the model's files
    that were copied, and `compared` counts texts for which its output is the same as before.
    `failures` are those of the analyzers of the scores, a sentence each.
    """

    tokenizer: str
    folder: str
    steps: tuple[str, ...]
    tokens_before: int
    tokens_after: int
    kept: int
    same_surface: int
    removed: int
    renamed: int
    added: int
    words_added: int
    skipped: tuple[tuple[str, str], ...]
    indispensable: int
    stranded: int
    loads_in: tuple[str, ...]
    model: str | None
    carried: tuple[str, ...]
    compared: int
    scores: tuple[RepairedScore, ...]
    failures: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<Repair of {quoted(self.tokenizer)} in {quoted(self.folder)}:"
            f" {self.tokens_before:,} → {counted(self.tokens_after, 'token')}>"
        )

    def to_table(self) -> Table:
        """Return a row for each score, before and after."""
        return Table.of("scores", "Scores", self.scores, RepairedScore.__dataclass_fields__)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n"


def repair_into(
    folder: Path,
    before: Tokenizer,
    steps: Sequence[Intervention],
    lexicon: Lexicon,
    *,
    model: Path | None = None,
    stored: bool = True,
    mends: Mends = NO_MENDS,
) -> Repair:
    """Apply changes, write the tokenizer as `write_repair` does, and score it before and after.

    Raises:
        EditError: there is nothing to change, or as `write_repair`.
        OutputError: as `write_repair`.
    """
    has_stored = before.stored_padding is not None or before.stored_truncation is not None
    if not steps and mends == NO_MENDS and (stored or not has_stored):
        raise EditError(
            "No change was asked for",
            "Add --prefix-space, --decase, --drop CLASS, --add-words N, --no-padding, or a mend"
            " such as --role pad=TOKEN.",
        )
    edit = mended(apply_all(before, steps), mends)
    proven = write_repair(before, edit, folder, model=model, stored=stored, mends=mends)
    scores, failures = _scores(before, edit.tokenizer, lexicon)
    return Repair(
        tokenizer=before.origin.spec,
        folder=str(folder),
        steps=(*(step.title for step in steps), *mends.titles()),
        tokens_before=len(before.vocabulary),
        tokens_after=len(edit.tokenizer.vocabulary),
        kept=edit.kept,
        same_surface=same_surfaces(before, edit),
        removed=edit.removed,
        renamed=len(edit.renamed),
        added=edit.new,
        words_added=len(edit.added),
        skipped=edit.skipped,
        indispensable=len(edit.indispensable),
        stranded=edit.stranded,
        loads_in=proven.loads_in,
        model=None if model is None else str(model),
        carried=proven.carried,
        compared=proven.compared,
        scores=scores,
        failures=failures,
    )


def _scores(
    before: Tokenizer, after: Tokenizer, lexicon: Lexicon
) -> tuple[tuple[RepairedScore, ...], tuple[str, ...]]:
    """Run the analyzers of the scores on both, and return how some failed, too."""
    values, failures = [], []
    for tokenizer in (before, after):
        subject = Subject(tokenizer, lexicon)
        sections = [analyzer(subject) for analyzer in get_analyzers(_SCORES)]
        values.append({each.name: each.value for section in sections for each in section.metrics})
        failures += [each.failure for each in sections if each.failure is not None]
    names = [name for names in _SCORES.values() for name in names]
    scores = tuple(RepairedScore(name, *(each.get(name) for each in values)) for name in names)
    return scores, tuple(dict.fromkeys(failures))


class Proven(NamedTuple):
    """Hold what was proven of a written folder, and which files of the model were copied.

    `loads_in` names the libraries that load it and encode a sample as expected; `compared` counts
    the texts without edited tokens for which the model's output is the same as before.
    """

    loads_in: tuple[str, ...]
    carried: tuple[str, ...] = ()
    compared: int = 0


def write_repair(
    before: Tokenizer,
    edit: Edit,
    folder: Path,
    *,
    model: Path | None = None,
    stored: bool = True,
    mends: Mends = NO_MENDS,
) -> Proven:
    """Write an edited tokenizer into a new folder, with the resized model if one is given.

    With `stored`, padding and truncation of the file are kept.

    Raises:
        EditError: transformers encodes differently, the model does not fit or gives another output,
            or a file is a link to somewhere else.
        OutputError: the folder exists already, or cannot be written.
    """
    if model is not None:
        require_model_folder(model)
    with new_folder(folder) as temporary:
        text = _with_stored(before, edit) if stored else _text(edit.tokenizer.backend)
        (temporary / "tokenizer.json").write_text(text, "utf-8")
        write_beside(before, edit, mends, temporary)
        carried: tuple[str, ...] = ()
        compared = 0
        if model is not None:
            carried = carry_over(model, temporary)
            compared = write_model(model, before, edit, temporary)
        return Proven(_prove(temporary, edit.tokenizer), carried, compared)


def same_surfaces(before: Tokenizer, edit: Edit) -> int:
    """Count the kept tokens that have the same bytes as before."""
    old, new = before.vocabulary, edit.tokenizer.vocabulary
    kept = np.flatnonzero(edit.sources != NEW)
    rows = np.searchsorted(new.ids, kept).tolist()
    source_rows = np.searchsorted(old.ids, edit.sources[kept]).tolist()
    return sum(map(operator.eq, map(new.surface, rows), map(old.surface, source_rows)))


def _text(backend: tokenizers.Tokenizer) -> str:
    text: str = backend.to_str(pretty=True)
    return text


def _with_stored(before: Tokenizer, edit: Edit) -> str:
    """Return the JSON of the edited tokenizer with the stored padding and truncation."""
    backend = tokenizers.Tokenizer.from_str(edit.tokenizer.to_json())
    if before.stored_truncation is not None:
        backend.enable_truncation(**before.stored_truncation)
    if before.stored_padding is not None:
        padding = {**before.stored_padding}
        moved = np.flatnonzero(edit.sources == padding["pad_id"])
        padding["pad_id"] = int(moved[0]) if len(moved) else 0
        backend.enable_padding(**padding)
    return _text(backend)


def _prove(folder: Path, tokenizer: Tokenizer) -> tuple[str, ...]:
    """Load the folder with tokenizers and transformers. Raises EditError if they differ."""
    expected = [encode(tokenizer.backend, text, special=True) for text in SAMPLE]
    backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    backend.no_padding()
    backend.no_truncation()
    readers: dict[str, Any] = {"tokenizers": lambda text: encode(backend, text, special=True)}
    try:
        with without_warnings():
            fast = from_transformers("PreTrainedTokenizerFast").from_pretrained(str(folder))
    except MissingExtraError:
        raise
    except Exception as error:  # of transformers, whatever it may be
        raise EditError(
            f"transformers cannot load the edited tokenizer: {reason_of(error)}",
            "Make the changes one by one to find the cause.",
        ) from error
    readers["transformers"] = lambda text: fast(text, truncation=False, padding=False)["input_ids"]
    for name, read in readers.items():
        if [list(read(text)) for text in SAMPLE] != expected:
            raise EditError(
                f"{name} encodes a sample differently after the edit",
                "First fix the findings that tokstat inspect SPEC reports for its files.",
            )
    return tuple(readers)
