"""Texts on which an engine must give the judge's ids, made for one tokenizer.

They are the same each time: the text of every token, added tokens in contexts, every assigned
character, runs, controls, long words, decomposed text and replaced bytes, and generated mixtures.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain

from tokstat.text.utf8 import has_lone_surrogates
from tokstat.tokenizer.tokenizer import Tokenizer

SUITE = 3
"""The version of the suite: a verdict of another one does not count."""

GENERATED = 10_000
"""Texts put together at random."""

_CHARACTERS = 48
"""Characters of one text of a Unicode block."""

_SAMPLED = 64
"""Of the private planes every character of this many is taken."""

_LENGTHS = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 127, 128, 129, 256, 513, 1025)

_RUNS = (
    *(" ", "\n", "\t", "\r", "\r\n", " \n", "\n ", "\t ", "\v", "\f", "\0", "\u00a0", "\u3000"),
    *(
        "a",
        "A",
        "ab",
        "aA",
        "Aa",
        "0",
        "12",
        "a1",
        "1a",
        "=",
        "-",
        "_",
        ".",
        "/",
        "'",
        "'s",
        "\u2019",
    ),
    *("é", "e\u0301", "\u0301", "ß", "İ", "я", "α", "א", "م", "क", "क्", "ก", "汉", "あ", "한"),
    *(
        "\u1100\u1161",
        "🙂",
        "👍🏽",
        "\u200d",
        "\ufe0f",
        "🇩",
        "\u200b",
        "\ufeff",
        "\ufffd",
        "▁",
        "Ġ",
    ),
)

_ODD = (
    *(
        "  ",
        "\n",
        "\n\n",
        " \n",
        "\t",
        "\r\n",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\0",
        "\x1b[0m",
        "\x7f",
    ),
    *(
        "'s",
        "'S",
        "'LL",
        "\u2019t",
        "don't",
        "I'm",
        "12",
        "1234567",
        "3.14",
        "½",
        "²",
        "Ⅷ",
        "٣٤٥",
        "१२",
    ),
    *("e\u0301", "\u0301", "Å", "A\u030a", "ﬁ", "ſ", "İ", "ß", "ẞ", "ǅ", "ﷺ", "क़", "क\u093c"),
    *(
        "汉字",
        "。",
        "カ",
        "ﾞ",
        "한국어",
        "ภาษา",
        "مرحبا",
        "שלום",
        "🙂",
        "👩‍👩‍👧",
        "🇩🇪",
        "\u200b",
        "\ufeff",
    ),
    *(
        "▁",
        "Ġ",
        "Ċ",
        "##a",
        "</w>",
        "<0x0A>",
        "<|",
        "|>",
        "<s>",
        "[MASK]",
        "_",
        "__",
        "://",
        "...",
        "—",
    ),
    *(
        "\ufffd",
        "\ufffe",
        "\U000e0001",
        "\U0001f9ff",
        "𝒳",
        "𠀀",
        "C++",
        "a_b",
        "x.y",
        "$5",
        "€",
        "%20",
    ),
)

_WHOLE = (
    "",
    "The quick brown fox. It's (really) 12,345.67% over — the lazy dog's bed!\n",
    "I'M SURE THEY'VE'LL'D'RE'S'T we'll you've don't can't 'tis 's",
    "def f(x: int) -> dict[str, int]:\n\n    if x:\n\t\treturn {'a': x ** 2}  # comment\r\n",
    '<div class="a">\n  <p>&nbsp;text</p>\n</div>\n\n\n<!-- no -->',
    "https://example.org/a/b?c=d&e=%20#f user@example.org \\\\server\\share $HOME/.cache",
    '2024-02-29T12:34:56.789Z ERROR [main] (a.b.C:123) 0xDEADBEEF 10.0.0.1:8080 {"k": [1, 2]}',
    "我来到北京清华大学。今天天气很好！ 漢字かな交じり文とカタカナ、ｶﾀｶﾅ。한국어 문장입니다.",
    "नमस्ते दुनिया ไม่มีช่องว่างระหว่างคำ مرحبا بالعالم، كيف حالك؟ שלום עולם Привет, мир! Ёлка",
)


def conformance_texts(tokenizer: Tokenizer) -> list[str]:
    """Return the texts for one tokenizer, none of which holds a lone surrogate."""
    tokens = [text for text in tokenizer.vocabulary.texts if text]
    added = [token.content for token in tokenizer.backend.get_added_tokens_decoder().values()]
    draw = random.Random(SUITE)  # noqa: S311
    texts = chain(
        _WHOLE,
        _of_tokens(tokens, tokenizer),
        _of_added(added),
        _of_blocks(),
        _of_runs(),
        _of_controls(),
        _of_long_words(draw),
        _of_forms(),
        _of_broken_bytes(draw),
        _generated([*tokens, *added], draw),
    )
    return [text for text in texts if not has_lone_surrogates(text)]


def _of_tokens(tokens: Sequence[str], tokenizer: Tokenizer) -> Iterator[str]:
    """Yield every token's text alone, after a space, and as it is stored."""
    for text in tokens:
        yield text
        yield " " + text
    for stored in tokenizer.stored_tokens.tokens:
        if len(stored) > 1 and not stored.isascii():
            yield stored


def _of_added(added: Sequence[str]) -> Iterator[str]:
    for token in added:
        yield token
        yield f"a{token}b {token} c\n{token}\n  {token}  {token}{token}.{token}'s 1{token}2"
        yield f"{token} x{token[:-1]} {token[1:]}{token[0]}{token}"
        yield f"{token.upper()} {token.lower()} {token}\u0301 é{token}é\t{token}\u3000{token}"


def _of_blocks() -> Iterator[str]:
    """Yield every assigned character, beside its neighbours and beside other text."""
    some: list[str] = []
    for code in range(0x20, 0x110000):
        is_private = 0xE000 <= code < 0xF900 or code >= 0xE0200
        if 0xD800 <= code < 0xE000 or (is_private and code % _SAMPLED):
            continue
        character = chr(code)
        if is_private or unicodedata.category(character) != "Cn":
            some.append(character)
        if len(some) == _CHARACTERS:
            yield from _mixed(some)
            some = []
    yield from _mixed(some)


def _mixed(characters: Sequence[str]) -> Iterator[str]:
    yield "".join(characters)
    yield " ".join(characters)
    yield "".join(f"a{each}1{each}. {each}" for each in characters[::3])


def _of_runs() -> Iterator[str]:
    for run in _RUNS:
        for length in _LENGTHS:
            yield run * length
            yield f"x{run * length}y {run * length} z"


def _of_controls() -> Iterator[str]:
    for code in (*range(0x20), *range(0x7F, 0xA1)):
        control = chr(code)
        yield control
        yield f"a{control}b {control} c{control}{control}\n{control}1{control}."


def _of_long_words(draw: random.Random) -> Iterator[str]:
    alphabets = (
        "abcdefghij",
        "etaoinshrdlu",
        "ACGT",
        "0123456789abcdef",
        "äöüéèß",
        "яюэ",
        "汉字语文本",
        "คาม",
    )
    for alphabet in alphabets:
        for length in (50, 300, 2_000, 10_000):
            yield "".join(draw.choices(alphabet, k=length))
            yield " " + "".join(draw.choices(alphabet, k=length)).capitalize()


def _of_forms() -> Iterator[str]:
    """Yield letters with marks in all four normal forms."""
    composed = [chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x2000))]
    composed += [chr(code) for code in (*range(0x900, 0xA00), *range(0xAC00, 0xD7A4, 97))]
    composed += [chr(code) for code in (*range(0xF900, 0xFB50), *range(0x3300, 0x3400))]
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        for start in range(0, len(composed), 16):
            text = "".join(composed[start : start + 16])
            yield unicodedata.normalize(form, text)
            yield unicodedata.normalize(form, " ".join(text) + "\u0301")


def _of_broken_bytes(draw: random.Random) -> Iterator[str]:
    """Yield what decoding makes of bytes that are not UTF-8."""
    for length in (1, 2, 3, 5, 20, 100):
        for _ in range(50):
            yield draw.randbytes(length).decode("utf-8", "replace")
            yield draw.randbytes(length).decode("latin-1")


def _generated(tokens: Sequence[str], draw: random.Random) -> Iterator[str]:
    joints = ("", "", " ", " ", "\n", "  ")
    for _ in range(GENERATED):
        count = draw.randint(1, 20)
        parts = [draw.choice(tokens if draw.random() < 0.7 else _ODD) for _ in range(count)]
        yield "".join(part + draw.choice(joints) for part in parts)
