"""What was learned ahead of time about each of wordfreq's lists, a file a language.

`python tests/tools/build_words.py` learns it again.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache

from tokstat.io.files import PACKAGED_DATA
from tokstat.words.affixes import Affixes
from tokstat.words.standalone import SeldomAlone

FOLDER = PACKAGED_DATA / "words"


@dataclass(frozen=True)
class LearnedWords:
    """Hold what was learned about a language.

    `cased` maps a lower-cased word to its usual form, where that has a capital.
    """

    affixes: Affixes
    seldom_alone: SeldomAlone
    cased: dict[str, str]


@cache
def learned_words(language: str) -> LearnedWords | None:
    """Read what was learned about one of wordfreq's lists; learning takes seconds."""
    path = FOLDER / f"{language}.json.gz"
    if not path.is_file():
        return None
    content = json.loads(gzip.decompress(path.read_bytes()))
    return LearnedWords(
        Affixes(frozenset(content["prefixes"]), frozenset(content["suffixes"])),
        SeldomAlone(frozenset(content["starting"]), frozenset(content["inside"])),
        dict(zip(map(str.lower, content["cased"]), content["cased"], strict=True)),
    )
