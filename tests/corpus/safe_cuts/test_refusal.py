"""Tokenizers without a cut that is known to be safe, one for each reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tokenizers
from tokenizers import AddedToken, NormalizedString, Regex, models, normalizers, pre_tokenizers

from tests.conftest import wrap
from tests.small_tokenizers import SMALL
from tokstat.corpus.safe_cuts.derivation import derive_cut

N, P = normalizers, pre_tokenizers


class Shout:
    """A normalizer in Python."""

    def normalize(self, text: NormalizedString) -> None:
        text.map(str.upper)


def normalized(*steps: Any) -> tokenizers.Tokenizer:
    backend = SMALL["wordpiece"]()
    backend.normalizer = N.Sequence(list(steps)) if len(steps) > 1 else steps[0]
    return backend


def split(*steps: Any) -> tokenizers.Tokenizer:
    backend = SMALL["byte-level"]()
    backend.pre_tokenizer = P.Sequence(list(steps))
    return backend


def metaspace(*steps: Any) -> tokenizers.Tokenizer:
    backend = SMALL["metaspace-prefix"]()
    backend.pre_tokenizer = P.Sequence(list(steps))
    return backend


def with_tokens(*tokens: AddedToken) -> tokenizers.Tokenizer:
    backend = SMALL["wordpiece"]()
    backend.add_tokens(list(tokens))
    return backend


def dropping() -> tokenizers.Tokenizer:
    backend = SMALL["byte-level"]()
    backend.model.dropout = 0.1
    return backend


def with_gaps() -> tokenizers.Tokenizer:
    model = models.WordLevel({"a": 0, "b": 7}, unk_token="a")
    backend = tokenizers.Tokenizer(model)
    backend.pre_tokenizer = P.WhitespaceSplit()
    return backend


REFUSED: dict[str, tuple[Callable[[], tokenizers.Tokenizer], str]] = {
    "a normalizer in Python": (
        lambda: normalized(N.Normalizer.custom(Shout())),
        "normalizer",
    ),
    "an unknown normalizer": (lambda: normalized(N.ByteLevel()), "ByteLevel"),
    "spaces doubled": (lambda: normalized(N.Replace(" ", "  ")), "normalizer"),
    "letters changed": (lambda: normalized(N.Replace("a", "xyz")), "normalizer"),
    "the start stripped": (lambda: normalized(N.Strip(right=False)), "normalizer"),
    "a look-behind replaced": (
        lambda: normalized(N.Replace(Regex("(?<=x)y"), "z")),
        "(?<=x)y",
    ),
    "a look-ahead replaced": (
        lambda: normalized(N.Replace(Regex(r"\s+(?!\S)|\s+"), " ")),
        r"\s+(?!\S)|\s+",
    ),
    "signs replaced by nothing": (lambda: normalized(N.Replace("x", "")), "normalizer"),
    "an unknown pre-tokenizer": (lambda: split(P.UnicodeScripts()), "UnicodeScripts"),
    "an unknown pattern": (
        lambda: split(P.Split(Regex("(?<=a)b"), "isolated")),
        "(?<=a)b",
    ),
    "a pattern merged with what is before": (
        lambda: split(P.Split(Regex("x+"), "merged_with_previous")),
        "MergedWithPrevious",
    ),
    "a space before every piece": (
        lambda: split(P.Digits(), P.ByteLevel(add_prefix_space=True)),
        "ByteLevel",
    ),
    "another mark for spaces": (lambda: metaspace(P.Metaspace("_")), "'_'"),
    "spaces rewritten before": (
        lambda: metaspace_after_marks(P.Digits()),
        "pre-tokenizer",
    ),
    "spaces rewritten before a pattern": (
        lambda: metaspace_after_marks(P.Split(Regex("x"), "isolated")),
        "pre-tokenizer",
    ),
    "merges dropped": (dropping, "dropout"),
    "ids with gaps": (with_gaps, "ids"),
    "an added token that may match added spaces": (
        lambda: with_tokens(AddedToken("a b", normalized=True)),
        "'a b'",
    ),
    "many added tokens": (
        lambda: with_tokens(*(AddedToken(f"<{n}>", rstrip=True) for n in range(1_000))),
        "256",
    ),
    "many added tokens that begin otherwise": (
        lambda: with_tokens(
            *(AddedToken(f"{chr(0x4E00 + n)}x", rstrip=True) for n in range(1_000))
        ),
        "256",
    ),
    "nothing that splits": (lambda: split(P.Digits(), P.Punctuation()), "tokens"),
}


def metaspace_after_marks(step: Any) -> tokenizers.Tokenizer:
    backend = metaspace(step)
    backend.normalizer = N.Replace(" ", "▁")
    return backend


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    make, named = REFUSED[name]
    refused = derive_cut(wrap(make(), name)).refused
    assert refused is not None
    assert named in refused
