"""Which arguments of `tokstat corpus` are tokenizers, and which are texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokstat.corpus.reading.sources import STDIN, has_format, is_url
from tokstat.errors import CorpusError
from tokstat.loading.formats import is_tokenizer
from tokstat.loading.plugins import BUILT_IN_PREFIXES, has_prefix
from tokstat.text.wording import quoted


def sort_arguments(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate tokenizers from files of text.

    A path to a tokenizer is one, and so is a name that is no path. The rest is text.

    Raises:
        CorpusError: an argument is a text itself.
    """
    specs: list[str] = []
    files: list[str] = []
    for argument in arguments:
        if any(map(str.isspace, argument)) and not Path(argument).expanduser().exists():
            raise CorpusError(
                f"{quoted(argument)} is neither a file nor a tokenizer",
                "To count the tokens of a text: echo TEXT | tokstat corpus SPEC -, or tokstat"
                " encode SPEC TEXT to see them.",
            )
        (specs if _names_tokenizer(argument) else files).append(argument)
    return specs, files


def _names_tokenizer(argument: str) -> bool:
    if argument.startswith(tuple(f"{prefix}:" for prefix in BUILT_IN_PREFIXES)):
        return True
    if argument == STDIN or is_url(argument) or any(mark in argument for mark in "*?["):
        return False
    path = Path(argument).expanduser()
    if path.exists():
        return is_tokenizer(path)
    return has_prefix(argument) or is_tokenizer(path) or not has_format(path.name)
