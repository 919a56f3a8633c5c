"""Splits of texts for a terminal: a row for each tokenizer, aligned on the text.

Written without rich, whose import takes longer than all else that `tokstat encode` does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokstat.render.parts import Preformatted
from tokstat.splitting.explained import Decoded
from tokstat.splitting.side_by_side import AlignedColumn, AlignedText, TextLine, TextSplits
from tokstat.splitting.split import SplitToken, TextSplit
from tokstat.text.visible import shortened, visible, visible_line
from tokstat.text.wording import counted

BAR = "|"
"""Stands between two tokens where there are no colours."""

_COLORS = ("30;48;5;153", "30;48;5;222", "30;48;5;157", "30;48;5;218")
_ADDED_COLOR = "1;97;48;5;240"
_DIM = "2"
_DIFFERS = "^"

_LONGEST_LABEL = 32
_MOST_LINES = 8
_MOST_LINES_ALONE = 40
"""Lines of a text that are shown in full, by several tokenizers or one; else a summary."""

_MOST_TEXTS = 4
"""Texts that need no table of their counts."""

_WIDEST = 5
"""Lines shown below a summary."""

_WIDTH = 80


@dataclass(frozen=True)
class Shown:
    """Choose what is shown besides the tokens, and how."""

    width: int = _WIDTH
    color: bool = False
    ids: bool = False
    offsets: bool = False
    classes: bool = False


def render_splits(
    splits: TextSplits,
    *,
    width: int = _WIDTH,
    color: bool = False,
    ids: bool = False,
    offsets: bool = False,
    classes: bool = False,
) -> str:
    """Lay out splits in lines of `width` columns where tokens allow that.

    Tokens have alternating colours, or a bar between them. Added tokens stand in guillemets.
    """
    shown = Shown(max(width, _LONGEST_LABEL + 8), color, ids, offsets, classes)
    return "".join(line.rstrip() + "\n" for line in _lines(splits, shown))


def render_decoded(decoded: Sequence[Decoded]) -> str:
    """Write the tokens and the text of ids, two lines for each tokenizer."""
    labels = labels_of([each.tokenizer for each in decoded])
    lines = []
    for label, each in zip(labels, decoded, strict=True):
        lines += [f"{label}: {BAR.join(each.tokens)}", f"  {visible_line(each.text)}"]
    return "\n".join(lines) + "\n"


def decoded_parts(decoded: Decoded) -> Iterator[str]:
    """Yield the lines of decoded ids."""
    yield Preformatted(render_decoded([decoded]))


def _lines(splits: TextSplits, shown: Shown) -> Iterator[str]:
    labels = labels_of(splits.tokenizers)
    if len(splits.texts) > _MOST_TEXTS:
        yield from _table_of_counts(splits, labels)
        yield ""
    if _fits_one_row_each(splits, shown):
        yield from _row_each(splits, labels[0], shown)
        return
    for number, text in enumerate(splits.texts):
        if number:
            yield ""
        if len(splits.texts) > 1:
            yield _title(text, shown)
        yield from _text(text, labels, shown)


def labels_of(specs: Sequence[str]) -> list[str]:
    """Return the last parts of specs where these differ, else the specs, shortened."""
    short = [spec.rstrip("/").rpartition("/")[2] for spec in specs]
    differ = len(set(short)) == len(short) and "tokenizer.json" not in short
    return [shortened(visible_line(each), _LONGEST_LABEL) for each in (short if differ else specs)]


def _fits_one_row_each(splits: TextSplits, shown: Shown) -> bool:
    is_short = all(
        len(text.text) <= _LONGEST_LABEL and len(text.lines) <= 1 for text in splits.texts
    )
    return len(splits.tokenizers) == 1 and is_short and not (shown.offsets or shown.classes)


def _row_each(splits: TextSplits, label: str, shown: Shown) -> Iterator[str]:
    """Show texts of one tokenizer, a row for each text."""
    yield label
    titles = [visible(text.text) for text in splits.texts]
    widest = max(map(columns, titles))
    digits = max(len(f"{len(split):,}") for split in splits.splits)
    for title, text in zip(titles, splits.texts, strict=True):
        row = _Row(title, text.splits[0], widest, digits)
        yield from _block([row], text.columns, shown, indent=2)


def _title(text: AlignedText, shown: Shown) -> str:
    quoted = shortened(f'"{visible_line(text.text)}"', shown.width - len(text.name) - 2)
    return f"{text.name}: {quoted}" if text.name else quoted


@dataclass(frozen=True)
class _Row:
    """Hold one row's label and split, and the widths of its first columns."""

    label: str
    split: TextSplit
    widest: int
    digits: int

    def head(self, count: int | None) -> str:
        """Return the label and the count; without a count, spaces."""
        number = "" if count is None else f"{count:,}"
        padding = " " * (self.widest - columns(self.label))
        return f"{self.label}{padding}  {number:>{self.digits}}  "


def _text(text: AlignedText, labels: Sequence[str], shown: Shown) -> Iterator[str]:
    rows = _rows(text.splits, labels)
    if shown.offsets or shown.classes:
        for row in rows:
            yield f"{row.label}: {counted(len(row.split), 'token')}"
            yield from _details(row.split, shown)
    elif len(text.lines) > (_MOST_LINES if len(rows) > 1 else _MOST_LINES_ALONE):
        yield from _summary(text, rows, shown)
    else:
        yield from _block(rows, text.columns, shown)


def _rows(splits: Sequence[TextSplit], labels: Sequence[str]) -> list[_Row]:
    widest = max(map(columns, labels))
    digits = max(len(f"{len(split):,}") for split in splits)
    return [_Row(label, split, widest, digits) for label, split in zip(labels, splits, strict=True)]


def _block(
    rows: Sequence[_Row],
    parts: Sequence[AlignedColumn],
    shown: Shown,
    indent: int = 0,
    counts: Sequence[int] | None = None,
) -> Iterator[str]:
    """Show rows of tokens, column under column, in as many blocks as the width demands."""
    margin = " " * indent
    if not parts:
        yield from (margin + row.head(0) for row in rows)
    room = shown.width - indent - columns(rows[0].head(0))
    numbers: list[int | None] = [*(counts or (len(row.split) for row in rows))]
    seen = [0] * len(rows)
    for block in _blocks(parts, room, shown):
        widths = [_width(part, shown) for part in block]
        for at, row in enumerate(rows):
            cells = [part.cells[at] for part in block]
            line = _cells(cells, widths, seen[at], shown)
            seen[at] += sum(map(len, cells))
            yield margin + row.head(numbers[at]) + line
            if shown.ids:
                ids = " ".join(str(token.id) for cell in cells for token in cell)
                yield margin + "ids ".rjust(columns(row.head(None))) + ids
            numbers[at] = None
        if len(rows) > 1 and any(part.differs for part in block):
            marks = "".join(
                (_DIFFERS if part.differs else " ") * width + " " * (not shown.color)
                for part, width in zip(block, widths, strict=True)
            )
            yield margin + " " * columns(rows[0].head(0)) + _styled(marks.rstrip(), _DIM, shown)


def _blocks(
    parts: Sequence[AlignedColumn], room: int, shown: Shown
) -> Iterator[list[AlignedColumn]]:
    block: list[AlignedColumn] = []
    used = 0
    for part in parts:
        width = _width(part, shown) + (not shown.color)
        if block and used + width > room:
            yield block
            block, used = [], 0
        block.append(part)
        used += width
        if any("\\n" in token.text for cell in part.cells for token in cell):
            yield block  # a line of the text ends here
            block, used = [], 0
    if block:
        yield block


def _width(part: AlignedColumn, shown: Shown) -> int:
    return max(
        sum(columns(_shown_token(token)) for token in cell)
        + (0 if shown.color else max(len(cell) - 1, 0))
        for cell in part.cells
    )


def _cells(
    cells: Sequence[Sequence[SplitToken]], widths: Sequence[int], seen: int, shown: Shown
) -> str:
    bar = "" if shown.color else BAR
    line = ""
    for cell, width in zip(cells, widths, strict=True):
        texts = [_shown_token(token) for token in cell]
        used = sum(map(columns, texts)) + len(bar) * max(len(cell) - 1, 0)
        painted = []
        for token, text in zip(cell, texts, strict=True):
            color = _ADDED_COLOR if token.is_added else _COLORS[seen % len(_COLORS)]
            painted.append(_styled(text, color, shown))
            seen += 1
        line += bar.join(painted) + " " * (width - used) + (bar if texts else " " * len(bar))
    return line.rstrip().removesuffix(BAR) if not shown.color else line


def _shown_token(token: SplitToken) -> str:
    return f"«{token.text}»" if token.is_added else token.text


def _styled(text: str, style: str, shown: Shown) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if shown.color and text else text


def _details(split: TextSplit, shown: Shown) -> Iterator[str]:
    """Show a table with a line for each token."""
    heads = ["token", "id"]
    if shown.offsets:
        heads += ["characters", "bytes"]
    heads.append("class" if shown.classes else "kind")
    rows = [heads, *(_cells_of(token, shown) for token in split.tokens)]
    widths = [max(columns(row[at]) for row in rows) for at in range(len(heads))]
    for row in rows:
        yield "  " + "  ".join(
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)
        )


def _cells_of(token: SplitToken, shown: Shown) -> list[str]:
    cells = [_shown_token(token), str(token.id)]
    if shown.offsets:
        places = ((token.start, token.end), (token.byte_start, token.byte_end))
        cells += ["inserted" if token.is_inserted else f"{low}-{high}" for low, high in places]
    return [*cells, token.label if shown.classes else token.kind]


def _summary(text: AlignedText, rows: Sequence[_Row], shown: Shown) -> Iterator[str]:
    """Show the counts of a long text, and the lines on which tokenizers differ most."""
    size = len(text.text)
    yield f"{counted(len(text.lines), 'line')}, {counted(size, 'character')}"
    grid = [["tokenizer", "tokens", "characters per token", "unknown"]]
    for row in rows:
        density = f"{size / len(row.split):.2f}" if row.split.tokens else "-"
        grid.append([row.label, f"{len(row.split):,}", density, f"{row.split.unknown:,}"])
    yield from _grid(grid)
    several = len(rows) > 1
    lines = text.widest_lines(_WIDEST) if several else _densest(text)
    if not lines:
        yield "" if not several else "No line has another number of tokens."
        return
    differing = sum(line.difference > 0 for line in text.lines)
    yield ""
    yield (
        f"Widest differences: {len(lines):,} of {counted(differing, 'line')} that differ"
        if several
        else f"Most tokens per character: {counted(len(lines), 'line')}"
    )
    for line in lines:
        yield f"line {line.number:,}"
        parts = text.columns_between(line.start, line.end)
        yield from _block(rows, parts, shown, 2, line.counts)


def _densest(text: AlignedText) -> tuple[TextLine, ...]:
    lines = [line for line in text.lines if text.text[line.start : line.end].strip()]
    lines.sort(key=lambda line: -line.counts[0] / (line.end - line.start))
    return tuple(lines[:_WIDEST])


def _table_of_counts(splits: TextSplits, labels: Sequence[str]) -> Iterator[str]:
    grid = [["tokens", *labels]]
    for text in splits.texts:
        name = text.name or shortened(visible(text.text), _LONGEST_LABEL)
        grid.append([name, *(f"{len(split):,}" for split in text.splits)])
    yield from _grid(grid)


def _grid(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out rows with the first column to the left, all others to the right."""
    widths = [max(columns(row[at]) for row in rows) for at in range(len(rows[0]))]
    for first, *rest in rows:
        numbers = (
            " " * (width - columns(cell)) + cell
            for cell, width in zip(rest, widths[1:], strict=True)
        )
        yield "  ".join([first + " " * (widths[0] - columns(first)), *numbers])


def columns(text: str) -> int:
    """Return the columns of a terminal that a text takes: two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(each) or unicodedata.category(each) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(each) in "WF"
        else 1
        for each in text
    )
