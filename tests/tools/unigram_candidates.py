"""Count the frequent words that Unigram's trainer can make a token of in the packaged grid.

python -m tests.tools.unigram_candidates. The trainer of the library `tokenizers` looks at distinct
words, and takes a string for a candidate only if they go on in two ways after it, or end there and
go on. So ` tiger` needs ` tigers`, however frequent it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from tests.tools.build_grid import counted_words
from tokstat.experiments.training import CASINGS, scaled
from tokstat.words.frequent_words import FREQUENT_WORDS, FrequentWords
from tokstat.words.lexicon import load_lexicon

END = "\0"


def main() -> None:
    """Print the number in text, for each casing."""
    (english,) = load_lexicon().word_lists
    words = {f" {word}" for word in FrequentWords.of(english).lower}
    counts = counted_words()
    for casing in CASINGS:
        cased: Counter[str] = Counter()
        for word, count in counts.items():
            cased[word.lower() if casing == "lower-cased" else word] += count
        following: dict[str, set[str]] = defaultdict(set)
        for word in scaled(cased):
            for end in range(2, len(word) + 1):
                if word[:end] in words:
                    following[word[:end]].add(word[end : end + 1] or END)
        found = sum(len(after) > 1 for after in following.values())
        print(f"{casing}: {found:,} of {FREQUENT_WORDS:,} frequent words")


if __name__ == "__main__":
    main()
