"""Explanations as a list, in full and as JSON."""

from __future__ import annotations

import json

import tokstat
from tokstat.render.terminal.explanations import to_json, to_list, to_text
from tokstat.results.explanations import to_dict


def test_a_list_has_one_line_each_with_analyzers_apart() -> None:
    found = tokstat.explain()
    lines = to_list(found).splitlines()
    assert [line.split()[0] for line in lines if line] == [each.name for each in found]
    analyzers = [each for each in found if each.kind in ("analyzer", "command")]
    assert sum(line == "" for line in lines) == len(analyzers) - 1
    assert to_list([]) == "\n"


def test_a_text_has_every_part_in_lines_that_fit() -> None:
    (each,) = tokstat.explain("TS501")
    for width in (40, 100):
        text = to_text([each], width)
        assert max(map(len, text.splitlines())) <= width
        words = " ".join(text.split())
        for part in (each.name, each.title, each.meaning, each.what_to_do, each.source):
            assert " ".join(part.split()) in words


def test_json_is_the_data_of_each() -> None:
    found = tokstat.explain("TS501", "coverage")
    assert json.loads(to_json(found)) == json.loads(json.dumps(to_dict(found)))
