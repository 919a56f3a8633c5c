"""Results about a split, besides its tokens: decoded ids, and why words are split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tokstat.errors import EncodingError
from tokstat.results.written import Written
from tokstat.splitting.split import TextSplit
from tokstat.text.wording import counted, quoted

if TYPE_CHECKING:
    from tokstat.results.report import Table

MOST_EXPLAINED = 20_000
"""Characters of one text whose steps or causes are shown."""


@dataclass(frozen=True)
class Decoded(Written):
    """Hold ids with their tokens, in readable form, and the text that they decode to."""

    tokenizer: str
    ids: tuple[int, ...]
    tokens: tuple[str, ...]
    text: str

    def __repr__(self) -> str:
        return f"<Decoded {counted(len(self.ids), 'id')}: {quoted(self.text)}>"

    def to_table(self) -> Table:
        """Return a row for each id."""
        from tokstat.results.report import Table

        return Table("ids", "Decoded ids", {"id": self.ids, "token": self.tokens})

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


@dataclass(frozen=True)
class SplitCauses(Written):
    """Hold for one split the cause of each word that is split, as `WordCause`s."""

    split: TextSplit
    words: tuple[Any, ...]

    def __repr__(self) -> str:
        return (
            f"<SplitCauses by {quoted(self.split.tokenizer)}: {counted(len(self.words), 'word')}>"
        )

    def to_table(self) -> Table:
        """Return a row for each word that is split."""
        from tokstat.results.report import Table

        columns = ("word", "start", "end", "cause_kind", "cause", "whole_as", "remedy")
        return Table.of("words", "Words that are split", self.words, columns)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "tokenizer": self.split.tokenizer,
            "text": self.split.text,
            "words": [asdict(word) for word in self.words],
        }


def require_short(splits: Sequence[TextSplit]) -> None:
    """Raise EncodingError for a text that is too long to explain."""
    longest = max((len(split.text) for split in splits), default=0)
    if longest > MOST_EXPLAINED:
        raise EncodingError(
            f"The text has {counted(longest, 'character')}, and steps and causes are shown of at"
            f" most {MOST_EXPLAINED:,}",
            "Give a part of the text.",
        )
