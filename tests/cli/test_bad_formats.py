"""Damaged files of every format: one line, exit code 2, and no more memory or time for them."""

from __future__ import annotations

import base64
import json
import os
import random
import struct
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests import gguf_files
from tests.loading.test_gguf import small
from tests.loading.test_sentencepiece import model_of
from tokstat.errors import TokstatError
from tokstat.loading import load

MEMORY = 2 << 30
"""Bytes of address space for a run; the interpreter, its libraries and threads take half."""

SECONDS = 20


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
    """Return a sound file of a format."""
    if name == "m.model":
        return model_of("unigram")
    if name == "m.gguf":
        with TemporaryDirectory() as folder:
            path = gguf_files.from_tokenizer_json(Path(folder) / name, small(), "gpt-2")
            return path.read_bytes()
    return {"m.tiktoken": BYTES, "tekken.json": tekken()}[name]


TOKENS = b"tokenizer.ggml.tokens"
MODEL = text(b"tokenizer.ggml.model") + struct.pack("<I", 8)

CASES: dict[str, tuple[str, bytes]] = {
    "ranks: empty": ("m.tiktoken", b""),
    "ranks: no rank": ("m.tiktoken", BYTES + b"QUJD\n"),
    "ranks: three columns": ("m.tiktoken", BYTES + b"QUJD 256 1\n"),
    "ranks: invalid base64": ("m.tiktoken", BYTES + b"QU*D 256\n"),
    "ranks: base64 cut off": ("m.tiktoken", BYTES + b"QUJ 256\n"),
    "ranks: empty token": ("m.tiktoken", BYTES + b"==== 256\n"),
    "ranks: rank twice": ("m.tiktoken", BYTES + line(b"ab", 7)),
    "ranks: token twice": ("m.tiktoken", BYTES + line(b"a", 256)),
    "ranks: rank below zero": ("m.tiktoken", BYTES + line(b"ab", -1)),
    "ranks: rank out of range": ("m.tiktoken", BYTES + line(b"ab", 10**8)),
    "ranks: rank of 30 digits": ("m.tiktoken", BYTES + line(b"ab", 10**30)),
    "ranks: not ASCII": ("m.tiktoken", BYTES + "QUJD ٢٥٦\n".encode()),
    "ranks: binary": ("m.tiktoken", random.Random(0).randbytes(10_000)),
    "ranks: the id of a special token": ("cl100k_base.tiktoken", BYTES + line(b"ab", 100_257)),
    "ranks: tokens of a megabyte": (
        "m.tiktoken",
        BYTES + b"".join(line(bytes([97 + each]) * 300_000, 256 + each) for each in range(20)),
    ),
    "model: empty": ("m.model", b""),
    "model: wrong magic": ("m.model", b"PK\x03\x04" + bytes(100)),
    "model: text": ("m.model", b"this is no model\n" * 10),
    "model: no pieces": ("m.model", b"\x12\x02\x18\x02"),
    "model: a length beyond the end": ("m.model", b"\x0a\xff\xff\xff\xff\x7f"),
    "model: a number without end": ("m.model", b"\x0a" + b"\xff" * 50),
    "model: nested without end": ("m.model", b"\x0a\x7e" * 10_000),
    "model: groups, which are no more": ("m.model", b"\x0b" * 1000),
    "model: 40 million empty pieces": ("m.model", b"\x0a\x00" * 40_000_000),
    "model: 10 million pieces": ("m.model", b"\x0a\x03\x0a\x01a" * 10_000_000),
    "model: a piece that is not UTF-8": ("m.model", b"\x0a\x04\x0a\x02\xff\xfe"),
    "model: a score of two bytes": ("m.model", b"\x0a\x06\x0a\x01a\x12\x01a"),
    "model: a piece twice": ("m.model", b"\x0a\x03\x0a\x01a" * 2),
    "model: an unknown type": ("m.model", b"\x0a\x05\x0a\x01a\x18\x63"),
    "tekken: empty": ("tekken.json", b""),
    "tekken: no JSON": ("tekken.json", tekken()[:-1]),
    "tekken: a list": ("tekken.json", b"[]"),
    "tekken: nested": ("tekken.json", b'{"vocab": ' + b"[" * 200_000),
    "tekken: not UTF-8": ("tekken.json", b'{"vocab": "\xff"}'),
    "tekken: claims 10 million tokens": (
        "tekken.json",
        tekken(config={"pattern": "a", "default_vocab_size": 10_000_000}),
    ),
    "tekken: claims 10 million special tokens": (
        "tekken.json",
        tekken(config={"pattern": "a", "default_num_special_tokens": 10_000_000}),
    ),
    "tekken: a rank of 10 million": (
        "tekken.json",
        tekken(special_tokens=[{"rank": 10_000_000, "token_str": "<s>"}]),
    ),
    "gguf: empty": ("m.gguf", b""),
    "gguf: wrong magic": ("m.gguf", gguf(magic=b"GGML")),
    "gguf: an old version": ("m.gguf", gguf(version=1)),
    "gguf: an unknown version": ("m.gguf", gguf(version=77)),
    "gguf: no keys": ("m.gguf", gguf()),
    "gguf: claims 10 million keys": ("m.gguf", gguf(count=10_000_000)),
    "gguf: claims more keys than it has": ("m.gguf", gguf(count=3)),
    "gguf: claims 10 million tokens": ("m.gguf", gguf(array(TOKENS, 8, 10_000_000))),
    "gguf: has 10 million empty tokens": (
        "m.gguf",
        gguf(MODEL + text(b"gpt2"), array(TOKENS, 8, 10_000_000, bytes(80_000_000))),
    ),
    "gguf: claims 2^63 numbers": ("m.gguf", gguf(array(b"tokenizer.ggml.scores", 6, 2**63))),
    "gguf: claims 2^60 empty arrays": ("m.gguf", gguf(array(b"a", 9, 2**60, bytes(1000)))),
    "gguf: nested arrays": ("m.gguf", gguf(nested(100_000))),
    "gguf: a text beyond the end": ("m.gguf", gguf(text(b"a") + struct.pack("<IQ", 8, 2**40))),
    "gguf: an unknown type of value": ("m.gguf", gguf(text(b"a") + struct.pack("<I", 99))),
    "gguf: a token that is not UTF-8": ("m.gguf", gguf(array(TOKENS, 8, 1, text(b"\xff\xfe")))),
    "gguf: a token twice": (
        "m.gguf",
        gguf(MODEL + text(b"gpt2"), array(TOKENS, 8, 2, text(b"a") * 2)),
    ),
    "gguf: tokens that are numbers": (
        "m.gguf",
        gguf(MODEL + text(b"gpt2"), array(TOKENS, 4, 2, bytes(8))),
    ),
}


HUNGRY = [
    case for case in CASES if any(word in case for word in ("million", "2^", "nested", "mega"))
]
"""Files that claim, or hold, more than there is room or time for."""


@pytest.mark.parametrize("case", [case for case in CASES if case not in HUNGRY])
def test_damaged_file(case: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    name, content = CASES[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TokstatError, match=name.replace(".", r"\.")) as caught:
        load(path)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


FORMATS = ("m.tiktoken", "m.model", "tekken.json", "m.gguf")


@pytest.mark.parametrize("name", FORMATS)
def test_the_sound_files_are_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(good(name))
    assert len(load(tmp_path / name).vocabulary) > 250


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("name", FORMATS)
def test_truncated_file(name: str, share: float, tmp_path: Path) -> None:
    """Cut within a record, as a download is; a rank file cut behind a line is still one."""
    data = good(name)
    cut = data[: max(1, int(len(data) * share))].rstrip(b"0123456789\n ")
    (tmp_path / name).write_bytes(cut)
    with pytest.raises(TokstatError, match=name.replace(".", r"\.")):
        load(tmp_path / name)


@pytest.mark.parametrize("name", FORMATS)
def test_any_flipped_byte_is_survived(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It may make another sound file; it may not make a crash."""
    draw = random.Random(name)
    path = tmp_path / name
    for _ in range(25):
        data = bytearray(good(name))
        # Most of a file is its tokens: half of the bytes are flipped in what stands before them.
        place = draw.randrange(draw.choice([min(400, len(data)), len(data)]))
        data[place] ^= 1 << draw.randrange(8)
        path.write_bytes(data)
        try:
            tokenizer = load(path)
        except TokstatError as error:
            assert "\n" not in str(error)  # noqa: PT017
        else:
            tokenizer.backend.encode("the e\u0301 of 漢字")
            assert len(tokenizer.vocabulary)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no resource limits")
@pytest.mark.parametrize("case", HUNGRY)
def test_limits_hold(case: str, tmp_path: Path) -> None:
    name, content = CASES[case]
    (tmp_path / name).write_bytes(content)
    limited = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))\n"
        f"resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))\n"
        f"sys.argv = ['tokstat', 'inspect', {name!r}, '--json']\n"
        "from tokstat.cli.main import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"},
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (only,) = done.stderr.splitlines()
    assert name in only
