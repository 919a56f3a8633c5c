"""White space that is one token, and the cost of indents, counted again."""

from __future__ import annotations

import tokenizers
from tokenizers import AddedToken

from tests.conftest import wrap
from tests.small_tokenizers import byte_level_bpe
from tokstat.analyzers.subject import Subject
from tokstat.analyzers.whitespace import LONGEST, RUNS, whitespace
from tokstat.results.report import Section
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def lengths(section: Section) -> dict[str, set[int]]:
    """Read the ranges of the table back."""
    found = {}
    for name, _, text in list(section.table("runs").rows())[: len(RUNS)]:
        numbers: set[int] = set()
        for part in filter(None, text.split(", ")):
            first, _, last = part.partition("-")
            numbers |= set(range(int(first), int(last or first) + 1))
        found[name] = numbers
    return found


def test_runs_and_costs_agree_with_a_plain_recount(tokenizer: Tokenizer, english: Lexicon) -> None:
    section = whitespace(Subject(tokenizer, english))
    texts = [token.text for token in tokenizer.vocabulary if token.text and token.text.isspace()]
    assert section.metric("indentation_tokens").value == sum(len(text) > 1 for text in texts)
    for name, character in RUNS.items():
        own = {len(text) for text in texts if set(text) == {character}}
        assert lengths(section)[name] == own
        assert section.metric(LONGEST[name].name).value == max(own, default=0)
    for indent, cost in section.table("indentation").rows():
        number, _, kind = indent.partition(" ")
        line = RUNS[kind.removesuffix("s") + "s"] * int(number) + "a"
        count = [
            len(tokenizer.backend.encode(f"a\n{text}", add_special_tokens=False).ids)
            for text in (line, "a")
        ]
        assert cost == count[0] - count[1]


def test_runs_of_the_packaged_modernbert(modernbert: Tokenizer, english: Lexicon) -> None:
    section = whitespace(Subject(modernbert, english))
    assert section.metric("longest_run_of_spaces").value == 512
    assert section.findings == ()


def test_costly_indents_are_found_and_mended_by_runs_of_spaces(english: Lexicon) -> None:
    backend = byte_level_bpe(prefix=False)
    section = whitespace(Subject(wrap(backend, "made"), english))
    assert [found.code for found in section.findings] == ["TS903"]
    assert section.metric("indentation_cost").value == 15
    mended = tokenizers.Tokenizer.from_str(backend.to_str())
    mended.add_tokens([AddedToken(" " * 16, normalized=False)])
    section = whitespace(Subject(wrap(mended, "mended"), english))
    assert section.findings == ()
    assert section.metric("indentation_cost").value == 1
    assert section.metric("longest_run_of_spaces").value == 16
