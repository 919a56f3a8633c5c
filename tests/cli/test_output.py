"""What stdout shows where its encoding lacks our signs."""

from __future__ import annotations

import io
import sys

import pytest

from tokstat.cli.output import write


def written(
    text: str, encoding: str, monkeypatch: pytest.MonkeyPatch, *, prose: bool = True
) -> str:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    write(text, None, prose=prose)
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "→ ·the 66.2% − 20.9% … 中"),
        ("cp1252", "> ·the 66.2% - 20.9% … \\u4e2d"),
        ("latin-1", "> ·the 66.2% - 20.9% ... \\u4e2d"),
        ("ascii", "> _the 66.2% - 20.9% ... \\u4e2d"),
    ],
)
def test_our_signs_have_stand_ins(
    encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert written("→ ·the 66.2% − 20.9% … 中", encoding, monkeypatch) == shown


def test_data_has_escapes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written("·the→", "ascii", monkeypatch, prose=False) == "\\xb7the\\u2192"


def test_characters_beyond_the_basic_plane_and_lone_surrogates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert written("\U0001f600\ud800→", "cp1252", monkeypatch) == "\\U0001f600\\ud800>"
    assert written("\ud800→", "utf-8", monkeypatch) == "\\ud800→"
