"""Markers and ends of turns in a rendered text."""

from __future__ import annotations

import pytest

from tests.cases.drafts import FAMILIES
from tokstat.analyzers.conversations import ANSWER, EncodedText, failure_of, jobs_of
from tokstat.model.chat_template import Rendering
from tokstat.model.written_templates import WrittenTemplate


@pytest.fixture(scope="module", name="backend")
def tokenizers_with_one_marker() -> object:
    backend = FAMILIES["byte-level"]()
    backend.add_special_tokens(["<|one|>"])
    return backend


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("<|one|>user<|two|>", ["<|two|>"]),
        ("<start_of_turn>user <b>bold</b> <<SYS>> [INST]", ["<start_of_turn>"]),
        ("<｜User｜>hi<|one|>", ["<｜User｜>"]),
        ("x < y | z > 3", []),
    ],
)
def test_markers_that_are_split(backend: object, text: str, markers: list[str]) -> None:
    found = EncodedText.of(backend, text).markers()  # type: ignore[arg-type]
    assert [each.text for each in found] == markers
    assert all(len(each.ids) > 1 for each in found)


def test_ids_after_the_answer(backend: object) -> None:
    text = EncodedText.of(backend, f"a {ANSWER}<|one|>\n")  # type: ignore[arg-type]
    assert text.ids_after(ANSWER)[0] == backend.token_to_id("<|one|>")  # type: ignore[attr-defined]
    assert text.ids_after("not there") == []


def test_tools_are_tried_where_the_template_names_them() -> None:
    assert len(jobs_of(WrittenTemplate("default", "f", "{{ tools }}"))) == 5
    assert len(jobs_of(WrittenTemplate("default", "f", "{{ messages }}"))) == 4


def test_one_text_is_enough_unless_another_runs_away() -> None:
    text, no, never = Rendering("a"), Rendering(None, "rejected", "x"), Rendering(None, "runaway")
    assert failure_of([no, text]) is None
    assert failure_of([text, never]) is never
    assert failure_of([Rendering(None, "error", "first"), no]) is no
