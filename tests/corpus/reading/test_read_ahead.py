"""Archives are read in a thread: all bytes, errors in their place, and no more than is asked."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies

from tokstat.corpus.reading.read_ahead import ReadAhead

BLOCK = 1 << 20


class _Source(io.BytesIO):
    """Zeros, and then the end or an error; `read` notes how many blocks were read."""

    def __init__(
        self, blocks: int, error: type[Exception] | None = None, size: int = BLOCK
    ) -> None:
        super().__init__()
        self.left, self.error, self.size, self.reads = blocks, error, size, 0

    def read1(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if not self.left:
            if self.error is not None:
                raise self.error
            return b""
        self.left -= 1
        return bytes(self.size)


@settings(max_examples=30, deadline=None)
@given(
    data=strategies.binary(max_size=200),
    repeats=strategies.integers(1, 20_000),
    size=strategies.integers(1, 3 * BLOCK),
)
def test_all_bytes_in_order(data: bytes, repeats: int, size: int) -> None:
    data = data * repeats
    with io.BufferedReader(ReadAhead(io.BytesIO(data))) as file:
        blocks = iter(lambda: file.read(size), b"")
        assert b"".join(blocks) == data


def test_the_first_block_alone_makes_it_read_one_more() -> None:
    source = _Source(blocks=100)
    with io.BufferedReader(ReadAhead(source)) as file:
        file.read(10)
    assert 1 <= source.reads <= 2


def test_no_more_than_sixteen_blocks_ahead() -> None:
    source = _Source(blocks=100)
    with io.BufferedReader(ReadAhead(source)) as file:
        file.read(40 * BLOCK)
    assert 40 <= source.reads <= 40 + 17


@pytest.mark.parametrize("error", [EOFError, OSError, ValueError])
def test_an_error_comes_after_what_was_read(error: type[Exception]) -> None:
    with io.BufferedReader(ReadAhead(_Source(3, error, size=1000))) as file:
        assert len(file.read(3000)) == 3000
        with pytest.raises(error):
            file.read(1)


@pytest.mark.parametrize("use", [lambda file: None, lambda file: file.read(1)])
def test_closing_ends_the_thread(use: Callable[[io.BufferedReader[ReadAhead]], object]) -> None:
    before = {*threading.enumerate()}
    with io.BufferedReader(ReadAhead(_Source(blocks=100))) as file:
        use(file)
    assert {*threading.enumerate()} <= before
