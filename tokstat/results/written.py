"""What all results can do: be written as a page, saved, shown in a notebook, and be a frame."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from tokstat.io.files import as_path, save_file

Writer = Callable[[Any, str], str]

_OF_SUFFIX = {
    ".json": "json",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
}

_OF_NOTEBOOK = {"text/plain": "terminal", "text/markdown": "markdown", "text/html": "fragment"}


class Tabular(Protocol):
    """A table, which module `report` defines."""

    def to_frame(self, library: Literal["pandas", "polars"] = "pandas") -> Any:
        """Return a data frame."""


class Written:
    """Give a result its written forms.

    `writer` writes a result in a format; `tokstat.api` sets it, so that results know no renderer.
    """

    writer: ClassVar[Writer | None] = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Return `to_dict` as strict JSON on one line."""
        return json.dumps(self.to_dict(), allow_nan=False)

    def to_html(self) -> str:
        """Return the result as one self-contained page."""
        return self._written("html")

    def to_markdown(self) -> str:
        """Return the result as Markdown."""
        return self._written("markdown")

    def save(self, path: str | Path) -> None:
        """Save the result; the suffix sets the format: .json, .md, .html, .csv, else text.

        A CSV file has the rows of `to_table`.

        Raises:
            OutputError: the file cannot be written; no partial file is left.
        """
        path = as_path(path)
        save_file(path, self._written(_OF_SUFFIX.get(path.suffix.lower(), "terminal")))

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        """Show the result in a notebook."""
        return {kind: self._written(name) for kind, name in _OF_NOTEBOOK.items()}

    def _repr_html_(self) -> str:
        """Show the result where only HTML is asked for."""
        return self._written("fragment")

    def to_table(self) -> Tabular:
        """Return the main numbers as a table."""
        raise NotImplementedError

    def to_frame(self, library: Literal["pandas", "polars"] = "pandas") -> Any:
        """Return `to_table` as a data frame of pandas or polars. Raises MissingExtraError."""
        return self.to_table().to_frame(library)

    def _written(self, format: str) -> str:  # noqa: A002
        if Written.writer is None:
            import_module("tokstat.api")
        assert Written.writer is not None
        return Written.writer(self, format)
