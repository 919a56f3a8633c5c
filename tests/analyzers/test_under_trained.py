"""Planted under-trained rows are found, and a real model's are where one knows them to be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import normalizers

from tests.small_tokenizers import SMALL
from tokstat.analyzers.subject import Options, Subject
from tokstat.analyzers.under_trained import under_trained
from tokstat.api.inspection import inspect
from tokstat.errors import DataError
from tokstat.loading.local import load_path
from tokstat.results.report import Section
from tokstat.words.lexicon import Lexicon

WIDTH = 16
PLANTED = (700, 1500, 2999)
"""Ids of ordinary tokens whose rows are made like the reference's."""


def trained(size: int, seed: int = 0) -> NDArray[np.float32]:
    """Rows that point everywhere, with one large component that all share."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(size, WIDTH)).astype(np.float32)
    matrix[:, 0] += generator.normal(scale=6, size=size)
    return matrix


def like_one(size: int, length: float, seed: int = 5) -> NDArray[np.float32]:
    """Rows that point nearly the same way."""
    generator = np.random.default_rng(seed)
    way = np.full(WIDTH, length / 4, np.float32)
    noise = generator.normal(scale=length / 100, size=(size, WIDTH))
    return (way + noise).astype(np.float32)


def run(folder: Path, family: str, lexicon: Lexicon, **matrices: NDArray[np.float32]) -> Section:
    SMALL[family]().save(str(folder / "tokenizer.json"))
    names = {"input": "model.embed_tokens.weight", "output": "lm_head.weight"}
    tensors = {names[key]: matrix for key, matrix in matrices.items()}
    save_file(tensors, folder / "model.safetensors")
    return under_trained(Subject(load_path("x", folder), lexicon, Options(weights="auto")))


def ids_of(section: Section, code: str = "TS801") -> list[int]:
    return [
        token for finding in section.findings if finding.code == code for token in finding.token_ids
    ]


def test_tied_by_padding(tmp_path: Path, english: Lexicon) -> None:
    """72 rows behind the last id are the reference."""
    matrix = np.concatenate([trained(3000), like_one(72, 1.0)])
    matrix[list(PLANTED)] = like_one(3, 0.7, seed=6)
    section = run(tmp_path, "byte-level", english, input=matrix)
    assert section.skipped is None
    reference = section.metric("reference_rows")
    # Bytes that UTF-8 never has are reference, too; their rows here are trained ones.
    assert reference.value == 72 + 13
    assert reference.scope == "model.embed_tokens.weight, tied or alone"
    assert sorted(section.table("ranking").columns["id"][:3]) == list(PLANTED)
    assert list(section.table("ranking").columns)[3:5] == ["distance", "input_norm"]


@pytest.mark.parametrize("family", ["wordpiece", "unigram"])
def test_tied_finds_what_is_within_the_reference(
    family: str, tmp_path: Path, english: Lexicon
) -> None:
    size = 3000 if family == "wordpiece" else 2000
    planted = [token for token in PLANTED if token < size]
    matrix = np.concatenate([trained(size), like_one(100, 1.0)])
    matrix[planted] = like_one(len(planted), 1.0, seed=7)
    if family == "wordpiece":
        matrix[2] = matrix[-1]  # [unused0], which is reference, and no candidate
    section = run(tmp_path, family, english, input=matrix)
    assert section.metric("reference_rows").value == 100 + (family == "wordpiece")
    candidates = ids_of(section)
    assert set(candidates) <= set(planted)
    assert len(candidates) >= len(planted) - 1  # by definition one in twenty is farther away
    assert section.metric("under_trained_candidates").value == len(candidates)


def test_untied_goes_by_the_norm(tmp_path: Path, english: Lexicon) -> None:
    size = 3000
    matrix = np.concatenate([trained(size) + 3, like_one(64, 0.01)])
    matrix[list(PLANTED)] = like_one(3, 0.005, seed=8)
    output = np.concatenate([trained(size, seed=1), like_one(64, 1.0)])
    section = run(tmp_path, "wordpiece", english, input=matrix, output=output)
    assert section.metric("reference_rows").scope == "model.embed_tokens.weight, untied"
    assert set(ids_of(section)) == set(PLANTED)
    ranking = section.table("ranking").columns
    assert list(ranking)[3:5] == ["input_norm", "distance"]
    assert ranking["input_norm"][:3] == pytest.approx([0.005] * 3, rel=0.1)
    assert ranking["candidate"][:4] == (True, True, True, False)


def test_without_reference_nothing_is_a_candidate(tmp_path: Path, english: Lexicon) -> None:
    section = run(tmp_path, "word-level", english, input=trained(3000))
    assert section.metric("reference_rows").value == 0
    assert section.metric("under_trained_candidates").value is None
    assert section.findings == ()
    norms = section.table("ranking").columns["input_norm"]
    assert list(norms) == sorted(norms)


def test_unreachable_tokens_are_reference_where_there_is_no_other(
    tmp_path: Path, english: Lexicon
) -> None:
    backend = SMALL["word-level"]()
    backend.normalizer = normalizers.Lowercase()
    backend.save(str(tmp_path / "tokenizer.json"))
    capitals = [
        token
        for text, token in backend.get_vocab().items()
        if text != text.lower() and token not in backend.get_added_tokens_decoder()
    ]
    matrix = trained(3000)
    matrix[capitals] = like_one(len(capitals), 1.0)
    save_file({"model.embed_tokens.weight": matrix}, tmp_path / "model.safetensors")
    section = under_trained(Subject(load_path("x", tmp_path), english, Options(weights="auto")))
    assert len(capitals) >= 20
    assert section.metric("reference_rows").value == len(capitals)


def test_rows_that_are_not_finite(tmp_path: Path, english: Lexicon) -> None:
    matrix = np.concatenate([trained(3000), like_one(72, 1.0)])
    matrix[17, 3], matrix[3001, 0] = np.nan, np.inf
    section = run(tmp_path, "wordpiece", english, input=matrix)
    assert ids_of(section, "TS802") == [17]
    assert 17 not in section.table("ranking").columns["id"]


def test_weights_of_another_model_are_refused(tmp_path: Path, english: Lexicon) -> None:
    section = run(tmp_path, "wordpiece", english, input=trained(2999))
    assert section.skipped is not None
    assert "2,999 rows" in section.skipped


def test_only_when_asked_for(tmp_path: Path) -> None:
    SMALL["wordpiece"]().save(str(tmp_path / "tokenizer.json"))
    opt_in = {"under_trained", "loader_agreement"}
    assert not opt_in & {section.analyzer for section in inspect(tmp_path).sections}
    (section,) = inspect(tmp_path, analyzers=["under_trained"]).sections
    assert section.skipped
    assert "--weights" in section.skipped
    (section,) = inspect(tmp_path, analyzers=["under_trained"], weights="auto").sections
    assert section.skipped is not None
    assert str(tmp_path) in section.skipped


@pytest.mark.parametrize(
    "content", [None, b"", b"\xff" * 16, b"\x02\0\0\0\0\0\0\0[]", b"\x02\0\0\0\0\0\0\0{}"], ids=str
)
def test_bad_weights_are_an_error(content: bytes | None, tmp_path: Path) -> None:
    SMALL["wordpiece"]().save(str(tmp_path / "tokenizer.json"))
    path = tmp_path / "other.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"other\.safetensors"):
        inspect(tmp_path, weights=path)


@pytest.mark.slow
def test_minilm(english: Lexicon) -> None:
    """Its [unused] rows are the reference; next to them stand Han, and pieces no text gives."""
    from tests.real_tokenizers import fetch_folder

    folder = fetch_folder("minilm")
    config = json.loads((folder / "config.json").read_text())
    section = under_trained(Subject(load_path("minilm", folder), english, Options(weights=folder)))
    assert section.metric("reference_rows").value == 994
    assert section.metric("under_trained_candidates").value == 471
    candidates = set(ids_of(section))
    vocabulary = load_path("minilm", folder).vocabulary
    texts = {vocabulary[token].text for token in candidates}
    assert {"漢", "後", "葉"} & texts
    assert not {"the", "of", "dog", "house", "computer"} & texts
    assert config["vocab_size"] == len(vocabulary)
