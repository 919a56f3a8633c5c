"""Sound inputs for every parser, to begin from: most of them small, so that many can be tried."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import tokstat
from tests import gguf_files
from tests.fuzz import packing
from tests.fuzz import tokenizer_seeds as small
from tests.fuzz.mutations import BETWEEN_FILES, Seeds
from tests.fuzz.parsers import counting_plan
from tests.sentencepiece_models import train
from tests.small_tokenizers import SMALL
from tokstat.corpus.counting.window import Document

_SMALL_TOKENIZERS = {
    "BPE": ("byte-level", "end-of-word-bytes", "continuation", "metaspace"),
    "WordPiece": ("wordpiece",),
    "Unigram": ("unigram",),
    "WordLevel": ("word-level",),
}


def seeds() -> dict[str, Seeds]:
    """Return the seeds of every parser; some are made by training, which takes seconds."""
    trained = {
        kind: tuple(SMALL[name]().to_str().encode() for name in names)
        for kind, names in _SMALL_TOKENIZERS.items()
    }
    written = {
        "BPE": small.bpe(),
        "WordPiece": small.wordpiece(),
        "Unigram": small.unigram(),
        "WordLevel": small.word_level(),
    }
    of_tokenizers = {
        f"tokenizer.json, {kind}": Seeds(written[kind], trained[kind]) for kind in written
    }
    every = Seeds(tuple(each for found in written.values() for each in found))
    return {
        **of_tokenizers,
        **dict.fromkeys(("inspect", "edit", "count"), every),
        "vocab.txt": Seeds(small.vocab_txt()),
        "vocab.json, merges.txt": Seeds(small.vocab_json()),
        "tiktoken": Seeds(_tiktoken()),
        "tekken": Seeds(_tekken()),
        "SentencePiece": Seeds(
            small.sentencepiece(),
            (small.sentencepiece_with_bytes(), train(), train(model_type="unigram")),
            small.sentencepiece_contents(),
        ),
        "charsmap": Seeds((small.rules(),)),
        "GGUF": Seeds(small.gguf(), (_large_gguf(),), small.gguf_contents()),
        **_of_models(written["WordLevel"][0]),
        **_of_results(),
        **_of_texts(),
        **_of_corpora(),
    }


def _tiktoken() -> tuple[bytes, ...]:
    few = [*(bytes([byte]) for byte in range(256)), b"th", b"the", "é".encode()]
    some = [b" ", b"t", b"h", b"e", b"th", b"the", "é".encode()]
    return tuple(
        b"".join(base64.b64encode(token) + b" %d\n" % rank for rank, token in enumerate(tokens))
        for tokens in (few, some)
    )


def _tekken() -> tuple[bytes, ...]:
    found = []
    for tokens in ([bytes([byte]) for byte in range(256)], [b"t", b"h", b"e", b"th", b"the"]):
        vocab = [
            {
                "rank": rank,
                "token_bytes": base64.b64encode(token).decode(),
                "token_str": token.decode("latin-1"),
            }
            for rank, token in enumerate(tokens)
        ]
        special = [{"rank": 0, "token_str": "<unk>", "is_control": True}]
        sizes = {"default_vocab_size": len(tokens) + 1, "default_num_special_tokens": 1}
        config = {"pattern": r"[^\s\p{L}]?+\p{L}+|\p{N}|\s+(?!\S)|\s+", "version": "v3", **sizes}
        content = {"config": config, "vocab": vocab, "special_tokens": special}
        found.append(json.dumps(content).encode())
    return tuple(found)


def _large_gguf() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m.gguf"
        return gguf_files.from_tokenizer_json(path, SMALL["byte-level"](), "gpt-2").read_bytes()


def safetensors(**shapes: list[int]) -> bytes:
    """Return a file of float32 matrices of these names and shapes."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    place = 0
    for name, shape in shapes.items():
        size = 4 * int(np.prod(shape))
        offsets = [place, place + size]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": offsets}
        place += size
    text = json.dumps(header).encode()
    values = np.arange(place // 4, dtype="<f4").tobytes()
    return len(text).to_bytes(8, "little") + text + values


def _of_models(tokenizer: bytes) -> dict[str, Seeds]:
    """Return what lies beside a tokenizer: configurations and weights."""
    added = {"the": 1, "new": 8}
    special: dict[str, Any] = {"unk_token": "[UNK]", "pad_token": {"content": "[PAD]"}}
    config = {
        **special,
        "model_max_length": 512,
        "additional_special_tokens": ["<a>", {"content": "<b>"}],
        "added_tokens_decoder": {"0": {"content": "[UNK]", "special": True}, "8": "new"},
        "chat_template": "{{ messages }}",
    }
    model = {"vocab_size": 9, "eos_token_id": [1, 2], "bos_token_id": 1}
    configurations = [config, special, added, model, {"pad_token_id": 0, "eos_token_id": 1}]
    weights = {"model.embed_tokens.weight": [6, 2], "lm_head.weight": [6, 2], "norm.weight": [2]}
    shard = "model-1-of-1.safetensors"
    index = {"metadata": {"total_size": 104}, "weight_map": dict.fromkeys(weights, shard)}
    rows = {"embeddings": [9, 2]}
    return {
        "configurations": Seeds((_joined(*map(_json, configurations)),)),
        "safetensors": Seeds((safetensors(**weights), safetensors(**rows))),
        "safetensors index": Seeds((_joined(_json(index), safetensors(**weights)),)),
        "static model": Seeds(
            (_joined(tokenizer, _json({"normalize": True}), safetensors(**rows)),)
        ),
    }


def _json(content: object) -> bytes:
    return json.dumps(content).encode()


def _joined(*parts: bytes) -> bytes:
    return BETWEEN_FILES.join(parts)


def _of_results() -> dict[str, Seeds]:
    """Return saved results: those that this version writes of small tokenizers, and packaged."""
    with TemporaryDirectory() as folder:
        places = []
        for name, data in (("one", small.word_level()[0]), ("other", small.wordpiece()[0])):
            places.append(Path(folder) / f"{name}.json")
            places[-1].write_bytes(data)
        words = Path(folder) / "words.tsv"
        words.write_text("the\t100\nof\t50\none\t20\n", "utf-8")
        short = tokstat.inspect(places[0], lexicon=words, analyzers=["composition", "whole_words"])
        whole = tokstat.inspect(places[1], lexicon=words)
        compared = tokstat.compare(*places, lexicon=words, analyzers=["composition", "whole_words"])
        all_compared = tokstat.compare(*places, lexicon=words)
        counted = tokstat.measure_corpus(places, texts=["the of", "漢字 1234"])
    limits = {"whole_word_ratio": 0.9, "coverage_bare": 0.1}
    gated = tokstat.check(
        short, tokstat.make_policy(fail_on="info", minimum=limits, baseline=whole)
    )
    plan = counting_plan()
    counts = plan.count([Document("the of The", "a.txt", "en"), Document("é 漢字", "b.txt", "")])
    state = _json({**counts.to_dict(), "units": {"a": [[0, 5, "x"], [5, None, "y"]]}})
    packaged = files("tokstat") / "data"
    study = (packaged / "study.json").read_bytes()
    ladder = tokstat.read_ladder().to_json().encode()
    rows = json.loads(study)
    return {
        "report": Seeds((short.to_json().encode(),), (whole.to_json().encode(),)),
        "gated report": Seeds((gated.to_json().encode(),)),
        "baseline": Seeds((short.to_json().encode(),)),
        "comparison": Seeds((compared.to_json().encode(),), (all_compared.to_json().encode(),)),
        "corpus report": Seeds((counted.to_json().encode(),)),
        "saved counts": Seeds((packing.gzipped(state),), contents=(state,)),
        "ladder": Seeds((_short_ladder(json.loads(ladder)),), (ladder,)),
        "study": Seeds((_json({**rows, "rows": rows["rows"][:2]}),), (study,)),
        "embedding cache": Seeds((_embedding_cache(),)),
    }


def _short_ladder(ladder: dict[str, Any]) -> bytes:
    """Leave two rungs and two sets of a ladder."""
    ladder["sets"] = ladder["sets"][:2]
    ladder["rungs"] = ladder["rungs"][:2]
    measured = [ladder["start"], ladder["target"]]
    measured += [rung[name] for rung in ladder["rungs"] for name in ("alone", "in_sequence")]
    for each in filter(None, measured):
        each["rho"] = {name: each["rho"][name] for name in ladder["sets"]}
    return _json(ladder)


def _embedding_cache() -> bytes:
    vector = np.arange(4, dtype=np.float16).tobytes()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cache"
        with closing(sqlite3.connect(path)) as file, file:
            file.execute("PRAGMA page_size=512")
            file.execute("CREATE TABLE vectors (text TEXT PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            file.executemany("INSERT INTO vectors VALUES (?, ?)", [("the", vector), ("of", vector)])
        return path.read_bytes()


def _of_texts() -> dict[str, Seeds]:
    """Return settings, options, lists of words and of vectors."""
    settings = (
        'lang = ["en", "de"]\nselect = ["TS1"]\nignore = ["TS101"]\nfail-on = "warning"\n'
        "min = { whole_word_ratio = 0.5 }\nmax = { fragment_ratio = 0.9 }\n"
        'lexicon = "words.tsv"\nspec = "gpt2"\n'
    )
    shared = f"[project]\nname = 'x'\n[tool.tokstat]\n{settings}".encode()
    sets = b"the\tof\t5.5\t1\n# said\nx_y\tz\t3.0\t4\n"
    return {
        "settings": Seeds((settings.encode(),)),
        "pyproject.toml": Seeds((shared,)),
        "limits": Seeds((b"file-size=1GiB tokens=1000 depth=10 whole_word_ratio=0.5 x=1e-3",)),
        "entry points": Seeds(
            (b"[tokstat.loaders]\nmine = package.module:loader [extra]\n[console_scripts]\nx=y\n",)
        ),
        "word list": Seeds(("the\t100\nof\t50\nnaïve\t7\n".encode(),)),
        "words to add": Seeds(("the\nnaïve\n漢字\n".encode(),)),
        "word sets": Seeds((sets, b"1\t2\t3\t4\n")),
        "vectors, text": Seeds((b"2 3\nthe 1 2 3\nof 0.5 1e3 -1\n", b"the 1 2\nNew York 3 4\n")),
        "vectors, binary": Seeds((b"2 3\nthe " + bytes(12) + b"\nof " + bytes(range(12)),)),
    }


def _of_corpora() -> dict[str, Seeds]:
    """Return text in every format; the compressed ones are packed when they have been mutated."""
    lines = [
        {"text": "One. Two", "meta": {"lang": "en"}},
        {"text": "漢字 \U0001f600\nthree", "meta": {"lang": "zh"}},
        {"text": '"x,y"\tz', "meta.lang": None},
    ]
    jsonl = b"\n".join(map(_json, lines)) + b"\n"
    csv = 'meta.lang,text\nen,One. Two\nzh,"漢字\n""three"""\n'.encode()
    return {
        "corpus, text": Seeds(("One. Two\r\n漢字 three\n\n".encode(),)),
        "corpus, JSON lines": Seeds((jsonl,)),
        "corpus, CSV": Seeds((csv,)),
        "corpus, TSV": Seeds((csv.replace(b",", b"\t"),)),
        "corpus, Parquet": Seeds((_parquet("none"), _parquet("zstd"))),
        **{
            f"corpus, {kind}": Seeds((pack(jsonl),), contents=(jsonl,))
            for kind, pack in {
                "gzip": packing.gzipped,
                "xz": packing.xz,
                "bzip2": packing.bzip2,
                "Zstandard": packing.zstandard,
            }.items()
        },
    }


def _parquet(compression: str) -> bytes:
    import pyarrow
    from pyarrow import parquet

    columns = {"text": ["One. Two", "漢字", None], "meta.lang": ["en", "zh", "en"]}
    out = io.BytesIO()
    table = pyarrow.table(columns)
    parquet.write_table(table, out, row_group_size=2, compression=compression)
    return out.getvalue()
