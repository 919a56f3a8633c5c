"""Packaged affixes against hand-written lists of five languages; docs/method.md has the table."""

import csv

import pytest

from tests.tools.affix_quality import FOLDER, METHOD, NAMES, measure_packaged, page, read_gold


@pytest.mark.parametrize("name", NAMES.values())
def test_a_list_holds_each_string_once(name: str) -> None:
    with (FOLDER / f"{name.lower()}_affixes.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert {row["gold"] for row in rows} == {"affix", "non-affix"}
    assert {row["kind"] for row in rows} == {"prefix", "suffix"}
    assert len({(row["string"], row["kind"]) for row in rows}) == len(rows)
    assert all(row["string"] == row["string"].lower().strip() for row in rows)


@pytest.mark.parametrize("language", NAMES)
def test_a_list_is_large_enough(language: str) -> None:
    gold = read_gold(language)
    assert sum(gold.values()) >= 80
    assert sum(not is_affix for is_affix in gold.values()) >= 0.9 * sum(gold.values())
    assert all(len(string) >= 2 for string, _ in gold)


@pytest.mark.parametrize(
    ("language", "precision", "recall"),
    [
        ("en", 0.9, 0.75),
        ("de", 0.9, 0.75),
        ("ru", 0.9, 0.75),
        # Below the aim of 0.9 and 0.75; docs/method.md says why.
        ("fr", 0.9, 0.65),
        ("es", 0.8, 0.5),
    ],
)
def test_precision_and_recall(language: str, precision: float, recall: float) -> None:
    found = measure_packaged(language)
    assert found.precision >= precision, sorted(found.wrong)
    assert found.recall >= recall, sorted(found.affixes - found.right)


def test_the_page_has_the_table() -> None:
    assert page() == METHOD.read_text("utf-8")
