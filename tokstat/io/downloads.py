"""Limit the total time of a download, whatever its client waits for.

Clients limit single requests, but not a whole download. huggingface_hub retries six times for 60 s
each if the Hub omits a file's size, regardless of HF_HUB_ETAG_TIMEOUT. It sleeps as long as a
status 429 asks for, and accepts one byte every nine seconds as an answer. No setting changes this,
so each download runs in its own thread, which can be stopped.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from tokstat.errors import DataError, MissingExtraError, reason_of
from tokstat.io.background import Background
from tokstat.io.limits import limits

Value = TypeVar("Value")

_SECONDS_TO_CLEAN_UP = 1.0


class TooSlowError(Exception):
    """A download that takes longer than the limit `download-seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"the download took longer than {seconds:,} s, the limit download-seconds")
        self.hint = "Try again, or raise the limit: tokstat --limit download-seconds=VALUE …"


def download(function: Callable[[], Value]) -> Value:
    """Run a function that downloads, and return its result or raise its error.

    A stopped function gets one second to remove its temporary file, also after Ctrl-C.

    Raises:
        TooSlowError: the function takes longer than the limit `download-seconds`.
    """
    most = limits().download_seconds
    is_over = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the error reports the same, such as a full disk
        work = Background(function)
        try:
            is_over = work.wait(most)
        finally:
            if not is_over:
                work.interrupt(_SECONDS_TO_CLEAN_UP)
    if not is_over:
        raise TooSlowError(most)
    return work.result()


def load_pooch() -> Any:
    """Return pooch, which fetches files and checks their SHA-256, without its log messages.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import pooch
    except ImportError as error:
        raise MissingExtraError(
            "Fetching data needs pooch, which is not installed",
            "Run: pip install 'tokstat-toolkit[wordsim]'",
        ) from error
    pooch.get_logger().setLevel("ERROR")
    return pooch


def fetch_data(function: Callable[[], Value], what: str, url: str, instead: str) -> Value:
    """Run a function of pooch that fetches `what` from a URL, and return its result.

    `instead` says what to do if that fails, beside trying again. Raises DataError.
    """
    try:
        return download(function)
    except Exception as error:  # of pooch, of requests, or of the system
        raise DataError(
            f"{what} could not be fetched from {url}: {reason_of(error)}",
            error.hint if isinstance(error, TooSlowError) else f"Try again, or {instead}.",
        ) from error
