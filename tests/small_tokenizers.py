"""Small tokenizers of every family, trained in a second on frequent words.

What was trained is kept in a folder for the next process: each worker would train it again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, decoders, models, normalizers, pre_tokenizers, trainers

from tokstat.io.files import replace_file

SIZE = 3000

KEPT = Path(__file__).parents[1] / ".pytest_cache" / "trained"
"""The folder of what was trained."""

TRAINERS = ("small_tokenizers.py", "sentencepiece_models.py", "cases/drafts.py")
"""The files that train. What is kept is theirs, and of one version of the libraries."""


@cache
def _state() -> str:
    libraries = ["tokenizers", *(each for each in ("sentencepiece",) if find_spec(each))]
    digest = hashlib.sha256(" ".join(map(version, libraries)).encode())
    for name in TRAINERS:
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()[:16]


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """Return a file of the folder, or make it and put it there."""
    path = KEPT / f"{_state()}-{name}"
    with suppress(OSError):
        return path.read_bytes()
    data = make()
    with suppress(OSError):  # a checkout that may only be read
        KEPT.mkdir(parents=True, exist_ok=True)
        replace_file(path, data)
    return data


@cache
def training_text() -> tuple[str, ...]:
    """Frequent words of several languages, most of them English, as often as by Zipf's law."""
    return tuple(json.loads(kept("texts.json", lambda: json.dumps(_frequent_words()).encode())))


def _frequent_words() -> list[str]:
    import wordfreq

    words: list[str] = []
    for language, count in (("en", 3000), ("de", 300), ("ru", 300), ("ar", 100), ("el", 100)):
        for rank, word in enumerate(wordfreq.top_n_list(language, count), 1):
            words += [word] * (1 + count // rank // 4) + [word.capitalize()] * (count // rank // 8)
    words += ["naïve", "汉字", "日本語", "12", "2024", "(see", "below):", "🙂", "e-mail"] * 3
    return [" ".join(words[start::500]) for start in range(500)]


def build(
    model: models.Model,
    trainer: trainers.Trainer | None = None,
    *,
    normalizer: normalizers.Normalizer | None = None,
    pre_tokenizer: pre_tokenizers.PreTokenizer | None = None,
    decoder: decoders.Decoder | None = None,
) -> tokenizers.Tokenizer:
    """Join the parts of a tokenizer, and train it if there is a trainer."""
    backend = tokenizers.Tokenizer(model)
    if normalizer is not None:
        backend.normalizer = normalizer
    if pre_tokenizer is not None:
        backend.pre_tokenizer = pre_tokenizer
    if decoder is not None:
        backend.decoder = decoder
    if trainer is not None:
        backend.train_from_iterator(training_text(), trainer)
    return backend


def byte_level_bpe(prefix: bool) -> tokenizers.Tokenizer:
    """As RoBERTa's, which puts a blank before a text, or as GPT-2's, which does not."""
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>"],
    )
    return build(
        models.BPE(),
        trainer,
        pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=prefix),
        decoder=decoders.ByteLevel(),
    )


def end_of_word_bpe(byte_level: bool) -> tokenizers.Tokenizer:
    """As CLIP's, on bytes, or as the first GPT's, on characters."""
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE,
        show_progress=False,
        end_of_word_suffix="</w>",
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if byte_level else [],
        special_tokens=["<unk>"],
    )
    split = pre_tokenizers.WhitespaceSplit()
    on_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return build(
        models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"),
        trainer,
        normalizer=normalizers.Lowercase(),
        pre_tokenizer=pre_tokenizers.Sequence([split, on_bytes]) if byte_level else split,
        decoder=decoders.ByteLevel() if byte_level else decoders.BPEDecoder("</w>"),
    )


def continuation_bpe() -> tokenizers.Tokenizer:
    """BPE that writes the pieces inside a word as WordPiece does."""
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE,
        show_progress=False,
        continuing_subword_prefix="##",
        special_tokens=["[UNK]"],
    )
    return build(
        models.BPE(unk_token="[UNK]", continuing_subword_prefix="##"),
        trainer,
        pre_tokenizer=pre_tokenizers.Whitespace(),
        decoder=decoders.WordPiece(),
    )


def wordpiece() -> tokenizers.Tokenizer:
    """As BERT's."""
    trainer = trainers.WordPieceTrainer(
        vocab_size=SIZE, show_progress=False, special_tokens=["[UNK]", "[CLS]", "[unused0]"]
    )
    return build(
        models.WordPiece(unk_token="[UNK]"),
        trainer,
        normalizer=normalizers.BertNormalizer(lowercase=True),
        pre_tokenizer=pre_tokenizers.BertPreTokenizer(),
        decoder=decoders.WordPiece(),
    )


def metaspace_bpe(prepend: bool) -> tokenizers.Tokenizer:
    """As LLaMA's, which prepends a blank, or as Gemma's, which does not; both fall back to bytes.

    As in Gemma's, runs of blanks are both added tokens and tokens of the model.
    """
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE, show_progress=False, special_tokens=["<unk>", "<s>"]
    )
    trained = build(models.BPE(), trainer, pre_tokenizer=pre_tokenizers.Metaspace())
    model = json.loads(trained.to_str())["model"]
    merges = [*map(tuple, model["merges"]), ("▁", "▁"), ("▁▁", "▁")]
    vocab = dict(model["vocab"])
    for token in [*(f"<0x{byte:02X}>" for byte in range(256)), "▁▁", "▁▁▁"]:
        vocab[token] = len(vocab)
    replace = normalizers.Replace(" ", "▁")
    backend = build(
        models.BPE(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True),
        normalizer=normalizers.Sequence([normalizers.Prepend("▁"), replace])
        if prepend
        else replace,
        decoder=decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
        ),
    )
    backend.add_special_tokens(["<unk>", "<s>"])
    if not prepend:
        backend.add_tokens([AddedToken(run, normalized=False) for run in ("▁▁", "▁▁▁")])
    return backend


def unigram() -> tokenizers.Tokenizer:
    """As T5's."""
    trainer = trainers.UnigramTrainer(
        vocab_size=2000, show_progress=False, special_tokens=["<pad>", "<unk>"], unk_token="<unk>"
    )
    return build(
        models.Unigram(),
        trainer,
        normalizer=normalizers.NFKC(),
        pre_tokenizer=pre_tokenizers.Metaspace(),
        decoder=decoders.Metaspace(),
    )


def word_level() -> tokenizers.Tokenizer:
    """Words and runs of punctuation, and nothing below them."""
    trainer = trainers.WordLevelTrainer(
        vocab_size=SIZE, show_progress=False, special_tokens=["[UNK]"]
    )
    model = models.WordLevel(unk_token="[UNK]")
    return build(model, trainer, pre_tokenizer=pre_tokenizers.Whitespace())


def superword_bpe() -> tokenizers.Tokenizer:
    """Byte-level BPE of three words and of one token that spans two of them."""
    merges = [("Ġ", "o"), ("Ġo", "f"), ("Ġ", "t"), ("Ġt", "h"), ("Ġth", "e"), ("Ġ", "a")]
    merges += [("Ġof", "Ġthe")]
    tokens = [*sorted(pre_tokenizers.ByteLevel.alphabet()), *map("".join, merges)]
    return build(
        models.BPE({token: index for index, token in enumerate(tokens)}, merges),
        pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        decoder=decoders.ByteLevel(),
    )


_MAKERS: Mapping[str, Callable[[], tokenizers.Tokenizer]] = {
    "byte-level": lambda: byte_level_bpe(prefix=False),
    "byte-level-prefix": lambda: byte_level_bpe(prefix=True),
    "end-of-word-bytes": lambda: end_of_word_bpe(byte_level=True),
    "end-of-word": lambda: end_of_word_bpe(byte_level=False),
    "continuation": continuation_bpe,
    "wordpiece": wordpiece,
    "metaspace": lambda: metaspace_bpe(prepend=False),
    "metaspace-prefix": lambda: metaspace_bpe(prepend=True),
    "unigram": unigram,
    "word-level": word_level,
}


@cache
def written(kind: str) -> str:
    """Return the tokenizer.json of a kind; each is trained once."""
    return kept(f"{kind}.json", lambda: _MAKERS[kind]().to_str().encode()).decode()


def _reader(kind: str) -> Callable[[], tokenizers.Tokenizer]:
    return lambda: tokenizers.Tokenizer.from_str(written(kind))


SMALL: Mapping[str, Callable[[], tokenizers.Tokenizer]] = {kind: _reader(kind) for kind in _MAKERS}
"""Makers of one tokenizer of each kind, which is the caller's own to change."""
