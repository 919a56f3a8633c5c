"""Issues 2 and 5 on the command line: each bad tokenizer, for each command that takes one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.bad_input import formats, tokenizer_files
from tests.cli.bad_input.case import GOOD, LAST_TIME, Case, Content
from tests.cli.bad_input.tokenizer_files import BadSpec
from tests.cli.bad_input.word_sets import put_sets
from tests.conftest import NOWHERE
from tests.experiments import HashTeacher

SPEC = "SPEC"
SOUND = "sound/tokenizer.json"

COMMANDS: dict[str, tuple[str, ...]] = {
    "inspect": ("inspect", SPEC),
    "inspect to JSON": ("inspect", SPEC, "-o", "out.json"),
    "inspect to a page": ("inspect", SPEC, "-o", "last.html"),
    "inspect to Markdown": ("inspect", SPEC, "-o", "last.md"),
    "inspect for GitHub": ("inspect", SPEC, "--format", "github", "--fail-on", "info"),
    "inspect with a limit": ("inspect", SPEC, "--json", "--min", "whole_word_ratio=0.5"),
    "inspect in depth": ("inspect", SPEC, "--deep", "--weights", "auto", "-o", "out.txt"),
    "encode": ("encode", SPEC, "--text", "tiger", "-o", "last.md"),
    "tokens": ("tokens", SPEC, "--sample", "3"),
    "tokens to CSV": ("tokens", SPEC, "--csv", "-o", "out.csv"),
    "tokens of a finding": ("tokens", SPEC, "--finding", "TS101", "--json", "-o", "last.json"),
    "compare, first": ("compare", SPEC, SOUND, "-o", "out.html"),
    "compare, second": ("compare", SOUND, SPEC, "-o", "last.json"),
    "compare, to Markdown": ("compare", SOUND, SPEC, "-o", "out.md"),
    "corpus": ("corpus", "--tokenizer", SPEC, "text.txt", "-o", "out.json"),
    "corpus, second": ("corpus", SOUND, "--tokenizer", SPEC, "text.txt", "--state", "state"),
    "whatif": ("whatif", SPEC, "-o", "last.json"),
    "whatif, target": ("whatif", SOUND, "--target", SPEC, "-o", "out.json"),
    "repair": ("repair", SPEC, "--decase", "-o", "out"),
    "distill": ("distill", "teacher", "--tokenizer", SPEC, "-o", "out"),
    "study": ("study", SPEC, "--data", "sets", "-o", "out.json", "--csv", "out.csv"),
}
"""Every command that takes a tokenizer, and every kind of output."""

ONE_OF_EACH = (
    *("inspect to a page", "tokens to CSV", "compare, first", "corpus", "whatif", "repair"),
    *("distill", "study", "encode"),
)
"""Each command once."""

FOUND: dict[str, Content] = {
    SOUND: GOOD,
    "text.txt": b"one two\n",
    **{f"last.{suffix}": LAST_TIME for suffix in ("html", "md", "json")},
}


def with_a_teacher(patch: pytest.MonkeyPatch) -> None:
    """Have a teacher without a transformer."""
    patch.setattr("tokstat.distillation.encoders.load_teacher", lambda spec: HashTeacher())


def _with_sets(patch: pytest.MonkeyPatch) -> None:
    """Have the seven sets, too, without which no study begins."""
    with_a_teacher(patch)
    put_sets(patch)


def _without_a_network(patch: pytest.MonkeyPatch) -> None:
    _with_sets(patch)
    patch.setattr("huggingface_hub.constants.ENDPOINT", NOWHERE)


def _case(command: str, bad: BadSpec) -> Case:
    with_network = _with_sets if command == "study" else with_a_teacher
    return Case(
        tuple(bad.spec if each == SPEC else each for each in COMMANDS[command]),
        bad.names,
        {**FOUND, **bad.files},
        prepare=with_network if bad.has_network else _without_a_network,
        in_little_memory=bad.in_little_memory,
        is_slow=bad.is_slow,
    )


def _cases() -> Iterator[tuple[str, Case]]:
    for command in COMMANDS:
        for item, bad in tokenizer_files.LISTED.items():
            yield f"issue 2: {command}: {item}", _case(command, bad)
    for command in ONE_OF_EACH:
        for item, bad in formats.LISTED.items():
            yield f"issue 5: {command}: {item}", _case(command, bad)
    for command in ("inspect", "tokens of a finding", "compare, second", "corpus, second"):
        for item, bad in tokenizer_files.OTHERS.items():
            yield f"issue 2: {command}: {item}", _case(command, bad)
    for item, bad in formats.SPECS.items():
        yield f"issue 5: inspect: {item}", _case("inspect to JSON", bad)


CASES = dict(_cases())
