"""Texts on which two encoders must agree."""

from __future__ import annotations

import random
from functools import cache

import wordfreq

LANGUAGES = ("en", "de", "fr", "ru", "el", "ar", "he", "hi", "bn", "zh", "ja", "ko", "vi", "fa")

HAND_PICKED = (
    "",
    " ",
    "  ",
    "\n",
    "\n\n\n",
    " \n \n",
    "\r\n",
    "a\r\nb\r\rc\n\rd",
    "\t",
    "\t\tif x:\n\t\t\treturn  y\n",
    "hello",
    " hello",
    "  hello",
    "hello ",
    "hello  ",
    "hello   world\n",
    "Hello, World! It's 3.14 o'clock; don't panic — we'll SEE.",
    "I'M SURE THEY'VE'LL'D'RE'S'T",
    "camelCase snake_case SCREAMING_SNAKE kebab-case x1y2z3",
    "def f(x: int) -> dict[str, int]:\n    return {'a': x ** 2}  # comment\n",
    '<div class="a">\n  <p>&nbsp;text</p>\n</div>',
    "https://example.org/a/b?c=d&e=%20#f",
    "0 1 12 123 1234 12345 1234567890 1,234,567.89 ½ ² ٣٤٥ १२३ 一二三",
    "漢字かな交じり文とカタカナ、ｶﾀｶﾅ。",
    "我来到北京清华大学。今天天气很好！",
    "한국어 문장입니다. 잘 되나요?",
    "مرحبا بالعالم، كيف حالك؟",
    "שלום עולם",
    "Привет, мир! Ёлка",
    "नमस्ते दुनिया",
    "ไม่มีช่องว่างระหว่างคำ",
    "🙂👍🏽👩‍👩‍👧🏳️‍🌈 1️⃣ ©️ ™️",
    "naïve café Ångström straße ﬁne ﬀ ẞ İstanbul ıi ſ K",
    "e\u0301 o\u0308 n\u0303 \u1100\u1161\u11a8 か\u3099",
    "\x00\x01\x02\x07\x08\x0b\x0c\x1b\x7f\x80\x85\x9f\xa0\xad",
    "\u200b\u200c\u200d\u2028\u2029\u202e\u2060\ufeff\ufffd\ufffe",
    "\u00a0\u1680\u2003\u202f\u205f\u3000x",
    "▁ ▁▁ ▁x x▁y Ġ Ċ ##ing </w> <0x41> <0xE2>",
    "\U00010348𝒳𝔘𠀀\U000e0001\U0010ffff",
    "a" * 300,
    "ab" * 200,
    "aab" * 150,
    " " * 100,
    "\n" * 70,
    "=" * 80 + "\n" + "-" * 77,
    "zyzzyva" * 40,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "ACGTTGCAACGT" * 20,
    "…“quoted” ‘single’ «guillemets» – — ─ │ ∑ ∫ √ € £ ¥ ₿",
    "mixed漢字with한글and عربي plus ελληνικά",
)
"""One text for each thing that encoders differ about."""

_PIECES = (
    *(
        "the",
        "The",
        "THE",
        "'s",
        "'LL",
        "ing",
        "é",
        "e\u0301",
        "ß",
        "漢",
        "字",
        "の",
        "가",
        "ب",
        "ש",
    ),
    *(" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "▁", ".", ",", "!?", "...", "-", "_", "/"),
    *("0", "12", "345", "6789", "½", "🙂", "👍🏽", "\x00", "\x7f", "\u200b", "<", ">", "{", "}"),
)


@cache
def sample(seed: int = 0, count: int = 150) -> tuple[str, ...]:
    """Return the hand-picked texts, frequent words of many languages in texts, and mixtures."""
    draw = random.Random(seed)
    words = [word for code in LANGUAGES for word in wordfreq.top_n_list(code, 300)]
    lines = [" ".join(draw.choices(words, k=draw.randint(1, 12))) for _ in range(count)]
    mixed = ["".join(draw.choices(_PIECES, k=draw.randint(1, 15))) for _ in range(count)]
    return (*HAND_PICKED, *lines, *mixed)
