"""Build tokenizers from the older files vocab.txt, or vocab.json with merges.txt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors

from tokstat.errors import InvalidTokenizerError
from tokstat.io.limits import parse_json, read_tokenizer_file
from tokstat.text.utf8 import has_lone_surrogates

_BERT_SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_GPT2_END_OF_TEXT = "<|endoftext|>"


def build_wordpiece(vocab_file: Path, config: dict[str, Any]) -> tokenizers.Tokenizer:
    """Build a BERT tokenizer from a vocab.txt, which has one token per line in the order of ids.

    `config` is the content of tokenizer_config.json. Its keys `do_lower_case` (true by default, as
    in BERT's code), `strip_accents`, `tokenize_chinese_chars` and `unk_token` apply.

    Raises:
        InvalidTokenizerError: the file is not UTF-8, or lists a token twice.
    """
    lines = _read_text(vocab_file).split("\n")
    tokens = [line.removesuffix("\r") for line in lines[: -1 if lines[-1] == "" else None]]
    vocab = {token: index for index, token in enumerate(tokens)}
    if len(vocab) < len(tokens):
        twice = next(token for index, token in enumerate(tokens) if vocab[token] != index)
        raise InvalidTokenizerError(
            f"{vocab_file} lists the token {twice!r} more than once",
            "Remove the later line, or download the file again.",
        )
    backend = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token=_unknown_token(config)))
    lowercase = bool(config.get("do_lower_case", True))
    accents = config.get("strip_accents")
    backend.normalizer = normalizers.BertNormalizer(
        lowercase=lowercase,
        strip_accents=None if accents is None else bool(accents),
        handle_chinese_chars=bool(config.get("tokenize_chinese_chars", True)),
    )
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    backend.add_special_tokens([token for token in _BERT_SPECIAL_TOKENS if token in vocab])
    if {"[SEP]", "[CLS]"} <= vocab.keys():
        backend.post_processor = processors.BertProcessing(
            ("[SEP]", vocab["[SEP]"]), ("[CLS]", vocab["[CLS]"])
        )
    return backend


def _unknown_token(config: dict[str, Any]) -> str:
    """Return the text of the unknown token, which a configuration may store as an object."""
    token = config.get("unk_token")
    content = token.get("content") if isinstance(token, dict) else token
    name = str(content or "[UNK]")
    if has_lone_surrogates(name):
        raise InvalidTokenizerError(
            f"The key unk_token in tokenizer_config.json is not a valid text: {name!r}",
            "Correct it, or remove it to use [UNK].",
        )
    return name


def build_byte_level_bpe(
    vocab_file: Path, merges_file: Path, config: dict[str, Any]
) -> tokenizers.Tokenizer:
    """Build a GPT-2 tokenizer from a vocab.json and a merges.txt.

    `config` is the content of tokenizer_config.json. Its key `add_prefix_space` applies (false by
    default).

    Raises:
        InvalidTokenizerError: a file is invalid, or the two contradict each other.
    """
    try:
        vocab = parse_json(_read_text(vocab_file), str(vocab_file))
    except (ValueError, RecursionError) as error:
        raise InvalidTokenizerError(
            f'{vocab_file} is not valid JSON: "{error}"', "Download it again."
        ) from error
    if not isinstance(vocab, dict) or not all(type(index) is int for index in vocab.values()):
        raise InvalidTokenizerError(
            f"{vocab_file} is not a vocabulary: it does not map tokens to ids",
            "Give the vocab.json of a GPT-2 tokenizer.",
        )
    if any(token.endswith("</w>") for token in vocab):
        raise InvalidTokenizerError(
            f"{vocab_file} is not a GPT-2 vocabulary: its tokens mark the end of a word with </w>",
            "Load it with its own library, save it as a tokenizer.json, and give that file.",
        )
    merges = []
    for number, line in enumerate(_read_text(merges_file).split("\n"), 1):
        parts = line.removesuffix("\r").split(" ")
        if line.startswith("#version") or parts == [""]:
            continue
        if len(parts) != 2:
            raise InvalidTokenizerError(
                f"Line {number:,} of {merges_file} does not name two tokens to merge",
                "Give the merges.txt of a GPT-2 tokenizer.",
            )
        if not {*parts, "".join(parts)} <= vocab.keys():  # the library would panic
            raise InvalidTokenizerError(
                f"Line {number:,} of {merges_file} needs a token that {vocab_file} lacks",
                "Take both files from the same tokenizer.",
            )
        merges.append((parts[0], parts[1]))
    try:
        backend = tokenizers.Tokenizer(models.BPE(vocab, merges))
    except Exception as error:  # the library raises a bare Exception
        raise InvalidTokenizerError(
            f'{vocab_file} and {merges_file} do not match: "{error}"',
            "Take both files from the same tokenizer.",
        ) from error
    prefix = bool(config.get("add_prefix_space", False))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    backend.decoder = decoders.ByteLevel()
    if _GPT2_END_OF_TEXT in vocab:
        backend.add_special_tokens([_GPT2_END_OF_TEXT])
    return backend


def _read_text(path: Path) -> str:
    try:
        return read_tokenizer_file(path, may_be_empty=True).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidTokenizerError(
            f'{path} is not valid UTF-8: "{error}"', "Download it again."
        ) from error
