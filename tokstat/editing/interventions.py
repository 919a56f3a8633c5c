"""Changes to a tokenizer that have a name, so that ladder, distillation and repair share them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import tokenizers
from tokenizers import normalizers

from tokstat.editing.edit import Edit
from tokstat.editing.rebuild import rebuild
from tokstat.encoding import normalize, pre_tokenize
from tokstat.errors import EditError
from tokstat.lexicon import Lexicon
from tokstat.subject import Subject
from tokstat.surface import byte_alphabet
from tokstat.tokenizer import Tokenizer
from tokstat.word_classes import WORD_CLASSES

UNTOUCHABLE = ("not_alphabetic", "single_letter")
"""Word classes that cannot be dropped: special tokens, punctuation and digits are in the first, and
what has no token of its own is spelled with the second."""


@dataclass(frozen=True)
class Intervention:
    """Name one change; `apply` makes it on a copy."""

    name: str
    title: str
    apply: Callable[[Tokenizer], Edit]


def apply_all(tokenizer: Tokenizer, interventions: Iterable[Intervention]) -> Edit:
    """Apply changes one after the other, in the order given."""
    edit = Edit.nothing(tokenizer)
    for intervention in interventions:
        edit = edit.then(intervention.apply(edit.tokenizer))
    return edit


def leading_blank() -> Intervention:
    """Have every text read as if a blank stood before it."""
    return Intervention("leading_blank", "words after a blank", _put_blank)


def decase() -> Intervention:
    """Lower-case texts and vocabulary, and merge the tokens that become equal."""
    return Intervention("decase", "case duplicates removed", _lower_case)


def drop(word_class: str, lexicon: Lexicon) -> Intervention:
    """Remove the tokens of one class (`tokstat.word_classes`).

    Raises:
        EditError: there is no such class, or special tokens or the alphabet would go with it.
    """
    if word_class not in WORD_CLASSES:
        raise EditError(
            f"There is no word class {word_class!r}", f"There are: {', '.join(WORD_CLASSES)}."
        )
    if word_class in UNTOUCHABLE:
        raise EditError(
            f"Tokens of the class {word_class} cannot be dropped: special tokens, or the letters"
            " that spell everything else, would go with them",
            f"Drop one of: {', '.join(sorted(set(WORD_CLASSES) - set(UNTOUCHABLE)))}.",
        )

    def apply(tokenizer: Tokenizer) -> Edit:
        subject = Subject(tokenizer, lexicon)
        rows = subject.rows_of_class(word_class)
        keep = np.ones(len(subject.vocabulary), np.bool_)
        # Single characters stay, whatever their script: they spell what is no token.
        keep[rows[subject.vocabulary.properties.lengths[rows] > 1]] = False
        return rebuild(tokenizer, keep) if not keep.all() else Edit.nothing(tokenizer)

    return Intervention(f"drop_{word_class}", f"{_PLURALS[word_class]} removed", apply)


_PLURALS = {
    "other_script": "tokens of other scripts",
    "whole_word": "whole words",
    "affix": "affixes",
    "bare_word": "bare words",
    "fragment": "fragments",
}


def add_words(words: Sequence[str], name: str = "words") -> Intervention:
    """Give each word a token of its own, as the tokenizer reads the word when it stands alone.

    Words that the tokenizer cuts into pieces before its model sees them cannot be one token; they
    are skipped, and the edit names them with the reason.
    """

    def apply(tokenizer: Tokenizer) -> Edit:
        return _add(tokenizer, words)

    return Intervention("add_words", f"{name} added", apply)


def _put_blank(tokenizer: Tokenizer) -> Edit:
    """Put a blank before every text, where blanks are part of tokens and none is put there yet.

    The normalizer does it, which works for every pre-tokenizer; a flag of ByteLevel would put a
    blank before every piece where a Split stands before it.
    """
    if tokenizer.adds_leading_space or not tokenizer.scheme.keeps_spaces:
        return Edit.nothing(tokenizer)
    return Edit.nothing(_with_normalizer(tokenizer, normalizers.Prepend(" "), first=True))


def _with_normalizer(
    tokenizer: Tokenizer, normalizer: normalizers.Normalizer, *, first: bool
) -> Tokenizer:
    backend = tokenizers.Tokenizer.from_str(tokenizer.backend.to_str())
    present = [] if backend.normalizer is None else [backend.normalizer]
    parts = [normalizer, *present] if first else [*present, normalizer]
    backend.normalizer = normalizers.Sequence(parts) if len(parts) > 1 else normalizer
    digest = hashlib.sha256(backend.to_str().encode()).hexdigest()
    return Tokenizer(backend, replace(tokenizer.origin, sha256=digest))


def _lower_case(tokenizer: Tokenizer) -> Edit:
    """Keep the token that is in lower case already; else the first, renamed, keeps its id's place.

    Lower case is the tokenizers library's own, character by character, so that vocabulary and
    texts agree.
    """
    if not tokenizer.lowercases:
        tokenizer = _with_normalizer(tokenizer, normalizers.Lowercase(), first=False)
    vocabulary = tokenizer.vocabulary
    keep = np.ones(len(vocabulary), np.bool_)
    taken = set(vocabulary.tokens)
    renames: dict[int, str] = {}
    for row in np.flatnonzero(vocabulary.content & (vocabulary.ranks >= 0)).tolist():
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
    lower: str = _LOWER.normalize_str(text)
    if lower == text:
        return token
    if not scheme.byte_level:
        written: str = _LOWER.normalize_str(token)
        return written
    characters = {byte: character for character, byte in byte_alphabet().items()}
    starts = bool(vocabulary.starts_word[row])
    blank = " " if starts and scheme.keeps_spaces else ""
    stored = "".join(characters[byte] for byte in (blank + lower).encode())
    return stored + (scheme.end if starts else "")


def _add(tokenizer: Tokenizer, words: Sequence[str]) -> Edit:
    wanted: dict[str, str] = {}
    skipped = []
    for word in dict.fromkeys(words):
        token, reason = _as_token(tokenizer, word)
        if token is None:
            skipped.append((word, reason))
        else:
            wanted.setdefault(token, word)
    keep = np.ones(len(tokenizer.vocabulary), np.bool_)
    edit = rebuild(tokenizer, keep, wanted=list(wanted))
    added = tuple(wanted[token] for token in edit.added if token in wanted)
    return replace(edit, added=added, skipped=tuple(skipped))


def _as_token(tokenizer: Tokenizer, word: str) -> tuple[str | None, str]:
    """Return the stored token that a word would be, or None and the reason why it can be none."""
    if not word.strip() or any(character.isspace() for character in word):
        return None, "it holds white space"
    backend = tokenizer.backend
    pieces = pre_tokenize(backend, normalize(backend, word))
    if len(pieces) != 1:
        return None, f"it is cut into {len(pieces)} pieces before the model sees it"
    token: str = pieces[0] + tokenizer.scheme.end
    symbols = [*pieces[0][:-1], pieces[0][-1] + tokenizer.scheme.end]
    if tokenizer.model_type == "BPE" and None in map(backend.token_to_id, symbols):
        return None, "it has a character that the vocabulary lacks"
    return token, ""
