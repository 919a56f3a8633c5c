"""Parts of pages: what a parser sees of each."""

from __future__ import annotations

from tests.hostile import hostile_report
from tests.render.html.test_markup import Reader
from tokstat.render.headlines import TERMS, scores
from tokstat.render.html.components import (
    badge,
    capital,
    facts,
    finding_card,
    metrics_table,
    panel,
    score_card,
    terms,
    tokens,
)
from tokstat.results.report import Metric, Report


def test_a_panel_is_named_by_its_heading() -> None:
    found = Reader(str(panel("key", "Title", "content"))).elements
    assert found[0] == ("section", {"id": "key", "aria-labelledby": "key-title"})
    assert ("h2", {"id": "key-title"}) in found


def test_facts_and_terms_are_lists_of_pairs() -> None:
    kinds = [tag for tag, _ in Reader(str(facts([("a", "1"), ("b", "2")]))).elements]
    assert (kinds.count("dt"), kinds.count("dd")) == (2, 2)
    page = Reader(str(terms()))
    assert [tag for tag, _ in page.elements].count("dt") == len(TERMS)


def test_tokens_are_text_with_a_direction_of_their_own() -> None:
    page = Reader(str(tokens(["<b>", "é"])))
    assert [tag for tag, _ in page.elements] == ["span", "code", "bdi", "code", "bdi"]
    assert page.text.split() == ["<b>", "é"]


def test_small_parts() -> None:
    assert capital("a b") == "A b"
    assert capital("") == ""
    assert Reader(str(badge("error"))).elements == [("span", {"class": "badge error"})]


def test_a_score_has_its_value_fraction_and_a_bar(bert_report: Report) -> None:
    for score in scores(bert_report, 4):
        text = " ".join(Reader(str(score_card(score))).text.split())
        assert score.value in text
        assert score.definition in text
        assert all(example in text for example in score.examples)


def test_a_finding_names_its_code_and_its_tokens() -> None:
    for finding in hostile_report().findings:
        page = Reader(str(finding_card(finding, key="key", spec="spec")))
        assert finding.code in page.text
        assert finding.hint.replace("`", "") in page.text
        scripts = [attributes for tag, attributes in page.elements if tag == "script"]
        assert {each.get("type") for each in scripts} <= {"application/json"}
        assert "img" not in {tag for tag, _ in page.elements}


def test_metrics_have_a_row_each() -> None:
    metrics = [Metric("one", 0.25, "ratio", "defined", 1, 4), Metric("two", None, "tokens", "so")]
    page = Reader(str(metrics_table(metrics, "Title")))
    assert all(part in page.text for part in ("one", "two", "25.0%", "defined", "so"))
    assert [tag for tag, _ in page.elements].count("tr") >= 2
