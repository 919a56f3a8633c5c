"""Files of every format with a bit changed: read, or refused in one line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.format_files import FORMATS, good
from tokstat.errors import TokstatError
from tokstat.loading import load


@pytest.mark.parametrize("name", FORMATS)
def test_the_sound_files_are_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(good(name))
    assert len(load(tmp_path / name).vocabulary) > 250


@pytest.mark.parametrize("name", FORMATS)
def test_any_flipped_byte_is_survived(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It may make another sound file; it may not make a crash."""
    draw = random.Random(name)
    path = tmp_path / name
    for _ in range(25):
        data = bytearray(good(name))
        # Most of a file is its tokens: half of the bytes are flipped in what stands before them.
        place = draw.randrange(draw.choice([min(400, len(data)), len(data)]))
        data[place] ^= 1 << draw.randrange(8)
        path.write_bytes(data)
        try:
            tokenizer = load(path)
        except TokstatError as error:
            assert "\n" not in str(error)  # noqa: PT017
        else:
            tokenizer.backend.encode("the e\u0301 of 漢字")
            assert len(tokenizer.vocabulary)
    assert capfd.readouterr() == ("", "")
