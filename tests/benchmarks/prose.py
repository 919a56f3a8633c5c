"""Natural prose in many languages from Debian packages: manuals, help texts, a handbook, a Bible.

Packages are fetched with `apt-get download`, which needs no root, and unpacked into the folder
TOKSTAT_PROSE (default ~/.cache/tokstat-prose). What is made of them is one file of JSON lines,
`{"text": …, "lang": …, "package": …}`, one page a document, in an order shuffled with a fixed seed.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import os
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

LANGUAGES = (
    *("en-us", "de", "fr", "es", "it", "ru", "pl", "pt", "ja", "zh-cn", "ko", "tr", "cs", "da"),
    *("el", "fi", "hu", "nl", "sv", "vi", "ca", "et", "eu", "gl", "hi", "id", "sl"),
)
"""Languages that LibreOffice's help is packaged in."""

_MANUALS = ("de", "fr", "es", "it", "pl", "ru", "ja", "zh", "pt-br", "nl", "ro", "da", "cs", "hu")
_REFERENCES = ("en", "de", "fr", "es", "it", "ja", "pt", "zh-cn", "id")
_APTITUDES = ("en", "cs", "es", "fi", "fr", "it", "ja", "nl", "ru")

PACKAGES = (
    *(f"libreoffice-help-{language}" for language in LANGUAGES),
    *(f"manpages-{language}" for language in _MANUALS),
    *(f"debian-reference-{language}" for language in _REFERENCES),
    *(f"aptitude-doc-{language}" for language in _APTITUDES),
    "debian-handbook",
    "dict-gcide",
    "bible-kjv-text",
    "installation-guide-amd64",
    "postgresql-doc-15",
    "manpages",
    "manpages-dev",
    "fortunes",
)

_LEAST = 200
"""Characters of the shortest page that is kept."""


def folder() -> Path:
    """Return the folder that packages and prose are kept in."""
    return Path(os.environ.get("TOKSTAT_PROSE", "~/.cache/tokstat-prose")).expanduser()


def prose() -> Path:
    """Return the file of JSON lines; fetch the packages and write it if it is not there."""
    path = folder() / "prose.jsonl"
    if not path.is_file():
        folder().mkdir(parents=True, exist_ok=True)
        pages = [page for package in PACKAGES for page in _pages_of(package)]
        random.Random(0).shuffle(pages)
        draft = path.with_suffix(".draft")
        draft.write_text("".join(pages), "utf-8")
        draft.replace(path)
    return path


def _pages_of(package: str) -> Iterator[str]:
    with TemporaryDirectory(dir=folder()) as place:
        done = subprocess.run(
            ["apt-get", "download", "-q", package], cwd=place, capture_output=True, check=False
        )
        archives = list(Path(place).glob("*.deb"))
        if done.returncode or not archives:
            print(f"{package}: not to be had here")
            return
        subprocess.run(["dpkg-deb", "-x", str(archives[0]), place], check=True)
        seen = set()
        for path in sorted(Path(place).rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            text = _text_of(path)
            digest = hashlib.sha256(text.encode()).digest()
            if len(text) < _LEAST or digest in seen:
                continue
            seen.add(digest)
            page = {"text": text, "lang": _language(path, package), "package": package}
            yield json.dumps(page, ensure_ascii=False) + "\n"


def _language(path: Path, package: str) -> str:
    """Name the language by a folder or suffix that looks like a code, else by the package."""
    for part in (*reversed(path.parent.parts), *path.name.split(".")[1:-1]):
        if re.fullmatch(r"[a-z]{2}([-_][A-Z]{2})?", part):
            return part[:2]
    last = package.partition("-help-")[2] or package.rpartition("-")[2]
    return last[:2] if re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", last) else "en"


def _text_of(path: Path) -> str:
    """Return a file's prose, "" for what is none."""
    try:
        data = path.read_bytes()
        if path.suffix in (".gz", ".dz"):
            data = gzip.decompress(data)
        text = data.decode("utf-8")
    except (UnicodeDecodeError, OSError, EOFError):
        return ""
    if "\0" in text:
        return ""
    name = path.name.removesuffix(".gz")
    if name.endswith((".html", ".htm", ".xhtml")):
        return _without_tags(text)
    if re.search(r"\.[1-9]\w*$", name):
        return _without_macros(text)
    return (
        text if name.endswith((".txt", ".dict.dz", ".rawtext")) or "fortunes" in str(path) else ""
    )


def _without_tags(text: str) -> str:
    text = re.sub(r"(?s)<(script|style|head)\b.*?</\1>|<!--.*?-->", " ", text)
    text = re.sub(r"</(p|div|li|h\d|td|tr|pre|dd|dt)>|<br */?>", "\n", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", re.sub(r"[ \t]+", " ", text)).strip() + "\n"


def _without_macros(text: str) -> str:
    lines = [line for line in text.split("\n") if not line.startswith((".", "'"))]
    text = re.sub(r"\\f.|\\[&|^]|\\s[-+]?\d", "", "\n".join(lines))
    return text.replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\").strip() + "\n"


if __name__ == "__main__":
    print(prose())
