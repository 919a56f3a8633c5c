"""A headless Chromium for tests, and axe-core, which judges how accessible a page is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.needs import UnavailableError
from tests.real_tokenizers import Package, cache_folder, fetch_member

LAB = "nbconvert-7.17.2.data/data/share/jupyter/nbconvert/templates/lab/static"
"""Folder of JupyterLab's style sheets in the package of nbconvert."""

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

AXE = Package("npm", "axe-core", "4.14.1", "package/axe.min.js", "")


def find_chromium() -> str:
    """Return the path of a Chromium: TOKSTAT_CHROMIUM's, or one of the usual names on the PATH.

    Raises:
        UnavailableError: there is none.
    """
    named = os.environ.get("TOKSTAT_CHROMIUM")
    found = named if named else next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found is None or not Path(found).exists():
        raise UnavailableError(
            f"no Chromium ({named or ', '.join(_PROGRAMS)}); install one, or name it in "
            "TOKSTAT_CHROMIUM"
        )
    return found


def fetch_axe() -> str:
    """Return axe-core's script, from the tests' cache or else from npm.

    Raises:
        UnavailableError: with the reason, if it cannot be fetched.
    """
    return fetch_member(AXE, cache_folder() / f"axe-{AXE.version}.js").read_text("utf-8")


def fetch_lab_style(name: str) -> str:
    """Return one of JupyterLab's style sheets, from the tests' cache or else from PyPI.

    Raises:
        UnavailableError: with the reason, if it cannot be fetched.
    """
    package = Package("pip", "nbconvert", "7.17.2", f"{LAB}/{name}", "")
    path = cache_folder() / f"nbconvert-{package.version}-{name}"
    return fetch_member(package, path).read_text("utf-8")
