"""Tell which arguments of a command name tokenizers, where the others are text or files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokstat.loading.plugins import BUILT_IN_PREFIXES, has_prefix

_HUB_NAME = r"[\w.-]+/[\w.-]+(?:@[\w./-]+)?"


def names_tokenizer(argument: str) -> bool:
    """Tell whether an argument names a tokenizer rather than being a text.

    A prefix such as `hf:` tells, and so do a path to a tokenizer, the form org/name, and the short
    name of a packaged tokenizer. All else is text. Raises LoaderError for a broken plug-in.
    """
    import re

    from tokstat.loading.bundled import holds
    from tokstat.loading.formats import is_tokenizer

    if argument.startswith(tuple(f"{prefix}:" for prefix in BUILT_IN_PREFIXES)):
        return True
    try:
        path = Path(argument).expanduser()
        if path.exists():
            return is_tokenizer(path)
    except (OSError, RuntimeError, ValueError):  # too long, or a home folder of nobody
        return False
    return has_prefix(argument) or holds(argument) or re.fullmatch(_HUB_NAME, argument) is not None


def split_arguments(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate specs from the texts after them: the first argument is a spec in any case."""
    count = 1
    while count < len(arguments) and names_tokenizer(arguments[count]):
        count += 1
    return list(arguments[:count]), list(arguments[count:])
