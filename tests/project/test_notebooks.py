"""Every notebook runs without a network, and its numbers are the package's."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tokstat
from tests.conftest import NOWHERE
from tests.needs import need
from tokstat.tokenizer.tokenizer import Tokenizer

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

SECONDS = 120


def cells(path: Path) -> Iterator[dict[str, Any]]:
    yield from json.loads(path.read_text("utf-8"))["cells"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_stored(path: Path) -> None:
    """Outputs would hide that a notebook no longer runs, and fill every change with noise."""
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert code
    assert not any(cell["outputs"] or cell["execution_count"] is not None for cell in code)
    assert next(cells(path))["source"][0].startswith("# ")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_between_notebooks_lead_somewhere(path: Path) -> None:
    import re

    for cell in cells(path):
        if cell["cell_type"] == "markdown":
            for target in re.findall(r"\]\(([^):#]+)\)", "".join(cell["source"])):
                assert (FOLDER / target).is_file(), target


PUBLIC = {"tokstat", "tokstat.plots", "tokstat.analyzers"}
"""What notebooks import of the package; analyzers are written with the last."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_import_public_modules_only(path: Path) -> None:
    code = ["".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code"]
    imported, used = set(), set()
    for node in (node for text in code for node in ast.walk(ast.parse(text))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            imported |= names if node.module == "tokstat" else {str(node.module)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used |= {node.attr} if node.value.id == "tokstat" else set()
    assert {each for each in imported if each.split(".")[0] == "tokstat"} <= PUBLIC
    assert used <= {*tokstat.__all__, "plots"}
    assert used


# The numbers that each must show, from the package itself.


def first_look(modernbert: Tokenizer) -> Iterator[str]:
    report = tokstat.inspect(modernbert)
    for name in ("whole_word_ratio", "casing_duplicate_ratio", "fragment_ratio"):
        metric = report.metric(name)
        yield f"{name:24} {metric.value:.4f} = {metric.numerator:,} / {metric.denominator:,}"
    yield from (f"{finding.code} {finding.severity} - " for finding in report.findings)
    yield f"{len(modernbert.vocabulary)}\n"


def modernbert_case(modernbert: Tokenizer) -> Iterator[str]:
    report = tokstat.inspect(modernbert)
    for name in ("whole_word_ratio", "coverage_spaced", "coverage_bare"):
        yield f"{name:24} {report.metric(name).value:8.3f}"
    yield from (
        f"{row.wordsim:5.1f}  {row.model}"
        for row in tokstat.link_published().rows
        if row.wordsim is not None
    )
    ladder = tokstat.read_ladder()
    assert ladder.distance is not None
    for rung in ladder.rungs:
        change = rung.change_in_sequence.value
        yield f"{rung.title:36} {change:+6.1f}  {change / ladder.distance:6.1%}"
    yield "t|iger"


def choosing_a_tokenizer(modernbert: Tokenizer) -> Iterator[str]:
    compared = tokstat.compare("google-bert/bert-base-uncased", modernbert)
    for name in ("whole_word_ratio", "fragment_ratio", "coverage_bare", "coverage_spaced"):
        score = compared.score(name)
        yield " ".join([f"{name:18}", *(f"{value:8.1%}" for value in score.values)])
        ranks = [rank for rank in score.ranks if rank]
        yield " ".join([f"{name:18}", *(f"{each.lower:3} of {each.total}" for each in ranks)])
    for words in compared.words:
        yield f"has {words.only:,} words alone: {words.only_examples[0]}"


def splits_and_changes(modernbert: Tokenizer) -> Iterator[str]:
    yield "2  t|iger"
    yield f"`·tiger` ({modernbert['·tiger'].id:,})"
    merges = [*map(tuple, json.loads(modernbert.to_json())["model"]["merges"])]
    for merge in (("e", "r"), ("i", "g"), ("ig", "er")):
        yield f"merge {merges.index(merge):,}: {' + '.join(merge)}"
    yield f"None {tuple(modernbert.encode('tiger'))}"
    bert = tokstat.load("google-bert/bert-base-uncased")
    yield f"the  {bert['the'].id:,} → {bert['and'].id:,}"
    yield "True False"
    yield f"{len(tokstat.lock(bert).to_json()):,} bytes"
    yield "True []\n"
    yield "False ['ids', 'normalizer', 'encodings']"


def writing_an_analyzer(modernbert: Tokenizer) -> Iterator[str]:
    texts = [token.text or "" for token in modernbert.vocabulary if (token.text or "").isalpha()]
    folded = [text.lower() for text in texts]
    yield f"{sum(len(text) >= 4 and text == text[::-1] for text in folded)} (<Finding "


def a_corpus(modernbert: Tokenizer) -> Iterator[str]:
    """Encode the same text at once, without anything of tokstat's own."""
    import tokenize
    from pydoc_data.topics import topics

    library = Path(tokenize.__file__).parent
    names = ("argparse", "ast", "datetime", "inspect", "tokenize", "typing")
    texts = [*topics.values(), *((library / f"{name}.py").read_text("utf-8") for name in names)]
    encodings = modernbert.backend.encode_batch(texts, add_special_tokens=False)
    tokens = sum(len(each.ids) for each in encodings)
    size = sum(len(text.encode()) for text in texts)
    yield f"{len(texts)} documents, {size:,} bytes"
    yield f"{'tokens':28} {tokens:14,.4f}"
    yield f"{'bytes_per_token':28} {size / tokens:14,.4f}"
    yield "True True\n"


EXPECTED: dict[str, Callable[[Tokenizer], Iterator[str]]] = {
    each.__name__: each
    for each in (
        first_look,
        modernbert_case,
        choosing_a_tokenizer,
        a_corpus,
        splits_and_changes,
        writing_an_analyzer,
    )
}


def test_every_notebook_is_held_to_numbers() -> None:
    assert set(EXPECTED) == {path.stem for path in NOTEBOOKS}


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave kernels no Hub, no cache of one, and no network by way of a proxy."""
    for name in [*os.environ]:
        if name.startswith(("HF_", "TOKSTAT_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, NOWHERE)
    path = [str(FOLDER.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))


@pytest.mark.notebooks
@pytest.mark.usefixtures("offline")
# jupyter_client and the kernel's sockets are theirs.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_numbers_are_the_packages(
    path: Path, tmp_path: Path, modernbert: Tokenizer
) -> None:
    nbformat = need("nbformat")
    nbclient = need("nbclient")
    need("ipykernel")
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    shown = "".join(_texts(notebook))
    missing = [number for number in EXPECTED[path.stem](modernbert) if number not in shown]
    assert not missing


def _texts(notebook: Any) -> Iterator[str]:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield output.get("text", "") or output.get("data", {}).get("text/plain", "")
            yield "\n"
