"""What goes beyond a limit is refused in one line that names it; a raised limit lets it in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Run, word_level_json
from tokstat.errors import LimitError, SettingsError
from tokstat.io import limits
from tokstat.io.limits import Limits, changed_limits, depth_of_json, read_bounded


@pytest.fixture(autouse=True)
def default_limits() -> Iterator[None]:
    limits.set_limits(Limits())
    yield
    limits.set_limits(Limits())


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ("file-size=1GiB", "file_size", 1 << 30),
        ("file-size=2mb", "file_size", 2_000_000),
        ("tokens=5", "tokens", 5),
        ("token-length=7KiB", "token_length", 7 << 10),
        ("seconds=600", "seconds", 600),
    ],
)
def test_a_limit_is_changed(change: str, field: str, value: int) -> None:
    assert getattr(changed_limits([change]), field) == value
    assert limits.limits() == Limits()


@pytest.mark.parametrize(
    "change", ["", "speed=1", "tokens", "tokens=", "tokens=0", "tokens=-1", "tokens=1e9", "rows=²"]
)
def test_what_is_no_limit(change: str, run: Run, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        changed_limits([change])
    assert run("--limit", change, "explain", "TS101").refusal


def test_the_variable_holds_for_python_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_set", [])
    monkeypatch.setenv(limits.VARIABLE, "tokens=3 rows=2")
    assert (limits.limits().tokens, limits.limits().rows) == (3, 2)


GOOD = word_level_json("one", "two", "three")


def nested(depth: int) -> bytes:
    """Wrap a normalizer into so many sequences; each adds two levels."""
    normalizer: dict[str, object] = {"type": "Lowercase"}
    for _ in range(depth):
        normalizer = {"type": "Sequence", "normalizers": [normalizer]}
    return json.dumps({**json.loads(GOOD), "normalizer": normalizer}).encode()


@pytest.mark.parametrize(
    ("limit", "content"),
    [
        ("file-size=100", GOOD),
        ("tokens=3", GOOD),
        ("token-length=4", GOOD),
        ("depth=30", nested(16)),
    ],
)
def test_beyond_a_limit(limit: str, content: bytes, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(content)
    options = ("inspect", str(file), "--json", "--analyzer", "composition")
    assert limit.partition("=")[0] in run("--limit", limit, *options).refusal
    assert [*tmp_path.iterdir()] == [file]
    limits.set_limits(Limits())
    assert run(*options).code == 0


def test_an_endless_file_is_not_read_to_its_end() -> None:
    limits.set_limits(Limits(file_size=1000))
    with pytest.raises(LimitError, match="/dev/zero"):
        read_bounded(Path("/dev/zero"))


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@given(JSON, st.booleans())
def test_the_depth_of_json(value: object, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert depth_of_json(data) == depth_of(value)
    for size in (1, 2, 5):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tokstat.io.limits._BLOCK", size)
            assert depth_of_json(data) == depth_of(value)


@given(st.binary())
def test_the_depth_of_what_is_no_json(data: bytes) -> None:
    assert 0 <= depth_of_json(data) <= len(data)
