"""How analyzers are declared, found, refused and skipped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import tokenizers
from tokenizers import models, pre_tokenizers

import tokstat
from tests.conftest import Run, wrap
from tokstat.analyzers import registry
from tokstat.analyzers.registry import (
    Analyzer,
    Result,
    all_analyzers,
    analyzer,
    analyzers_of_metric,
    get_analyzers,
)
from tokstat.analyzers.subject import Subject
from tokstat.errors import AnalyzerError, OutputError
from tokstat.results.declarations import MetricType, Rule
from tokstat.results.report import Section
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon

PLUGIN = """
from tokstat.analyzers import MetricType, Result, analyzer

COUNT = MetricType("plugin_tokens", "tokens", "all tokens")

@analyzer("{id}", title="Plug-in", metrics=(COUNT,))
def plugin(subject):
    return Result(metrics=(COUNT.value(len(subject.vocabulary)),))
"""


def install(folder: Path, source: str, value: str = "made_plugin:plugin") -> None:
    """Lay out a distribution as pip would."""
    (folder / "made_plugin.py").write_text(source)
    metadata = folder / "made_plugin-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: made-plugin\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[tokstat.analyzers]\nmade = {value}\n")


def ids_with(folder: Path) -> subprocess.CompletedProcess[str]:
    program = (
        f"import sys; sys.path.insert(0, {str(folder)!r})\n"
        "from tokstat.analyzers.registry import get_analyzers\n"
        "print(*(each.id for each in get_analyzers()))"
    )
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )


def test_an_installed_plugin_is_found(tmp_path: Path) -> None:
    install(tmp_path, PLUGIN.format(id="made"))
    built_in = [each.id for each in get_analyzers()]
    assert ids_with(tmp_path).stdout.split() == [*built_in, "made"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (PLUGIN.format(id="casing"), "made_plugin:plugin"),
        ("raise ValueError('broken')", "made_plugin:plugin"),
        ("plugin = 5", "made_plugin:plugin"),
        (PLUGIN.format(id="made"), "made_plugin:absent"),
    ],
    ids=["a used id", "a broken module", "no analyzer", "no such name"],
)
def test_a_bad_plugin_takes_no_other_s_place(tmp_path: Path, source: str, value: str) -> None:
    install(tmp_path, source, value)
    done = ids_with(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [*(each.id for each in get_analyzers()), "made"]


def test_a_report_keeps_what_a_bad_plugin_does_not_touch(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text(tokenizers.Tokenizer(models.WordLevel({"a": 0}, "a")).to_str(), "utf-8")
    install(tmp_path, "raise ValueError('broken')")
    monkeypatch.syspath_prepend(tmp_path)
    all_analyzers.cache_clear()
    try:
        done = run("inspect", str(file), "--json")
        repaired = run("repair", str(file), "-o", str(tmp_path / "out"), "--decase", "--json")
    finally:
        all_analyzers.cache_clear()
    assert done.code == 2
    (line,) = [each for each in done.stderr.splitlines() if "made_plugin" in each]
    assert "ValueError: broken" in line
    report = tokstat.Report.from_json(done.stdout)
    assert report.failures == (line.removeprefix("tokstat: "),)
    assert [each.code for each in report.section("made").findings] == ["TS190"]
    assert report.metric("content_tokens").value == 1
    assert repaired.code == 0, "its scores need no plug-in"


def test_analyzers_come_in_the_order_asked_for() -> None:
    assert [each.id for each in get_analyzers(["casing", "coverage"])] == ["casing", "coverage"]
    with pytest.raises(AnalyzerError, match="absent"):
        get_analyzers(["absent"])


def test_what_is_not_declared_is_refused(english: Lexicon, bert: Tokenizer) -> None:
    declared = MetricType("made_tokens", "tokens", "made")
    rule = Rule("X101", "info", "Made", "For a test.", "Nothing.")

    def run(result: Result) -> Section:
        made = analyzer("made", title="Made", metrics=(declared,), rules=(rule,))
        return made(lambda subject: result)(Subject(bert, english))

    assert (
        run(Result((declared.value(1),), (), (rule.found("x"),))).metric("made_tokens").value == 1
    )
    for result in (
        Result((MetricType("other_tokens", "tokens", "").value(1),)),
        Result((declared.value(float("nan")),)),
        Result(findings=(Rule("X102", "info", "", "", "").found("x"),)),
    ):
        section = run(result)
        assert section.failure is not None
        assert section.failure.startswith("The analyzer 'made'")


@pytest.mark.parametrize("error", [KeyError(5), SystemExit(3), OutputError("No.", "No.")])
def test_an_analyzer_that_fails_loses_nothing_but_its_section(
    error: BaseException, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    @analyzer("broken", title="Broken")
    def broken(subject: Subject) -> Result:
        raise error

    file = tmp_path / "tokenizer.json"
    file.write_text(tokenizers.Tokenizer(models.WordLevel({"a": 0}, "a")).to_str(), "utf-8")
    monkeypatch.setattr(registry, "_plugins", lambda: [("broken", broken)])
    all_analyzers.cache_clear()
    try:
        done = run("inspect", str(file), "--json", "--ignore", "TS1")
        compared = run("compare", str(file), str(file), "--json")
    finally:
        all_analyzers.cache_clear()
    assert (done.code, compared.code) == (2, 2)
    (line,) = [each for each in done.stderr.splitlines() if "failed" in each]
    assert "'broken'" in line
    assert type(error).__name__ in line
    report = tokstat.Report.from_json(done.stdout)
    assert type(error).__name__ in str(report.section("broken").skipped)
    assert report.section("composition").metrics
    assert "TS190" in {found["code"] for found in json.loads(compared.stdout)["findings"]}


def test_a_piece_listed_twice(tmp_path: Path) -> None:
    """Up to tokenizers 0.22 the size of the vocabulary counts it once."""
    pieces = [("<unk>", 0.0), ("▁the", -1.0), ("a", -2.0), ("▁the", -3.0), ("▁", -4.0)]
    backend = tokenizers.Tokenizer(models.Unigram(pieces, unk_id=0))
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    report = tokstat.inspect(wrap(backend, "twice"))
    assert report.failures == ()
    assert report.tokenizer.vocab_size == 5


def test_a_metric_may_be_several_analyzers_if_it_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def of(name: str, *metrics: MetricType) -> Analyzer:
        return analyzer(name, title=name, metrics=metrics)(lambda subject: Result())

    one, other = (MetricType("m", "tokens", text) for text in ("first", "second"))
    for second, owners in ((one, ("a", "b")), (other, ("a",))):
        found = [("a", of("a", one)), ("b", of("b", second))]
        monkeypatch.setattr(registry, "_plugins", lambda found=found: found)
        all_analyzers.cache_clear()
        try:
            assert analyzers_of_metric("m") == owners
            assert [each.id for each in all_analyzers()][-2:] == ["a", "b"]
        finally:
            all_analyzers.cache_clear()


def test_an_unmet_need_skips_the_section(english: Lexicon) -> None:
    @analyzer("needy", title="Needy", needs=("alphabetic tokens",))
    def needy(subject: Subject) -> Result:
        raise AssertionError("must not run")

    backend = tokenizers.Tokenizer(models.WordLevel({"1": 0, "2": 1}, unk_token="1"))
    section = needy(Subject(wrap(backend, "digits"), english))
    assert section.skipped == "the vocabulary has no alphabetic tokens"
    assert section.metrics == ()


def test_an_encoder_that_fails_skips_the_coverage() -> None:
    """WordPiece without its unknown token raises on the first word that it cannot spell."""
    backend = tokenizers.Tokenizer(models.WordPiece({"the": 0, "of": 1}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    report = tokstat.inspect(wrap(backend, "broken"))
    assert report.section("coverage").skipped is not None
    assert report.section("whole_words").metric("whole_word_ratio").numerator == 2
