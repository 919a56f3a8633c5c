"""Options for the settings file, and option defaults that come from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tokstat.gate.settings import Settings

Command = Callable[..., Any]

_FILE, _ISOLATED, _SETTINGS = (
    f"tokstat.gate.settings.{name}" for name in ("file", "isolated", "read")
)
"""Keys of click's `Context.meta`: both options, and the settings once they are read."""


def settings_options(command: Command) -> Command:
    """Add --config and --isolated, which `current_settings` obeys."""
    command = click.option(
        "--isolated",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_remember(_ISOLATED),
        help="Ignore settings files.",
    )(command)
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_remember(_FILE),
        help="Read settings from this file. By default from the nearest tokstat.toml, or "
        "pyproject.toml with [tool.tokstat].",
    )(command)


def _remember(key: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        context.meta[key] = value

    return callback


def current_settings() -> Settings:
    """Return the settings of the running command; they are read once.

    Raises:
        SettingsError: the file cannot be read, or both options are given.
    """
    from tokstat.errors import SettingsError
    from tokstat.gate.settings import Settings, find_settings, read_settings

    meta = click.get_current_context().meta
    if _SETTINGS not in meta:
        file = meta.get(_FILE)
        if file is not None and meta.get(_ISOLATED):
            raise SettingsError(f"--isolated contradicts --config {file}", "Give one of them.")
        if meta.get(_ISOLATED):
            meta[_SETTINGS] = Settings()
        else:
            meta[_SETTINGS] = read_settings(file) if file else find_settings(_working_folder())
    found: Settings = meta[_SETTINGS]
    return found


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:  # a folder that was removed has no settings, and no folders above
        return Path("/")


def from_settings(name: str, otherwise: Any = None) -> Callable[[], Any]:
    """Return a default for an option: the setting of that name, else `otherwise`."""

    def default() -> Any:
        value = getattr(current_settings(), name)
        return otherwise if value is None else value

    return default
