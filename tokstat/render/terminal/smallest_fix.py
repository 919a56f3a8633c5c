"""The smallest fix as text."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.experiments.smallest_fix import FORMS, FixPoint, SmallestFix
from tokstat.render.headlines import WORDSIM
from tokstat.render.parts import Heading
from tokstat.render.terminal.tables import interval
from tokstat.results.report import Table
from tokstat.text.wording import counted


def fix_parts(found: SmallestFix) -> Iterator[str | Table]:
    """Yield the texts and tables of the smallest fix."""
    score = "mean" if found.missing_sets else "WordSim"
    yield _verdict(found, score)
    yield (
        f"Static models distilled from {found.teacher}: {found.recipe}, {found.mode} mode. 95%"
        " intervals are over words."
    )
    if found.missing_sets:
        yield (
            f"This is the mean of {', '.join(found.sets)}, not WordSim: sets are missing. Run:"
            " tokstat data fetch"
        )
    else:
        yield f"WordSim: {WORDSIM}."
    yield ""
    yield Heading(f"{score.upper()} BY WORDS ADDED ({found.words}, the first of the list first)")
    rows = [found.start, found.space, *found.points]
    yield Table(
        "fixes",
        "Fixes",
        {
            "": tuple(_title(each) for each in rows),
            "new tokens": tuple(each.tokens for each in rows),
            "alone": tuple(f"{each.wordsim:.1f}" for each in rows),
            "interval": tuple(interval(each.interval) for each in rows),
            "in text": tuple(f"{each.wordsim_in_text:.1f}" for each in rows),
            "words as one token": tuple(f"{each.single:.1%}" for each in rows),
        },
    )
    yield Heading("CHANGE BY CAUSE (points of all causes add up to the whole change)")
    yield Table(
        "causes",
        "Causes",
        {
            "fix": tuple(each.fix for each in found.causes),
            "pair": tuple(each.cause for each in found.causes),
            "pairs": tuple(each.pairs for each in found.causes),
            "points": tuple(f"{each.points:+.1f}" for each in found.causes),
            "rank off before": tuple(f"{each.off_before:.1%}" for each in found.causes),
            "after": tuple(f"{each.off_after:.1%}" for each in found.causes),
        },
    )
    yield (
        "Rank off: the mean distance of a pair's rank from its rank by human ratings, in percent of"
        " the set. Ranks are relative: a pair moves also where others do."
    )
    yield Heading("PAIRS THAT COME NEAREST TO THEIR RATING WITH THE LEADING SPACE")
    yield Table(
        "pairs",
        "Pairs",
        {
            "pair": tuple(f"{each.first} / {each.second}" for each in found.pairs),
            "set": tuple(each.set for each in found.pairs),
            "rank by rating": tuple(f"{each.rating:.0%}" for each in found.pairs),
            "before": tuple(f"{each.before:.0%}" for each in found.pairs),
            "after": tuple(f"{each.after:.0%}" for each in found.pairs),
            "cause": tuple(each.cause for each in found.pairs),
        },
    )
    yield "Ranks are in percent of the set: 100% is its most similar pair."


def _verdict(found: SmallestFix, score: str) -> str:
    start, space = found.start.wordsim, found.space.wordsim
    gain = f"{found.tokenizer}: a leading space brings {score} from {start:.1f} to {space:.1f}"
    if found.equal == found.start:
        return f"{gain}: it gains nothing, and there is nothing to equal."
    if found.equal is None:
        most = max(each.words for each in found.points)
        return f"{gain}. {counted(most, 'word')} added as tokens of words alone do not equal it."
    return (
        f"{gain}. {counted(found.equal.words, 'word')} added as tokens of words alone equal it"
        f" ({counted(found.equal.tokens, 'new token')}, {score} {found.equal.wordsim:.1f})."
    )


def _title(point: FixPoint) -> str:
    if point.form not in FORMS:
        return point.form
    form = {"both": "in both forms"}.get(point.form, point.form)
    return f"{counted(point.words, 'word')} {form}"
