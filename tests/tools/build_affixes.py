"""Learn the packaged affix inventories again: python tests/tools/build_affixes.py."""

from __future__ import annotations

import json
from pathlib import Path

from tokstat.words.affixes import learn_affixes
from tokstat.words.lexicon import LANGUAGE_OF_SCRIPT, load_lexicon

FILE = Path(__file__).parents[2] / "tokstat" / "data" / "affixes.json"

LANGUAGES = (*dict.fromkeys(LANGUAGE_OF_SCRIPT.values()), "de", "es", "fr", "it", "nl", "pt")


def main() -> None:
    """Write the inventories of `LANGUAGES`, sorted."""
    languages = {}
    for language in LANGUAGES:
        (words,) = load_lexicon([language]).word_lists
        learned = learn_affixes(words.zipf)
        languages[language] = {
            "prefixes": sorted(learned.prefixes),
            "suffixes": sorted(learned.suffixes),
        }
    content = {
        "source": "learned by tokstat from the words of Zipf frequency 2 or more in"
        " wordfreq 3.1.1's list best (https://github.com/rspeer/wordfreq, CC BY-SA 4.0)",
        "languages": languages,
    }
    FILE.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
