"""Arguments of `tokstat corpus`: which are tokenizers, and which are texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokstat.cli.arguments import sort_arguments
from tokstat.errors import CorpusError


def test_what_is_a_tokenizer_and_what_is_text(tmp_path: Path, small_files: list[str]) -> None:
    (tmp_path / "notes").write_text("text")
    (tmp_path / "data.json").write_text('{"text": "x"}')
    renamed = tmp_path / "gpt2.json"
    renamed.write_bytes(Path(small_files[0]).read_bytes())
    tokenizers = [
        *small_files,
        str(Path(small_files[0]).parent),
        str(renamed),
        "org/name",
        "hf:org/name@v1",
    ]
    files = [str(tmp_path / "notes"), str(tmp_path / "data.json"), str(tmp_path)]
    files += ["-", "s3://bucket/x", "*.jsonl", "absent.txt.gz", "absent.parquet"]
    assert sort_arguments([*files, *tokenizers]) == (tokenizers, files)


@pytest.mark.parametrize(
    "name",
    ["my.tiktoken", "model.gguf", "spiece.model", "tekken-v3.json", "vocab.txt", "source.spm"],
)
def test_every_format_is_a_tokenizer_alone_and_in_a_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "text.txt").write_text("the people\n")
    assert sort_arguments([str(folder)]) == ([], [str(folder)])
    (folder / name).write_bytes(b"")
    paths = [str(folder), str(folder / name), str(tmp_path / "absent" / name)]
    assert sort_arguments(paths) == (paths, [])


@pytest.mark.parametrize(
    ("name", "content", "is_tokenizer"),
    [
        ("notes", b"GGUF is a format.\n", False),
        ("weights", b"GGUF\3\0\0\0", True),
        ("words.tsv", b"hello 5\n", False),
        ("words", b"hello 5\n", False),
        ("mine.json", b'{"config": {}, "vocab": [{"rank": 0, "token_bytes": "AA=="}]}', True),
        ("mine.jsonl", b'{"text": "x", "token_bytes": 5}', False),
        ("merges.txt", b"a b\n", False),
    ],
)
def test_the_first_bytes_tell_a_tokenizer_from_a_text(
    name: str, content: bytes, is_tokenizer: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert sort_arguments([str(path)]) == (([str(path)], []) if is_tokenizer else ([], [str(path)]))


def test_a_text_is_neither(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="hello world"):
        sort_arguments(["gpt2", "hello world"])
    path = tmp_path / "hello world.txt"
    path.write_text("hello")
    assert sort_arguments([str(path)]) == ([], [str(path)])
