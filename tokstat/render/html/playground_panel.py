"""The fixed texts on which a page checks itself, by name."""

from __future__ import annotations

from collections.abc import Mapping

PANEL: Mapping[str, str] = {
    "English": "The quick brown fox isn't jumping over John's 12 lazy dogs, unfortunately.",
    "Word alone": "tiger",
    "Word in text": " tiger",
    "German": "Die Straßenbahn fährt über die Brücke zum Hauptbahnhof.",
    "Russian": "Быстрая лиса перепрыгнула через ленивую собаку.",
    "Chinese": "敏捷的棕色狐狸跳过了懒狗。",
    "Hindi": "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है।",
    "Arabic": "الثعلب البني السريع يقفز فوق الكلب الكسول.",
    "Python code": "def area(r):\n    if r <= 0:\n        return None\n    return 3.14 * r ** 2\n",
    "Numbers": "7 42 365 2024 12345 1,000,000 3.14159 2026-11-29",
    "Emoji": "🐯 👩‍🚀 🇯🇵 ❤️ 👍🏽",
    "Indentation": "a\n  b\n    c\n        d\n\te\n\t\tf\n",
}
