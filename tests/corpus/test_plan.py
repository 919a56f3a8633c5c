"""A plan is the same after a journey to another process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.conftest import wrap
from tests.corpus.conftest import DOCUMENTS
from tests.corpus.engines.others import Other
from tests.small_tokenizers import SMALL
from tokstat.corpus.counting.window import Document
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


def test_engines_are_loaded_and_tokens_forgotten_before_text_is_read() -> None:
    done: list[object] = []

    class Loaded(Other):
        def load(self) -> None:
            done.append("stored_tokens" in vars(tokenizer))

    def documents() -> Iterator[Document]:
        done.append("reading")
        yield Document("one text")

    tokenizer = wrap(SMALL["byte-level"](), "made")
    plan = Plan.of([tokenizer], "unicode", Reading())
    counts = replace(plan, engines=[Loaded(tokenizer)]).count(documents())
    assert done == [False, "reading"]
    assert replace(counts, engines=()) == plan.count(documents())
