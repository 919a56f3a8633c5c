"""Files of tiktoken, SentencePiece, tekken and GGUF, whole and put together from parts."""

from __future__ import annotations

import base64
import json
import struct
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

FORMATS = ("m.tiktoken", "m.model", "tekken.json", "m.gguf")


def line(token: bytes, rank: object) -> bytes:
    return b"%s %s\n" % (base64.b64encode(token), str(rank).encode())


BYTES = b"".join(line(bytes([byte]), byte) for byte in range(256))


def tekken(**changes: object) -> bytes:
    vocab = [
        {"rank": byte, "token_bytes": base64.b64encode(bytes([byte])).decode()}
        for byte in range(256)
    ]
    config = {"pattern": r"\S+|\s+", "default_vocab_size": 276, "default_num_special_tokens": 20}
    return json.dumps({"config": config, "vocab": vocab, **changes}).encode()


def gguf(*keys: bytes, count: int | None = None, magic: bytes = b"GGUF", version: int = 3) -> bytes:
    head = struct.pack("<4sIQQ", magic, version, 0, len(keys) if count is None else count)
    return head + b"".join(keys)


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def array(key: bytes, kind: int, count: int, body: bytes = b"") -> bytes:
    return text(key) + struct.pack("<IIQ", 9, kind, count) + body


def nested(depth: int) -> bytes:
    return text(b"general.deep") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * depth


@cache
def good(name: str) -> bytes:
    """Return a sound file of a format, by the library that writes it."""
    if name == "m.model":
        from tests.loading.conftest import model_of

        return model_of("unigram")
    if name == "m.gguf":
        from tests import gguf_files
        from tests.loading.conftest import small

        with TemporaryDirectory() as folder:
            path = gguf_files.from_tokenizer_json(Path(folder) / name, small(), "gpt-2")
            return path.read_bytes()
    return {"m.tiktoken": BYTES, "tekken.json": tekken()}[name]


TOKENS = b"tokenizer.ggml.tokens"
MODEL = text(b"tokenizer.ggml.model") + struct.pack("<I", 8)
