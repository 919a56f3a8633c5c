"""Build byte-level BPE from ranks, as tiktoken and Mistral's tekken store it.

The files list no merges. tiktoken joins the two neighbours whose joined bytes have the lowest
rank. So every pair of tokens that forms a token is a merge, in the order of ranks. A piece of
text that is a token itself is never built from parts.
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
    """Build a tokenizer from the ranks of its tokens.

    `pattern` splits a text into pieces, in the syntax of Rust's fancy-regex. `special` maps
    special tokens to ids. `source` names the file in errors.

    Raises:
        InvalidTokenizerError: a token is too long to be merged, an id or token is used twice, or
            the pattern is invalid.
        LimitError: a token is too long.
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
                f"{source} has another token with the id {index:,} or the text of the special"
                f" token {token!r}",
                "Name the file's encoding (tiktoken:FILE@ENCODING), or download the file again.",
            )
        ids[token] = index
        taken.add(index)
    backend = tokenizers.Tokenizer(models.BPE(ids, merges, ignore_merges=True))
    try:
        words = Regex(to_oniguruma(pattern))
    except Exception as error:  # the library raises a bare Exception
        raise InvalidTokenizerError(
            f'The pattern in {source} is not supported: "{error}"', "Download the file again."
        ) from error
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            # tiktoken drops text that the pattern does not match.
            pre_tokenizers.Split(words, "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(list(special))
    return backend


def _merges(ids: Mapping[str, int]) -> list[tuple[str, str]]:
    """List all pairs of tokens that form a token, by its rank, then by the ranks of the pair."""
    merges = []
    for token in ids:
        size = len(token)
        if size == 2:
            if token[0] in ids and token[1] in ids:
                merges.append((token[0], token[1]))
            continue
        pairs = []
        for place in range(1, size):
            left = token[:place]
            if left in ids:
                right = token[place:]
                if right in ids:
                    pairs.append((left, right))
        if len(pairs) > 1:
            pairs.sort(key=lambda pair: (ids[pair[0]], ids[pair[1]]))
        merges += pairs
    return merges


def to_oniguruma(pattern: str) -> str:
    r"""Translate a pattern of Rust's fancy-regex to the syntax of Oniguruma.

    In Oniguruma, `^` and `$` match at line ends, so they become `\A` and `\z`. `{1,3}+` is
    possessive in fancy-regex, but a repeated repetition in Oniguruma. At the end of an
    alternative nothing can make it backtrack, so there the plus is dropped.

    Raises:
        ValueError: a possessive counted repetition is not at the end of an alternative, or a
            property is incomplete.
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
                    raise ValueError("a property has no closing brace")
        elif character == "[":
            depth += 1
        elif character == "]":
            depth = max(0, depth - 1)
        elif not depth and character in "^$":
            character = r"\A" if character == "^" else r"\z"
        elif not depth and character == "}" and pattern[position + 1 : position + 2] == "+":
            if pattern[position + 2 : position + 3] not in ("", "|"):
                raise ValueError("a possessive counted repetition is not at the end of a branch")
            step = 2
        rewritten.append(character)
        position += step
    return "".join(rewritten)
