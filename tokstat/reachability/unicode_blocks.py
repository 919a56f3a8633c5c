"""How a tokenizer spells the characters of each Unicode block."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from tokstat.reachability.witnesses import encode_all
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import KINDS

PER_BLOCK = 8
"""Most characters tested per block, evenly spread over it."""

_NO_TEXT = ("Cc", "Cn", "Co", "Cs")
_BYTES = (KINDS.index("byte"), KINDS.index("partial"))


@dataclass(frozen=True)
class Block:
    """Count how the tested characters of one block are spelled.

    `whole`: in tokens that are text. `in_bytes`: with tokens that are parts of characters. `lost`:
    as the unknown token, or not at all.
    """

    name: str
    tried: int
    whole: int
    in_bytes: int
    lost: int


def encode_samples(tokenizer: Tokenizer) -> list[list[int]]:
    """Return the ids of each sampled character; this needs no decoded vocabulary."""
    return encode_all(tokenizer, [each for _, some in sample_of_blocks() for each in some])


def count_spelled(tokenizer: Tokenizer, encoded: list[list[int]]) -> tuple[Block, ...]:
    """Count from the ids of the sampled characters how each block is spelled."""
    ids = iter(encoded)
    rows, unknown = tokenizer.vocabulary, tokenizer.unknown_id
    parts = set(rows.ids[(rows.kind_codes == _BYTES[0]) | (rows.kind_codes == _BYTES[1])].tolist())
    blocks = []
    for name, some in sample_of_blocks():
        whole = in_bytes = 0
        for _ in some:
            spelled = next(ids)
            if spelled and unknown not in spelled:
                if parts.isdisjoint(spelled):
                    whole += 1
                else:
                    in_bytes += 1
        blocks.append(Block(name, len(some), whole, in_bytes, len(some) - whole - in_bytes))
    return tuple(blocks)


@cache
def sample_of_blocks() -> list[tuple[str, list[str]]]:
    """Return assigned characters of each block, without spaces, controls and private characters."""
    from fontTools.unicodedata import Blocks

    starts, names = Blocks.RANGES, Blocks.VALUES
    found = []
    for start, end, name in zip(starts, [*starts[1:], 0x110000], names, strict=True):
        if name == "No_Block" or "Surrogates" in name or "Private" in name:
            continue
        step = max((end - start) // PER_BLOCK, 1)
        some = [
            chr(code)
            for code in range(start, end, step)
            if unicodedata.category(chr(code)) not in _NO_TEXT and not chr(code).isspace()
        ][:PER_BLOCK]
        if some:
            found.append((str(name), some))
    return found
