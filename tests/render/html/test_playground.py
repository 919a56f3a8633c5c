"""The page with a text box: one file, its own script alone, and the library's splits within."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from tests.conftest import wrap
from tests.hostile import HOSTILE_NAME, HOSTILE_TOKENS, hostile_tokenizer
from tests.render.html.test_report import Checked
from tokstat.render.html.page import asset
from tokstat.render.html.playground import IN_PARTS, render_playground
from tokstat.splitting.panel import PANEL
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import Tokenizer

OWN = ("playground.css", "playground.js", "playground_worker.js")
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def page(modernbert: Tokenizer, bert: Tokenizer) -> str:
    return render_playground([modernbert, bert], "two  spaces\tand\nlines")


@pytest.fixture(scope="module", params=["real", "hostile"])
def any_page(request: pytest.FixtureRequest, page: str) -> str:
    if request.param == "real":
        return page
    tokenizer = wrap(hostile_tokenizer(), HOSTILE_NAME)
    return render_playground([tokenizer], " ".join(HOSTILE_TOKENS))


def blocks(page: str) -> list[dict[str, object]]:
    """Return the data in the page: the texts, then each tokenizer."""
    found = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return [json.loads(block) for block in found]


def test_it_is_one_ascii_file_that_is_written_again_the_same(page: str, bert: Tokenizer) -> None:
    assert page.isascii()
    assert render_playground([bert]) == render_playground([bert])
    assert len(page) < 600_000
    assert len(render_playground([bert])) < 300_000


def test_nothing_in_it_acts_or_loads(any_page: str) -> None:
    checked = Checked(any_page)
    tags = {tag for tag, _, _ in checked.attributes}
    assert not tags & {"iframe", "img", "object", "embed", "base", "form"}
    names = {name for _, name, _ in checked.attributes}
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"src", "srcset", "style", "action", "formaction", "srcdoc"}


def test_the_policy_allows_its_own_script_and_worker_alone(any_page: str) -> None:
    checked = Checked(any_page)
    (policy,) = [value for value in checked.values("content") if "default-src" in value]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    (script,) = [block for block in checked.blocks["script"] if block.startswith('"use strict"')]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert rules["worker-src"] == "blob:"
    assert rules["trusted-types"] == "tokstat-worker"
    assert rules["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in policy


def test_it_holds_the_splits_of_the_library(
    page: str, modernbert: Tokenizer, bert: Tokenizer
) -> None:
    data, *held = blocks(page)
    texts = [*PANEL.values(), "two  spaces\tand\nlines", IN_PARTS[1]]
    names = [*PANEL, "Your text", IN_PARTS[0]]
    assert data["text"] == texts[-2]
    assert data["texts"] == [list(each) for each in zip(names, texts, strict=True)]
    for tokenizer, block in zip((modernbert, bert), held, strict=True):
        backend = tokenizer.backend
        assert block["ids"] == [encode(backend, text) for text in texts]
        assert block["special_ids"] == [encode(backend, text, special=True) for text in texts]


def test_names_are_text(any_page: str) -> None:
    assert "<script>window" not in any_page
    labels = [
        value for name, value in re.findall(r'(aria-label)="([^"]*)"', any_page) if name and value
    ]
    assert all("<" not in label for label in labels)
    assert any("Tokens of" in html.unescape(label) for label in labels)


@pytest.mark.parametrize("name", OWN)
def test_its_assets_name_no_address_and_make_no_markup(name: str) -> None:
    text = asset(name)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|</", text)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|\bFunction\(|fetch|XMLHttp",
        text,
    )


def test_the_port_is_the_one_that_its_record_names() -> None:
    folder = files("tokstat.render.html") / "vendor"
    record = json.loads((folder / "tokenizers.json").read_text("utf-8"))
    program = (folder / record["file"]).read_bytes()
    assert hashlib.sha256(program).hexdigest() == record["sha256"]
    assert len(program) < 40_000
    assert not re.search(rb"\beval\b|\bFunction\(|fetch|XMLHttp|importScripts", program)
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    notice = (ROOT / "NOTICE").read_text("utf-8")
    assert f"{record['name']} {record['version']}" in notice
