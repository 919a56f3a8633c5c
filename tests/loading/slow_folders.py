"""Folders of older files for each class of slow tokenizers, small and always the same.

This needs no other module, so that a reference made with an older transformers can use it:
`python tests/loading/slow_folders.py > tests/data/slow_classes.json` wrote the ids of
transformers 4.57.6, in an environment with sacremoses, protobuf and nothing else.
"""

from __future__ import annotations

import json
import string
import sys
import tempfile
from pathlib import Path
from typing import Any

TEXTS = (
    "Hello the World",
    "  the  of\tthe\n\nof ",
    "café CAFÉ nai\u0308ve",
    "it's IT'S 12 345",
    "中文 の the",
    "the<mask>of [MASK] the <mask> of",
    "a<tool>b <Tool> c <extra>d",
    "</s><s>the<|endoftext|>of[SEP] the",
    "x#y_z…",
    "MKTAYIAK.QR-QISFVK<mask>SHF mkt \x1cLQ<null_1>XBUZO",
    "",
)

_WORDS = ("the", "of", "hello", "world", "Hello", "World", "cafe", "café", "##ello", "##he", "'")
_BERT = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_ROBERTA = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_END = ("<|endoftext|>",)


def _wordpiece(specials: tuple[str, ...]) -> list[str]:
    letters = string.ascii_letters + string.digits + "#_中文"
    return [*specials, *_WORDS, *letters, *(f"##{letter}" for letter in letters)]


def _bytes() -> list[str]:
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    return [chr(code) for code in printable] + [chr(0x100 + number) for number in range(68)]


def _bpe(
    specials: tuple[str, ...], end: str, alphabet: list[str]
) -> tuple[dict[str, int], list[str]]:
    merges = ["Ġ t", "h e", "Ġt he", "Ġ o", "Ġo f", "1 2"]
    if end:
        merges = [f"h e{end}", f"t he{end}", f"o f{end}", "l l"]
    tokens = [*specials, *alphabet]
    tokens += [letter + end for letter in alphabet if end]
    tokens += ["".join(merge.split(" ")) for merge in merges]
    return {token: index for index, token in enumerate(dict.fromkeys(tokens))}, merges


def _decoder(*tokens: tuple[int, str, bool]) -> dict[str, Any]:
    return {
        str(index): {
            "content": text,
            "lstrip": False,
            "rstrip": False,
            "single_word": False,
            "normalized": not special,
            "special": special,
        }
        for index, text, special in tokens
    }


_SPECIALS = {
    "Bert": ("wordpiece", _BERT),
    "ConvBert": ("wordpiece", _BERT),
    "DistilBert": ("wordpiece", _BERT),
    "Electra": ("wordpiece", _BERT),
    "LayoutLM": ("wordpiece", _BERT),
    "Lxmert": ("wordpiece", _BERT),
    "MobileBert": ("wordpiece", _BERT),
    "SqueezeBert": ("wordpiece", _BERT),
    "DPRReader": ("wordpiece", _BERT),
    "MPNet": ("wordpiece", ("<s>", "<pad>", "</s>", "[UNK]", "<mask>")),
    "Funnel": ("wordpiece", ("<s>", "<pad>", "</s>", "<unk>", "<mask>", "<cls>", "<sep>")),
    "Esm": ("proteins", ("<cls>", "<pad>", "<eos>", "<unk>")),
    "GPT2": ("bpe", _END),
    "CodeGen": ("bpe", _END),
    "Roberta": ("bpe", _ROBERTA),
    "Bart": ("bpe", _ROBERTA),
    "LED": ("bpe", _ROBERTA),
    "Longformer": ("bpe", _ROBERTA),
    "Mvp": ("bpe", _ROBERTA),
    "Blenderbot": ("bpe", _ROBERTA),
    "Deberta": ("bpe", _BERT),
    "Qwen2": ("bpe", _END),
    "CLIP": ("clip", ("<|startoftext|>", "<|endoftext|>")),
    "OpenAIGPT": ("words", ("<unk>",)),
    "Herbert": ("words", _ROBERTA),
}

_VARIANTS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "Bert, cased": ("Bert", {"do_lower_case": False}, {}),
    "Bert, with accents": ("Bert", {"strip_accents": False, "tokenize_chinese_chars": False}, {}),
    "Bert, added tokens": ("Bert", {}, {"added_tokens.json": {"<tool>": 0, "<extra>": 1}}),
    "Bert, a list of special tokens": ("Bert", {"additional_special_tokens": ["<tool>"]}, {}),
    "Esm, added tokens": ("Esm", {}, {"added_tokens.json": {"<tool>": 0, "mkt": 1}}),
    "OPT": ("GPT2", {"bos_token": "</s>", "unk_token": "</s>", "add_bos_token": True}, {}),
    "GPT2, prefix": ("GPT2", {"add_prefix_space": True}, {}),
    "Qwen2, added tokens": (
        "Qwen2",
        {
            "bos_token": None,
            "pad_token": "<|endoftext|>",
            "decoder": [("<tool>", True), ("<extra>", False)],
        },
        {},
    ),
    "Roberta, roles of objects": (
        "Roberta",
        {},
        {
            "special_tokens_map.json": {
                "mask_token": {
                    "content": "<mask>",
                    "lstrip": True,
                    "rstrip": True,
                    "single_word": False,
                    "normalized": False,
                },
                "additional_special_tokens": ["<tool>"],
            }
        },
    ),
}

CASES = (*_SPECIALS, *_VARIANTS)

REFUSED = (
    *(
        "BertJapanese",
        "Bertweet",
        "ErnieM",
        "Phobert",
        "RoCBert",
        "Tapas",
        "BlenderbotSmall",
    ),
    *("BioGpt", "CTRL", "FSMT", "Flaubert", "Luke", "XLM", "GPTNeoXJapanese", "CpmAnt"),
)
"""Classes that read such files by code of their own, which transformers cannot convert."""


def name_of(case: str) -> str:
    """Return the class of a case, without its `Tokenizer`."""
    return _VARIANTS[case][0] if case in _VARIANTS else case


def write_folder(case: str, folder: Path) -> None:
    """Write the files of a case."""
    name, config, files = _VARIANTS.get(case, (case, {}, {}))
    kind, specials = _SPECIALS.get(name, ("wordpiece", _BERT))
    if kind == "wordpiece":
        tokens = _wordpiece(specials)
        (folder / "vocab.txt").write_text("".join(f"{token}\n" for token in tokens), "utf-8")
        size = len(tokens)
    elif kind == "proteins":
        tokens = [*specials, *"LAGVSERTIDPKQNFYMHWCXBUZO.-", "<null_1>", "<mask>", "AYI"]
        (folder / "vocab.txt").write_text("\n".join(tokens), "utf-8")
        size = len(tokens)
    else:
        alphabet = (
            list(string.ascii_letters + string.digits + "é'") if kind == "words" else _bytes()
        )
        vocab, merges = _bpe(specials, "" if kind == "bpe" else "</w>", alphabet)
        (folder / "vocab.json").write_text(json.dumps(vocab), "utf-8")
        text = "#version: 0.2\n" + "".join(f"{merge}\n" for merge in merges)
        (folder / "merges.txt").write_text(text, "utf-8")
        size = len(vocab)
    config = {**config, "tokenizer_class": f"{name}Tokenizer"}
    if "decoder" in config:
        added = config.pop("decoder")
        more = [(size + at, text, special) for at, (text, special) in enumerate(added)]
        config["added_tokens_decoder"] = _decoder((0, specials[0], True), *more)
    (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    for file, content in files.items():
        if file == "added_tokens.json":
            content = {text: size + at for text, at in content.items()}
        (folder / file).write_text(json.dumps(content), "utf-8")


def main() -> None:
    """Print the ids that transformers gives to the texts, alone and with special tokens."""
    import transformers

    found: dict[str, Any] = {"transformers": transformers.__version__, "ids": {}}
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            write_folder(case, Path(folder))
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, use_fast=True)
            # The class of ESM splits by its own trie, and has no fast twin.
            assert tokenizer.is_fast or name_of(case) == "Esm", case
            found["ids"][case] = [
                [tokenizer(text, add_special_tokens=special)["input_ids"] for text in TEXTS]
                for special in (False, True)
            ]
    json.dump(found, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
