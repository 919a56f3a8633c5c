"""Issue 2: what is given for a tokenizer and is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.cli.bad_input.case import GOOD, Content, Files, in_folder
from tests.conftest import NOWHERE


@dataclass(frozen=True)
class BadSpec:
    """A spec, what the message must name, and the files that are there."""

    spec: str
    names: str
    files: Files = field(default_factory=dict)
    has_network: bool = True
    in_little_memory: bool = False
    is_slow: bool = False


def changed(**model: object) -> bytes:
    """Return a tokenizer.json with another model."""
    return json.dumps({**json.loads(GOOD), "model": model}).encode()


def a_file(content: Content, name: str = "tokenizer.json", names: str = "") -> BadSpec:
    return BadSpec(name, names or name, {name: content})


def a_folder(names: str, files: Mapping[str, Content]) -> BadSpec:
    return BadSpec("folder", names, in_folder("folder", files))


LISTED: dict[str, BadSpec] = {
    "a missing file": BadSpec("absent.json", "absent.json"),
    "an empty file": a_file(b""),
    "a folder without a tokenizer": a_folder("folder", {"README.md": b"#"}),
    "invalid JSON": a_file(b'{"model": '),
    "JSON that is no tokenizer": a_file(b'{"hidden_size": 768}', "config.json"),
    "an unknown model type": a_file(changed(type="Quantum", vocab={}), names="Quantum"),
    "a vocabulary of zero tokens": a_file(changed(type="WordLevel", vocab={}, unk_token="x")),
    "a Hub name that does not exist": BadSpec("org/absent", "org/absent|127.0.0.1"),
    "no network": BadSpec("org/absent", f"org/absent|{NOWHERE}", has_network=False),
}
"""The items of the issue."""

OTHERS: dict[str, BadSpec] = {
    "missing folder": BadSpec("./absent/", "./absent/"),
    "missing user": BadSpec("~no-such-user/tokenizer.json", "~no-such-user"),
    "name longer than a file system takes": BadSpec(f"./{'a' * 300}", "a" * 300),
    "null byte in a name": BadSpec("./to\0kens", "./to\\x00kens"),
    "empty spec": BadSpec(" ", "empty"),
    "spec of no form": BadSpec("what is this?", "what is this?"),
    "blank file": a_file(b" \n"),
    "folder that is called like a file": BadSpec(
        "tokenizer.json", "tokenizer.json", {"tokenizer.json/README.md": b"#"}
    ),
    "binary file": a_file(bytes(range(256)) * 16),
    "JSON in UTF-16": a_file(GOOD.decode().encode("utf-16")),
    "deeply nested JSON": a_file(b"[" * 100_000 + b"]" * 100_000),
    "JSON that is a list": a_file(b"[1, 2]"),
    "model that is no model": a_file(json.dumps({"model": "BPE"}).encode()),
    "model without a vocabulary": a_file(changed(type="BPE")),
    "unknown id that is none": a_file(changed(type="Unigram", vocab=[["a", 0]], unk_id=7)),
    "merge that cuts a character": a_file(
        changed(
            type="BPE",
            vocab={"a": 0, "é": 1, "abcd": 2},
            merges=[["a", "é"]],
            continuing_subword_prefix="#",
        ),
        names="['a', 'é']",
    ),
    "empty vocab.txt": a_folder("folder", {"vocab.txt": b""}),
    "vocab.txt with a token twice": a_folder("vocab.txt", {"vocab.txt": b"[UNK]\none\none\n"}),
    "vocab.txt that is not UTF-8": a_folder("vocab.txt", {"vocab.txt": b"\xff\xfe\n"}),
    "vocab.json that is no JSON": a_folder("vocab.json", {"vocab.json": b"{", "merges.txt": b""}),
    "vocab.json that is a list": a_folder("vocab.json", {"vocab.json": b"[]", "merges.txt": b""}),
    "vocab.json of zero tokens": a_folder("folder", {"vocab.json": b"{}", "merges.txt": b""}),
    "merge of three": a_folder("merges.txt", {"vocab.json": b'{"a": 0}', "merges.txt": b"a a a\n"}),
    "merge of unknown tokens": a_folder(
        "merges.txt", {"vocab.json": b'{"a": 0}', "merges.txt": b"#version: 0.2\na b\n"}
    ),
    "merge to an unknown token": a_folder(
        "merges.txt", {"vocab.json": b'{"a": 0}', "merges.txt": b"a a\n"}
    ),
    "configuration that is no JSON": a_folder(
        "tokenizer_config.json", {"vocab.txt": b"[UNK]\n", "tokenizer_config.json": b"{"}
    ),
    "vocab.json without merges": a_folder("folder", {"vocab.json": b'{"a": 0}'}),
    "broken SentencePiece model": a_folder("folder", {"tokenizer.model": b"\x00broken"}),
}
"""Their kin."""
