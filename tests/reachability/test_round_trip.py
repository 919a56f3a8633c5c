"""Text lost in a round trip: found, shortened, and blamed on the right component."""

from __future__ import annotations

import pytest
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers

from tests.conftest import wrap
from tests.small_tokenizers import (
    SMALL,
    wordpiece,
)
from tokstat.reachability.round_trip import Loss, generated_texts, harm_of, search_losses
from tokstat.tokenizer.tokenizer import Tokenizer


def there_and_back(tokenizer: Tokenizer, text: str) -> str:
    ids = tokenizer.backend.encode(text, add_special_tokens=False).ids
    return tokenizer.backend.decode(ids, skip_special_tokens=False)


def test_the_texts_are_the_same_every_time_and_of_all_sorts() -> None:
    texts = generated_texts()
    assert texts == generated_texts()
    assert len(texts) == len(generated_texts(500)[: len(texts)]) >= 100
    together = "".join(texts)
    assert {"\n", " ", "中", "Ω", "7", "\x00", "\U0010ffff"} <= set(together)


def test_each_loss_is_real_and_shortest(tokenizer: Tokenizer) -> None:
    trip = search_losses(tokenizer)
    texts = generated_texts()
    returned = sum(there_and_back(tokenizer, text) == text for text in texts)
    assert (trip.texts, trip.returned) == (len(texts), returned)
    assert bool(trip.losses) == (returned < len(texts))
    assert len({(loss.cause, loss.component) for loss in trip.losses}) == len(trip.losses)
    for loss in trip.losses:
        assert there_and_back(tokenizer, loss.text) == loss.decoded != loss.text
        for at in range(len(loss.text)):
            shorter = loss.text[:at] + loss.text[at + 1 :]
            assert not shorter or is_harmed_less(tokenizer, shorter, loss)


def is_harmed_less(tokenizer: Tokenizer, text: str, loss: Loss) -> bool:
    decoded = there_and_back(tokenizer, text)
    return decoded == text or harm_of(text, decoded) < harm_of(loss.text, loss.decoded)


@pytest.mark.parametrize(
    ("text", "decoded", "harm"),
    [
        ("がき", "かき", 3),
        ("42", "", 3),
        ("a!", "a", 2),
        ("🙂", "[UNK]", 2),
        ("Tiger", "tiger", 1),
        ("ﬁ", "fi", 1),
        ("a  b", "a b", 0),
        ("a\u200bb", "ab", 0),
    ],
)
def test_harm(text: str, decoded: str, harm: int) -> None:
    assert harm_of(text, decoded) == harm


def test_letters_are_shown_before_white_space() -> None:
    """BERT's normalizer also turns line ends into spaces, which is shorter to show."""
    loss = losses(wordpiece())["normalizer: BertNormalizer"]
    assert harm_of(loss.text, loss.decoded) == 3
    assert search_losses(wrap(wordpiece(), "made")).losses[0].text != " "


def losses(backend: tokenizers.Tokenizer) -> dict[str, Loss]:
    return {loss.component: loss for loss in search_losses(wrap(backend, "made")).losses}


def test_byte_level_loses_nothing() -> None:
    assert losses(SMALL["byte-level"]()) == {}


@pytest.mark.parametrize(
    ("normalizer", "name", "changes"),
    [
        (normalizers.Lowercase(), "Lowercase", str.lower),
        (normalizers.NFC(), "NFC", None),
        (normalizers.Replace("7", "8"), "Replace", None),
        (normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()]), "Lowercase", None),
    ],
)
def test_normalizers(normalizer: normalizers.Normalizer, name: str, changes: object) -> None:
    backend = SMALL["byte-level"]()
    backend.normalizer = normalizer
    found = losses(backend)
    loss = found[f"normalizer: {name}"]
    assert loss.cause == "normalizer"
    assert len(loss.text) <= 2
    if changes is str.lower:
        assert loss.decoded == loss.text.lower()


@pytest.mark.parametrize(
    ("kind", "components"),
    [
        ("wordpiece", {"normalizer: BertNormalizer", "model: WordPiece"}),
        ("unigram", {"normalizer: NFKC", "model: Unigram"}),
        ("word-level", {"pre-tokenizer: Whitespace", "model: WordLevel"}),
        ("metaspace", {"decoder: Sequence"}),
    ],
)
def test_families(kind: str, components: set[str]) -> None:
    assert components <= set(losses(SMALL[kind]()))


def test_a_decoder_that_does_not_fit() -> None:
    backend = SMALL["byte-level"]()
    backend.decoder = decoders.WordPiece()
    (loss,) = losses(backend).values()
    assert (loss.cause, loss.component) == ("decoder", "decoder: WordPiece")


def test_a_model_that_fails() -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"the": 0}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    found = losses(backend)
    assert found["model: WordLevel"].cause == "the model fails"
