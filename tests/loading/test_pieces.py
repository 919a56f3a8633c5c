"""Pieces of a SentencePiece model that are unused, and cut out of BPE."""

from __future__ import annotations

from pathlib import Path

from tests.loading.agreement import differences, ids_of, without
from tests.loading.conftest import (
    CONTROL_NAMES,
    model_of,
)
from tests.samples import sample
from tests.sentencepiece_models import edited, processor, train
from tokstat.loading import load
from tokstat.loading.pieces import UNUSED


def test_unused_pieces_are_never_made(tmp_path: Path) -> None:
    """SentencePiece cuts an unused piece back into its parts; so do we, from the parts."""
    for kind in ("bpe", "unigram"):
        model = model_of("bpe" if kind == "bpe" else "unigram")
        pieces = processor(model)
        whole = next(
            piece
            for piece in map(pieces.id_to_piece, range(300, pieces.get_piece_size()))
            if len(piece) == 5 and piece.isascii()
        )
        changed = edited(model, types={whole: UNUSED})
        (tmp_path / "m.model").write_bytes(changed)
        backend = load(tmp_path / "m.model").backend
        texts = [f"x{whole} {whole}", *without(sample(count=50), CONTROL_NAMES)]
        reference = processor(changed)
        assert pieces.piece_to_id(whole) not in ids_of(backend, texts[0])
        assert differences(backend, reference.encode, texts[:1]) == []


def test_what_is_cut_out_of_bpe_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(train(user_defined_symbols=["<sep>"]))
    loaded = load(path)
    assert len(loaded.origin.notes) == 1
    reference = processor(path.read_bytes())
    assert differences(loaded.backend, reference.encode, ["of the", " of  the "]) == []
