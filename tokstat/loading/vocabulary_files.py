"""Build tokenizers from the older files vocab.txt, or vocab.json with merges.txt.

`slow_classes` says what a class makes of them. Added tokens and roles come from the
configurations beside them, as in transformers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import AddedToken, Regex, decoders, models, normalizers, pre_tokenizers, processors

from tokstat.errors import InvalidTokenizerError, reason_of
from tokstat.io.limits import MOST_IDS, parse_json, read_beside, read_tokenizer_file
from tokstat.loading.encodings import QWEN2
from tokstat.loading.slow_classes import CLASSES, SlowClass, class_of
from tokstat.model.folder import MOST_BYTES, ROLES, text_of
from tokstat.text.utf8 import has_lone_surrogates
from tokstat.text.wording import counted

_CLIP = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
_END_OF_WORD = "</w>"
_SPACES = r"[\s\x1c-\x1f]+"
"""What Python takes for spaces when it splits a text."""

_MOST_WHOLE_TOKENS = 1000

Merges = list[tuple[str, str]]


def build_from_vocabulary(
    paths: tuple[Path, ...], folder: Path
) -> tuple[tokenizers.Tokenizer, tuple[str, ...]]:
    """Build what the class of a folder makes of a vocab.txt, or of a vocab.json and a merges.txt.

    Without a class, a vocab.txt is BERT's and the others are GPT-2's. Also return notes.

    Raises:
        InvalidTokenizerError: a file is invalid, two contradict each other, or the class needs
            code of its own.
    """
    name, config = class_in(folder), _read_config(folder / _CONFIG)
    has_no_merges = len(paths) == 1
    known = CLASSES.get(name or ("BertTokenizer" if has_no_merges else "GPT2Tokenizer"))
    if known is None or (known.kind in ("wordpiece", "tokens")) != has_no_merges:
        raise InvalidTokenizerError(
            f"{' and '.join(map(str, paths))} are read by the class {name}, which splits texts by"
            " code of its own",
            "Load it with its own library, save it as a tokenizer.json, and give that file.",
        )
    named = _named_tokens(folder, config)
    roles = {**known.roles, **{role: text_of(value) for role, value in named.items()}}
    if any(map(has_lone_surrogates, roles.values())):
        raise InvalidTokenizerError(
            f"A special token in {folder / _CONFIG} is not a valid text", "Correct it."
        )
    if known.kind == "tokens":
        backend = _whole_tokens(_read_lines(paths[0]), roles["unk"], paths[0])
    elif has_no_merges:
        backend = _wordpiece(_read_lines(paths[0]), known, config, roles["unk"])
    else:
        backend = _bpe(paths[0], paths[1], known, config, roles)
    notes = _add_tokens(backend, folder, config, known, named, roles)
    _frame(backend, known, config, roles)
    return backend, notes


_CONFIG = "tokenizer_config.json"


def class_in(folder: Path) -> str:
    """Return the name of the tokenizer's class that the configurations of a folder lead to."""
    return class_of(_read_config(folder / _CONFIG), _read_config(folder / "config.json"))


def _read_config(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        config = parse_json(read_beside(path, MOST_BYTES), str(path))
    except OSError as error:
        raise InvalidTokenizerError(
            f"{path} cannot be read: {error.strerror or error}", "Check its permissions."
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidTokenizerError(
            f"{path} is not valid JSON: {reason_of(error)}",
            "Correct it, or remove it to use the defaults.",
        ) from error
    return config if isinstance(config, dict) else {}


def _named_tokens(folder: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the token of each role that a file names; the later file of older ones wins."""
    files = [config]
    if "added_tokens_decoder" not in config:
        files.append(_read_config(folder / "special_tokens_map.json"))
    return {
        role: content[f"{role}_token"]
        for content in files
        for role in ROLES
        if text_of(content.get(f"{role}_token"))
    }


def _read_lines(path: Path) -> dict[str, int]:
    """Read one token per line, in the order of ids."""
    lines = _read_text(path).split("\n")
    tokens = [line.removesuffix("\r") for line in lines[: -1 if lines[-1] == "" else None]]
    vocab = {token: index for index, token in enumerate(tokens)}
    if len(vocab) < len(tokens):
        twice = next(token for index, token in enumerate(tokens) if vocab[token] != index)
        raise InvalidTokenizerError(
            f"{path} lists the token {twice!r} more than once",
            "Remove the later line, or download the file again.",
        )
    return vocab


def _wordpiece(
    vocab: dict[str, int], known: SlowClass, config: Mapping[str, Any], unknown: str
) -> tokenizers.Tokenizer:
    """Build a tokenizer like BERT's.

    Of `config`, the keys `do_lower_case`, `strip_accents` and `tokenize_chinese_chars` apply.
    """
    backend = tokenizers.Tokenizer(models.WordPiece(vocab, unk_token=unknown))
    accents = config.get("strip_accents")
    backend.normalizer = normalizers.BertNormalizer(
        lowercase=bool(config.get("do_lower_case", known.lowercases)),
        strip_accents=None if accents is None else bool(accents),
        handle_chinese_chars=bool(config.get("tokenize_chinese_chars", True)),
    )
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.decoder = decoders.WordPiece()
    return backend


def _whole_tokens(vocab: dict[str, int], unknown: str, path: Path) -> tokenizers.Tokenizer:
    """Build ESM's tokenizer: a text is split at every token, the longest first, and at spaces."""
    vocab = {token.strip(): index for token, index in vocab.items()}
    if len(vocab) > _MOST_WHOLE_TOKENS:
        raise InvalidTokenizerError(
            f"{path} has {counted(len(vocab), 'token')}, and a vocabulary of amino acids at most"
            f" {_MOST_WHOLE_TOKENS:,}",
            f"Correct tokenizer_class in {_CONFIG}.",
        )
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token=unknown))
    longest_first = sorted(filter(None, vocab), key=len, reverse=True)
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex("|".join(map(re.escape, longest_first))), "isolated"),
            pre_tokenizers.Split(Regex(_SPACES), "removed"),
        ]
    )
    return backend


def _bpe(
    vocab_file: Path,
    merges_file: Path,
    known: SlowClass,
    config: Mapping[str, Any],
    roles: Mapping[str, str],
) -> tokenizers.Tokenizer:
    """Build a tokenizer with merges; of `config`, the key `add_prefix_space` applies."""
    vocab = _read_vocab(vocab_file)
    ends = known.kind in ("clip", "end of word")
    if not ends and any(token.endswith(_END_OF_WORD) for token in vocab):
        raise InvalidTokenizerError(
            f"{vocab_file} is not a GPT-2 vocabulary: its tokens mark the end of a word with </w>",
            "Load it with its own library, save it as a tokenizer.json, and give that file.",
        )
    merges = _read_merges(merges_file, vocab, vocab_file)
    options: dict[str, Any] = (
        {"end_of_word_suffix": _END_OF_WORD, "unk_token": roles["unk"]} if ends else {}
    )
    try:
        backend = tokenizers.Tokenizer(models.BPE(vocab, merges, **options))
    except Exception as error:  # the library raises a bare Exception
        raise InvalidTokenizerError(
            f'{vocab_file} and {merges_file} do not match: "{error}"',
            "Take both files from the same tokenizer.",
        ) from error
    if known.kind == "end of word":
        lowers = known.lowercases
        backend.normalizer = normalizers.BertNormalizer(
            lowercase=lowers, strip_accents=None if lowers else False
        )
        backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        backend.decoder = decoders.BPEDecoder(suffix=_END_OF_WORD)
        return backend
    backend.decoder = decoders.ByteLevel()
    prefix = bool(config.get("add_prefix_space", known.prefix_space))
    split = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
    if known.kind == "qwen2":
        backend.normalizer = normalizers.NFC()
        by_bytes = pre_tokenizers.ByteLevel(add_prefix_space=prefix, use_regex=False)
        words = pre_tokenizers.Split(Regex(QWEN2), "isolated")
        backend.pre_tokenizer = pre_tokenizers.Sequence([words, by_bytes])
    elif known.kind == "clip":
        backend.normalizer = normalizers.Sequence(
            [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
        )
        words = pre_tokenizers.Split(Regex(_CLIP), "removed", invert=True)
        backend.pre_tokenizer = pre_tokenizers.Sequence([words, split])
    else:
        backend.pre_tokenizer = split
    return backend


def _read_vocab(path: Path) -> dict[str, int]:
    try:
        vocab = parse_json(_read_text(path), str(path))
    except (ValueError, RecursionError) as error:
        raise InvalidTokenizerError(
            f"{path} is not valid JSON: {reason_of(error)}", "Download it again."
        ) from error
    if not isinstance(vocab, dict) or not all(type(index) is int for index in vocab.values()):
        raise InvalidTokenizerError(
            f"{path} is not a vocabulary: it does not map tokens to ids",
            "Give the vocab.json of a GPT-2 tokenizer.",
        )
    return vocab


def _read_merges(path: Path, vocab: Mapping[str, int], vocab_file: Path) -> Merges:
    merges = []
    for number, line in enumerate(_read_text(path).split("\n"), 1):
        parts = line.removesuffix("\r").split(" ")
        if line.startswith("#version") or parts == [""]:
            continue
        if len(parts) != 2:
            raise InvalidTokenizerError(
                f"Line {number:,} of {path} does not name two tokens to merge",
                "Give the merges.txt of a GPT-2 tokenizer.",
            )
        if not {*parts, "".join(parts)} <= vocab.keys():  # the library would panic
            raise InvalidTokenizerError(
                f"Line {number:,} of {path} needs a token that {vocab_file} lacks",
                "Take both files from the same tokenizer.",
            )
        merges.append((parts[0], parts[1]))
    return merges


def _add_tokens(
    backend: tokenizers.Tokenizer,
    folder: Path,
    config: Mapping[str, Any],
    known: SlowClass,
    named: Mapping[str, Any],
    roles: Mapping[str, str],
) -> tuple[str, ...]:
    """Add the added tokens in the order of ids, then those of roles; note ids that differ.

    A role's usual token is added only if the vocabulary has it: files that name it have its id.
    """
    files = [config]
    if "added_tokens_decoder" not in config:
        files.append(_read_config(folder / "special_tokens_map.json"))
    more = [
        text
        for content in files
        for token in _list(content.get("additional_special_tokens"))
        if (text := text_of(token))
    ]
    special = {*roles.values(), *more}
    wanted = dict(_listed_tokens(folder, config, special))
    backend.add_tokens([token for _, token in sorted(wanted.items())])
    moved = [
        token.content
        for index, token in wanted.items()
        if backend.token_to_id(token.content) != index
    ]
    for role in ROLES:
        text = roles.get(role, "")
        if not text or (role not in named and backend.token_to_id(text) is None):
            continue
        if all(token.content != text for token in wanted.values()):
            strips = role == "mask" and known.strips_before_mask
            given = named.get(role)
            flags = _flags(given) if isinstance(given, dict) else {"lstrip": strips}
            backend.add_tokens(
                [AddedToken(text, **{"normalized": False, **flags, "special": True})]
            )
    backend.add_special_tokens([_sound(text, folder) for text in more])
    if not moved:
        return ()
    return (
        f"{counted(len(moved), 'added token')} cannot have the id that the files give, first"
        f" {moved[0]!r}: transformers and tokstat give the next free one.",
    )


def _listed_tokens(
    folder: Path, config: Mapping[str, Any], special: set[str]
) -> Iterator[tuple[int, AddedToken]]:
    """Yield the added tokens that files list, with their ids."""
    listed = config.get("added_tokens_decoder")
    if isinstance(listed, dict):
        for index, token in listed.items():
            if str(index).isdecimal() and len(str(index)) < 10 and isinstance(token, dict):
                text = _sound(token.get("content"), folder)
                flags = {**_flags(token), "special": bool(token.get("special")) or text in special}
                yield int(index), AddedToken(text, **flags)
        return
    for text, index in _read_config(folder / "added_tokens.json").items():
        if type(index) is int and 0 <= index < MOST_IDS:
            is_special = text in special
            yield (
                index,
                AddedToken(_sound(text, folder), normalized=not is_special, special=is_special),
            )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _sound(text: Any, folder: Path) -> str:
    if not isinstance(text, str) or not text or has_lone_surrogates(text):
        raise InvalidTokenizerError(
            f"An added token in {folder} is not a valid text: {text!r}", "Correct it."
        )
    return text


def _flags(token: Mapping[str, Any]) -> dict[str, bool]:
    names = ("lstrip", "rstrip", "single_word", "normalized")
    return {name: bool(token[name]) for name in names if name in token}


def _frame(
    backend: tokenizers.Tokenizer,
    known: SlowClass,
    config: Mapping[str, Any],
    roles: Mapping[str, str],
) -> None:
    """Set what the class puts around a text, if the vocabulary has these tokens."""
    if known.has_bos_option and config.get("add_bos_token"):
        known = replace(known, single="bos:0 A:0", pair="bos:0 A:0 B:1")
    ids = {
        role: index
        for role, text in roles.items()
        if text and (index := backend.token_to_id(text)) is not None
    }
    used = {part.partition(":")[0] for part in known.single.split()} - {"A", "B"}
    if not used or used - ids.keys():
        if known.kind in ("gpt2", "qwen2"):
            backend.post_processor = processors.ByteLevel(trim_offsets=False)
        return
    if known.roberta:
        first, last = ("bos", "eos") if known.kind == "clip" else ("cls", "sep")
        backend.post_processor = processors.RobertaProcessing(
            (roles[last], ids[last]),
            (roles[first], ids[first]),
            add_prefix_space=bool(config.get("add_prefix_space", known.prefix_space)),
            trim_offsets=known.kind != "clip",
        )
        return
    templates = {"single": known.single, "pair": known.pair}
    try:
        backend.post_processor = processors.TemplateProcessing(
            **{name: _template(each, roles) for name, each in templates.items() if each},
            special_tokens=[(roles[role], ids[role]) for role in sorted(used)],
        )
    except (TypeError, ValueError) as error:  # a text that a template cannot hold
        raise InvalidTokenizerError(
            f'The special tokens beside the vocabulary cannot frame a text: "{error}"',
            f"Correct them in {_CONFIG}.",
        ) from error


def _template(template: str, roles: Mapping[str, str]) -> list[str]:
    """Return a template with `$A` and `$B` for the texts and tokens for the roles."""
    parts = (part.split(":") for part in template.split())
    return [f"{'$' + name if name in 'AB' else roles[name]}:{kind}" for name, kind in parts]


def _read_text(path: Path) -> str:
    try:
        return read_tokenizer_file(path, may_be_empty=True).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidTokenizerError(
            f"{path} cannot be read: {reason_of(error)}", "Download it again."
        ) from error
