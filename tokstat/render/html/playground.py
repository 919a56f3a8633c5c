"""A page with a text box that shows the splits of each tokenizer while one types, offline.

The tokenizers travel in the page (`packed`), and a JavaScript port of the tokenizers library
(`vendor/`) runs them in workers. When it opens, the page compares its splits of fixed texts with
those of the library, which are written into it, and warns of a tokenizer on which they differ.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tokstat.errors import naming
from tokstat.render.html.markup import Child, Html, data_block, element
from tokstat.render.html.packed import packed
from tokstat.render.html.page import Additions, asset, render_page
from tokstat.render.html.parts import sections_of_page
from tokstat.results.report import Table
from tokstat.splitting.panel import PANEL
from tokstat.text.wording import counted
from tokstat.tokenizer.decoding import byte_alphabet
from tokstat.tokenizer.encoding import encode_batch
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.version import __version__

IN_PARTS = ("characters in parts", "\u1100\u1161\u11a8 \u304b\u3099 a\u0301\u0323 \u1e9b\u0323")
"""A syllable, a kana and two letters with their parts apart, which the page also checks itself on.

The library joins them by SentencePiece's map of characters, the port by NFKC where a page lacks
the map.
"""


def render_playground(
    tokenizers: Sequence[Tokenizer],
    text: str = "",
    panel: Mapping[str, str] = PANEL,
    *,
    switched_on: Collection[str] = (),
    more: Iterable[str | Table] = (),
) -> str:
    """Write a page on which one types a text and sees how each tokenizer splits it.

    `text` is in the box when the page opens (by default the first of the panel). `panel` holds the
    texts by name that the page offers, and on which it checks itself. `switched_on` are the
    switches that are on when the page opens: "ids", "special". `more` stands below the splits, and
    typing does not change it.

    Raises:
        EncodingError: a tokenizer fails on one of the texts.
        InvalidTokenizerError: a tokenizer's ids are far apart.
    """
    texts = [*panel.items(), *([("Your text", text)] if text else []), IN_PARTS]
    data = {"text": text or next(iter(panel.values()), ""), "texts": texts}
    names = [tokenizer.origin.spec for tokenizer in tokenizers]
    return render_page(
        title=f"{', '.join(names)} · tokstat",
        header=element("p", element("b", "tokstat"), " tokenizer playground", class_="brand"),
        contents=(),
        body=(
            element(
                "section",
                element("h1", "How a text is split"),
                element(
                    "p",
                    "This page needs JavaScript and a browser of 2024 or later.",
                    class_="note unscripted",
                ),
                _controls(list(panel), switched_on),
            ),
            element("div", map(_card, range(len(names)), tokenizers), class_="results"),
            *sections_of_page(more),
            data_block(data, id="playground"),
            (
                data_block(_data(tokenizer, [text for _, text in texts]), class_="tokenizer")
                for tokenizer in tokenizers
            ),
        ),
        footer=(
            element(
                "p",
                f"Written by tokstat {__version__}. This page is self-contained: it loads nothing,"
                " and what you type stays in it.",
            ),
            element("p", "@huggingface/tokenizers (Apache License 2.0) splits the text."),
        ),
        additions=Additions(
            asset("playground.css"),
            _script(),
            ("worker-src blob:", "trusted-types tokstat-worker"),
            "Skip to the text box",
        ),
    )


def _data(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, Any]:
    """Return what the script needs of a tokenizer, with the ids that it must find for each text."""
    scheme = tokenizer.scheme
    with naming(tokenizer.origin.spec):
        ids, special_ids = (
            [each.ids for each in encode_batch(tokenizer.backend, texts, special=special)]
            for special in (False, True)
        )
    return {
        "packed": packed(tokenizer),
        "scheme": {
            **asdict(scheme),
            "alphabet": byte_alphabet() if scheme.byte_level else {},
            "has_bytes": not scheme.byte_level and bool(tokenizer.vocabulary.kind("byte").any()),
        },
        "ids": ids,
        "special_ids": special_ids,
    }


def _script() -> str:
    """Return the page's own script, with the program of its workers as a text in it."""
    worker = asset("vendor/tokenizers.js") + asset("playground_worker.js")
    text = json.dumps(worker).replace("<", "\\u003c")
    return f"{{\nconst WORKER = {text};\n{asset('playground.js')}}}\n"


def _controls(names: Sequence[str], switched_on: Collection[str]) -> Html:
    """Build the text box, the texts that it offers, and the switches; the script shows them."""
    return element(
        "div",
        element("label", "Text", for_="text", class_="label"),
        element("textarea", id="text", rows=4, spellcheck="false", autocomplete="off", dir="auto"),
        element(
            "div",
            (element("button", name, type="button", data_text=at) for at, name in enumerate(names)),
            class_="examples",
            role="group",
            aria_label="Example texts",
        ),
        element(
            "div",
            _switch("ids", "Token ids", switched_on),
            _switch("special", "Special tokens", switched_on),
            class_="switches",
        ),
        element("p", class_="hidden", role="status", id="counts"),
        class_="controls",
        hidden=True,
    )


def _switch(key: str, label: str, switched_on: Collection[str]) -> Html:
    box = element("input", type="checkbox", id=key, checked=key in switched_on)
    return element("label", box, label)


def _card(at: int, tokenizer: Tokenizer) -> Html:
    """Build the place of one tokenizer's splits, which the script fills."""
    name = tokenizer.origin.spec
    facts = f"{tokenizer.model_type}, {counted(len(tokenizer.vocabulary), 'token')}"
    body: Child = (
        element(
            "div",
            element("h2", element("bdi", name)),
            element("p", facts, class_="about"),
            element("p", "loading …", class_="state"),
            class_="who",
        ),
        element("p", class_="count"),
        element("div", class_="pieces", role="listbox", aria_label=f"Tokens of {name}", tabindex=0),
        element("p", class_="detail"),
    )
    return element("section", body, class_="splits", id=f"tokenizer-{at}", hidden=True)
