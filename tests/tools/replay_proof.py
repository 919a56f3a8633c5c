"""Replay many texts on the real tokenizers, and count those that come to other ids.

    python -m tests.tools.replay_proof [--texts 100000] [--seed 0] [NAME…]

The texts are drawn evenly for the tokenizers: adversarial ones, mixtures of odd characters, words
of many languages, code points at random, and tokens of the vocabulary joined at random. Every
other text goes through the post-processor, too. It needs npm and PyPI, and ends with 1 if any
text comes to other ids.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator

import wordfreq

from tests.conftest import BUNDLED, load_known, load_real
from tests.corpus.adversarial import ALPHABET, TEXTS
from tests.real_tokenizers import REGISTRY
from tests.samples import LANGUAGES, sample
from tests.small_tokenizers import SMALL
from tokstat.errors import EncodingError
from tokstat.splitting.steps import Replay
from tokstat.tokenizer.tokenizer import Tokenizer

FAMILIES = {
    "modernbert": "byte-level BPE",
    "bert": "WordPiece",
    **{name: package.family for name, package in REGISTRY.items()},
    **{name: f"small {name}" for name in SMALL},
}
"""The family of each tokenizer that texts are replayed on."""

_PLANES = ((0x20, 0x7F), (0x80, 0x800), (0x800, 0xD800), (0xE000, 0x10000), (0x10000, 0x110000))


def random_texts(tokenizer: Tokenizer, seed: int) -> Iterator[str]:
    """Yield texts without end: the fixed ones first, then random ones of every kind in turn."""
    draw = random.Random(seed)
    yield from TEXTS
    yield from sample()
    words = [word for code in LANGUAGES for word in wordfreq.top_n_list(code, 500)]
    tokens = [text for text in tokenizer.vocabulary.texts if text]
    added = [each.content for each in tokenizer.backend.get_added_tokens_decoder().values()]
    while True:
        yield "".join(draw.choices(ALPHABET, k=draw.randint(1, 24)))
        yield "".join(chr(draw.randrange(*draw.choice(_PLANES))) for _ in range(draw.randint(1, 9)))
        yield " ".join(_cased(draw, draw.choice(words)) for _ in range(draw.randint(1, 12)))
        joint = draw.choice(("", " ", "  ", "-", "\n"))
        yield joint.join(draw.choices(tokens, k=draw.randint(1, 8)))
        mixed = (
            *draw.choices(words, k=3),
            *draw.choices(ALPHABET, k=3),
            *draw.choices(tokens, k=2),
        )
        parts = [*mixed, *draw.choices(added or [""], k=2)]
        draw.shuffle(parts)
        yield "".join(parts)


def _cased(draw: random.Random, word: str) -> str:
    return draw.choice((word, word, word.capitalize(), word.upper()))


def replay_many(name: str, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Replay texts on one tokenizer; return counts by outcome, and the texts that differ."""
    tokenizer = load_known(name) if name in BUNDLED or name in SMALL else load_real(name)
    replay = Replay(tokenizer)
    outcomes: Counter[str] = Counter()
    differing = []
    for number, text in zip(range(count), random_texts(tokenizer, seed), strict=False):
        try:
            steps = replay.steps(text, special=number % 2 == 1)
        except EncodingError as error:
            outcomes[f"encoder: {error.problem}"] += 1
            continue
        outcomes[steps.not_replayed or "replayed"] += 1
        if steps.not_replayed:
            differing.append(text)
    return outcomes, differing


def main() -> None:
    """Replay the texts, and print the counts by tokenizer and family."""
    options = argparse.ArgumentParser()
    options.add_argument("names", nargs="*", default=[*BUNDLED, *REGISTRY])
    options.add_argument("--texts", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    by_family: dict[str, Counter[str]] = {}
    for name in chosen.names:
        count = -(-chosen.texts // len(chosen.names))
        outcomes, differing = replay_many(name, count, chosen.seed)
        print(f"{name:12} {dict(outcomes)}", *map(ascii, differing[:3]), sep="\n  ", flush=True)
        by_family.setdefault(FAMILIES[name], Counter()).update(outcomes)
    print()
    for family, outcomes in by_family.items():
        print(f"{family:16} {outcomes.total():7,} texts, {dict(outcomes)}")
    raise SystemExit(any(set(outcomes) - {"replayed"} for outcomes in by_family.values()))


if __name__ == "__main__":
    main()
