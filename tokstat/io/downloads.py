"""Limit the time of a download, whatever its client waits for.

Clients limit single steps, not the whole download. huggingface_hub retries six times, 60 s each, if
the Hub does not return a file's size, whatever HF_HUB_ETAG_TIMEOUT is. It sleeps as long as an
answer 429 asks for, and accepts one byte every nine seconds. None of that can be configured, so a
download runs in a thread of its own that can be stopped.
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
    """A download that takes longer than the limit `download-seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"takes longer than {seconds:,} s, the limit download-seconds")
        self.hint = "Try again, or raise the limit: `tokstat --limit download-seconds=VALUE …`."


def download(function: Callable[[], Value]) -> Value:
    """Run a function that downloads; return what it returns, or raise what it raises.

    When it is stopped, also by Ctrl-C, it gets a moment to remove its temporary file.

    Raises:
        TooSlowError: it takes longer than the limit `download-seconds`.
    """
    most = limits().download_seconds
    is_over = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as one of a full disk, which the error reports too
        work = Background(function)
        try:
            is_over = work.wait(most)
        finally:
            if not is_over:
                work.stop(_SECONDS_TO_CLEAN_UP)
    if not is_over:
        raise TooSlowError(most)
    return work.result()
