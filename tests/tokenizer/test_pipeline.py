"""Parts of a pipeline, and what a charsmap can put out."""

from __future__ import annotations

import pytest
import tokenizers

from tests.reachability.conftest import NORMALIZERS, N, Shout, backend_of, charsmap, forms
from tokstat.tokenizer.pipeline import charsmap_outputs, normalizer_parts, pre_tokenizer_parts


class Halves:
    """A pre-tokenizer in Python."""

    def pre_tokenize(self, text: tokenizers.PreTokenizedString) -> None:
        text.split(lambda _, each: [each[: len(str(each)) // 2], each[len(str(each)) // 2 :]])


def test_steps_written_in_python_run_and_are_called_custom() -> None:
    backend = backend_of(N.Normalizer.custom(Shout()))
    backend.pre_tokenizer = tokenizers.pre_tokenizers.PreTokenizer.custom(Halves())
    (normalizer,), (pre_tokenizer,) = normalizer_parts(backend), pre_tokenizer_parts(backend)
    assert (normalizer.type, pre_tokenizer.type) == ("custom", "custom")
    assert normalizer("abcd") == "ABCD"
    assert pre_tokenizer.spans("abcd") == [(0, 2), (2, 4)]


def test_the_outputs_of_a_charsmap() -> None:
    (part,) = normalizer_parts(backend_of(N.Precompiled(charsmap())))
    outputs = charsmap_outputs(part)
    assert {"1", "é", " "} <= outputs
    assert "①" not in outputs
    assert all(part(each) == each for each in sorted(outputs)[:500] if each.isalnum())


@pytest.mark.parametrize("name", ["BERT", "SentencePiece's", "NFC", "NFD, then no accents"])
@pytest.mark.parametrize("text", ["é", "1", "e", "a1"])
def test_what_can_come_out_has_a_source(name: str, text: str) -> None:
    normal_forms = forms(NORMALIZERS[name]())
    outputs = [normal_forms.of(source) for source in normal_forms.sources(text)]
    assert (text in outputs) == (normal_forms.of(text) == text)


def test_sequences_in_sequences_are_flattened() -> None:
    backend = backend_of(N.Sequence([N.NFC(), N.Sequence([N.Lowercase()])]))
    assert [part.type for part in normalizer_parts(backend)] == ["NFC", "Lowercase"]
