"""Embeddings of tiny models, resized for edited tokenizers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
from tokenizers import models

from tests.conftest import wrap
from tests.needs import need
from tests.small_tokenizers import SMALL
from tokstat.editing.edit import NEW, Edit
from tokstat.editing.embeddings import load_model, resize, save_model
from tokstat.editing.interventions import add_words, apply_all, decase, drop, leading_blank
from tokstat.errors import EditError, MissingExtraError
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon

TEXT = "The people of the government, and Germany"

TINY = {"num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 64}


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r"torch.*tokstat-toolkit\[repair\]"):
        load_model(tmp_path)


@pytest.fixture(scope="module")
def transformers() -> Any:
    need("torch")
    return need("transformers")


def bert(library: Any, rows: int) -> Any:
    """Tied, with a bias on the output."""
    config = library.BertConfig(
        vocab_size=rows, hidden_size=16, intermediate_size=16, pad_token_id=0, **TINY
    )
    return library.BertForMaskedLM(config)


def encoder(library: Any, rows: int) -> Any:
    """Without a head."""
    return library.BertModel(bert(library, rows).config)


def modernbert(library: Any, rows: int) -> Any:
    config = library.ModernBertConfig(
        vocab_size=rows, hidden_size=16, intermediate_size=16, pad_token_id=0, **TINY
    )
    return library.ModernBertForMaskedLM(config)


def llama(library: Any, rows: int, tied: bool = False) -> Any:
    """With an output matrix of its own."""
    config = library.LlamaConfig(
        vocab_size=rows, hidden_size=16, intermediate_size=16, tie_word_embeddings=tied, **TINY
    )
    return library.LlamaForCausalLM(config)


MODELS: dict[str, Callable[[Any, int], Any]] = {
    "bert": bert,
    "modernbert": modernbert,
    "llama": llama,
    "llama tied": lambda library, rows: llama(library, rows, tied=True),
}


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return wrap(SMALL["byte-level"](), "small")


@pytest.fixture(scope="module")
def edit(tokenizer: Tokenizer, english: Lexicon) -> Edit:
    words = add_words(["zebrafish", "xylem", "people"])
    return apply_all(tokenizer, [leading_blank(), decase(), drop("fragment", english), words])


def logits(model: Any, ids: list[int]) -> Any:
    import torch

    with torch.inference_mode():
        return model.eval()(input_ids=torch.tensor([ids])).logits[0].numpy()


@pytest.mark.parametrize("padding", [0, 41])
@pytest.mark.parametrize("name", MODELS)
def test_kept_tokens_keep_what_they_were(
    name: str, padding: int, transformers: Any, tokenizer: Tokenizer, edit: Edit, tmp_path: Path
) -> None:
    """As input and as output; matrices may have more rows than there are tokens."""
    model = MODELS[name](transformers, edit.before + padding)
    if name == "bert":
        model.cls.predictions.bias.data.normal_()
    found: list[int] = edit.tokenizer.backend.encode(TEXT).ids
    sources = [int(edit.sources[index]) for index in found]
    assert NEW not in sources
    before = logits(model, sources)
    resize(model, edit, tokenizer)
    after = logits(model, found)
    kept = np.flatnonzero(edit.sources != NEW)
    assert after.shape == (len(found), len(edit.sources))
    np.testing.assert_allclose(after[:, kept], before[:, edit.sources[kept]], atol=1e-6)
    assert model.config.vocab_size == len(edit.sources) == len(edit.tokenizer.vocabulary)
    save_model(model, tmp_path / "model")
    again = load_model(tmp_path / "model")
    assert type(again) is type(model)
    np.testing.assert_allclose(logits(again, found), after, atol=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_new_tokens_get_the_mean_of_their_pieces(
    name: str, transformers: Any, tokenizer: Tokenizer, edit: Edit
) -> None:
    model = MODELS[name](transformers, edit.before)
    matrices = [model.get_input_embeddings(), model.get_output_embeddings()]
    before = [matrix.weight.detach().numpy().copy() for matrix in matrices]
    resize(model, edit, tokenizer)
    matrices = [model.get_input_embeddings(), model.get_output_embeddings()]
    assert edit.added == ("zebrafish", "xylem")
    for word in edit.added:
        (index,) = edit.tokenizer.backend.encode(word).ids
        pieces = tokenizer.backend.encode(" " + word).ids
        assert len(pieces) > 1
        for matrix, was in zip(matrices, before, strict=True):
            np.testing.assert_allclose(
                matrix.weight[index].detach().numpy(), was[pieces].mean(axis=0), atol=1e-6
            )


@pytest.mark.parametrize("kind", ["metaspace-prefix", "byte-level-prefix", "wordpiece", "unigram"])
def test_the_pieces_are_those_of_the_word(kind: str, transformers: Any) -> None:
    """Without a second blank where the tokenizer puts one itself."""
    tokenizer = wrap(SMALL[kind](), kind)
    edit = add_words(["zebrafish"]).apply(tokenizer)
    model = encoder(transformers, edit.before)
    before = model.get_input_embeddings().weight.detach().numpy().copy()
    resize(model, edit, tokenizer)
    (index,) = edit.tokenizer.backend.encode("zebrafish", add_special_tokens=False).ids
    pieces = tokenizer.backend.encode("zebrafish", add_special_tokens=False).ids
    np.testing.assert_allclose(
        model.get_input_embeddings().weight[index].detach().numpy(),
        before[pieces].mean(axis=0),
        atol=1e-6,
    )


def test_ids_in_the_configuration_follow(
    transformers: Any, tokenizer: Tokenizer, english: Lexicon
) -> None:
    edit = drop("fragment", english).apply(tokenizer)
    vocabulary = tokenizer.vocabulary
    gone = sorted(set(vocabulary.ids.tolist()) - set(edit.sources.tolist()))
    kept = [int(edit.sources[index]) for index in (300, 1000, -2)]
    model = llama(transformers, edit.before)
    model.config.bos_token_id = kept[0]
    model.config.eos_token_id = [kept[1], gone[0], kept[2]]
    model.config.pad_token_id = -1
    model.config.sep_token_id = gone[1]
    model.generation_config.eos_token_id = kept[1]
    model.generation_config.bos_token_id = None
    resize(model, edit, tokenizer)
    places = [edit.sources.tolist().index(old) for old in kept]
    assert model.config.bos_token_id == places[0]
    assert model.config.eos_token_id == [places[1], places[2]]
    assert model.config.pad_token_id is None
    assert model.config.sep_token_id is None
    assert model.generation_config.eos_token_id == places[1]
    assert model.generation_config.bos_token_id is None


def test_the_row_of_the_pad_follows(transformers: Any, tokenizer: Tokenizer) -> None:
    edit = decase().apply(tokenizer)
    pad = int(edit.sources[-1])
    config = transformers.BertConfig(
        vocab_size=edit.before, hidden_size=16, intermediate_size=16, pad_token_id=pad, **TINY
    )
    model = transformers.BertModel(config)
    resize(model, edit, tokenizer)
    assert model.get_input_embeddings().padding_idx == len(edit.sources) - 1
    assert model.config.pad_token_id == len(edit.sources) - 1


def test_nested_configurations(transformers: Any, tokenizer: Tokenizer) -> None:
    """Models that also see have their text model's settings inside."""
    edit = decase().apply(tokenizer)
    text = {
        "vocab_size": edit.before,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
        "eos_token_id": int(edit.sources[-1]),
    }
    vision = {
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": 28,
        "patch_size": 14,
    }
    config = transformers.Gemma3Config(
        text_config=text, vision_config=vision, mm_tokens_per_image=4
    )
    model = transformers.Gemma3ForConditionalGeneration(config)
    resize(model, edit, tokenizer)
    assert model.config.text_config.vocab_size == len(edit.sources)
    assert model.config.text_config.eos_token_id == len(edit.sources) - 1


def test_gaps_in_the_ids_stay_as_they_are(transformers: Any) -> None:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 1, "a": 4}, unk_token="[UNK]"))
    tokenizer = wrap(backend, "gaps")
    model = encoder(transformers, 8)
    before = model.get_input_embeddings().weight.detach().numpy().copy()
    resize(model, Edit.nothing(tokenizer), tokenizer)
    np.testing.assert_array_equal(model.get_input_embeddings().weight.detach().numpy(), before[:5])


def test_the_same_each_time(transformers: Any, tokenizer: Tokenizer, edit: Edit) -> None:
    import torch

    found = []
    for seed in (1, 2):
        torch.manual_seed(0)
        model = llama(transformers, edit.before)
        torch.manual_seed(seed)
        resize(model, edit, tokenizer)
        found.append(model.get_input_embeddings().weight.detach().numpy())
    np.testing.assert_array_equal(*found)


def test_a_model_of_another_tokenizer(transformers: Any, tokenizer: Tokenizer) -> None:
    edit = decase().apply(tokenizer)
    with pytest.raises(EditError, match=r"1,000 embeddings.*2,999"):
        resize(encoder(transformers, 1000), edit, tokenizer)


def test_no_model(transformers: Any, tmp_path: Path) -> None:
    for name, text in (("config.json", "{"), ("config.json", '{"model_type": "none"}')):
        (tmp_path / name).write_text(text)
        with pytest.raises(EditError, match=str(tmp_path)) as caught:
            load_model(tmp_path)
        assert "\n" not in str(caught.value)
    with pytest.raises(EditError, match="absent"):
        load_model(tmp_path / "absent")
