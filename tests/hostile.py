"""A vocabulary of what breaks pages and terminals: markup, scripts, controls, bidi, huge tokens."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import tokenizers
from tokenizers import models, pre_tokenizers

import tokstat
from tests.conftest import wrap
from tokstat.comparison.compared_parts import (
    ComparedPart,
    ComparedParts,
    ComparedSetting,
    NotCompared,
)
from tokstat.comparison.comparison import Comparison, FoundBy
from tokstat.results.report import Finding, Report

HOSTILE_NAME = '</title><script>window.broken=1</script>\x1b[31m"\u202ex'

HOSTILE_TOKENS = (
    "<script>window.broken=1</script>",
    "</script><script>window.broken=1</script>",
    "</style><style>*{display:none}</style>",
    "</title><h1>broken</h1>",
    "<!--",
    "-->",
    "]]>",
    "<img src=x onerror=window.broken=1>",
    '"><svg onload=window.broken=1>',
    "' onmouseover='window.broken=1",
    '" autofocus onfocus="window.broken=1',
    "javascript:window.broken=1",
    "<a href=javascript:window.broken=1>x</a>",
    "<iframe src=https://example.invalid/>",
    "<link rel=stylesheet href=https://example.invalid/x.css>",
    "<base href=https://example.invalid/>",
    "<meta http-equiv=refresh content=0;url=https://example.invalid/>",
    "<plaintext>",
    "<textarea>",
    "</table></div></main>",
    "&lt;&amp;&#60;&NotEqualTilde;",
    "{{7*7}}${7*7}`7`",
    "@import url(https://example.invalid)",
    "\u202eesrever\u202c",
    "\u2066\u2067isolates",
    "\u200fmark\u200e",
    "\u05e9\u05dc\u05d5\u05dd",
    "\u0645\u0631\u062d\u0628\u0627",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://example.invalid\x07link\x1b]8;;\x07",
    "\x1b[2J",
    "\x00",
    "nul\x00inside",
    "\x07\x08\x7f\x85",
    "line\nbreak",
    "tab\tstop\r",
    "\u2028\u2029",
    "\u200b\u200d\ufeff",
    "\u0301\u0301\u0301",
    "e" + "\u0301" * 60,
    "\ufdfd",
    "\u3164",
    "\U000e0041\U000e007f",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "| pipe | table |",
    "[b]x[/b] :smile: $math$",
    "x" * 500,
    " " * 128,
    "\u4e2d" * 200,
    "=HYPERLINK(1)",
)


def hostile_tokenizer() -> tokenizers.Tokenizer:
    """Build a word-level tokenizer of hostile tokens and a few words, so that all analyzers run."""
    words = ("[UNK]", "the", "of", "and", "The", "THE", "apple", "Apple", *HOSTILE_TOKENS)
    vocab = {token: index for index, token in enumerate(words)}
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens(["</script><b>special</b>"])
    return backend


@cache
def hostile_report() -> Report:
    """Analyze the hostile tokenizer under a hostile name; one finding concerns all its tokens."""
    report = tokstat.inspect(wrap(hostile_tokenizer(), HOSTILE_NAME))
    first, *others = report.sections
    tokens = [
        str(token) for token in report.section("whole_words").table("sample").columns["token"]
    ]
    finding = Finding(
        code="X<1>",
        severity="error",
        message=" ".join(HOSTILE_TOKENS[:20]),
        hint='"><img src=x onerror=window.broken=1>',
        token_ids=tuple(range(len(tokens))),
        tokens=tuple(tokens),
        title="</h3></article><script>window.broken=1</script>",
        rationale="<!-- <script> \u202e",
    )
    return replace(report, sections=(replace(first, findings=(finding,)), *others))


@cache
def hostile_comparison() -> Comparison:
    """Compare the hostile tokenizer, under its name, with one that shares some of its tokens."""
    words = [f"{token}x" for token in HOSTILE_TOKENS]
    vocab = {token: index for index, token in enumerate(["[UNK]", "the", *words])}
    other = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    other.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    comparison = tokstat.compare(
        wrap(hostile_tokenizer(), HOSTILE_NAME), wrap(other, f"{HOSTILE_TOKENS[8]}/{'y' * 300}")
    )
    first, *others = comparison.words
    return replace(
        comparison,
        words=(replace(first, only_examples=HOSTILE_TOKENS), *others),
        shared_examples=HOSTILE_TOKENS,
        digit_policies=('"><img src=x onerror=window.broken=1>', "\u202e"),
        findings=(
            FoundBy("X<1>", "error", "</h3></article><script>window.broken=1</script>", (0,)),
            *comparison.findings,
        ),
        parts=ComparedParts(
            entries=comparison.parts.entries if comparison.parts else (),
            parts=tuple(
                ComparedPart(each, (ComparedSetting(each, (each, f'[{{"type": "{each}"}}]')),), 1)
                for each in ("</td><script>window.broken=1</script>", "\u202e\x1b[2J", "roles")
            ),
            equal=("</p><script>window.broken=1</script>", "\u202e"),
            not_compared=(NotCompared("roles", (1,), "<b>\x1b"),),
        ),
    )
