"""Options, settings, baselines, limits and saved results that cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.cli.bad_input.case import GOOD, LAST_TIME, Case, Content
from tokstat.results.report import SCHEMA_VERSION

INSPECT = ("inspect", "tokenizer.json", "--analyzer", "composition", "--analyzer", "whole_words")

FOUND: dict[str, Content] = {
    "tokenizer.json": GOOD,
    "last.json": LAST_TIME,
    "last.html": LAST_TIME,
    "half.json": b'{"schema_version": 1, "sections": [',
    "taken/one": b"",
}

IDENTITY: dict[str, object] = {
    "spec": "x",
    "source": "x",
    "revision": None,
    "sha256": "",
    "loader": "",
    "model_type": "",
    "scheme": "",
    "vocab_size": 1,
    "added_tokens": 0,
    "lowercases": False,
    "adds_leading_space": False,
    "notes": [],
}
WORDS = {"name": "", "languages": [], "words": 0, "source": ""}


def with_sections(sections: object) -> str:
    report = {
        "schema_version": SCHEMA_VERSION,
        "tokstat_version": "",
        "tokenizer": IDENTITY,
        "lexicon": WORDS,
    }
    return json.dumps({**report, "sections": sections})


def with_findings(*findings: object) -> str:
    empty: dict[str, object] = {"title": "", "skipped": None, "metrics": [], "tables": []}
    return with_sections([{"analyzer": "a", **empty, "findings": findings}])


def one_finding(**changes: object) -> str:
    """Return a saved report with one finding: sound, without changes."""
    parts: dict[str, object] = {"code": "A", "severity": "info", "message": "", "hint": ""}
    return with_findings({**parts, "token_ids": [], **changes})


REPORTS = {
    "empty": "",
    "no JSON": "{",
    "truncated": one_finding()[:-20],
    "a list": "[]",
    "deeply nested": "[" * 100_000,
    "another schema": '{"schema_version": 1}',
    "no report": f'{{"schema_version": {SCHEMA_VERSION}}}',
    "a tokenizer": GOOD.decode(),
    "a study": f'{{"schema_version": {SCHEMA_VERSION}, "rows": []}}',
    "sections that are none": with_sections(5),
    "findings that are none": with_findings(5),
    "a level that is none": one_finding(severity="fatal"),
    "a code that is none": one_finding(code=5),
    "an id that is none": one_finding(token_ids=["1"]),
    "ids of ids": one_finding(token_ids=[[1]]),
    "ids that are none": one_finding(token_ids=5),
}

GATE: dict[str, tuple[str, ...]] = {
    "a metric that is none": ("--min", "whole_words_ratio=0.5"),
    "a code that is none": ("--select", "TS999"),
    "no number": ("--min", "whole_word_ratio=high"),
    "no limit": ("--max", "whole_word_ratio"),
    "not a number": ("--min", "whole_word_ratio=nan"),
    "infinity": ("--max", "content_tokens=inf"),
    "per cent": ("--min", "whole_word_ratio=60"),
    "a ratio of a count": ("--max", "casing_duplicates=0.05"),
    "selected and ignored": ("--select", "TS3", "--ignore", "TS3"),
    "minimum over maximum": ("--min", "whole_word_ratio=0.6", "--max", "whole_word_ratio=0.5"),
    "two minima": ("--min", "whole_word_ratio=0.6", "--min", "whole_word_ratio=0.5"),
    "a level that is none": ("--fail-on", "fatal"),
    "a missing baseline": ("--baseline", "absent.json"),
    "a folder as baseline": ("--baseline", "."),
    "missing settings": ("--config", "absent.toml"),
    "settings that are JSON": ("--config", "half.json"),
    "settings and none": ("--config", "absent.toml", "--isolated"),
    "a missing folder of weights": ("--weights", "absent"),
}

SETTINGS = {
    "no TOML": "lang = ",
    "an unknown key": 'fail_on = "info"',
    "a wrong type": "select = 5",
    "a level that is none": 'fail-on = "fatal"',
    "a metric that is none": "[min]\nwords = 1",
    "a code that is none": 'ignore = ["TS999"]',
    "not a number": "[max]\nwhole_word_ratio = nan",
    "a missing baseline": 'baseline = "tokstat.toml-absent"',
}

WORD_LISTS: dict[str, tuple[str, str, dict[str, Content]]] = {
    "an unknown language": ("--lang", "tlh", {}),
    "a language that is a path": ("--lang", "../en", {}),
    "a language without a list": ("--lang", "thai", {}),
    "a missing word list": ("--lexicon", "words.tsv", {}),
    "a word list without counts": ("--lexicon", "words.tsv", {"words.tsv": b"one\ntwo\n"}),
    "a word list that is not UTF-8": ("--lexicon", "words.tsv", {"words.tsv": b"\xff\t3\n"}),
    "an empty word list": ("--lexicon", "words.tsv", {"words.tsv": b""}),
    "a word list without letters": ("--lexicon", "words.tsv", {"words.tsv": b"12\t3\n"}),
    "a folder as word list": ("--lexicon", "taken", {}),
}

OUTPUTS = {
    "in a missing folder": "absent/out.json",
    "in a file": "tokenizer.json/out.json",
    "that is a folder": "taken",
    "of 300 letters": "n" * 300,
}

PLAIN: dict[str, tuple[tuple[str, ...], str]] = {
    "an unknown analyzer": (("inspect", "tokenizer.json", "--analyzer", "astrology"), "astrology"),
    "an unknown format": (("inspect", "tokenizer.json", "--format", "docx"), "docx"),
    "explain: an unknown code": (("explain", "TS000"), "TS000"),
    "explain: an unknown name": (("explain", "TS501", "astrology", "--json"), "astrology"),
    "tokens: an unknown class": (("tokens", "tokenizer.json", "--class", "poem"), "poem"),
    "tokens: an unknown kind": (("tokens", "tokenizer.json", "--kind", "poem"), "poem"),
    "tokens: an unknown finding": (("tokens", "tokenizer.json", "--finding", "TS000"), "TS000"),
    "tokens: CSV and JSON": (("tokens", "tokenizer.json", "--csv", "--json"), "--csv"),
    "compare: one": (("compare", "tokenizer.json", "-o", "last.html"), "2 to 20"),
    "compare: too many": (("compare", *("tokenizer.json",) * 21, "-o", "last.html"), "20"),
    "limit: unknown": (("--limit", "speed=1", *INSPECT, "-o", "last.json"), "speed"),
    "limit: no number": (("--limit", "tokens=many", *INSPECT), "tokens"),
    "limit: file-size": (("--limit", "file-size=9", *INSPECT, "-o", "out.json"), "file-size"),
    "limit: tokens": (("--limit", "tokens=2", *INSPECT, "-o", "last.html"), "tokens"),
    "limit: token-length": (("--limit", "token-length=1", *INSPECT), "token-length"),
    "limit: depth": (("--limit", "depth=1", *INSPECT, "-o", "out.html"), "depth"),
    "no such command": (("divine", "tokenizer.json"), "divine"),
    "no such option": (("inspect", "tokenizer.json", "--magic"), "--magic"),
    "no spec": (("inspect",), "SPEC"),
    "two specs": (("inspect", "a", "b"), "b"),
    "render: another format": (("render", "half.json", "--format", "docx"), "docx"),
    "render: a folder": (("render", "taken", "-o", "last.html"), "taken"),
    "render: a missing file": (("render", "absent.json", "-o", "last.html"), "absent.json"),
}


def _cases() -> Iterator[tuple[str, Case]]:
    for item, options in GATE.items():
        for output in ("last.json", "out.html"):
            yield f"gate -o {output}: {item}", Case((*INSPECT, *options, "-o", output), "", FOUND)
    for item, text in SETTINGS.items():
        files = {**FOUND, "tokstat.toml": text.encode()}
        yield f"settings: {item}", Case((*INSPECT, "--json"), "tokstat.toml", files)
    for item, text in REPORTS.items():
        files = {**FOUND, "saved.json": text.encode()}
        yield (
            f"baseline: {item}",
            Case((*INSPECT, "--baseline", "saved.json", "-o", "out.json"), "saved.json", files),
        )
        for output in ("out.html", "last.json", "out.md", "out.txt"):
            yield (
                f"render -o {output}: {item}",
                Case(("render", "saved.json", "-o", output), "saved.json", files),
            )
    for item, (option, value, more) in WORD_LISTS.items():
        with_words: tuple[tuple[str, ...], ...] = (
            ("inspect", "tokenizer.json", "-o", "out.json"),
            ("tokens", "tokenizer.json", "--class", "fragment", "--csv", "-o", "out.csv"),
            ("compare", "tokenizer.json", "tokenizer.json", "-o", "last.html"),
        )
        for command in with_words:
            yield f"{command[0]}: {item}", Case((*command, option, value), value, {**FOUND, **more})
    for item, name in OUTPUTS.items():
        files = {**FOUND, "saved.json": one_finding().encode()}
        commands: tuple[tuple[str, ...], ...] = (
            INSPECT,
            ("tokens", "tokenizer.json"),
            ("compare", "tokenizer.json", "tokenizer.json"),
            ("render", "saved.json"),
            ("link", "--published"),
        )
        for command in commands:
            yield f"{command[0]}: an output {item}", Case((*command, "-o", name), name, files)
    for item, (arguments, names) in PLAIN.items():
        yield item, Case(arguments, names, FOUND)
    yield (
        "the variable TOKSTAT_LIMITS",
        Case(INSPECT, "speed", FOUND, environment={"TOKSTAT_LIMITS": "speed=1"}),
    )


CASES = {f"options: {name}": case for name, case in _cases()}
