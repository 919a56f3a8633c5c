"""A file of tokstat, or an address, where another is expected: it is named, and what to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.bad_input.case import GOOD
from tests.conftest import Run


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("t.json", "u.json"):
        Path(name).write_bytes(GOOD)
    Path("a.txt").write_text("one two\n")
    for name, arguments in {
        "report": ("inspect", "t.json", "--json"),
        "comparison": ("compare", "t.json", "u.json", "--json"),
        "corpus": ("corpus", "t.json", "a.txt", "--json"),
        "diff": ("diff", "t.json", "u.json", "--json"),
        "encode": ("encode", "t.json", "one", "--json"),
        "lock": ("lock", "t.json"),
    }.items():
        assert run(*arguments, "-o", f"{name}.json").code in (0, 1)


KINDS = {
    "report": "a saved report",
    "comparison": "a saved comparison",
    "corpus": "a saved corpus report",
    "diff": "a saved difference",
    "encode": "a saved split of texts",
    "lock": "a lock",
}


@pytest.mark.usefixtures("saved")
def test_each_file_is_named_where_it_is_not_meant(run: Run) -> None:
    for name, kind in KINDS.items():
        said = run("inspect", f"{name}.json").refusal
        assert f"is {kind} and not a tokenizer" in said
        if name != "report":
            said = run("inspect", "t.json", "--baseline", f"{name}.json").refusal
            assert f"is {kind} and not a saved report" in said
        assert "is not a saved study" in (said := run("link", "--study", f"{name}.json").refusal)
        assert "Error" not in said
    for other in ("t.json", "lock.json"):
        assert "and not a saved report" in run("render", other).refusal
    for name in ("report", "comparison", "corpus", "diff"):
        assert run("render", f"{name}.json").code == 0


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("https://huggingface.co/gpt2", "gpt2"),
        ("https://huggingface.co/org/name/", "org/name"),
        ("https://huggingface.co/org/name/blob/main/tokenizer.json", "org/name"),
        ("https://huggingface.co/gpt2/resolve/main/tokenizer.json", "gpt2"),
        ("http://hf.co/org/name/tree/main", "org/name"),
        ("file:///models/t.json", "/models/t.json"),
        ("https://example.org/tokenizer.json", ""),
        ("s3://bucket/tokenizer.json", ""),
    ],
)
def test_an_address_is_no_spec(address: str, meant: str, run: Run) -> None:
    said = run("inspect", address).refusal
    assert "an address" in said
    assert ("Did you mean " + meant + "?" in said) if meant else "Download" in said


def test_a_limit_stands_before_the_command(saved: None, run: Run) -> None:
    said = run("corpus", "t.json", "a.txt", "--limit", "file-size=1MiB").refusal
    assert "tokstat --limit" in said
