"""Issue 5: damaged files of every format, and those that claim more than there is room for."""

from __future__ import annotations

import random
import struct
from functools import partial

from tests.cli.bad_input.case import Content
from tests.cli.bad_input.tokenizer_files import BadSpec
from tests.conftest import word_level_json
from tests.format_files import (
    BYTES,
    FORMATS,
    MODEL,
    TOKENS,
    array,
    gguf,
    good,
    line,
    nested,
    tekken,
    text,
)

DAMAGED: dict[str, tuple[str, Content]] = {
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
    "model: 40 million empty pieces": ("m.model", lambda: b"\x0a\x00" * 40_000_000),
    "model: 10 million pieces": ("m.model", lambda: b"\x0a\x03\x0a\x01a" * 10_000_000),
    "model: a piece that is not UTF-8": ("m.model", b"\x0a\x04\x0a\x02\xff\xfe"),
    "model: a score of two bytes": ("m.model", b"\x0a\x06\x0a\x01a\x12\x01a"),
    "model: a piece twice": ("m.model", b"\x0a\x03\x0a\x01a" * 2),
    "model: an unknown type": ("m.model", b"\x0a\x05\x0a\x01a\x18\x63"),
    "tekken: empty": ("tekken.json", b""),
    "tekken: no JSON": ("tekken.json", tekken()[:-1]),
    "tekken: a list": ("tekken.json", b"[]"),
    "tekken: nested": ("tekken.json", b'{"vocab": ' + b"[" * 200_000),
    "tekken: invalid base64": (
        "tekken.json",
        tekken(vocab=[{"rank": 0, "token_bytes": "Q*UJD"}]),
    ),
    "tekken: a rank twice": (
        "tekken.json",
        tekken(vocab=[{"rank": 0, "token_bytes": "QQ=="}, {"rank": 0, "token_bytes": "Qg=="}]),
    ),
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
        lambda: gguf(MODEL + text(b"gpt2"), array(TOKENS, 8, 10_000_000, bytes(80_000_000))),
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

NAMES = ("tokenizer.json", *FORMATS)


def truncated(name: str, share: float) -> bytes:
    """Cut a sound file within a record, as a broken download is."""
    if name == "tokenizer.json":
        data = word_level_json(*(f"word{number}" for number in range(2000)))
    else:
        data = good(name)
    # A rank file that is cut behind a line is one.
    return data[: max(1, int(len(data) * share))].rstrip(b"0123456789\n ")


DAMAGED |= {
    f"{name}: the first {share:.1%}": (name, partial(truncated, name, share))
    for name in NAMES
    for share in (0.001, 0.1, 0.5, 0.9, 0.999)
}

HUNGRY = [
    case for case in DAMAGED if any(word in case for word in ("million", "2^", "nested", "mega"))
]
"""Files that claim, or hold, more than there is room or time for."""

SPECS = {
    case: BadSpec(
        name,
        name,
        {name: content},
        in_little_memory=case in HUNGRY,
        is_slow=case in HUNGRY and callable(content),
    )
    for case, (name, content) in DAMAGED.items()
}

LISTED = {
    item: BadSpec(DAMAGED[case][0], DAMAGED[case][0], {DAMAGED[case][0]: DAMAGED[case][1]})
    for item, case in {
        **{f"truncated {name}": f"{name}: the first 50.0%" for name in NAMES},
        "wrong magic in SentencePiece": "model: wrong magic",
        "wrong magic in GGUF": "gguf: wrong magic",
        "invalid base64 in ranks": "ranks: invalid base64",
        "invalid base64 in tekken": "tekken: invalid base64",
        "invalid protobuf": "model: a length beyond the end",
        "duplicate ranks": "ranks: rank twice",
        "duplicate ranks in tekken": "tekken: a rank twice",
        "ids out of range in ranks": "ranks: rank out of range",
        "ids out of range in tekken": "tekken: a rank of 10 million",
        "10 million entries in GGUF's header": "gguf: claims 10 million tokens",
        "10 million entries in tekken's": "tekken: claims 10 million tokens",
        "deep nesting in GGUF": "gguf: nested arrays",
        "deep nesting in tekken": "tekken: nested",
    }.items()
}
"""The items of the issue, each of its format."""
