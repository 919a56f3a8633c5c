"""tokstat: analyze a tokenizer's vocabulary, find its faults, and measure their cost.

>>> import tokstat
>>> report = tokstat.inspect("answerdotai/ModernBERT-base")
>>> report.metric("whole_word_ratio").value
"""

from __future__ import annotations

from typing import Any

from tokstat.version import __version__ as __version__

_PACKAGES = ("plots",)
"""Packages with public names of their own, which need no import besides that of tokstat."""


def _homes() -> dict[str, str]:
    """Return the module of every public name: `__init__.pyi` is the only list of them."""
    import re
    from pathlib import Path

    text = Path(__file__).with_suffix(".pyi").read_text("utf-8")
    return {
        name: home for home, name in re.findall(r"^from (\S+\.\S+) import (\w+) as", text, re.M)
    }


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    import importlib

    if name == "__all__":
        value: Any = sorted(_homes())
    elif name in _PACKAGES:
        value = importlib.import_module(f"{__name__}.{name}")
    elif name.startswith("_") or name not in (homes := _homes()):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    else:
        value = getattr(importlib.import_module(homes[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_homes(), *_PACKAGES})
