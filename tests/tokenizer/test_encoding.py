"""Panics become errors, and the time limit holds for every call of the library."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import tokenizers
from tokenizers import Regex, models, normalizers, pre_tokenizers

from tests.conftest import Run, load_known, wrap
from tokstat.api.loading import load
from tokstat.errors import EncodingError, LimitError
from tokstat.io import limits
from tokstat.io.limits import Limits
from tokstat.tokenizer import encoding
from tokstat.tokenizer.encoding import (
    encode,
    encode_batch,
    encode_batch_fast,
    normalize,
    pre_tokenize,
)
from tokstat.tokenizer.single_words import single_token_words


@pytest.fixture(autouse=True)
def default_limits() -> Iterator[None]:
    limits.set_limits(Limits())
    yield
    limits.set_limits(Limits())


PANICS = "([a-z ]+)+$"
"""Gives up after ten million steps back, which the library turns into a panic."""


SLOW = "(?:" + "[a-z ]{1,4}" * 10 + ")[0-9]{7}"
"""Stays just below that at every place of a text."""


def cut_by(pattern: str) -> tokenizers.Tokenizer:
    backend = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0, "the": 1}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(pattern), "isolated")
    return backend


TEXT = "the words of a line " * 20 + "!"


def test_a_panic_is_an_error_like_others(capfd: pytest.CaptureFixture[str]) -> None:
    backend = cut_by(PANICS)
    for call in (encode_batch, encode_batch_fast):
        with pytest.raises(EncodingError, match="retry-limit"):
            call(backend, [TEXT])
    with pytest.raises(EncodingError, match="retry-limit"):
        encode(backend, TEXT)
    with pytest.raises(EncodingError, match="retry-limit"):
        pre_tokenize(backend, TEXT)
    backend.normalizer = normalizers.Replace(Regex(PANICS), "")
    with pytest.raises(EncodingError, match="retry-limit"):
        normalize(backend, TEXT)


def take_for_ever(call: str) -> None:
    """End the process in order if the limit holds, and with it the thread that is left behind."""
    limits.set_limits(Limits(seconds=1))
    start = time.monotonic()
    with pytest.raises(LimitError, match="seconds"):
        getattr(encoding, call)(cut_by(SLOW), [TEXT * 50])
    assert time.monotonic() - start < 10
    os._exit(7)


@pytest.mark.parametrize("call", ["encode_batch", "encode_batch_fast"])
def test_a_pattern_that_takes_for_ever(call: str) -> None:
    program = f"from tests.tokenizer.test_encoding import take_for_ever; take_for_ever({call!r})"
    done = subprocess.run([sys.executable, "-c", program], timeout=60, check=False)
    assert done.returncode == 7


def test_the_command_ends_in_order(run: Run, tmp_path: Path) -> None:
    """A thread that hangs in the library does not keep the process."""
    file = tmp_path / "tokenizer.json"
    file.write_text(cut_by(SLOW).to_str(), "utf-8")
    command = [sys.executable, "-m", "tokstat", "--limit", "seconds=1", "inspect", str(file)]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "out.json")], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert "seconds" in line
    assert [*tmp_path.iterdir()] == [file]


def test_a_normalizer_with_an_expression_sees_one_word_at_a_time() -> None:
    """Over all words together it may take for ever, and keeps Python's lock meanwhile."""
    backend = cut_by(" ")
    backend.normalizer = normalizers.Replace(Regex("(?:[a-z\n]{1,9}){9}[0-9]{7}"), "")
    start = time.monotonic()
    mask = single_token_words(wrap(backend, "slow"), ["the", "word"] * 200, "bare")
    assert mask.tolist() == [True, False] * 200
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("command", ["inspect", "corpus"])
@pytest.mark.parametrize("part", ["pre_tokenizer", "normalizer"])
def test_no_search_takes_longer_than_the_limit(command: str, part: str, tmp_path: Path) -> None:
    """A thread left behind in the library keeps nobody waiting, and no search starts anew."""
    backend = cut_by(SLOW)
    if part == "normalizer":
        backend = cut_by(" ")
        backend.normalizer = normalizers.Replace(Regex(SLOW), "")
    file, text = tmp_path / "tokenizer.json", tmp_path / "text.txt"
    file.write_text(backend.to_str(), "utf-8")
    text.write_text(TEXT * 50, "utf-8")
    inputs = [file, text] if command == "corpus" else [file]
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tokstat", "--limit", "seconds=1", command, *inputs, "--json"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert time.monotonic() - start < 20
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert "limit seconds" in line


def test_slow_calls_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is over before its time, and all together are not."""
    backend = cut_by("(?:[a-z ]{1,3}){7}[0-9]{7}")
    monkeypatch.setattr("tokstat.tokenizer.encoding._PROMPT", 0.0)
    limits.set_limits(Limits(seconds=1))
    with pytest.raises(LimitError, match="seconds"):
        _ = [pre_tokenize(backend, TEXT[:32]) for _ in range(100_000)]
    with pytest.raises(LimitError, match="seconds"):
        encode_batch(backend, [TEXT])
    limits.set_limits(Limits(seconds=100))
    assert pre_tokenize(backend, "the")


def test_a_tokenizer_that_is_given_again_has_its_whole_time() -> None:
    """As in a notebook, where one is asked all day."""
    tokenizer = load_known("bert")
    encoding._count(tokenizer.backend, 2.0 * limits.limits().seconds)
    with pytest.raises(LimitError):
        encode_batch(tokenizer.backend, [TEXT])
    assert load(tokenizer) is tokenizer
    assert encode_batch(tokenizer.backend, [TEXT])
