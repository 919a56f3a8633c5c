"""Print what tokstat makes of the older files of each class of slow tokenizers.

    python -m tests.tools.class_agreement

The ids that each is held to are those of transformers, in `tests/data/slow_classes.json`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.loading.slow_folders import CASES, REFUSED, TEXTS, name_of, write_folder
from tokstat.errors import InvalidTokenizerError
from tokstat.loading import load
from tokstat.loading.slow_classes import CLASSES, CONVERTED

REFERENCE = Path(__file__).parents[1] / "data" / "slow_classes.json"


def outcomes() -> Iterator[tuple[str, str]]:
    """Yield each case or class, and what came of it."""
    reference = json.loads(REFERENCE.read_text("utf-8"))["ids"]
    for case in CASES:
        yield case, _held_to(case, reference[case])
    tested = {f"{name_of(case)}Tokenizer" for case in CASES}
    for name, known in CLASSES.items():
        if name not in tested:
            twin = next((each for each in sorted(tested) if CLASSES[each] == known), None)
            # LayoutLMv3's class takes words with boxes, and no texts.
            yield name, f"built as {twin}" if twin else "built, not compared"
    for name in REFUSED:
        yield name, _refused(name)
    for name in CONVERTED:
        yield name, "left to transformers"


def _held_to(case: str, expected: list[list[list[int]]]) -> str:
    with TemporaryDirectory() as folder:
        write_folder(case, Path(folder))
        tokenizer = load(folder)
    found = [
        [tokenizer.encode(text, special=special) for text in TEXTS] for special in (False, True)
    ]
    return "equal" if found == expected else "DIFFERS"


def _refused(name: str) -> str:
    with TemporaryDirectory() as folder:
        write_folder(name, Path(folder))
        try:
            load(folder)
        except InvalidTokenizerError as error:
            return "refused by name" if f"{name}Tokenizer" in error.problem else "REFUSED OTHERWISE"
    return "READ AS SOMETHING ELSE"


def main() -> int:
    """Print the table and its sums; 1 if something is wrong."""
    found = dict(outcomes())
    for name, outcome in found.items():
        print(f"{name:32} {outcome}")
    sums = Counter(
        "built as another" if outcome.startswith("built as") else outcome
        for outcome in found.values()
    )
    print(", ".join(f"{count} {outcome}" for outcome, count in sums.items()))
    return int(any(outcome.isupper() for outcome in sums))


if __name__ == "__main__":
    sys.exit(main())
