"""Write the packaged names of languages again: python tests/tools/build_language_names.py.

The names are those of the Unicode CLDR, as Babel carries it: English names of all languages, and of
the languages with a word list also their own names.
"""

from __future__ import annotations

import json
from pathlib import Path

import babel
import wordfreq

FILE = Path(__file__).parents[2] / "tokstat" / "data" / "language_names.json"

LOCALES = {"sh": "sr_Latn"}
"""Where Babel knows a language by another code."""

ADDED = {"sh": "Serbo-Croatian"}
"""English names that Babel lacks."""

ALSO = {
    "bengali": "bn",
    "bokmål": "nb",
    "castilian": "es",
    "farsi": "fa",
    "flemish": "nl",
    "mandarin": "zh",
    "norsk": "nb",
    "tagalog": "fil",
}
"""Other names that people write."""


def main() -> None:
    """Write the file."""
    listed = sorted(wordfreq.available_languages())
    english = {
        code: name
        for code, name in babel.Locale("en").languages.items()
        if code.isalpha() and code not in ("und", "zxx", "mul", "mis")
    }
    own = {}
    for code in listed:
        locale = babel.Locale.parse(LOCALES.get(code, code))
        own[code] = locale.languages.get(code) or locale.languages[locale.language]
    content = {
        "source": f"Unicode CLDR, from Babel {babel.__version__}; licence: Unicode-3.0",
        "english": dict(sorted({**english, **ADDED}.items())),
        "own": own,
        "also": ALSO,
    }
    FILE.write_text(json.dumps(content, indent=0, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
