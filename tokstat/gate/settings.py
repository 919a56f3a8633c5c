"""Settings of a project, from tokstat.toml or [tool.tokstat] in pyproject.toml."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tokstat.errors import SettingsError, did_you_mean, reason_of
from tokstat.io.limits import read_text
from tokstat.results.declarations import PURPOSES
from tokstat.results.from_json import is_number

OWN_FILE = "tokstat.toml"
SHARED_FILE = "pyproject.toml"


@dataclass(frozen=True)
class Settings:
    """Hold the settings of a file; None for a setting that it lacks.

    `source` is the file. Relative paths start at its folder: `lexicon`, `baseline` and `lock`
    always, `spec` only if such a file or folder exists.
    """

    source: str | None = None
    spec: str | None = None
    lang: str | None = None
    lexicon: Path | None = None
    purpose: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    fail_on: str | None = None
    minimum: Mapping[str, float] | None = None
    maximum: Mapping[str, float] | None = None
    baseline: Path | None = None
    lock: Path | None = None


def find_settings(folder: Path) -> Settings:
    """Read the settings of the nearest folder that has any, from `folder` upwards.

    Raises:
        SettingsError: they cannot be read, or one folder has two settings files.
    """
    for above in (folder, *folder.parents):
        own = above / OWN_FILE
        shared = above / SHARED_FILE
        has_own = _is_file(own)
        has_shared = _is_file(shared) and _table_of(shared) is not None
        if has_own and has_shared:
            raise SettingsError(
                f"Both {own} and [tool.tokstat] in {shared.name} hold settings", "Keep one of them."
            )
        if has_own or has_shared:
            return read_settings(own if has_own else shared)
    return Settings()


def read_settings(path: Path) -> Settings:
    """Read a settings file: the whole file, or [tool.tokstat] in a pyproject.toml.

    Raises:
        SettingsError: there is no such file, or it is not TOML, has an unknown key, or has a value
            of the wrong type.
    """
    table = _table_of(path)
    if table is None:
        raise SettingsError(
            f"{path} has no table [tool.tokstat]", "Add the table, or give another file."
        )
    settings = Settings(source=str(path))
    for key, value in table.items():
        if key not in _READERS:
            raise SettingsError(
                f"{path} has the unknown key {key!r}", did_you_mean(key, [*_READERS])
            )
        field, read = _READERS[key]
        try:
            changed: dict[str, Any] = {field: read(value)}
        except TypeError as error:
            raise SettingsError(f"{path}: {key} is {value!r}", f"Give {error.args[0]}.") from error
        settings = replace(settings, **changed)
    return _anchored(settings, path.parent)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder above may be unreadable, and settings there do not concern us
        return False


def _table_of(path: Path) -> dict[str, Any] | None:
    """Return a file's table of settings, or None if a pyproject.toml has none."""
    try:
        text = read_text(path)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {reason_of(error)}",
            "Give a readable TOML file in UTF-8.",
        ) from error
    is_shared = path.name == SHARED_FILE
    if is_shared and "tokstat" not in text:  # saves parsing, as most have no such table
        return None
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f'{path} is not TOML: "{reason_of(error)}"', "Correct the file at that place."
        ) from error
    if not is_shared:
        return data
    tools = data.get("tool", {})
    table = tools.get("tokstat") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: tool.tokstat is not a table", "Write [tool.tokstat].")
    return table


def _anchored(settings: Settings, folder: Path) -> Settings:
    spec = settings.spec
    try:
        if spec is not None and folder != Path.cwd() and (folder / spec).exists():
            spec = str(folder / spec)
    except OSError:  # a name that is too long for the file system names no file
        pass
    return replace(
        settings,
        spec=spec,
        lexicon=settings.lexicon and folder / settings.lexicon,
        baseline=settings.baseline and folder / settings.baseline,
        lock=settings.lock and folder / settings.lock,
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("a string")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError('an array of strings, such as ["TS6", "TS301"]')
    return tuple(value)


def _languages(value: object) -> str:
    return value if isinstance(value, str) and value.strip() else ",".join(_nonempty(value))


def _nonempty(value: object) -> tuple[str, ...]:
    texts = _texts(value)
    if not texts:
        raise TypeError("a language, or an array of them")
    return texts


def _purpose(value: object) -> str:
    if value not in PURPOSES:
        raise TypeError('"static", "encoder" or "llm"')
    return str(value)


def _path(value: object) -> Path:
    return Path(_text(value))


def _limits(value: object) -> dict[str, float]:
    if not isinstance(value, dict) or not all(map(is_number, value.values())):
        raise TypeError("a table of metrics and numbers, such as { whole_word_ratio = 0.6 }")
    return value


_READERS: Mapping[str, tuple[str, Callable[[object], Any]]] = {
    "spec": ("spec", _text),
    "lang": ("lang", _languages),
    "lexicon": ("lexicon", _path),
    "purpose": ("purpose", _purpose),
    "select": ("select", _texts),
    "ignore": ("ignore", _texts),
    "fail-on": ("fail_on", _text),
    "min": ("minimum", _limits),
    "max": ("maximum", _limits),
    "baseline": ("baseline", _path),
    "lock": ("lock", _path),
}
"""The keys of a settings file, each with its field and the function that reads its value."""
