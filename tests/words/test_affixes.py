"""Tests of the affix learner: a hand-written list, a made-up language, brute force."""

import gzip
import importlib.util
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

import msgpack
import pytest

from tests.tools.affix_quality import measure
from tokstat.words.affixes import Affixes, learn_affixes

PRINT_INVENTORY = """
import json, sys
from tokstat.words.affixes import learn_affixes
learned = learn_affixes(dict.fromkeys(json.load(sys.stdin), 3.0))
print(sorted(learned.prefixes), sorted(learned.suffixes))
"""


@cache
def wordfreq_list(language: str, size: str = "large") -> Mapping[str, float]:
    """Read the words of Zipf frequency 2 or more, the most frequent first."""
    spec = importlib.util.find_spec("wordfreq")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "data" / f"{size}_{language}.msgpack.gz"
    with gzip.open(path) as file:
        _, *ranks = msgpack.load(file)
    return {word: 9 - k / 100 for k, words in enumerate(ranks[:701]) for word in words}


@cache
def english() -> Affixes:
    return learn_affixes(wordfreq_list("en"))


def pairs(affixes: Affixes) -> set[tuple[str, str]]:
    return {(string, "prefix") for string in affixes.prefixes} | {
        (string, "suffix") for string in affixes.suffixes
    }


def brute_force(words: Mapping[str, float]) -> Affixes:
    """Learn by the definition in the docstring, with strings and loops."""
    known = [w for w in words if 5 <= len(w) <= 32 and w.isalpha()]
    derived: dict[bool, Counter[str]] = {}
    simple: dict[bool, set[str]] = {}
    won: dict[bool, dict[str, list[str]]] = {}
    for prefix in (True, False):
        seen: set[str] = set()
        options: dict[str, list[tuple[str, str]]] = {}
        for word in known:
            for n in range(1, min(7, len(word) - 5) + 1):
                at = n if prefix else len(word) - n
                affix, stem = (word[:at], word[at:]) if prefix else (word[at:], word[:at])
                if stem in seen and word[at - 1] != word[at]:
                    options.setdefault(word, []).append((affix, stem[0] if prefix else stem[-1]))
            seen.add(word)
        count = derived[prefix] = Counter(a for found in options.values() for a, _ in found)
        won[prefix] = defaultdict(list)
        for found in options.values():
            affix, letter = max(found, key=lambda pair: (count[pair[0]], -len(pair[0])))
            won[prefix][affix].append(letter)
    for prefix in (True, False):
        simple[prefix] = set()
        for affix, letters in won[prefix].items():
            if len(letters) < 5:
                continue
            long = [w for w in known if len(w) >= len(affix) + 5]
            n = sum(w.startswith(affix) if prefix else w.endswith(affix) for w in long)
            p, z = len(letters) / n, 1.96
            centre = p + z * z / (2 * n)
            margin = z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5
            if (
                (centre - margin) / (1 + z * z / n) >= 0.05
                and Counter(letters).most_common(1)[0][1] <= 0.9 * len(letters)
                and (len(affix) < 4 or derived[not prefix][affix] <= 0.25 * len(letters))
            ):
                simple[prefix].add(affix)
    inventory = {
        prefix: frozenset(
            a
            for a in simple[prefix]
            | {
                a
                for a, n in derived[prefix].items()
                if n >= 5 and any({a[:i], a[i:]} <= simple[prefix] for i in range(1, len(a)))
            }
            if len(a) >= 2
        )
        for prefix in (True, False)
    }
    return Affixes(inventory[True], inventory[False])


def test_english_precision_and_recall() -> None:
    found = measure(english(), "en")
    assert found.precision >= 0.9, sorted(found.wrong)
    assert found.recall >= 0.75, sorted(found.affixes - found.right)


@pytest.mark.parametrize(
    "suffix", ["ing", "ness", "ly", "ers", "ment", "able", "less", "ship", "ation", "ically"]
)
def test_english_suffix(suffix: str) -> None:
    assert suffix in english().suffixes


@pytest.mark.parametrize("prefix", ["un", "re", "dis", "over", "under", "out", "inter"])
def test_english_prefix(prefix: str) -> None:
    assert prefix in english().prefixes


@pytest.mark.parametrize("string", ["ect", "ercul", "encephal", "ough", "rs", "house"])
def test_neither_prefix_nor_suffix(string: str) -> None:
    assert string not in english().prefixes | english().suffixes


def test_strings_have_two_letters_or_more() -> None:
    assert min(len(string) for string, _ in pairs(english())) == 2


@pytest.mark.parametrize("step", [2, 3])
def test_same_as_brute_force(step: int) -> None:
    sample = dict(list(wordfreq_list("en").items())[::step])
    learned = learn_affixes(sample)
    assert len(pairs(learned)) > 10
    assert learned == brute_force(sample)


def test_independent_of_the_hash_seed() -> None:
    words = "[" + ",".join(f'"{w}"' for w in wordfreq_list("en") if w.isalpha()) + "]"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PRINT_INVENTORY],
            input=words,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout
        for seed in ("1", "2")
    }
    assert outputs == {f"{sorted(english().prefixes)} {sorted(english().suffixes)}\n"}


def test_made_up_language() -> None:
    random = Random(7)
    prefixes, suffixes = ["tru", "va", "ospe"], ["oka", "imb", "ez", "ulfor"]

    def root() -> str:
        return "".join(random.choice("bdfgklmnprstvz") + random.choice("aeiou") for _ in range(3))

    roots = [root() + random.choice("bdfgklmnprstvz") for _ in range(500)]
    derived = [affix + r for affix in prefixes for r in random.sample(roots, 60)]
    derived += [r + affix for affix in suffixes for r in random.sample(roots, 60)]
    noise = [root() + root() for _ in range(3000)]
    rare = derived + noise
    random.shuffle(rare)
    learned = learn_affixes(dict.fromkeys(roots, 5.0) | dict.fromkeys(rare, 3.0))
    assert learned == Affixes(frozenset(prefixes), frozenset(suffixes))


def test_rarer_stems_do_not_count() -> None:
    stems = ["table", "motor", "candy", "river", "pilot", "lemon", "tulip", "spoon", "cabin"]
    derived = [stem + "ix" for stem in stems]
    assert learn_affixes(dict.fromkeys(stems + derived, 3.0)).suffixes == {"ix"}
    assert learn_affixes(dict.fromkeys(derived + stems, 3.0)).suffixes == frozenset()


@pytest.mark.parametrize("words", [{}, {"tokens": 4.0}, {"don't": 5.0, "a": 7.0, "00": 5.0}])
def test_nothing_to_learn(words: Mapping[str, float]) -> None:
    assert learn_affixes(words) == Affixes(frozenset(), frozenset())


def test_words_with_marks() -> None:
    stems = ["परिवार", "समाज", "विचार", "अधिकार", "व्यापार", "संसार", "भारतीय", "सरकार"]
    words = dict.fromkeys(stems + [stem + "ों" for stem in stems], 3.0)
    assert "ों" in learn_affixes(words).suffixes


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_languages_without_spaces_have_nearly_none(language: str) -> None:
    assert len(pairs(learn_affixes(wordfreq_list(language)))) <= 20


@pytest.mark.parametrize(
    ("language", "size", "prefixes", "suffixes"),
    [
        ("de", "large", {"ver", "un", "be", "vor"}, {"lich", "keit", "isch", "los"}),
        ("es", "large", {"des", "pre", "inter"}, {"mente", "idad", "ista", "ismo"}),
        ("ru", "large", {"не", "пере", "анти"}, {"ами", "ский", "ник"}),
        ("tr", "small", set(), {"lar", "ler", "den", "ci", "siz"}),
        ("fi", "large", {"epä"}, {"ssa", "lla", "sta"}),
    ],
)
def test_other_languages(language: str, size: str, prefixes: set[str], suffixes: set[str]) -> None:
    learned = learn_affixes(wordfreq_list(language, size))
    assert prefixes <= learned.prefixes
    assert suffixes <= learned.suffixes
