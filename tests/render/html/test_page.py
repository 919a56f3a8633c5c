"""A page allows its own style and script alone."""

from __future__ import annotations

import base64
import hashlib
import re

from tests.render.html.test_markup import Reader
from tokstat.render.html.page import asset, render_page

PAGE = render_page("T <é>", "header", [("a", "First"), ("b", "Second")], "body", "footer")


def test_it_is_ascii_and_the_same_each_time() -> None:
    again = render_page("T <é>", "header", [("a", "First"), ("b", "Second")], "body", "footer")
    assert PAGE.isascii()
    assert again == PAGE
    assert PAGE.startswith("<!DOCTYPE html>\n<html")


def test_the_policy_has_the_hashes_of_its_style_and_script() -> None:
    (policy,) = (
        attributes["content"] or ""
        for tag, attributes in Reader(PAGE).elements
        if tag == "meta" and "http-equiv" in attributes
    )
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_the_navigation_leads_to_every_part() -> None:
    links = [attributes.get("href") for tag, attributes in Reader(PAGE).elements if tag == "a"]
    assert {"#main", "#a", "#b"} <= set(links)


def test_assets_are_ascii() -> None:
    for name in ("components.css", "page.css", "page.js"):
        assert asset(name).isascii()
        assert len(asset(name)) > 100
