"""Real files of every format, held to the libraries that they are made for."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sentencepiece
import tiktoken
from hypothesis import given, settings

from tests import gguf_files
from tests.conftest import load_real
from tests.loading.agreement import TEXTS, differences, ids_of, without
from tests.real_files import ENCODINGS_IN, FILES, fetch_file, mistral_common, rank_file
from tests.samples import sample
from tokstat.loading import load
from tokstat.loading.encodings import ENCODINGS
from tokstat.loading.tiktoken import _parse
from tokstat.tokenizer.tokenizer import Tokenizer


def few(name: str, *values: object) -> Any:
    """Mark a case for the slow suite, or for the exhaustive one if its vocabulary is large."""
    large = name in ("llama4", "qwen3.5", "qwen3", "gptoss", "deepseek_v3", "o200k_base")
    mark = pytest.mark.exhaustive if large else pytest.mark.slow
    return pytest.param(name, *values, marks=mark)


def names(family: str) -> list[Any]:
    return [few(name) for name, package in FILES.items() if package.family == family]


def available(name: str) -> Path:
    return fetch_file(name)


def special_names(tokenizer: Tokenizer) -> list[str]:
    """What tokstat takes for a token in a text, and its library, by design, does not."""
    added = tokenizer.backend.get_added_tokens_decoder().values()
    return [token.content for token in added if token.special]


def assert_agrees(
    tokenizer: Tokenizer, reference: Callable[[str], list[int]], apart_from: Sequence[str] = ()
) -> None:
    texts = without(sample(count=1000), apart_from)
    assert differences(tokenizer.backend, reference, texts) == []

    @given(text=TEXTS)
    @settings(max_examples=1000, database=None, deadline=None)
    def agrees_on(text: str) -> None:
        assert differences(tokenizer.backend, reference, without([text], apart_from)) == []

    agrees_on()


@pytest.mark.parametrize("name", names("ranks"))
def test_rank_files(name: str) -> None:
    path = available(name)
    tokenizer, encoding = load(path), ENCODINGS[name]
    assert tokenizer.origin.loader == f"tiktoken ranks, pattern of {name}"
    assert tokenizer.origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert tokenizer.origin.notes == ()
    library = tiktoken.Encoding(
        name,
        pat_str=encoding.pattern,
        mergeable_ranks=_parse(path.read_bytes(), name),
        special_tokens=dict(encoding.special),
    )
    assert len(tokenizer.vocabulary) == library.n_vocab

    def reference(text: str) -> list[int]:
        prepared = unicodedata.normalize("NFC", text) if encoding.composes else text
        return library.encode(prepared, allowed_special="all")

    assert_agrees(tokenizer, reference)
    special = "".join(f"a{token} b" for token in list(encoding.special)[:40])
    assert ids_of(tokenizer.backend, special) == reference(special)


@pytest.mark.parametrize("name", [few(name) for name in ENCODINGS_IN])
def test_named_encodings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In tiktoken's own cache, from which tiktoken itself loads, too."""
    data = rank_file(name)
    encoding = ENCODINGS[name]
    assert hashlib.sha256(data).hexdigest() == encoding.sha256
    (tmp_path / hashlib.sha1(encoding.url.encode()).hexdigest()).write_bytes(data)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    library = tiktoken.get_encoding(name)
    tokenizer = load(f"tiktoken:{name}")
    assert tokenizer.origin.loader == f"tiktoken ranks, pattern of {name}"
    assert len(tokenizer.vocabulary) == len(library.token_byte_values()) + len(
        library.special_tokens_set
    )
    assert_agrees(tokenizer, lambda text: library.encode(text, allowed_special="all"))


@pytest.mark.parametrize("name", names("sentencepiece"))
def test_sentencepiece_models(name: str) -> None:
    path = available(name)
    tokenizer = load(path)
    assert tokenizer.origin.loader == "SentencePiece BPE"
    assert tokenizer.origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    library = sentencepiece.SentencePieceProcessor(model_file=str(path))
    assert len(tokenizer.vocabulary) == library.get_piece_size()
    assert_agrees(tokenizer, library.encode, special_names(tokenizer))


MISTRAL = """
import json, sys
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
tokenizer = Tekkenizer.from_file(sys.argv[1])
texts = json.load(sys.stdin)
print(json.dumps([tokenizer.n_words, [tokenizer.encode(t, bos=False, eos=False) for t in texts]]))
"""


@pytest.mark.parametrize("name", names("tekken"))
def test_tekken(name: str) -> None:
    path = available(name)
    folder = mistral_common()
    tokenizer = load(path)
    texts = without(sample(count=1000), special_names(tokenizer))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MISTRAL, str(path)],
        input=json.dumps(texts),
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    size, expected = json.loads(done.stdout)
    assert tokenizer.origin.loader == "tekken v3"
    assert len(tokenizer.vocabulary) == size
    reference = dict(zip(texts, expected, strict=True))
    assert differences(tokenizer.backend, reference.__getitem__, texts) == []


@pytest.mark.parametrize(
    ("name", "pre"),
    [
        few("gpt2", "gpt-2"),
        few("llama3", "llama-bpe"),
        few("qwen3", "qwen2"),
        few("gptoss", "gpt-4o"),
        few("deepseek_v3", "deepseek-v3"),
    ],
)
def test_gguf_of_byte_level_bpe(name: str, pre: str, tmp_path: Path) -> None:
    source = load_real(name).backend
    path = gguf_files.from_tokenizer_json(tmp_path / "m.gguf", source, pre)
    tokenizer = load(path)
    assert tokenizer.backend.get_vocab() == source.get_vocab()
    assert_agrees(tokenizer, lambda text: ids_of(source, text))


@pytest.mark.slow
def test_gguf_of_a_sentencepiece_model(tmp_path: Path) -> None:
    model = available("mistral v1").read_bytes()
    library = sentencepiece.SentencePieceProcessor(model_proto=model)
    path = gguf_files.from_sentencepiece(tmp_path / "m.gguf", model)
    tokenizer = load(path)
    assert_agrees(tokenizer, library.encode, special_names(tokenizer))


@pytest.mark.slow
def test_gguf_of_wordpiece(bert: Tokenizer, tmp_path: Path) -> None:
    path = gguf_files.from_wordpiece(tmp_path / "m.gguf", bert.backend, said=False)
    assert_agrees(load(path), lambda text: ids_of(bert.backend, text))


def llama_cpp_files() -> list[Path]:
    folder = os.environ.get("TOKSTAT_LLAMA_CPP")
    return sorted(Path(folder).glob("models/ggml-vocab-*.gguf")) if folder else []


@pytest.mark.slow
@pytest.mark.skipif(not llama_cpp_files(), reason="TOKSTAT_LLAMA_CPP names no llama.cpp checkout")
@pytest.mark.parametrize("path", llama_cpp_files(), ids=lambda path: path.stem)
def test_llama_cpps_own_files(path: Path) -> None:
    """Its test vocabularies, with texts and the ids that the source tokenizers gave for them."""
    inputs, outputs = Path(f"{path}.inp"), Path(f"{path}.out")
    if not outputs.is_file():
        pytest.skip("without expected ids")
    texts = inputs.read_text("utf-8").split("\n__ggml_vocab_test__\n")
    expected = [list(map(int, line.split())) for line in outputs.read_text().split("\n")]
    tokenizer = load(path)
    pairs = {
        text: ids
        for text, ids in zip(texts, expected, strict=False)
        # qwen35's were taken without the NFC that its tokenizer has by now.
        if "qwen35" not in path.stem or unicodedata.is_normalized("NFC", text)
    }
    assert len(pairs) > 40
    assert differences(tokenizer.backend, pairs.__getitem__, pairs) == []
