"""Which characters can be spelled, against what each is encoded into."""

from __future__ import annotations

from fontTools import unicodedata as blocks_of

from tokstat.reachability.unicode_blocks import (
    PER_BLOCK,
    count_spelled,
    encode_samples,
    sample_of_blocks,
)
from tokstat.tokenizer.tokenizer import Tokenizer


def test_the_sample_is_of_its_blocks() -> None:
    samples = sample_of_blocks()
    assert len(samples) > 300
    for name, characters in samples:
        assert 0 < len(characters) <= PER_BLOCK
        assert {blocks_of.block(character) for character in characters} == {name}
        assert not any(character.isspace() for character in characters)


def test_counts_against_one_by_one(tokenizer: Tokenizer) -> None:
    rows = tokenizer.vocabulary
    found = {each.name: each for each in count_spelled(tokenizer, encode_samples(tokenizer))}
    for name, characters in sample_of_blocks()[::7]:
        lost = in_bytes = 0
        for character in characters:
            ids = tokenizer.backend.encode(character, add_special_tokens=False).ids
            kinds = {rows[token].kind for token in ids}
            is_lost = not ids or tokenizer.unknown_id in ids
            lost += is_lost
            in_bytes += not is_lost and bool(kinds & {"byte", "partial"})
        block = found[name]
        whole = len(characters) - lost - in_bytes
        assert (block.tried, block.whole, block.in_bytes, block.lost) == (
            len(characters),
            whole,
            in_bytes,
            lost,
        )
