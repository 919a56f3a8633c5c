"""Learn the packaged facts about words again: python tests/tools/build_words.py, some minutes.

It writes a file for each of wordfreq's languages (affixes, words that are seldom alone, usual
forms), the index of frequent words, and the vulgar words. The usual forms come from the cased
frequencies of spacy-lookups-data on PyPI, and the vulgar words from naughty-words on npm.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.real_tokenizers import Package, download
from tokstat.text.unicode import text_properties
from tokstat.words.affixes import learn_affixes
from tokstat.words.examples import VULGAR
from tokstat.words.frequent_words import FREQUENT_WORDS
from tokstat.words.hashing import LONGEST, hashes_of
from tokstat.words.languages import IN_ENGLISH, INDEX, IS_BARE, RANKS_IN_BAND
from tokstat.words.lexicon import WordList, load_lexicon, wordfreq_languages
from tokstat.words.packaged import FOLDER, learned_words
from tokstat.words.scripts import ONE_CHARACTER_WORDS
from tokstat.words.standalone import seldom_alone

CASED = Package("pip", "spacy-lookups-data", "1.0.5", "", "MIT")
CASED_LANGUAGES = ("de", "el", "en", "es")
VULGAR_WORDS = Package("npm", "naughty-words", "1.2.0", "", "CC BY 4.0")

FREQUENT = 10_000
"""Words of a language in the index, before those of other languages are left out."""

CONSIDERED = 40_000
"""Words of each language that decide which language a word belongs to."""

AS_FREQUENT = 0.3
"""A word belongs to the language where it is most frequent, and to those within this Zipf."""

MORE_THAN_ENGLISH = 2.0
"""A word that the English list knows too must be more frequent by this Zipf: 100 times."""


def vulgar_words(archive: Path) -> list[str]:
    """Return the single words of all languages in the archive of naughty-words, sorted."""
    found: set[str] = set()
    with tarfile.open(archive) as tarball:
        for member in tarball:
            content = tarball.extractfile(member)
            if re.fullmatch(r"package/[a-z]{2,3}\.json", member.name) and content is not None:
                found.update(word.lower() for word in json.load(content) if word.isalpha())
    return sorted(found)


def usual_forms(probabilities: Mapping[str, float], words: list[str]) -> list[str]:
    """Return the words that are most often written with a capital, in their most frequent form."""
    forms: dict[str, tuple[float, str]] = {}
    for form, probability in probabilities.items():
        lowered = form.lower()
        if probability > forms.get(lowered, (float("-inf"), ""))[0]:
            forms[lowered] = (probability, form)
    usual = (forms.get(word, (0.0, word))[1] for word in words)
    return [form for form, word in zip(usual, words, strict=True) if form != word]


def frequent_words(words: WordList) -> dict[str, float]:
    """Return the most frequent words of letters; one character suffices in Han and Kana."""
    top = words.top(CONSIDERED)
    alphabetic = text_properties(top).alphabetic.tolist()
    least = 1 if words.scripts & ONE_CHARACTER_WORDS else 2
    return {
        word: words.zipf[word]
        for word, is_word in zip(top, alphabetic, strict=True)
        if is_word and least <= len(word) <= LONGEST
    }


def write_index() -> None:
    """Write the index of frequent words: sorted hashes, and what they are (see `languages`)."""
    lists = [load_lexicon([language]).word_lists[0] for language in wordfreq_languages()]
    frequent = [frequent_words(words) for words in lists]
    highest: dict[str, float] = {}
    for ranked in frequent:
        for word, zipf in ranked.items():
            highest[word] = max(highest.get(word, 0.0), zipf)
    (english,) = (words for words in lists if words.language == "en")
    entries = []
    for code, (words, ranked) in enumerate(zip(lists, frequent, strict=True)):
        for rank, (word, zipf) in enumerate(list(ranked.items())[:FREQUENT]):
            in_english = 0.0 if words is english else english.zipf.get(word, 0.0)
            # What English knows as a part of other words does not count.
            rival = 0.0 if word in english.seldom_alone.starting else in_english
            if zipf < highest[word] - AS_FREQUENT or (rival and zipf < rival + MORE_THAN_ENGLISH):
                continue
            seldom = word in words.seldom_alone.inside
            kind = code | IS_BARE * (not seldom) | IN_ENGLISH * bool(in_english)
            entries.append((word, kind, rank // RANKS_IN_BAND))
    hashes = hashes_of([word for word, _, _ in entries])
    order = np.argsort(hashes, kind="stable")
    np.savez(  # reading it uncompressed is faster
        INDEX,
        hashes=(hashes[order] >> np.uint64(32)).astype(np.uint32),
        kinds=np.array([kind for _, kind, _ in entries], np.uint8)[order],
        bands=np.array([band for _, _, band in entries], np.uint8)[order],
        names=np.array([words.language for words in lists]),
    )
    print(f"index: {len(entries):,} entries, {INDEX.stat().st_size:,} bytes", file=sys.stderr)


def write_language(words: WordList, probabilities: Mapping[str, float]) -> None:
    """Write what is learned about one language."""
    affixes, seldom = learn_affixes(words.zipf), seldom_alone(words.zipf)
    content = {
        "source": "learned by tokstat from the words of Zipf frequency 2 or more in"
        " wordfreq 3.1.1's list best (https://github.com/rspeer/wordfreq, CC BY-SA 4.0)"
        + (f"; usual forms from {CASED.name} {CASED.version} (MIT)" if probabilities else ""),
        "prefixes": sorted(affixes.prefixes),
        "suffixes": sorted(affixes.suffixes),
        "starting": sorted(seldom.starting),
        "inside": sorted(seldom.inside),
        "cased": sorted(usual_forms(probabilities, words.top(FREQUENT_WORDS))),
    }
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    path = FOLDER / f"{words.language}.json.gz"
    path.write_bytes(gzip.compress(packed, mtime=0))
    print(f"{words.language}: {path.stat().st_size:,} bytes", file=sys.stderr)


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        cased = zipfile.ZipFile(download(CASED, Path(first)))
        vulgar = vulgar_words(download(VULGAR_WORDS, Path(second)))
        VULGAR.write_bytes(gzip.compress("\n".join(vulgar).encode(), mtime=0))
        for language in wordfreq_languages():
            (words,) = load_lexicon([language]).word_lists
            probabilities: Mapping[str, float] = {}
            if language in CASED_LANGUAGES:
                member = f"spacy_lookups_data/data/{language}_lexeme_prob.json.gz"
                probabilities = json.loads(gzip.decompress(cased.read(member)))
            write_language(words, probabilities)
    learned_words.cache_clear()
    write_index()


if __name__ == "__main__":
    main()
