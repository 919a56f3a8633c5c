"""Build byte-level BPE from ranks, as tiktoken and Mistral's tekken store it.

The files hold no merges. tiktoken joins the two neighbours whose bytes together have the lowest
rank, whatever the parts are; so every way to cut a token into two others is a merge, in the order
of ranks. A piece of text that is a token is taken whole.
"""

from __future__ import annotations

from collections.abc import Mapping

import tokenizers
from tokenizers import Regex, decoders, models, pre_tokenizers

from tokstat.errors import InvalidTokenizerError
from tokstat.io.limits import require_mergeable_tokens
from tokstat.tokenizer.decoding import byte_alphabet


def build_from_ranks(
    ranks: Mapping[bytes, int], pattern: str, special: Mapping[str, int], source: str
) -> tokenizers.Tokenizer:
    """Build the tokenizer; `pattern` cuts a text into the pieces within which tokens join.

    `pattern` is in the syntax of Rust's fancy-regex; `special` gives the ids of special tokens.

    Raises:
        InvalidTokenizerError: tokens too long, a pattern that cannot be used, an id used twice.
    """
    require_mergeable_tokens(list(ranks), source)
    characters = {byte: character for character, byte in byte_alphabet().items()}
    ids = {
        token.decode("latin-1").translate(characters): rank
        for token, rank in sorted(ranks.items(), key=lambda item: item[1])
    }
    merges = _merges(ids)
    taken = set(ids.values())
    for token, index in special.items():
        if index in taken or token in ids:
            raise InvalidTokenizerError(
                f"{source} gives the id {index:,} or the text of the special token {token!r}"
                " to another token",
                "Fetch the file again, or name the encoding that it is of.",
            )
        ids[token] = index
        taken.add(index)
    backend = tokenizers.Tokenizer(models.BPE(ids, merges, ignore_merges=True))
    try:
        words = Regex(to_oniguruma(pattern))
    except Exception as error:  # the library raises a bare Exception, we a ValueError
        raise InvalidTokenizerError(
            f"The pattern in {source} cannot be used: {error}", "Fetch the file again."
        ) from error
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            # Like tiktoken, which drops what the pattern does not match.
            pre_tokenizers.Split(words, "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(list(special))
    return backend


def _merges(ids: Mapping[str, int]) -> list[tuple[str, str]]:
    """List every cut of every token into two, by rank of the token, then of the parts."""
    merges = []
    for token in ids:
        size = len(token)
        if size == 2:
            if token[0] in ids and token[1] in ids:
                merges.append((token[0], token[1]))
            continue
        ways = []
        for cut in range(1, size):
            left = token[:cut]
            if left in ids:
                right = token[cut:]
                if right in ids:
                    ways.append((left, right))
        if len(ways) > 1:
            ways.sort(key=lambda way: (ids[way[0]], ids[way[1]]))
        merges += ways
    return merges


def to_oniguruma(pattern: str) -> str:
    r"""Rewrite a pattern of Rust's fancy-regex for Oniguruma, where the same would mean another.

    `^` and `$` stand for the ends of a line there, not of the text; and `{1,3}+` repeats what is
    repeated, instead of never giving back. Where nothing follows that could make it give back, the
    plus goes.

    Raises:
        ValueError: a possessive counted repetition that something follows.
    """
    rewritten = []
    depth = position = 0
    while position < len(pattern):
        character = pattern[position]
        step = 1
        if character == "\\":
            step = 2
            character = pattern[position : position + 2]
            if character[1:] in ("p", "P") and pattern[position + 2 : position + 3] == "{":
                step = pattern.find("}", position) + 1 - position
                character = pattern[position : position + step]
                if step <= 0:
                    raise ValueError("a property without an end")
        elif character == "[":
            depth += 1
        elif character == "]":
            depth = max(0, depth - 1)
        elif not depth and character in "^$":
            character = r"\A" if character == "^" else r"\z"
        elif not depth and character == "}" and pattern[position + 1 : position + 2] == "+":
            if pattern[position + 2 : position + 3] not in ("", "|"):
                raise ValueError("a possessive counted repetition inside of a branch")
            step = 2
        rewritten.append(character)
        position += step
    return "".join(rewritten)
