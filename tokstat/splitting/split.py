"""One text as one tokenizer splits it: each token with its place, kind and word class."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from tokstat.errors import EncodingError
from tokstat.results.written import Written
from tokstat.text.utf8 import has_lone_surrogates
from tokstat.text.wording import counted, quoted
from tokstat.tokenizer.encoding import encode_batch
from tokstat.tokenizer.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokstat.results.report import Table
    from tokstat.words.lexicon import Lexicon

MOST_CHARACTERS = 1_000_000
"""Characters of one text; its tokens are shown one by one, which nobody reads of a longer one."""

NOWHERE = -1
"""The place of a token that the post-processor inserts."""

ClassOf = Callable[[int], str]


@dataclass(frozen=True)
class SplitToken:
    """Hold one token of a text.

    - `token`: as stored in the file; `text`: in readable form, with a dot for a space that is part
      of the token.
    - `start`, `end`: characters of the text; `byte_start`, `byte_end`: its UTF-8 bytes. A token for
      a part of a character spans that character. An inserted token has -1 for all four.
    - `word_class`: one of `WORD_CLASSES`, "" if not asked for; `kind`: one of `KINDS`.
    """

    id: int
    token: str
    text: str
    start: int
    end: int
    byte_start: int
    byte_end: int
    word_class: str
    kind: str
    is_added: bool
    is_special: bool

    @property
    def is_inserted(self) -> bool:
        """Whether the post-processor inserted the token, which then stands for no text."""
        return self.start == NOWHERE

    @property
    def label(self) -> str:
        """The word class, or the kind of a token that is not of letters alone."""
        return self.kind if self.word_class in ("", "not_alphabetic") else self.word_class


@dataclass(frozen=True, repr=False)
class TextSplit(Written):
    """Hold one text as one tokenizer splits it; `unknown` counts its unknown tokens."""

    tokenizer: str
    text: str
    tokens: tuple[SplitToken, ...]
    unknown: int = 0

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[SplitToken]:
        return iter(self.tokens)

    def __repr__(self) -> str:
        shown = "|".join(token.text for token in self.tokens[:_MOST_SHOWN])
        more = "|…" if len(self) > _MOST_SHOWN else ""
        return (
            f"<TextSplit by {quoted(self.tokenizer)}: {counted(len(self), 'token')} {shown}{more}>"
        )

    @property
    def ids(self) -> list[int]:
        """The ids, in order."""
        return [token.id for token in self.tokens]

    def to_table(self) -> Table:
        """Return a row for each token."""
        from tokstat.results.report import Table

        names = SplitToken.__dataclass_fields__
        return Table(
            "tokens",
            f"Tokens of {quoted(self.text)}",
            {name: tuple(getattr(token, name) for token in self.tokens) for name in names},
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {**asdict(self), "tokens": [asdict(token) for token in self.tokens]}


_MOST_SHOWN = 12


def split_text(
    tokenizer: Tokenizer, text: str, *, special: bool = False, lexicon: Lexicon | None = None
) -> TextSplit:
    """Split one text; raises as `split_texts`."""
    return split_texts(tokenizer, [text], special=special, lexicon=lexicon)[0]


def split_texts(
    tokenizer: Tokenizer,
    texts: Sequence[str],
    *,
    special: bool = False,
    lexicon: Lexicon | None = None,
) -> list[TextSplit]:
    """Split texts; `special` adds special tokens, and a lexicon gives the tokens word classes.

    Raises:
        EncodingError: a text is no text, or the tokenizer fails on it.
        LimitError: the tokenizer takes too long.
    """
    for text in texts:
        require_text(text)
    class_of = word_class_of(tokenizer, lexicon) if lexicon else _no_class
    encodings = encode_batch(tokenizer.backend, texts, special=special)
    return [
        _split(tokenizer, text, encoding, class_of)
        for text, encoding in zip(texts, encodings, strict=True)
    ]


def require_text(text: str) -> None:
    """Raise EncodingError for what is too long, or no text at all."""
    if len(text) > MOST_CHARACTERS:
        raise too_long("The text", counted(len(text), "character"))
    if has_lone_surrogates(text):
        place = next(at for at, each in enumerate(text) if "\ud800" <= each <= "\udfff")
        raise EncodingError(
            f"The text is not valid Unicode: a lone surrogate at character {place:,}",
            "Give text in UTF-8.",
        )
    if "\0" in text:
        raise EncodingError(
            f"The text has a NUL character at character {text.index(chr(0)):,}",
            "Give text, and not a binary file.",
        )


def too_long(name: str, size: str) -> EncodingError:
    """Return the error for a text that is too long."""
    return EncodingError(
        f"{name} has {size}, and at most {MOST_CHARACTERS:,} characters are shown token by token",
        "To count the tokens of long text, run: tokstat corpus SPEC FILE.",
    )


def word_class_of(tokenizer: Tokenizer, lexicon: Lexicon) -> ClassOf:
    """Return a function from ids to word classes; all tokens are classified at once."""
    from tokstat.words.languages import language_words
    from tokstat.words.word_classes import WORD_CLASSES, classify_tokens

    vocabulary = tokenizer.vocabulary
    known, others = lexicon.look_up(vocabulary.words), language_words(vocabulary)
    codes = classify_tokens(vocabulary, lexicon, known, others)
    classes = dict(zip(vocabulary.ids.tolist(), codes.tolist(), strict=True))
    return lambda token_id: WORD_CLASSES[classes[token_id]]


def _no_class(_token_id: int) -> str:
    return ""


def _split(tokenizer: Tokenizer, text: str, encoding: Any, class_of: ClassOf) -> TextSplit:
    known, unknown = tokenizer.token_texts, tokenizer.unknown_id
    bytes_before = [0, *accumulate(len(each.encode()) for each in text)]
    tokens = []
    places = _with_marks(text, encoding.offsets)
    for token_id, (start, end), inserted in zip(
        encoding.ids, places, encoding.special_tokens_mask, strict=True
    ):
        each = known[token_id]
        place = (start, end, bytes_before[start], bytes_before[end])
        tokens.append(
            SplitToken(
                token_id,
                each.token,
                each.in_text,
                *((NOWHERE,) * 4 if inserted else place),
                class_of(token_id),
                each.kind,
                each.is_added,
                each.is_special,
            )
        )
    count = sum(token.id == unknown for token in tokens)
    return TextSplit(tokenizer.origin.spec, text, tuple(tokens), count)


def _with_marks(text: str, places: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Extend places over the marks that the normalizer joined to the character before them.

    The encoder's offsets end before such a mark: those of an `é` written as two characters have
    only the `e`.
    """
    if text.isascii():
        return places
    covered = bytearray(len(text) + 1)
    for start, end in places:
        covered[start:end] = b"\1" * (end - start)
    found = []
    for start, end in places:
        while start < end < len(text) and not covered[end] and _continues(text[end]):
            end += 1
        found.append((start, end))
    return found


def _continues(character: str) -> bool:
    """Whether a character is part of the one before it: a mark, or the rest of a syllable."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"
