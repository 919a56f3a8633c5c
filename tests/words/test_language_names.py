"""Languages by the names that people write, and those without a word list."""

from __future__ import annotations

import subprocess
import sys

import pytest
import wordfreq

from tokstat.errors import LexiconError
from tokstat.results.language_names import language_name, named
from tokstat.words.language_names import resolve_language
from tokstat.words.lexicon import load_lexicon

LISTS = sorted(wordfreq.available_languages())


@pytest.mark.parametrize("code", LISTS)
def test_codes_and_both_names_of_every_list_resolve(code: str) -> None:
    assert resolve_language(code, LISTS) == code
    assert resolve_language(code.upper(), LISTS) == code
    name = language_name(code)
    assert name is not None
    assert resolve_language(name.upper(), LISTS) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("pt-BR", "pt"),
        ("pt_BR.UTF-8", "pt"),
        ("zh-Hans", "zh"),
        ("zh-Hant", "zh"),
        ("english", "en"),
        ("Deutsch", "de"),
        ("中文", "zh"),
        ("no", "nb"),
        ("sr", "sh"),
        ("hr", "sh"),
        ("iw", "he"),
        ("tagalog", "fil"),
        (" fr ", "fr"),
    ],
)
def test_names_as_people_write_them(written: str, code: str) -> None:
    assert resolve_language(written, LISTS) == code


@pytest.mark.parametrize(
    ("written", "named"),
    [("th", "Thai"), ("swahili", "Swahili"), ("lb", "Luxembourgish"), ("nn", "Nynorsk")],
)
def test_a_language_without_a_list_is_named(written: str, named: str) -> None:
    with pytest.raises(LexiconError) as caught:
        resolve_language(written, LISTS)
    assert named in caught.value.problem
    assert "--lexicon" in caught.value.hint


@pytest.mark.parametrize("written", ["xx", "x", "", "123", "../en", "best", "x-foo", "e" * 300])
def test_no_language_at_all(written: str) -> None:
    with pytest.raises(LexiconError) as caught:
        resolve_language(written, LISTS)
    assert "--lexicon" in caught.value.hint


def test_a_slip_is_corrected() -> None:
    with pytest.raises(LexiconError, match=r"german \(de\)"):
        resolve_language("germna", LISTS)


def test_two_names_of_one_list_load_it_once() -> None:
    assert load_lexicon(["sr", "hr", "serbo-croatian"]).languages == ("sh",)


def test_a_plain_code_imports_nothing() -> None:
    """Its resolution must not slow the default run: langcodes takes a tenth of a second."""
    code = (
        "import sys; from tokstat.words.lexicon import load_lexicon; load_lexicon(['en']);"
        "print('langcodes' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_languages_are_named_in_english() -> None:
    assert named("de") == "German"
    assert named("de", "pl", "zh") == "German, Polish and Chinese"
    assert named("words.txt") == "words.txt"
