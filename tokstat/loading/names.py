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


_MODELS_OF_OPENAI = (
    (r"(?:chat)?gpt-?(?:4o|4\.1|4\.5|5)\b.*|o[134](?:-.*)?", "o200k_base"),
    (r"gpt-?(?:4|3\.5)\b.*|text-embedding-.*", "cl100k_base"),
    (r"text-davinci-00[23].*|code-davinci-.*", "p50k_base"),
)
"""Names of models and their encodings, as in tiktoken/model.py."""


def meant_by(name: str) -> str:
    """Return the spec that a name without an organization is likely meant for, or "".

    Names of tiktoken's encodings, of OpenAI's models, and of packaged tokenizers in another case or
    cut short are meant. Those that the Hub itself may have, such as gpt2, are not.
    """
    import re

    from tokstat.loading.bundled import holds, repositories
    from tokstat.loading.encodings import ENCODINGS

    lowered = name.lower()
    if "/" in name or holds(name) or lowered == "gpt2":
        return ""
    if lowered in ENCODINGS:
        return f"tiktoken:{lowered}"
    for pattern, encoding in _MODELS_OF_OPENAI:
        if re.fullmatch(pattern, lowered):
            return f"tiktoken:{encoding}"
    for repository in repositories():
        short = repository.rpartition("/")[2].lower()
        if short == lowered or short.startswith(f"{lowered}-"):
            return repository
    return ""
