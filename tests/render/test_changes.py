"""Changes in words: short, safe on a terminal and in a page, and the same in every format."""

from __future__ import annotations

import json

import pytest

import tokstat
from tokstat.comparison.difference import Difference
from tokstat.comparison.part_changes import PartChange, PartDifference
from tokstat.comparison.texts import ChangedText
from tokstat.render.changes import part_line, rows, text_rows, text_title, verdict_line

TEMPLATE = json.dumps(
    [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 1}}]
)
TOKEN = json.dumps({"id": 102, "token": "[SEP]"})
FLAGS = json.dumps({"lstrip": True, "single_word": False})
PROCESSOR = json.dumps({"single": json.loads(TEMPLATE), "pair": [], "special_tokens": {}})
PROCESSED = "[CLS] $A (type ids 0 1); pairs "
LONG = "a" * 500 + " Hello " + "b" * 500

HOSTILE = "\x1b[31m\u202e<script>alert(1)</script>|`*\n"


def part(name: str, *changes: PartChange) -> PartDifference:
    return PartDifference(name, changes)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (PartChange("moved", "Ġthe", 253, 12_285), "ids: Ġthe 253 → 12,285"),
        (PartChange("changed", "x lstrip", False, True), "ids: x lstrip false → true"),
        (PartChange("removed", "NFC", "{}", None), "ids: NFC removed"),
        (PartChange("added", "tiger", None, 7), "ids: tiger added (7)"),
        (PartChange("changed", "unk_token", None, "x"), "ids: unk_token absent → x"),
        (PartChange("changed", "single", TEMPLATE, ""), "ids: single [CLS] $A (type ids 0 1) → "),
        (
            PartChange("changed", "", "1, digest a", "1, digest b"),
            "ids: all 1, digest a → 1, digest b",
        ),
        (PartChange("added", "eos", None, TOKEN), "ids: eos added ([SEP], id 102)"),
        (PartChange("added", "  ", None, FLAGS), "ids: ·· added (lstrip)"),
        (PartChange("removed", "T", PROCESSOR, None), f"ids: T removed ({PROCESSED})"),
    ],
    ids=str,
)
def test_a_change_in_one_line(change: PartChange, line: str) -> None:
    assert part_line(part("ids", change)) == line


def test_many_changes_are_counted() -> None:
    changes = [PartChange("moved", str(number), number, number + 1) for number in range(2000)]
    line = part_line(part("ids", *changes, PartChange("added", "x", None, 1)))
    assert line.startswith("ids: 1 added, 2,000 moved, first 0 0 → 1; ")
    assert len(line) < 80


def test_long_texts_are_shown_around_the_change() -> None:
    change = PartChange("changed", "default", LONG, LONG.replace("Hello", "Hi"))
    ((_, _, before, after),) = rows(part("chat template", change))
    assert "Hello" in before
    assert "Hi" in after
    assert max(len(before), len(after)) <= 61


def test_a_tokenizer_that_fails_has_no_encoding() -> None:
    assert text_rows(ChangedText("a b", "encoded", ("a",), (), (5,), None)) == [
        ("text", '"a b"'),
        ("old", "a  (ids 5)"),
        ("new", "no encoding"),
    ]


def test_a_decomposed_text_shows_its_code_points() -> None:
    (label, shown), *_ = text_rows(ChangedText("e\u0301", "encoded", (), (), (1,), (2,)))
    assert (label, shown) == ("text", "\"e\u0301\"  ('e\\u0301')")


def test_the_verdict_comes_first() -> None:
    assert verdict_line(Difference("a", "b", ())) == "Nothing differs."
    found = Difference("a", "b", (part("ids", PartChange("moved", "x", 1, 2)),))
    assert verdict_line(found) == "1 part differs: ids."


@pytest.mark.parametrize("format_", ["terminal", "markdown", "html"])
def test_hostile_names_stay_text(format_: str) -> None:
    change = PartChange("changed", HOSTILE, HOSTILE, HOSTILE + "x")
    text = ChangedText(HOSTILE, "encoded", (HOSTILE,), (HOSTILE,), (1,), (2,))
    found = Difference(HOSTILE, "new", (part(HOSTILE, change),), text, (HOSTILE,))
    shown = tokstat.render_report(found, format_)  # type: ignore[arg-type]
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert format_ == "terminal" or "<script>alert" not in shown


def test_a_notebook_shows_a_difference() -> None:
    tokstat.diff  # noqa: B018  # importing it says how
    found = Difference("a", "b", (part("ids", PartChange("moved", "x", 1, 2)),))
    bundle = found._repr_mimebundle_()
    assert {"text/plain", "text/html", "text/markdown"} == bundle.keys()
    assert "1 part differs" in bundle["text/html"]


def test_texts_stand_in_quotes() -> None:
    change = PartChange("changed", " the", "[253]", "[285]")
    assert part_line(part("encodings", change)) == 'encodings: " the" [253] → [285]'


def test_special_tokens_are_named_in_the_title() -> None:
    text = ChangedText("a", "encoded with special tokens", (), (), (1,), (2,))
    assert text_title(Difference("a", "b", (), text)).endswith("differently, with special tokens")
