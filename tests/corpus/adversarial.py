"""Texts that reveal a wrong cut."""

from __future__ import annotations

from hypothesis import strategies

TEXTS = (
    "",
    " ",
    "\n",
    "word",
    " word",
    "word ",
    "The quick brown fox. It's (really) 12,345.67% over — the lazy dog's bed!\n",
    "two  blanks   three    four     many" + " " * 40 + "end",
    "a\nb\n\nc\n\n\nd\r\ne\r\n\r\nf\n \n g \n h\t\ti \tj\n\tk  \n   l\n  \n\n  m",
    "foo.\n/bar/\n//baz\n.qux\n'quux\n\"x\ny",
    "don't you'll we're I'd it's 's 't DON'T you’ll 're've x'y'z 'sS",
    "def f(x):\n    if x:\n        return {'a': [1, 2, 3]}\n\n\n\treturn None  # done\n",
    "汉字和日本語テキスト、です。한국어 텍스트 입니다. ไทยภาษาไทย ภาษา 汉 字 a汉b 字。字",
    "مرحبا بالعالم، كيف حالك؟ ١٢٣ ٤٥٦ \u0600 ١ \u06dd ٢ ﷺ صلى",
    "शब्द और वाक्य, क़ ख़ हिन्दी १२३ क्षत्रिय। ज़्यादा",
    "cafe\u0301 e\u0301, E\u0301. a\u0300\u0301 \u0301x \u0301 y ́ z\n\u0301w .\u0301. 1\u03012 ﾞ",
    "カ\uff9e x ﾞy",
    "🙂 👩‍👩‍👧‍👦👍🏽 🇩🇪🇫🇷 x🙂y 🙂. 🙂, a🙂 1🙂2 ❤️ ❤",
    "İstanbul İ, İ. ıI ſs Kelvin \u212b ŉ ǆ ﬁ ﬃ,ﬁ. ½ ² ① Ⅷ,x Ⅷx ㎏ ℃ … ‼ ！ ＇s foo＇s 'ſ",
    "a\u00a0b \u00a0c\u00a0 d\u2003e \u2003f\u3000g \u3000h\u2028i\u2029j\u0085k \u00a0\u00a0 l",
    "x\u200by \u200bz\u200b w \u200d \ufeffv \ufffd u \ufffd\ufffd. \u00ad- a\u00ad b",
    "\x00 \x01a \x00\x00 b\x7f c\x1b[0m \x0b \x0c d\x0be \x1c f",
    "▁ ▁a a▁b ▁▁ c▁ d <0x0A> <0x20> Ġ Ċ Ġa ## ##a a##b </w> a</w> b",
    "<s> a <s>b</s> c<unk>d <unk> [MASK] [MASK]. x[MASK]y [CLS][SEP] [UNK]s [unused0] [mask] <pad>",
    "<|endoftext|> a<|endoftext|>b <|endoftext|>\n\n<|im_start|>user\nhi<|im_end|> <|user|> x",
    "</a> </b>> </c> > < >> <<b>c</b> <a></a>.\n</p>\n<p> x",
    "https://example.org/a/b?c=d&e=f#g user@example.org C++ C# a_b_c __init__ x² 3.14 1,000.00",
    "a" * 300 + " " + "é" * 120 + " " + "ab" * 90 + "." * 100 + "\n" * 30 + "-" * 50 + "汉" * 150,
    "$5 €5 5€ 5$. £, ¥x ^x `x` ~x |x| +1 =x < 3 > x foo€ €foo foo$ $foo _a a_ _1_ a_. (_) ‿ x‿y",
    "word\r word\r\n word\n\r word\v word\f word\u0085 word\t\nword \tword\t word",
    "1234567890 12 3 4,5 x1y2 1a 1. .1 a.1 1.a a,b .a a. ... .a. -a- (a) ((a)) [a1] {1a}",
)

ALPHABET = (
    *"  \n\n\t\ra b1.,'’-_/<>[]()|",
    *("\u00a0", "\u3000", "\u2028", "\x00", "\x0b", "\u200b", "\u200d", "\ufeff", "\ufffd"),
    *("\u0301", "\u0308", "é", "İ", "ß", "ﬁ", "½", "²", "Ⅷ", "…", "＇", "ﾞ", "ｶ", "क़", "़"),
    *("汉", "。", "カ", "한", "ภ", "م", "\u0600", "🙂", "🇩", "❤️", "€", "▁", "Ġ", "Ċ", "#", "٣"),
    *("the", "ing", "it's", "  ", "    ", "\n\n", "\r\n", " a", ".\n", "def", "12", "000"),
    *("<s>", "</s>", "<unk>", "[MASK]", "[UNK]", "<|endoftext|>", "<pad>", "</w>", "##a", ">\n"),
)

odd_texts = strategies.lists(strategies.sampled_from(ALPHABET), max_size=24).map("".join)
"""Short texts of characters that make cuts difficult."""

texts = strategies.one_of(
    odd_texts,
    strategies.text(
        strategies.characters(exclude_categories=["Cs"], exclude_characters="\U0010ffff\U0010fffe"),
        max_size=20,
    ),
)
"""Odd texts, or texts of any characters."""
