"""Documents of several files and groups, and a plan that counts them with several tokenizers."""

from __future__ import annotations

import pytest

from tests.conftest import wrap
from tests.corpus.adversarial import TEXTS
from tests.small_tokenizers import SMALL
from tokstat.corpus.counting.window import Document
from tokstat.corpus.plan import Plan
from tokstat.corpus.reading.documents import Reading
from tokstat.tokenizer.tokenizer import Tokenizer

DOCUMENTS = [
    Document(text, f"file{number % 3}", f"group{number % 2}") for number, text in enumerate(TEXTS)
] * 2


SEVERAL = ("byte-level", "wordpiece", "metaspace-prefix", "unigram", "byte-level-prefix")


@pytest.fixture(scope="module")
def several(superword: Tokenizer) -> Plan:
    """Tokenizers of several families, one of which may not be cut."""
    made = [wrap(SMALL[name](), name) for name in SEVERAL]
    return Plan.of([made[0], superword, *made[1:]], "unicode", Reading())
