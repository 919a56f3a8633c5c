"""How scripts write words."""

ONE_CHARACTER_WORDS = frozenset({"Han", "Hiragana", "Katakana"})
"""Scripts in which one character may be a word."""

UNSPACED = ONE_CHARACTER_WORDS | {"Thai", "Lao", "Khmer", "Myanmar", "Tibetan"}
"""Scripts without spaces between words, whose words need no word boundary."""
