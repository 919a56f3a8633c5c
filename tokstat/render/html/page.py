"""The frame of a page: one file that loads nothing and runs only its own script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tokstat.render.html.markup import Child, Html, element, to_ascii

_ICON = (
    "data:image/svg+xml,"
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%232563a8'/%3E"
    "%3Cpath d='M4 5h8M8 5v7' stroke='white' stroke-width='2'/%3E%3C/svg%3E"
)

_THEMES = (("", "Auto"), ("light", "Light"), ("dark", "Dark"))


@dataclass(frozen=True)
class Additions:
    """Hold what one kind of page has beyond the others: style, script, and directives for both."""

    style: str = ""
    script: str = ""
    policy: tuple[str, ...] = ()
    skip_to: str = "Skip to the report"


_NO_ADDITIONS = Additions()


def render_page(
    title: str,
    header: Child,
    contents: Sequence[tuple[str, str]],
    body: Child,
    footer: Child,
    additions: Additions = _NO_ADDITIONS,
) -> str:
    """Write a whole page as ASCII text, byte for byte reproducible.

    `contents` are the ids and titles that the navigation links to; a page may have none.
    """
    style = asset("components.css") + asset("page.css") + additions.style
    script = asset("page.js") + additions.script
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element(
            "meta", http_equiv="Content-Security-Policy", content=_policy(style, script, additions)
        ),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("link", rel="icon", href=_ICON),
        element("style", Html(style)),
    )
    parts = element(
        "body",
        element("a", additions.skip_to, class_="skip", href="#main"),
        element("header", element("div", header, _switch(), class_="bar"), class_="top"),
        element(
            "div",
            _navigation(contents) if contents else None,
            element("main", body, id="main", tabindex=-1),
            class_="columns",
        ),
        element("footer", footer),
        element("script", Html(script)),
        class_="tokstat",
    )
    return "<!DOCTYPE html>\n" + to_ascii(element("html", head, parts, lang="en")) + "\n"


def _policy(style: str, script: str, additions: Additions) -> str:
    """Return a policy that allows only the page's own style and script, by their hashes."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            *additions.policy,
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def asset(name: str) -> str:
    """Read a style sheet or script of this package; all are ASCII, like the page."""
    return (files("tokstat.render.html") / name).read_text("ascii")


def _switch() -> Html:
    """Build the switch of themes; the script shows it, as it needs the script."""
    return element(
        "fieldset",
        element("legend", "Theme", class_="hidden"),
        (
            element(
                "label",
                element("input", type="radio", name="theme", value=value, checked=not value),
                element("span", label),
            )
            for value, label in _THEMES
        ),
        class_="themes",
        hidden=True,
    )


def _navigation(contents: Sequence[tuple[str, str]]) -> Html:
    """Build the page's table of contents; the script opens it if there is room."""
    items = (element("li", element("a", title, href=f"#{key}")) for key, title in contents)
    return element(
        "nav",
        element("details", element("summary", "On this page"), element("ul", items)),
        aria_label="On this page",
    )
