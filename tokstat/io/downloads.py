"""Bound the time that a download takes, whatever the client that makes it waits for.

Each client has time limits of its own, and none for the whole: huggingface_hub asks six times more,
60 s each, after a Hub that does not say how large a file is, whatever HF_HUB_ETAG_TIMEOUT
says, sleeps for as long as an answer 429 tells it to, and takes one byte every nine seconds for
an answer. Nothing of that can be set, so a download runs in a thread of its own, and is stopped.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

from tokstat.io.background import Background
from tokstat.io.limits import limits

Value = TypeVar("Value")

_SECONDS_TO_CLEAN_UP = 1.0


class TooSlowError(Exception):
    """A download that goes beyond the limit `download-seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"takes longer than {seconds:,} s, the limit download-seconds")
        self.hint = "Try again, or allow more by tokstat --limit download-seconds=VALUE."


def download(function: Callable[[], Value]) -> Value:
    """Return what a function that downloads returns, or raise what it raises.

    Where it is stopped, or Ctrl-C is pressed, it gets a moment to remove its temporary file.

    Raises:
        TooSlowError: it takes longer than the limit `download-seconds`.
    """
    most = limits().download_seconds
    is_over = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a full disk, say: the error says it in one line
        work = Background(function)
        try:
            is_over = work.wait(most)
        finally:
            if not is_over:
                work.stop(_SECONDS_TO_CLEAN_UP)
    if not is_over:
        raise TooSlowError(most)
    return work.result()
