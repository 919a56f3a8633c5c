"""The real client of the Hub against a small Hub on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOWHERE, Inspect, word_level_json
from tests.hub_server import Fault, Hub
from tests.needs import need
from tests.sentencepiece_models import train

NAME = "org/tiny"
TINY = word_level_json("one", "two")
LARGER = word_level_json("one", "two", "three")
PACKAGED = "answerdotai/ModernBERT-base"

VOCAB_TXT = {"vocab.txt": b"[UNK]\n[CLS]\n[SEP]\none\n##s\n"}
GPT2 = {"vocab.json": b'{"o":0,"n":1,"on":2}', "merges.txt": b"#version: 0.2\no n\n"}
TEKKEN = {
    "tekken.json": json.dumps(
        {
            "config": {"pattern": r"\s*\S+|\s+", "default_vocab_size": 258},
            "vocab": [
                {"rank": rank, "token_bytes": base64.b64encode(token).decode()}
                for rank, token in enumerate([*(bytes([byte]) for byte in range(256)), b"on"])
            ],
            "special_tokens": [{"rank": 0, "token_str": "<s>", "is_control": True}],
        }
    ).encode()
}

OFFLINE: tuple[Mapping[str, str], ...] = ({"HF_ENDPOINT": NOWHERE}, {"HF_HUB_OFFLINE": "1"})
WITHOUT_WAITING: dict[str, str] = {
    "prelude": "import time; time.sleep = lambda seconds: None",
    "HF_HUB_VERBOSITY": "error",
}
"""The client waits before each retry, and warns of it."""

SLOW_FAULTS = [
    pytest.param(fault, marks=pytest.mark.slow) for fault in (Fault.ERROR, Fault.PAGE, Fault.RESET)
]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def cached_files(home: Path) -> list[Path]:
    """Return the files of the client's cache that hold something of a repository."""
    return [
        path
        for folder in ("blobs", "snapshots", "refs")
        for path in (home / "hf" / "hub").glob(f"models--*/{folder}/**/*")
        if not path.is_dir()
    ]


def packaged_sha256() -> str:
    index = (files("tokstat") / "data" / "tokenizers" / "index.json").read_text("utf-8")
    return str(json.loads(index)[PACKAGED]["sha256"])


def test_main_branch(hub: Hub, inspect_as_command: Inspect) -> None:
    commit = hub.commit(NAME, {"tokenizer.json": TINY, "README.md": b"#"})
    outcome = inspect_as_command(NAME, HF_ENDPOINT=hub.url)
    expected: dict[str, Any] = {
        "spec": NAME,
        "source": f"hf:{NAME}",
        "revision": commit,
        "sha256": sha256(TINY),
        "loader": "tokenizer.json",
        "vocab_size": 3,
        "notes": [],
    }
    assert outcome.tokenizer.items() >= expected.items()
    assert outcome.stderr == ""
    assert hub.paths("README.md") == []


@pytest.mark.slow
def test_moved_branch_is_read_anew_and_an_unmoved_one_from_the_cache(
    hub: Hub, inspect_as_command: Inspect
) -> None:
    hub.commit(NAME, {"tokenizer.json": TINY})
    assert inspect_as_command(NAME, HF_ENDPOINT=hub.url).tokenizer["sha256"] == sha256(TINY)
    commit = hub.commit(NAME, {"tokenizer.json": LARGER})
    assert inspect_as_command(NAME, HF_ENDPOINT=hub.url).tokenizer["revision"] == commit
    hub.requests.clear()
    assert inspect_as_command(NAME, HF_ENDPOINT=hub.url).tokenizer["sha256"] == sha256(LARGER)
    assert hub.paths("/resolve/") == []


@pytest.mark.parametrize("pin", ["commit", pytest.param("v1", marks=pytest.mark.slow)])
def test_pinned_revision(pin: str, hub: Hub, inspect_as_command: Inspect) -> None:
    first = hub.commit(NAME, {"tokenizer.json": TINY}, "v1")
    hub.commit(NAME, {"tokenizer.json": LARGER})
    spec = f"{NAME}@{first if pin == 'commit' else pin}"
    online = inspect_as_command(spec, HF_ENDPOINT=hub.url).tokenizer
    offline = inspect_as_command(spec, HF_HUB_OFFLINE="1").tokenizer
    for tokenizer in (online, offline):
        assert tokenizer["spec"] == spec
        assert tokenizer["revision"] == first
        assert tokenizer["sha256"] == sha256(TINY)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "loader", "model_type", "vocab_size"),
    [
        (VOCAB_TXT, "vocab.txt", "WordPiece", 5),
        pytest.param(GPT2, "vocab.json + merges.txt", "BPE", 3, marks=pytest.mark.slow),
    ],
)
def test_older_files_all_of_one_commit(
    content: Mapping[str, bytes],
    loader: str,
    model_type: str,
    vocab_size: int,
    hub: Hub,
    inspect_as_command: Inspect,
) -> None:
    commit = hub.commit(NAME, {**content, "tokenizer_config.json": b"{}", "model.bin": b"0"})
    tokenizer = inspect_as_command(NAME, HF_ENDPOINT=hub.url).tokenizer
    assert tokenizer["loader"] == loader
    assert tokenizer["model_type"] == model_type
    assert tokenizer["vocab_size"] == vocab_size
    assert set(hub.paths("/resolve/")) == {
        f"/{NAME}/resolve/{commit}/{file}" for file in (*content, "tokenizer_config.json")
    }


@pytest.mark.slow
def test_other_formats_by_transformers_without_remote_code(
    hub: Hub, inspect_as_command: Inspect, tmp_path: Path
) -> None:
    need("google.protobuf")
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')".encode()
    model = {"tokenizer.model": train(byte_fallback=True)}
    config = {"auto_map": {"AutoTokenizer": ["trap.Trap", "trap.Trap"]}}
    content = {**model, "trap.py": trap, "tokenizer_config.json": json.dumps(config).encode()}
    hub.commit("org/trap", content)
    llama = {**model, "tokenizer_config.json": b'{"tokenizer_class": "LlamaTokenizer"}'}
    commit = hub.commit(NAME, llama)
    outcome = inspect_as_command(NAME, HF_ENDPOINT=hub.url)
    assert outcome.tokenizer["loader"].startswith(f"transformers {version('transformers')}")
    assert outcome.tokenizer["revision"] == commit
    assert len(outcome.tokenizer["notes"]) == len(outcome.stderr.splitlines()) == 1
    inspect_as_command("org/trap", HF_ENDPOINT=hub.url)
    assert hub.paths("trap.py") == []
    assert not (tmp_path / "ran").exists()


@pytest.mark.slow
def test_formats_of_one_file(hub: Hub, inspect_as_command: Inspect) -> None:
    """They say all themselves, and are read as they are, whatever a configuration names."""
    commit = hub.commit(NAME, {**TEKKEN, "tokenizer_config.json": b'{"tokenizer_class": "X"}'})
    tokenizer = inspect_as_command(NAME, HF_ENDPOINT=hub.url).tokenizer
    assert tokenizer["loader"] == "tekken"
    assert tokenizer["sha256"] == sha256(TEKKEN["tekken.json"])
    assert tokenizer["revision"] == commit
    assert tokenizer["source"] == f"hf:{NAME}"
    assert tokenizer["vocab_size"] == 258


@pytest.mark.parametrize("spec", ["org/absent", pytest.param("hf:absent", marks=pytest.mark.slow)])
def test_missing_repository(spec: str, hub: Hub, inspect_as_command: Inspect) -> None:
    refusal = inspect_as_command(spec, HF_ENDPOINT=hub.url).refusal
    assert spec.removeprefix("hf:") in refusal
    assert hub.url in refusal


@pytest.mark.slow
def test_missing_revision(hub: Hub, inspect_as_command: Inspect) -> None:
    hub.commit(NAME, {"tokenizer.json": TINY})
    refusal = inspect_as_command(f"{NAME}@v9", HF_ENDPOINT=hub.url).refusal
    assert NAME in refusal
    assert "v9" in refusal


@pytest.mark.slow
def test_gated_repository(hub: Hub, inspect_as_command: Inspect) -> None:
    hub.commit(NAME, {"tokenizer.json": TINY}, token="hf_right")
    for settings in ({}, {"HF_TOKEN": "hf_wrong"}):
        refusal = inspect_as_command(NAME, HF_ENDPOINT=hub.url, **settings).refusal
        assert f"{hub.url}/{NAME}" in refusal
        assert "HF_TOKEN" in refusal
    hub.requests.clear()
    tokenizer = inspect_as_command(NAME, HF_ENDPOINT=hub.url, HF_TOKEN="hf_right").tokenizer
    assert tokenizer["sha256"] == sha256(TINY)
    sent = {request.authorization for request in hub.requests if NAME in request.path}
    assert sent == {"Bearer hf_right"}


def test_rejected_token_is_no_reason_for_the_packaged_copy(
    hub: Hub, inspect_as_command: Inspect
) -> None:
    hub.faults["/api/models/"] = Fault.REJECT
    outcome = inspect_as_command(PACKAGED, HF_ENDPOINT=hub.url, HF_TOKEN="hf_expired")
    assert "HF_TOKEN" in outcome.refusal
    assert "hf_expired" not in outcome.refusal


@pytest.mark.slow
def test_repository_without_a_tokenizer(hub: Hub, inspect_as_command: Inspect) -> None:
    hub.commit(NAME, {"README.md": b"#", "tokenizer_config.json": b"{}", "merges.txt": b""})
    refusal = inspect_as_command(NAME, HF_ENDPOINT=hub.url).refusal
    assert NAME in refusal
    assert "tokenizer.json" in refusal
    assert hub.paths("/resolve/") == []


@pytest.mark.slow
def test_download_cut_off_once_is_completed(hub: Hub, inspect_as_command: Inspect) -> None:
    hub.commit(NAME, {"tokenizer.json": TINY})
    hub.faults["/resolve/"] = Fault.TRUNCATE_ONCE
    tokenizer = inspect_as_command(NAME, HF_ENDPOINT=hub.url, **WITHOUT_WAITING).tokenizer
    assert tokenizer["sha256"] == sha256(TINY)
    assert hub.faults == {}


@pytest.mark.parametrize(
    "fault",
    [Fault.TRUNCATE, pytest.param(Fault.SHORT, marks=pytest.mark.slow), *SLOW_FAULTS],
)
def test_failed_download_leaves_nothing_broken_behind(
    fault: Fault, hub: Hub, inspect_as_command: Inspect, tmp_path: Path
) -> None:
    hub.commit(NAME, {"tokenizer.json": TINY})
    hub.faults["/resolve/"] = fault
    impatient = {"HF_HUB_ETAG_TIMEOUT": "1", "HF_HUB_DOWNLOAD_TIMEOUT": "1", **WITHOUT_WAITING}
    refusal = inspect_as_command(NAME, HF_ENDPOINT=hub.url, **impatient).refusal
    assert NAME in refusal
    assert hub.url in refusal
    assert cached_files(tmp_path) == []
    hub.faults.clear()
    tokenizer = inspect_as_command(NAME, HF_ENDPOINT=hub.url).tokenizer
    assert tokenizer["sha256"] == sha256(TINY)


@pytest.mark.slow
@pytest.mark.parametrize("content", [VOCAB_TXT, pytest.param(GPT2, marks=pytest.mark.slow)])
def test_half_a_set_of_files_is_not_read_offline(
    content: Mapping[str, bytes], hub: Hub, inspect_as_command: Inspect, tmp_path: Path
) -> None:
    hub.commit(NAME, {**content, "tokenizer_config.json": b'{"do_lower_case": false}'})
    hub.faults[[*content][-1]] = Fault.TRUNCATE
    assert inspect_as_command(NAME, HF_ENDPOINT=hub.url, **WITHOUT_WAITING).refusal
    assert cached_files(tmp_path)
    assert NAME in inspect_as_command(NAME, HF_HUB_OFFLINE="1").refusal


@pytest.mark.slow
@pytest.mark.parametrize("fault", [Fault.STALL, *SLOW_FAULTS])
def test_faulty_hub_is_as_good_as_none(fault: Fault, hub: Hub, inspect_as_command: Inspect) -> None:
    commit = hub.commit(NAME, {"tokenizer.json": TINY})
    inspect_as_command(NAME, HF_ENDPOINT=hub.url)
    hub.faults["/api/models/"] = fault
    faulty = {"HF_ENDPOINT": hub.url, "HF_HUB_ETAG_TIMEOUT": "1"}
    assert inspect_as_command(NAME, **faulty).tokenizer["revision"] == commit
    refusal = inspect_as_command("org/other", **faulty).refusal
    assert "org/other" in refusal
    assert hub.url in refusal


@pytest.mark.parametrize("settings", OFFLINE, ids=" ".join)
def test_without_a_network_the_cache_serves(
    settings: Mapping[str, str], hub: Hub, inspect_as_command: Inspect
) -> None:
    commit = hub.commit(PACKAGED, {"tokenizer.json": TINY})
    inspect_as_command(PACKAGED, HF_ENDPOINT=hub.url)
    outcome = inspect_as_command(PACKAGED, **settings)
    assert outcome.tokenizer["revision"] == commit
    assert outcome.tokenizer["sha256"] == sha256(TINY)
    assert outcome.tokenizer["source"] == f"hf:{PACKAGED} (cache)"


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(OFFLINE[0], id="HF_ENDPOINT"),
        pytest.param(OFFLINE[1], id="HF_HUB_OFFLINE", marks=pytest.mark.slow),
    ],
)
def test_without_a_network_and_a_cached_copy_the_package_serves(
    settings: Mapping[str, str], inspect_as_command: Inspect
) -> None:
    outcome = inspect_as_command(PACKAGED, **settings)
    assert outcome.tokenizer["source"] == f"packaged copy of {PACKAGED}"
    assert outcome.tokenizer["revision"] is None
    assert outcome.tokenizer["sha256"] == packaged_sha256()
    (note,) = outcome.tokenizer["notes"]
    assert outcome.stderr.splitlines() == [f"tokstat: {note}"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spec", "settings"), [("org/other", OFFLINE[0]), (f"{PACKAGED}@main", OFFLINE[1])]
)
def test_the_package_serves_neither_other_names_nor_pinned_ones(
    spec: str, settings: Mapping[str, str], inspect_as_command: Inspect, tmp_path: Path
) -> None:
    refusal = inspect_as_command(spec, **settings).refusal
    assert spec.partition("@")[0] in refusal
    assert str(tmp_path / "hf" / "hub") in refusal


@pytest.mark.slow
def test_the_package_does_not_serve_what_the_hub_lacks(
    hub: Hub, inspect_as_command: Inspect
) -> None:
    assert PACKAGED in inspect_as_command(PACKAGED, HF_ENDPOINT=hub.url).refusal
    hub.commit(PACKAGED, {"tokenizer.json": TINY})
    tokenizer = inspect_as_command(PACKAGED, HF_ENDPOINT=hub.url).tokenizer
    assert tokenizer["sha256"] == sha256(TINY)


@pytest.mark.slow
def test_host_that_does_not_resolve(inspect_as_command: Inspect) -> None:
    refusal = inspect_as_command(NAME, HF_ENDPOINT="http://hub.invalid").refusal
    assert NAME in refusal
    assert "http://hub.invalid" in refusal


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a" * 300, pytest.param("two--hyphens/x", marks=pytest.mark.slow)]
)
def test_impossible_name(name: str, hub: Hub, inspect_as_command: Inspect) -> None:
    assert name in inspect_as_command(name, HF_ENDPOINT=hub.url).refusal
    assert name in inspect_as_command(name, HF_HUB_OFFLINE="1").refusal
    assert hub.paths("/api/models/") == []


@pytest.mark.slow
def test_path_wins_over_the_hub_and_the_prefix_over_a_path(
    hub: Hub, inspect_as_command: Inspect, tmp_path: Path
) -> None:
    hub.commit(NAME, {"tokenizer.json": TINY})
    (tmp_path / NAME).mkdir(parents=True)
    (tmp_path / NAME / "tokenizer.json").write_bytes(LARGER)
    from_path = inspect_as_command(NAME, HF_ENDPOINT=hub.url).tokenizer
    assert from_path["sha256"] == sha256(LARGER)
    assert hub.requests == []
    from_hub = inspect_as_command(f"hf:{NAME}", HF_ENDPOINT=hub.url).tokenizer
    assert from_hub["sha256"] == sha256(TINY)


@pytest.mark.slow
def test_cache_folder_is_the_clients(hub: Hub, inspect_as_command: Inspect, tmp_path: Path) -> None:
    commit = hub.commit(NAME, {"tokenizer.json": TINY})
    cache = tmp_path / "elsewhere"
    inspect_as_command(NAME, HF_ENDPOINT=hub.url, HF_HUB_CACHE=str(cache))
    snapshot = cache / "models--org--tiny" / "snapshots" / commit
    assert (snapshot / "tokenizer.json").read_bytes() == TINY
    assert cached_files(tmp_path) == []


def test_the_files_that_are_compared_with_the_tokenizer_come_along(
    hub: Hub, inspect_as_command: Inspect, tmp_path: Path
) -> None:
    """The weights do not."""
    files = {"tokenizer.json": TINY, "config.json": b'{"vocab_size": 2}'}
    others = {"generation_config.json": b"{}", "model.safetensors": b"\xff" * 9, "README.md": b"#"}
    hub.commit(NAME, {**files, **others})
    outcome = inspect_as_command(NAME, "--analyzer", "files", HF_ENDPOINT=hub.url)
    sections = {each["analyzer"]: each for each in json.loads(outcome.stdout)["sections"]}
    assert [each["code"] for each in sections["files"]["findings"]] == ["TS604"]
    kept = {path.name for path in (tmp_path / "hf" / "hub").glob("models--*/snapshots/*/*")}
    assert kept == {"tokenizer.json", "config.json", "generation_config.json"}


def test_half_a_copy_in_the_cache_is_none(
    hub: Hub, inspect_as_command: Inspect, tmp_path: Path
) -> None:
    """The merges were not fetched any more, and a vocabulary alone makes no tokenizer."""
    hub.commit(NAME, GPT2)
    assert inspect_as_command(NAME, HF_ENDPOINT=hub.url).code == 0
    (merges,) = (path for path in cached_files(tmp_path) if path.name == "merges.txt")
    assert inspect_as_command(NAME).code == 0
    merges.unlink()
    assert "has no copy" in inspect_as_command(NAME).refusal
