"""Named changes to a tokenizer, shared by ladder, distillation and repair."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import tokenizers
from tokenizers import normalizers, pre_tokenizers

from tokstat.analyzers.subject import Subject
from tokstat.editing.edit import Edit
from tokstat.editing.rebuild import read_again, rebuild, special_rows
from tokstat.errors import EditError
from tokstat.text.wording import counted
from tokstat.tokenizer.decoding import byte_alphabet, components
from tokstat.tokenizer.encoding import encode_batch_fast, normalize, pre_tokenize, run_normalizer
from tokstat.tokenizer.single_words import CONVENTIONS, Convention
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon
from tokstat.words.word_classes import WORD_CLASSES

UNTOUCHABLE = ("not_alphabetic", "single_letter")
"""Word classes that cannot be dropped: the first has special tokens, punctuation and digits, and
the second spells all words that are not one token."""


_DROPPABLE = ", ".join(sorted(set(WORD_CLASSES) - set(UNTOUCHABLE)))


@dataclass(frozen=True)
class Intervention:
    """Name one change; `apply` makes it on a copy."""

    name: str
    title: str
    apply: Callable[[Tokenizer], Edit]


def apply_all(tokenizer: Tokenizer, interventions: Iterable[Intervention]) -> Edit:
    """Apply changes in the given order."""
    edit = Edit.nothing(tokenizer)
    for intervention in interventions:
        edit = edit.then(intervention.apply(edit.tokenizer))
    return edit


def leading_blank() -> Intervention:
    """Encode every text as if a space preceded it."""
    return Intervention("leading_blank", "leading space", _put_blank)


def decase() -> Intervention:
    """Lower-case texts and vocabulary, and merge the tokens that become equal."""
    return Intervention("decase", "duplicates by case removed", _lower_case)


def drop(word_class: str, lexicon: Lexicon) -> Intervention:
    """Remove the tokens of one class (`tokstat.words.word_classes`).

    Raises:
        EditError: the class does not exist, or has special tokens or the alphabet.
    """
    if word_class not in WORD_CLASSES:
        raise EditError(f"There is no word class {word_class!r}", f"Choose one of: {_DROPPABLE}.")
    if word_class in UNTOUCHABLE:
        raise EditError(
            f"The class {word_class} cannot be dropped: it has special tokens, or the letters that"
            " spell all other words",
            f"Choose one of: {_DROPPABLE}.",
        )

    def apply(tokenizer: Tokenizer) -> Edit:
        subject = Subject(tokenizer, lexicon)
        rows = subject.rows_of_class(word_class)
        keep = np.ones(len(subject.vocabulary), np.bool_)
        # Single characters stay, whatever their script: they spell words that are not one token.
        keep[rows[subject.vocabulary.properties.lengths[rows] > 1]] = False
        keep |= special_rows(tokenizer)
        return rebuild(tokenizer, keep) if not keep.all() else Edit.nothing(tokenizer)

    return Intervention(f"drop_{word_class}", f"{_PLURALS[word_class]} removed", apply)


_PLURALS = {
    "other_script": "tokens of other scripts",
    "whole_word": "whole words",
    "affix": "affixes",
    "bare_word": "bare words",
    "other_language": "words of other languages",
    "joined_words": "words run together",
    "fragment": "fragments",
}


def add_words(
    words: Sequence[str], name: str = "words", conventions: Sequence[Convention] = CONVENTIONS
) -> Intervention:
    """Add each word so that it is one token alone and in text; these may be two tokens.

    With fewer `conventions` it becomes one token only there, where the two differ. Words that the
    pre-tokenizer splits cannot be one token: they are skipped, and the edit names them with the
    reason.
    """

    def apply(tokenizer: Tokenizer) -> Edit:
        return _add(tokenizer, words, conventions)

    return Intervention("add_words", f"{name} added", apply)


def _put_blank(tokenizer: Tokenizer) -> Edit:
    """Put a space before every text, if spaces are part of tokens and none is put there yet.

    A pre-tokenizer before all others does it. The flag `add_prefix_space` of ByteLevel after a
    Split would put a space before every piece, and a normalizer one after every added token.
    """
    if tokenizer.adds_leading_space or not tokenizer.scheme.keeps_spaces:
        return Edit.nothing(tokenizer)
    backend = _copy(tokenizer)
    between = normalize(backend, "a b")
    blank = " " if " " in between else tokenizer.scheme.blank
    parts = [pre_tokenizers.Metaspace(replacement=blank, prepend_scheme="first", split=False)]
    if backend.pre_tokenizer is not None:
        parts.append(backend.pre_tokenizer)
    backend.pre_tokenizer = pre_tokenizers.Sequence(parts)
    return Edit.nothing(_with(tokenizer, backend))


def _put_lower_case(tokenizer: Tokenizer) -> Tokenizer:
    """Lower-case every text, after all other normalizers except one that writes bytes."""
    backend = _copy(tokenizer)
    parts = [] if backend.normalizer is None else [backend.normalizer]
    writes_bytes = any(part["type"] == "ByteLevel" for part in components(backend, "normalizer"))
    parts.insert(0 if writes_bytes else len(parts), normalizers.Lowercase())
    backend.normalizer = normalizers.Sequence(parts) if len(parts) > 1 else parts[0]
    return _with(tokenizer, backend)


def _copy(tokenizer: Tokenizer) -> tokenizers.Tokenizer:
    return read_again(tokenizer.to_json())


def _with(tokenizer: Tokenizer, backend: tokenizers.Tokenizer) -> Tokenizer:
    digest = hashlib.sha256(backend.to_str().encode()).hexdigest()
    return Tokenizer(backend, replace(tokenizer.origin, sha256=digest))


def _lower_case(tokenizer: Tokenizer) -> Edit:
    """Keep the token that is in lower case already, else rename the first one.

    The tokenizers library lower-cases character by character; this does the same, so that
    vocabulary and texts agree.
    """
    if not tokenizer.lowercases:
        tokenizer = _put_lower_case(tokenizer)
    vocabulary = tokenizer.vocabulary
    keep = np.ones(len(vocabulary), np.bool_)
    taken = set(vocabulary.tokens)
    renames: dict[int, str] = {}
    for row in np.flatnonzero(vocabulary.content & ~special_rows(tokenizer)).tolist():
        lower = _lower_token(tokenizer, row)
        if lower == vocabulary.tokens[row]:
            continue
        if lower in taken:
            keep[row] = False
        else:
            taken.add(lower)
            renames[row] = lower
    if keep.all() and not renames:
        return Edit.nothing(tokenizer)
    return rebuild(tokenizer, keep, renames)


_LOWER = normalizers.Lowercase()


def _lower_token(tokenizer: Tokenizer, row: int) -> str:
    """Return the stored form of a content token's text in lower case."""
    vocabulary, scheme = tokenizer.vocabulary, tokenizer.scheme
    token, text = vocabulary.tokens[row], vocabulary.texts[row] or ""
    lower = run_normalizer(tokenizer.backend, _LOWER, text)
    if lower == text:
        return token
    if not scheme.byte_level:
        return run_normalizer(tokenizer.backend, _LOWER, token)
    characters = {byte: character for character, byte in byte_alphabet().items()}
    starts = bool(vocabulary.starts_word[row])
    blank = " " if starts and scheme.keeps_spaces else ""
    stored = "".join(characters[byte] for byte in (blank + lower).encode())
    return stored + (scheme.end if starts else "")


def _add(tokenizer: Tokenizer, words: Sequence[str], conventions: Sequence[Convention]) -> Edit:
    wanted: dict[str, dict[str, str]] = {}
    skipped: list[tuple[str, str]] = []
    for word in dict.fromkeys(words):
        forms = _forms(tokenizer, word, conventions)
        found = {form: _as_token(tokenizer, word, form) for form in forms}
        reasons = [reason for _, reason in found.values() if reason]
        if reasons:
            skipped.append((word, reasons[0]))
        else:
            wanted[word] = {form: token for form, (token, _) in found.items()}
    keep = np.ones(len(tokenizer.vocabulary), np.bool_)
    while True:
        tokens = dict.fromkeys(token for forms in wanted.values() for token in forms.values())
        edit = rebuild(tokenizer, keep, wanted=list(tokens))
        failed = _not_one_token(edit.tokenizer, wanted)
        if not failed:
            break
        for word in failed:
            del wanted[word]
            skipped.append((word, "the model encodes it as other tokens"))
    new = set(edit.added)
    added = tuple(word for word, forms in wanted.items() if not new.isdisjoint(forms.values()))
    return replace(edit, added=added, skipped=tuple(skipped))


def _forms(tokenizer: Tokenizer, word: str, conventions: Sequence[Convention]) -> list[str]:
    """Return a word as it is encoded alone and in text, where the two differ."""
    written: dict[Convention, str] = {"bare": word, "spaced": " " + word}
    return [written[each] for each in conventions] if differs_in_text(tokenizer) else [word]


def differs_in_text(tokenizer: Tokenizer) -> bool:
    """Whether a word alone and a word in text have different tokens."""
    return tokenizer.scheme.keeps_spaces and not tokenizer.adds_leading_space


def _not_one_token(tokenizer: Tokenizer, words: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the words of which a form is not encoded as its token."""
    forms = [
        (word, form, token)
        for word, all_forms in words.items()
        for form, token in all_forms.items()
    ]
    found = encode_batch_fast(tokenizer.backend, [form for _, form, _ in forms])
    failed = {
        word: None
        for (word, _, token), encoding in zip(forms, found, strict=True)
        if encoding.ids != [tokenizer.backend.token_to_id(token)]
    }
    return list(failed)


def _as_token(tokenizer: Tokenizer, word: str, form: str) -> tuple[str, str]:
    """Return the stored token for a form of a word, and the reason if there can be none."""
    if not word.strip() or any(character.isspace() for character in word):
        return "", "it contains white space"
    backend = tokenizer.backend
    pieces = pre_tokenize(backend, normalize(backend, form))
    if len(pieces) != 1 or not pieces[0]:
        return "", f"the pre-tokenizer splits it into {counted(len(pieces), 'piece')}"
    token: str = pieces[0] + tokenizer.scheme.end
    symbols = [*pieces[0][:-1], pieces[0][-1] + tokenizer.scheme.end]
    if tokenizer.model_type == "BPE" and None in map(backend.token_to_id, symbols):
        return "", "it has a character that is not in the vocabulary"
    return token, ""
