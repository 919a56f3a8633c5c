"""Whatever text is put into an element comes out as that text, and as nothing else."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import HOSTILE_TOKENS
from tokstat.render.html.markup import (
    Html,
    data_block,
    element,
    escape,
    join,
    to_ascii,
    with_code,
)
from tokstat.text.visible import visible_line

ANY_TEXT = st.text(st.characters()) | st.sampled_from(HOSTILE_TOKENS)


class Reader(HTMLParser):
    """Collects what a parser sees: elements with their attributes, and the text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        assert decl == "DOCTYPE html"


@given(ANY_TEXT, ANY_TEXT)
def test_text_is_text(content: str, attribute: str) -> None:
    read = Reader(to_ascii(element("p", content, title=attribute)))
    assert read.elements == [("p", {"title": visible_line(attribute)})]
    assert read.text == visible_line(content)


@given(ANY_TEXT)
def test_escaped_text_has_nothing_that_acts(text: str) -> None:
    safe = escape(text)
    assert not set("<>\"'") & set(safe)
    assert all(character.isprintable() for character in safe)


@given(st.recursive(ANY_TEXT | st.integers() | st.none(), st.lists))
def test_data_is_read_back_and_holds_no_markup(data: object) -> None:
    block = data_block(data, class_="rows")
    inner = block.removeprefix('<script type="application/json" class="rows">')
    inner = inner.removesuffix("</script>")
    assert len(inner) < len(block)
    assert json.loads(inner) == data
    assert inner.isascii()
    assert not set("<>&") & set(inner)


def test_markup_is_not_escaped_again_and_strings_never_pass_for_it() -> None:
    assert element("p", element("b", "x"), " & ", ["y", 1, None]) == "<p><b>x</b> &amp; y1</p>"
    assert element("p", "<b>") == "<p>&lt;b&gt;</p>"
    assert isinstance(element("p"), Html)


@pytest.mark.parametrize(
    ("attributes", "written"),
    [
        ({"hidden": True}, "<i hidden></i>"),
        ({"hidden": False, "id": None}, "<i></i>"),
        ({"class_": "a", "aria_label": "b"}, '<i class="a" aria-label="b"></i>'),
        ({"x": 1.5, "y": 2.0, "z": 1 / 3}, '<i x="1.5" y="2" z="0.33"></i>'),
    ],
)
def test_attributes(attributes: dict[str, str | bool | float | None], written: str) -> None:
    assert element("i", **attributes) == written


def test_lone_surrogates_and_nul_reach_no_page() -> None:
    assert to_ascii(element("p", "\ud800\x00\u00e9")) == "<p>\\ud800\\x00&#233;</p>"


def test_commands_between_backticks_are_code() -> None:
    found = join(with_code("Run: `tokstat <x>`. Then `b`."))
    assert found == "Run: <code>tokstat &lt;x&gt;</code>. Then <code>b</code>."
    assert join(with_code("a ` b")) == "a ` b"
