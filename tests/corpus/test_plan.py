"""A plan is the same after a journey to another process."""

from __future__ import annotations

from pathlib import Path

from tests.corpus.conftest import DOCUMENTS
from tests.small_tokenizers import SMALL
from tokstat.corpus.plan import Plan, read_plan
from tokstat.corpus.reading.documents import Reading
from tokstat.loading import load


def test_a_plan_of_files_can_be_sent(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(next(iter(SMALL.values()))().to_str(), "utf-8")
    plan = Plan.of([load(str(path))], "unicode", Reading())
    assert read_plan(plan.to_bytes()).identities == plan.identities


def test_a_plan_is_the_same_after_a_journey(several: Plan) -> None:
    there = read_plan(several.to_bytes())
    assert there.identities == several.identities
    assert there.count(iter(DOCUMENTS)) == several.count(iter(DOCUMENTS))
