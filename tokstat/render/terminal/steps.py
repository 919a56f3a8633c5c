"""What each component of a tokenizer does to a text, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tokstat.render.parts import Preformatted
from tokstat.render.terminal.splits import BAR, labels_of
from tokstat.splitting.replay.bpe import BPETrace
from tokstat.splitting.replay.models import Trace
from tokstat.splitting.replay.unigram import Path, UnigramTrace
from tokstat.splitting.replay.wordpiece import WordPieceTrace
from tokstat.splitting.steps import Step, Steps
from tokstat.text.visible import shortened, visible, visible_line

_MOST_CHANGES = 8
_MOST_TRIED = 6
_LONGEST_RULE = 200
_WIDTH = 80


def render_steps(steps: Steps, *, width: int) -> str:
    """Write the steps in order: the rule, what it changed, and how the model finds its tokens."""
    lines = _lines(steps, max(width, 40))
    return "".join(line.rstrip() + "\n" for line in lines)


def steps_parts(steps: Steps) -> Iterator[str]:
    """Yield the lines of the steps."""
    yield Preformatted(render_steps(steps, width=_WIDTH))


def _lines(steps: Steps, width: int) -> Iterator[str]:
    (label,) = labels_of([steps.tokenizer])
    yield f"{label}: {visible(shortened(steps.text, width))}"
    for number, step in enumerate(steps.steps, 1):
        yield f"{number}. {step.component}: {_rule(step)}"
        yield from _effect(step, width)
        if step.component == "model":
            for trace in dict.fromkeys(steps.traces):
                yield from _trace(trace, width)
    if steps.not_replayed:
        yield f"Not replayed: {visible_line(steps.not_replayed)}. The encoder's ids hold:"
    yield from _listed("ids ", [str(each) for each in steps.ids], " ", width)


def _rule(step: Step) -> str:
    settings = f" {visible_line(shortened(step.settings, _LONGEST_RULE))}" if step.settings else ""
    return visible_line(step.type) + settings


def _effect(step: Step, width: int) -> Iterator[str]:
    if not step.changed and step.component != "model":
        yield "   no change"
        return
    if step.changes:
        shown = [f"{_quoted(old)} → {_quoted(new)}" for old, new in step.changes[:_MOST_CHANGES]]
        more = len(step.changes) - _MOST_CHANGES
        shown += [f"{more:,} more"] if more > 0 else []
        yield from _listed("   changed ", shown, ", ", width)
    pieces = [
        f"«{visible(piece)}»" if place in step.added else visible(piece)
        for place, piece in enumerate(step.after)
    ]
    yield from _listed("   ", pieces, BAR, width)


def _quoted(text: str) -> str:
    return f"`{visible(text)}`" if text else "nothing"


def _trace(trace: Trace, width: int) -> Iterator[str]:
    """Write how the model splits one piece; a piece that stands more than once is written once."""
    yield f"   {visible(trace.piece)}: {BAR.join(map(visible, trace.tokens))}"
    if isinstance(trace, BPETrace):
        yield from _bpe(trace, width)
    elif isinstance(trace, WordPieceTrace):
        yield from _wordpiece(trace)
    elif isinstance(trace, UnigramTrace):
        yield from _unigram(trace)


def _bpe(trace: BPETrace, width: int) -> Iterator[str]:
    if trace.is_whole:
        yield "      is a token as it is, so no merge is made"
        return
    yield from _listed("      begins as ", list(map(visible, trace.first)), BAR, width)
    for merge, parts in zip(trace.merges, trace.states(), strict=True):
        left, right = visible(merge.left), visible(merge.right)
        yield f"      merge {merge.rank:,}: {left} + {right} → {BAR.join(map(visible, parts))}"


def _wordpiece(trace: WordPieceTrace) -> Iterator[str]:
    if trace.is_too_long:
        yield "      has more characters than the model takes, so it is unknown"
    for candidates in trace.tried:
        *failed, last = candidates
        found = last in trace.tokens
        failed = failed if found else [*failed, last]
        shown = ", ".join(map(visible, failed[:_MOST_TRIED]))
        more = len(failed) - _MOST_TRIED
        shown += f" and {more:,} more" if more > 0 else ""
        without = f", longer ones are not tokens: {shown}" if failed else ""
        yield f"      takes {visible(last)}{without}" if found else f"      no token: {shown}"


def _unigram(trace: UnigramTrace) -> Iterator[str]:
    yield f"      best path {_path(trace.best)}"
    pairs = zip(trace.best.tokens, trace.scores, strict=True)
    yield "         " + ", ".join(f"{visible(token)} {score:.2f}" for token, score in pairs)
    if trace.runner_up is not None:
        behind = trace.best.score - trace.runner_up.score
        yield f"      runner-up {_path(trace.runner_up)}, lower by {behind:.2f}"


def _path(path: Path) -> str:
    return f"{BAR.join(map(visible, path.tokens))}, score {path.score:.2f}"


def _listed(head: str, items: Sequence[str], separator: str, width: int) -> list[str]:
    """Wrap items after a head; a line breaks between items, or inside those that are too long."""
    lines, line = [], head
    for place, item in enumerate(items):
        part = item + (separator if place < len(items) - 1 else "")
        if len(line) + len(part.rstrip()) > width and line.strip() and line != head:
            lines.append(line)
            line = " " * len(head)
        line += part
    return [*lines, line]
