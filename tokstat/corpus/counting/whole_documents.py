"""Count tokens alone: whole documents go through an engine, and nothing is asked about words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tokstat.corpus.counting.engine_use import EngineUse
from tokstat.corpus.counting.split_words import SplitWords
from tokstat.corpus.counting.state import Counts, File, Group, Identity, TextCounts, TokenCounts
from tokstat.corpus.counting.tally import Tally
from tokstat.corpus.counting.window import Cell, Document
from tokstat.corpus.engines.checking import check_some
from tokstat.corpus.engines.engine import Engine, Utf8Texts
from tokstat.tokenizer.tokenizer import Tokenizer

_TOGETHER = 16
"""Tallies of a group to keep before they are added up."""


@dataclass(frozen=True)
class FileTokens:
    """Hold the sizes of the texts of one file, and their tokens."""

    text: TextCounts = field(default_factory=TextCounts)
    tokens: int = 0

    def __add__(self, other: FileTokens) -> FileTokens:
        """Return the sums of both."""
        return FileTokens(self.text + other.text, self.tokens + other.tokens)


@dataclass(frozen=True, eq=False)
class CountedDocuments:
    """Hold the counts of some documents by the name of their group, and of their file.

    `checked` documents were encoded by the judge as well.
    """

    ids: Mapping[str, Tally]
    groups: Mapping[str, TextCounts]
    files: Mapping[str, FileTokens]
    checked: int


@dataclass(frozen=True, eq=False)
class DocumentCounter:
    """Count the tokens of documents with the engine of one tokenizer."""

    tokenizer: Tokenizer
    engine: Engine
    words: str
    _ids: dict[str, list[Tally]] = field(default_factory=dict)
    _groups: dict[str, TextCounts] = field(default_factory=dict)
    _files: dict[str, FileTokens] = field(default_factory=dict)
    _checked: list[int] = field(default_factory=list)

    def nothing(self) -> Counts:
        """Return the counts of no text."""
        origin = self.tokenizer.origin
        return Counts((Identity(origin.spec, origin.sha256),), self.words)

    def cut(self, documents: Sequence[Document]) -> CountedDocuments:
        """Encode and count documents. Raises EngineError."""
        texts = Utf8Texts.of([each.text for each in documents])
        found = self.engine.encode(texts)
        checked = check_some(self.tokenizer, self.engine, texts, found)
        cells: dict[Cell, int] = {}
        of_documents = np.array(
            [cells.setdefault((each.file, each.group), len(cells)) for each in documents]
        )
        lengths = np.fromiter((len(each.text) for each in documents), np.int64, len(documents))
        columns = (np.ones_like(lengths), texts.sizes, lengths, np.diff(found.bounds))
        sums = (np.bincount(of_documents, each).astype(np.int64).tolist() for each in columns)
        groups: dict[str, TextCounts] = {}
        files: dict[str, FileTokens] = {}
        for (file, group), (*sizes, tokens) in zip(cells, zip(*sums, strict=True), strict=True):
            text = TextCounts(*sizes)
            groups[group] = groups.get(group, TextCounts()) + text
            files[file] = files.get(file, FileTokens()) + FileTokens(text, tokens)
        names = {name: number for number, name in enumerate(groups)}
        size = int(found.ids.max(initial=0)) + 1
        keys = found.ids
        if len(names) > 1:
            of_groups = np.array([names[group] for _, group in cells])[of_documents]
            keys = np.repeat(of_groups * size, np.diff(found.bounds)) + keys
        ids = dict(zip(names, Tally.of(keys).by(size, len(names)), strict=True))
        return CountedDocuments(ids, groups, files, checked)

    def add(self, counted: CountedDocuments) -> None:
        """Add the counts of some documents to those of the others."""
        for name, tally in counted.ids.items():
            parts = self._ids.setdefault(name, [])
            parts.append(tally)
            if len(parts) == _TOGETHER:
                parts[:] = [Tally.joined(parts)]
        for name, text in counted.groups.items():
            self._groups[name] = self._groups.get(name, TextCounts()) + text
        for name, file in counted.files.items():
            self._files[name] = self._files.get(name, FileTokens()) + file
        self._checked.append(counted.checked)

    @property
    def is_full(self) -> bool:
        """Whether `finish` should be called: counts of ids do not grow with the text."""
        return False

    def finish(self) -> Counts:
        """Return the counts of all documents that were added, and forget them."""
        counts = self.nothing()
        if self._groups:
            documents = sum(text.documents for text in self._groups.values())
            counts = Counts(
                counts.tokenizers,
                self.words,
                {
                    name: Group(text, (TokenCounts(Tally.joined(self._ids[name])),))
                    for name, text in self._groups.items()
                },
                {name: File(file.text, (file.tokens,), (0,)) for name, file in self._files.items()},
                engines=({self.engine.label: EngineUse(documents, sum(self._checked))},),
                splits=(SplitWords(),),
            )
        for each in (self._ids, self._groups, self._files, self._checked):
            each.clear()
        return counts
