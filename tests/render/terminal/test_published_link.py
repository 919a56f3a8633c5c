"""The published correlations as text and JSON."""

from __future__ import annotations

import json

import pytest

import tokstat
from tokstat.experiments.published_link import PublishedLink
from tokstat.render.terminal.published_link import link_to_json, render_link


@pytest.fixture(scope="module")
def link() -> PublishedLink:
    return tokstat.link_published()


def test_the_case_and_the_correlations_are_shown(link: PublishedLink) -> None:
    text = render_link(link)
    for number in ("-24.1", "-23.6", "45.2", "26.7", "50.8"):
        assert number in text


def test_json_has_all_results(link: PublishedLink) -> None:
    data = json.loads(link_to_json(link), parse_constant=pytest.fail)
    assert [each["difference"] for each in data["case"]] == [0, -24.1, -23.6]
    assert {each["tokenizers"] for each in data["correlations"]} == {2, 3}
    assert data["same_tokenizer"][0]["rows"] == 15
