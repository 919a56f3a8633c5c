"""A run from the files to the report: what is counted again, what is told, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import wrap
from tests.corpus.engines.others import Failing, Other, Wrong
from tests.small_tokenizers import SMALL
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.corpus.run import _divide, run
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


def with_engine(plan: Plan, engine: Other) -> Plan:
    return replace(plan, engines=[engine])


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of many different documents."""
    path = tmp_path_factory.mktemp("many") / "many.txt"
    path.write_text("".join(f"the number {number} of the world\n" for number in range(4_000)))
    return str(path)


@pytest.mark.parametrize("words", ["unicode", "none"])
@pytest.mark.parametrize("kind", ["wrong", "failing"])
def test_an_engine_that_differs_or_fails_is_dropped_and_the_judge_counts(
    words: str, kind: str, plan: Plan, many: str, tmp_path: Path
) -> None:
    plan = replace(plan, words=words)
    (tokenizer,) = plan.tokenizers
    engine = Wrong(tokenizer, 1) if kind == "wrong" else Failing(tokenizer)
    judged = run(plan, [many], engine="tokenizers", unit_bytes=20_000)
    state = tmp_path / "state"
    run(with_engine(plan, Other(tokenizer)), [many], state=state, unit_bytes=20_000)
    for folder in (None, state):
        if folder is not None:  # it lacks a part of the input, and the engine has counted the rest
            next(folder.glob("*.counts.gz")).unlink()
        report = run(with_engine(plan, engine), [many], state=folder, unit_bytes=20_000)
        assert report.metrics == judged.metrics
        assert report.tables == judged.tables
        used = report.tokenizers[0].engine
        assert used is not None
        assert (used.name, used.documents, used.is_warning) == ("", 0, True)
        (warning,) = report.warnings
        assert "byte-level" in warning
        assert (kind == "wrong") == ("number" in warning)  # it shows the text


@pytest.mark.slow
@pytest.mark.parametrize("every", [20, 500, 10_000])
@pytest.mark.parametrize("words", ["unicode", "none"])
def test_a_wrong_engine_is_caught_or_within_the_bound(
    every: int, words: str, plan: Plan, many: str
) -> None:
    plan = replace(plan, words=words)
    (tokenizer,) = plan.tokenizers
    judged = run(plan, [many], engine="tokenizers")
    texts = Path(many).read_text().splitlines()
    for seed in range(4):
        engine = Wrong(tokenizer, every, seed)
        report = run(with_engine(plan, engine), [many])
        used = report.tokenizers[0].engine
        assert used is not None
        if used.name:
            assert used.most_wrong is not None
            assert used.checked > 20
            if words == "none":
                wrong = sum(map(engine.is_wrong, texts))
                assert wrong / len(texts) <= used.most_wrong
        else:
            assert report.metrics == judged.metrics


def test_what_engines_did_is_kept_with_the_counts(plan: Plan, many: str, tmp_path: Path) -> None:
    (tokenizer,) = plan.tokenizers
    engine = with_engine(plan, Other(tokenizer))
    whole = run(engine, [many]).tokenizers[0].engine
    parts = run(engine, [many], state=tmp_path / "state", unit_bytes=20_000).tokenizers[0].engine
    again = run(plan, [many], state=tmp_path / "state", unit_bytes=20_000).tokenizers[0].engine
    assert whole is not None
    assert parts is not None
    assert again is not None
    assert (whole.name, whole.documents) == ("other 1", 4_000)
    assert (parts.documents, parts.checked) == (whole.documents, whole.checked)
    assert (again.name, again.checked) == (whole.name, whole.checked)


def test_text_that_can_be_read_once_is_the_judges(plan: Plan) -> None:
    for texts in (iter(["one"]), {"group": iter(["one"])}):
        used = run(plan, texts=texts, engine="gigatoken").tokenizers[0].engine
        assert used is not None
        assert (used.name, used.is_warning) == ("", True)


def test_an_unknown_engine_is_an_error(plan: Plan) -> None:
    with pytest.raises(CorpusError, match="'tiktoken'"):
        run(plan, texts=["one"], engine="tiktoken")


@pytest.mark.parametrize(
    ("sizes", "name", "workers", "head_start", "expected"),
    [
        ([1_000] * 10, "a.txt", 1, 0, [10_000]),
        ([1_000] * 10, "a.txt", 2, 0, [5_000, 5_000]),
        ([1_000] * 10, "a.txt", 2, 2_000, [6_000, 4_000]),
        ([1_000] * 10, "a.txt", 2, 10**9, [6_000, 4_000]),
        ([1_000] * 9, "a.txt", 3, 2_000, [4_000, 3_000, 2_000]),
        ([1_000] * 10, "a.txt.gz", 2, 4_000, [6_000, 4_000]),
        ([30_000] * 4, "a.txt", 2, 9_000, [30_000] * 4),
        ([], "a.txt", 2, 1_000, []),
        ([0], "a.txt", 2, 1_000, [0]),
    ],
)
def test_work_is_divided(
    sizes: list[int],
    name: str,
    workers: int,
    head_start: int,
    expected: list[int],
    tmp_path: Path,
) -> None:
    files = []
    for number, size in enumerate(sizes):
        path = tmp_path / f"{number}{name}"
        path.write_bytes(b"a" * size)
        files.append(str(path))
    units = _divide(files, Reading(), 30_000, workers, head_start)
    assert [sum(part.bytes for part in unit) for unit in units] == expected
