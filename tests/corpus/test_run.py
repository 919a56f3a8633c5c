"""A run from the files to the report: what is counted again, what is told, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.run import run
from tokstat.errors import CorpusError


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan.of([wrap(SMALL["byte-level"](), "byte-level")], "unicode", Reading())


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two files of one name."""
    for language, text in (("en", "the people\nof the world\n"), ("de", "die Leute\nder Welt\n")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "text.txt").write_text(text)
    return [str(tmp_path / language / "text.txt") for language in ("en", "de")]


def test_files_texts_and_states_are_added(plan: Plan, files: list[str], tmp_path: Path) -> None:
    run(plan, files[:1], state=tmp_path / "state")
    report = run(plan, files[1:], texts=["one", "two"], more_states=[tmp_path / "state"])
    assert report.text.documents == 6


def test_a_part_that_a_state_holds_is_not_read_again(
    plan: Plan, files: list[str], tmp_path: Path
) -> None:
    first = run(plan, files, state=tmp_path / "state")
    told: list[tuple[int, int]] = []
    again = run(plan, files, state=tmp_path / "state", progress=lambda *now: told.append(now))
    assert again.to_dict() == first.to_dict()
    assert told == []


@pytest.mark.parametrize("workers", [1, None])
def test_progress_ends_at_the_total(plan: Plan, files: list[str], workers: int | None) -> None:
    told: list[tuple[int, int]] = []
    run(plan, files, workers=workers, progress=lambda *now: told.append(now))
    size = sum(Path(file).stat().st_size for file in files)
    assert told[-1] == (size, size)


def test_aligned_files_of_one_name_are_told_apart(plan: Plan, files: list[str]) -> None:
    table = run(plan, files, aligned=True).table("parity")
    assert table.columns["language"] == (str(Path("en/text.txt")), str(Path("de/text.txt")))


def test_no_text_is_an_error_with_its_cause(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        run(plan)
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{\n")
    with pytest.raises(CorpusError, match="byte 0"):
        run(plan, [str(bad)])


def test_what_is_no_text_is_refused(plan: Plan) -> None:
    with pytest.raises(CorpusError, match="int"):
        run(plan, texts={"group": ["one", 2]})
