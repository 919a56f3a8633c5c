"""The report of `tokstat corpus` as text."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from tokstat.corpus.metrics import SHARES_LOST, loses_text
from tokstat.corpus.report import CorpusReport, CorpusTokenizer
from tokstat.render.terminal.tables import to_grid
from tokstat.render.terminal.text import wrapped
from tokstat.results.report import Metric, Table
from tokstat.text.visible import visible, visible_line
from tokstat.text.wording import agreed, counted

_WIDTH = 100
_SPLITS = 12
_LABEL = 30
_ROWS = 40
_LEFT_OUT = 10
_LOSSES = 6
PIVOTS = (
    ("groups", ("group", "documents", "bytes", "words"), "fertility_micro"),
    ("groups", ("group",), "bytes_per_token"),
    ("parity", ("language",), "parity"),
    ("files", ("file", "documents", "bytes", "words"), "tokens"),
)
"""Tables to show: the columns that name a row, and the column that compares tokenizers."""

SHOWN_IN_TABLES = ("parity", "parity_total")
"""Metrics that the table of languages shows, and that lists of metrics leave out."""


def render_corpus(report: CorpusReport, verbose: bool = False) -> str:
    """Write a report as text: tokenizers side by side, groups, split words, problems.

    `verbose` adds the table of files, and every metric's definition.
    """
    return "\n".join(_parts(report, verbose))


def _parts(report: CorpusReport, verbose: bool) -> Iterator[str]:
    yield _filled(headline(report)) + size_text(report) + "\n" + _filled(words_text(report))
    yield to_grid(_side_by_side(report))
    if verbose:
        yield "".join(_definitions(report))
    names = [each.name for each in report.tables]
    for name, keys, values in pivots(report):
        if name in names and (name != "files" or verbose):
            table = report.table(name)
            shown = table if verbose else largest_parts(table, len(report.tokenizers), _ROWS)
            grid = to_grid(pivot(shown, keys, values))
            rest = (len(table) - len(shown)) // len(report.tokenizers)
            more = f"and {rest:,} more with less text: see -v, or --json.\n" if rest else ""
            yield f"{visible_line(table.title)}: {values}\n{grid}{more}"
            if values == "fertility_micro":
                yield from map(_filled, lost_in_groups(table))
    if "splits" in names:
        yield f"{visible_line(report.table('splits').title)}\n" + "".join(_splits(report))
    if "problems" in names:
        yield f"{visible_line(report.table('problems').title)}\n" + "".join(_problems(report))
    if "left_out" in names:
        yield "".join(_left_out(report.table("left_out"), verbose))
    for each in report.tokenizers:
        if each.encoded_whole is not None:
            yield _filled(
                f"{each.spec}: documents were encoded whole, because {each.encoded_whole}."
            )
        if each.engine is not None and (each.engine.name or verbose):
            yield _filled(f"{each.spec}: {each.engine}")
    for note in report.notes:
        yield _filled(note)


def headline(report: CorpusReport) -> str:
    """Write what a text costs with each tokenizer, the fewest tokens first.

    One unknown token stands for a whole word, and a dropped word costs nothing. A tokenizer that
    loses text so is therefore named apart.
    """
    whole = [each for each in report.tokenizers if not each.loses_text]
    fewest = min((_tokens(each) for each in whole), default=0)
    costs = [_cost(report, each, fewest) for each in sorted(whole, key=_tokens)]
    lost = [
        _cost(report, each, 0) for each in sorted(report.tokenizers, key=_tokens) if each.loses_text
    ]
    if len(report.tokenizers) == 1:
        return f"Tokens: {(costs or lost)[0]}."
    parts = [f"Fewest tokens: {'; '.join(costs)}."] if costs else []
    if lost:
        loses = agreed(len(lost), "it loses", "they lose")
        parts.append(f"Not comparable, as {loses} text: {'; '.join(lost)}.")
    return " ".join(parts)


def loss_text(shares: Mapping[str, float | None]) -> str:
    """Write what is lost, by the names of `SHARES_LOST`; "" where that is not noticeable."""
    words = dict(zip(SHARES_LOST, ("of tokens are unknown", "of words are dropped"), strict=True))
    found = ((words[name], share) for name, share in shares.items() if loses_text(share))
    return " and ".join(f"{percent(share or 0)} {what}" for what, share in found)


def shares_lost(tokenizer: CorpusTokenizer) -> dict[str, float | None]:
    """Return the shares of text that a tokenizer loses, by the names of their metrics."""
    return {each.name: each.value for each in tokenizer.metrics if each.name in SHARES_LOST}


def lost_in_groups(groups: Table) -> Iterator[str]:
    """Write for each tokenizer the groups of which it loses text, the most lost first."""
    if not set(SHARES_LOST) <= groups.columns.keys():
        return  # a report of an earlier version
    found: dict[str, list[tuple[float, str]]] = {}
    columns = (groups.columns[name] for name in ("tokenizer", "group", *SHARES_LOST))
    for spec, group, *shares in zip(*columns, strict=True):
        lost = loss_text(dict(zip(SHARES_LOST, shares, strict=True)))
        if lost:
            most = max(share or 0 for share in shares)
            found.setdefault(str(spec), []).append((-most, f"{group} ({lost})"))
    for spec, parts in found.items():
        shown = ", ".join(part for _, part in sorted(parts)[:_LOSSES])
        more = f" and {len(parts) - _LOSSES:,} more" if len(parts) > _LOSSES else ""
        yield f"{spec} loses text of {shown}{more}: its numbers there are too low."


def _tokens(tokenizer: CorpusTokenizer) -> int:
    return int(tokenizer.metric("tokens").value or 0)


def _cost(report: CorpusReport, tokenizer: CorpusTokenizer, fewest: int) -> str:
    count, notes = _tokens(tokenizer), []
    if count > fewest > 0:
        notes.append(f"+{count / fewest - 1:.1%}")
    if report.has_words and (per_word := tokenizer.metric("tokens_per_word").value) is not None:
        notes.append(f"{digits(per_word)} a word")
    if lost := loss_text(shares_lost(tokenizer)):
        notes.append(lost)
    aside = f" ({', '.join(notes)})" if notes else ""
    return f"{tokenizer.spec} {count:,}{aside}"


def documents_text(count: int) -> str:
    """Write a number of documents."""
    return counted(count, "document")


def size_text(report: CorpusReport) -> str:
    """Write how much text a report is about."""
    text = report.text
    sizes = [
        documents_text(text.documents),
        counted(text.bytes, "byte"),
        counted(text.characters, "character"),
        *([counted(text.words, "word")] if report.has_words else []),
    ]
    return ", ".join(sizes)


def words_text(report: CorpusReport) -> str:
    """Write what a word is in a report."""
    name = f"words ({report.words})" if report.has_words else "words"
    return f"{name}: {report.word_definition}"


def pivots(report: CorpusReport) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield the tables to show, as `PIVOTS`, without what a report lacks that has no words."""
    for name, keys, values in PIVOTS:
        if report.has_words:
            yield name, keys, values
        elif values != "fertility_micro":
            yield name, tuple(key for key in keys if key != "words"), values


def _filled(text: str) -> str:
    """Wrap a text, with all lines but the first indented."""
    return "\n".join(wrapped(visible_line(text), _WIDTH, more="  ")) + "\n"


def _side_by_side(report: CorpusReport) -> Table:
    first = [each for each in report.tokenizers[0].metrics if each.name not in SHOWN_IN_TABLES]
    columns: dict[str, tuple[str, ...]] = {"metric": tuple(each.name for each in first)}
    for number, each in enumerate(report.tokenizers):
        name = _label(each.spec)
        shown = [metric for metric in each.metrics if metric.name not in SHOWN_IN_TABLES]
        columns[_column(name, columns, number)] = tuple(map(value_text, shown))
    return Table("metrics", "Tokenizers side by side", columns)


def value_text(metric: Metric) -> str:
    """Write the value of a metric for people."""
    if metric.value is None:
        return "-"
    if metric.unit == "tokens":
        return f"{int(metric.value):,}"
    if metric.unit == "ratio" and metric.denominator is not None:
        return percent(metric.value)
    return digits(metric.value)


def percent(share: float) -> str:
    """Write a share in percent; a small one does not look like none."""
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def digits(value: float) -> str:
    """Write a number in three significant digits, a large one without decimals."""
    return f"{value:#.3g}" if 0.001 <= abs(value) < 99.95 else f"{value:,.0f}"


def _definitions(report: CorpusReport) -> Iterator[str]:
    seen = {each.name: each for each in report.tokenizers[0].metrics}
    for metric in seen.values():
        yield _filled(f"{metric.name} [{metric.unit}]: {metric.definition}")


def largest_parts(table: Table, tokenizers: int, most: int) -> Table:
    """Return the rows of the parts with the most text, in the table's order.

    A part has a row for each of so many tokenizers.
    """
    sizes = table.columns["bytes" if "bytes" in table.columns else "tokens"][::tokenizers]
    largest = sorted(range(len(sizes)), key=lambda part: (-sizes[part], part))[:most]
    rows = [part * tokenizers + each for part in sorted(largest) for each in range(tokenizers)]
    columns = {name: tuple(map(own.__getitem__, rows)) for name, own in table.columns.items()}
    return Table(table.name, table.title, columns)


def pivot(table: Table, keys: Sequence[str], values: str) -> Table:
    """Turn a table so that one of its columns has the tokenizers side by side."""
    specs = list(dict.fromkeys(table.columns["tokenizer"]))
    step = len(specs) or 1
    columns = {key: table.columns[key][::step] for key in keys}
    for number, spec in enumerate(specs):
        columns[_column(_label(spec), columns, number)] = table.columns[values][number::step]
    return Table(table.name, table.title, columns)


def _column(name: str, others: Collection[str], number: int) -> str:
    """Return a unique name for a column: the ends of long specs may be equal."""
    return name if name not in others else f"{name} ({number + 1})"


def _label(spec: str) -> str:
    """Return a spec, or the end of a long one."""
    shown = visible(spec)
    return shown if len(shown) <= _LABEL else "…" + shown[1 - _LABEL :]


def _splits(report: CorpusReport) -> Iterator[str]:
    rows = list(report.table("splits").rows())
    for each in report.tokenizers:
        mine = [row for row in rows if row[0] == each.spec][:_SPLITS]
        shown = (f"{visible(word)} {count:,} {tokens}" for _, word, count, tokens in mine)
        text = "  ".join(shown) or "none"
        yield _filled(f"{_label(each.spec)}: {text}")


def _left_out(table: Table, verbose: bool) -> Iterator[str]:
    yield f"{visible_line(table.title)}: {counted(len(table), 'entry', 'entries')}\n"
    most = len(table) if verbose else _LEFT_OUT
    for path, reason in islice(table.rows(), most):
        yield _filled(f"{path}: {reason}")
    if len(table) > most:
        yield f"and {len(table) - most:,} more: see -v, or --json.\n"


def _problems(report: CorpusReport) -> Iterator[str]:
    for kind, count, places in report.table("problems").rows():
        line = visible_line(f"{count:,}: {kind}: {places}")
        yield _filled(textwrap.shorten(line, 3 * _WIDTH, placeholder=" …"))
