"""Have everything that works on a tokenizer's own structure meet structures that cost much.

`python -m tests.fuzz.walks NAME FOLDER` inspects one, within few seconds and little memory.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tests.gguf_files import write
from tests.tokenizer.test_growth import BOMBS, bomb
from tokstat import inspect
from tokstat.errors import TokstatError
from tokstat.io.limits import Limits, set_limits
from tokstat.words.lexicon import load_lexicon

SECONDS = 2
MEMORY = 3 << 30


def _written(**parts: Any) -> bytes:
    parts = {"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1}, "unk_token": "a"}} | parts
    return json.dumps({"version": "1.0", "added_tokens": [], **parts}).encode()


def _bpe(pairs: Iterator[tuple[str, str]] | list[tuple[str, str]], **more: Any) -> bytes:
    pairs = list(pairs)
    tokens = dict.fromkeys(part for pair in pairs for part in (*pair, "".join(pair)))
    vocab = {token: index for index, token in enumerate(tokens)}
    return _written(model={"type": "BPE", "vocab": vocab, "merges": pairs, **more})


def _every_way(length: int) -> list[tuple[str, str]]:
    """Return the merges of a run in every way but from single characters."""
    return [
        ("a" * at, "a" * (size - at)) for size in range(4, length + 1) for at in range(2, size - 1)
    ]


def _of_two_letters(count: int) -> Iterator[tuple[str, str]]:
    """Yield merges of random strings, which none of them can begin with a single letter."""
    draw = random.Random(7)
    known = ["ab", "ba", "aa", "bb"]
    for _ in range(count):
        left, right = draw.choice(known), draw.choice(known)
        if len(left + right) < 40 and left + right not in known:
            known.append(left + right)
        yield left, right


def _split(pattern: dict[str, str]) -> dict[str, Any]:
    return {"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False}


def _sequence(key: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "Sequence", key: steps}


def _repeated_keys() -> bytes:
    model = ",".join('"continuing_subword_prefix":"é","merges":[["a","éb"]]' for _ in range(4000))
    return b'{"model":{"type":"BPE","vocab":{"a":0},%b},"added_tokens":[]}' % model.encode()


def _gguf(path: Path) -> Path:
    tokens = [f"t{number}" for number in range(80_000)]
    return write(path.with_suffix(".gguf"), "llama", [*tokens, tokens[-1]], scores=[0.0] * 80_001)


STRUCTURES: Mapping[str, Callable[[], bytes]] = {
    **{name: partial(bomb, name) for name in BOMBS},
    "merges in every way": lambda: _bpe(_every_way(40)),
    "merges without letters": lambda: _bpe(_of_two_letters(3000)),
    "many literals in a pattern": lambda: _written(
        pre_tokenizer=_sequence(
            "pretokenizers", [_split({"String": chr(0x4E00 + number)}) for number in range(400)]
        )
    ),
    "one pattern of many literals": lambda: _written(
        pre_tokenizer=_split({"Regex": "|".join(map(chr, range(0x4E00, 0x8E00)))})
    ),
    "many steps": lambda: _written(
        normalizer=_sequence(
            "normalizers",
            [
                {"type": "Replace", "pattern": {"String": chr(0x4E00 + number)}, "content": "x"}
                for number in range(3000)
            ],
        )
    ),
    "steps of expressions": lambda: _written(
        normalizer=_sequence(
            "normalizers",
            [
                {"type": "Replace", "pattern": {"Regex": "(a*)*[bc]"}, "content": "x"}
                for _ in range(200)
            ],
        )
    ),
    "repeated keys": _repeated_keys,
    "a long token": lambda: _bpe(
        [("ab" * (1 << each), "ab" * (1 << each)) for each in range(14)] + [("a", "b")]
    ),
    "long pieces": lambda: _written(
        model={
            "type": "Unigram",
            "unk_id": 0,
            "vocab": [["u", 0.0], *([("ab" * size), -1.0] for size in range(1, 4000, 9))],
        }
    ),
    "long words": lambda: _written(
        model={
            "type": "WordPiece",
            "unk_token": "u",
            "max_input_chars_per_word": 1 << 60,
            "continuing_subword_prefix": "##",
            "vocab": {
                token: at for at, token in enumerate(["u", *("a" * n for n in range(1, 900))])
            },
        }
    ),
    "many added tokens": lambda: _written(
        added_tokens=[
            {
                "id": 2 + number,
                "content": f"<{number}>",
                "single_word": False,
                "lstrip": True,
                "rstrip": True,
                "normalized": True,
                "special": False,
            }
            for number in range(20_000)
        ]
    ),
}

NAMES = (*STRUCTURES, "GGUF: a token twice")


def main(name: str, folder: Path) -> None:
    """Inspect one structure, and print whether it was read or refused, and the seconds."""
    set_limits(Limits(seconds=SECONDS))
    path = folder / "tokenizer.json"
    if name in STRUCTURES:
        path.write_bytes(STRUCTURES[name]())
    else:
        path = _gguf(path)
    words = folder / "words.tsv"
    words.write_text("the\t100\nof\t50\n")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    start = time.process_time()
    try:
        inspect(path, lexicon=load_lexicon(path=words))
        came = "read"
    except TokstatError as error:
        came = f"refused: {error.problem}"
    print(json.dumps([came, path.stat().st_size, time.process_time() - start]))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
