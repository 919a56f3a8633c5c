"""The packaged explanations are those of the declarations."""

from __future__ import annotations

import json

import pytest

from tokstat.analyzers.explanations import all_explanations
from tokstat.errors import UnknownNameError
from tokstat.results.explanations import (
    PACKAGED,
    Explanation,
    explanations_of,
    packaged_explanations,
    to_dict,
)


def explained(name: str, analyzer: str) -> Explanation:
    return Explanation(name, "metric", analyzer, "title", "", "", "", (), "module")


def test_what_is_packaged_is_what_the_analyzers_declare() -> None:
    assert packaged_explanations() == all_explanations()
    assert to_dict(packaged_explanations()) == json.loads(PACKAGED.read_text("utf-8"))


def test_a_name_may_have_several_explanations() -> None:
    everything = [explained("one", "a"), explained("other", "a"), explained("one", "b")]
    assert [each.analyzer for each in explanations_of("one", everything)] == ["a", "b"]
    with pytest.raises(UnknownNameError, match="other"):
        explanations_of("othr", everything)
