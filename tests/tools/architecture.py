"""The layers of the package, and what its imports make of them.

`python -m tests.tools.architecture` prints the layers, the arrows between packages, and counts.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "tokstat"
NAME = PACKAGE.name

LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "version", "text"),
    ("io",),
    ("results", "model"),
    ("tokenizer",),
    ("words", "loading", "reachability", "corpus", "comparison"),
    ("wordsim", "splitting"),
    ("analyzers", "distillation"),
    ("gate", "editing"),
    ("experiments",),
    ("render", "plots"),
    ("api",),
    ("cli",),
    ("__main__",),
)
"""Packages and top-level modules, lowest first. Each imports from lower layers alone."""

DOORS = {
    "matplotlib": ("plots",),
    "transformers": ("model.transformers_library",),
    "huggingface_hub": ("loading.hub", "distillation.encoders"),
    "wordfreq": ("words.lexicon",),
    "fontTools": ("text.unicode", "reachability.unicode_blocks"),
    "rich": ("render.terminal",),
    "fsspec": ("corpus.reading.sources",),
    "gigatoken": ("corpus.engines.gigatoken",),
    "dask": ("corpus.executors",),
    "distributed": ("corpus.executors",),
    "jinja2": ("model.template_process",),
    "pooch": ("io.downloads",),
    "safetensors": ("wordsim.models",),
    "model2vec": ("wordsim.models", "distillation"),
    "onnxruntime": ("distillation.encoders",),
    "torch": ("distillation.encoders", "editing.embeddings"),
}
"""Modules or packages that may import a library; where there is one, it is the library's door."""


def module_name(path: Path) -> str:
    """Return the dotted name of a file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Return the files of the package by their dotted names."""
    return {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported_names(path: Path) -> Iterator[str]:
    """Yield what a module imports anywhere in its text, with the names taken from a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or "."
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def graph() -> dict[str, frozenset[str]]:
    """Return the modules of tokstat that each of its modules imports.

    The package's front is left out: it imports public names for type checkers alone.
    """
    known = set(modules()) - {NAME}
    return {
        name: frozenset(known.intersection(imported_names(path)))
        for name, path in modules().items()
        if name != NAME
    }


def room(module: str) -> str:
    """Return the package or top-level module that a module is in."""
    return module.split(".")[1]


@cache
def arrows() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the imports between rooms: for each pair, the importing modules."""
    found = defaultdict(set)
    for name, imported in graph().items():
        for other in imported:
            if room(other) != room(name):
                found[room(name), room(other)].add(name)
    return {pair: tuple(sorted(names)) for pair, names in sorted(found.items())}


def layer_of() -> dict[str, int]:
    """Return the number of each room's layer, from 1 for the lowest."""
    return {name: level for level, names in enumerate(LAYERS, 1) for name in names}


def upward_arrows() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the arrows that do not point to a lower layer."""
    level = layer_of()
    return {pair: names for pair, names in arrows().items() if level[pair[0]] <= level[pair[1]]}


def table() -> str:
    """Return the rooms as a Markdown table, highest layer first, each with its docstring."""
    lines = ["| layer | package | what is in it |", "| ---: | --- | --- |"]
    for level, names in reversed([*enumerate(LAYERS, 1)]):
        for name in names:
            path = modules()[f"{NAME}.{name}"]
            summary = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0]
            shown = f"`{name}/`" if path.name == "__init__.py" else f"`{name}.py`"
            lines.append(f"| {level} | {shown} | {' '.join(summary.split())} |")
    return "\n".join(lines)


def main() -> None:
    """Print the layers, and the counts that the design names."""
    level = layer_of()
    for number, names in reversed([*enumerate(LAYERS, 1)]):
        print(f"{number:2}  {'  '.join(names)}")
    print()
    for name in sorted(level, key=lambda each: -level[each]):
        targets = [other for source, other in arrows() if source == name]
        print(f"{name} → {', '.join(targets) or 'nothing'}")
    print(
        f"\n{len(level)} packages and top-level modules on {len(LAYERS)} layers, "
        f"{len(arrows())} arrows, {len(upward_arrows())} of them upward; "
        f"{len(modules())} modules"
    )


if __name__ == "__main__":
    main()
