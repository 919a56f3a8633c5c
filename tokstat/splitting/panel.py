"""The fixed texts on which splits are shown and compared, by name."""

from __future__ import annotations

from collections.abc import Mapping

PANEL: Mapping[str, str] = {
    "English": "The quick brown fox jumps over the lazy dog, doesn't it?",
    "word alone": "tiger",
    "word in text": " tiger",
    "capitalized": "Tiger",
    "long word": "internationalization",
    "German": "Die Straßenbahn fährt über die Brücke.",
    "Russian": "Быстрая лиса прыгает через ленивую собаку.",
    "Chinese": "敏捷的棕色狐狸跳过了懒狗。",
    "Hindi": "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है।",
    "Arabic": "الثعلب البني السريع يقفز فوق الكلب الكسول.",
    "Python": 'def mean(values: list[float]) -> float:\n    """Return the mean."""\n'
    "    return sum(values) / len(values)\n",
    "numbers": "7 42 365 2024 10000 1,234,567.89 3.14159",
    "emoji": "🙂 👍🏽 👩‍👩‍👧 🇩🇪 ❤️",
    "indentation": "if a:\n\tb\n        c\n                d\n",
}
"""Scripts of the largest corpora, and what tokenizers treat in different ways."""
