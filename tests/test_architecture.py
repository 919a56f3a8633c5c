"""Layers point one way, imports are lazy, modules stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tokstat"
MODULES = sorted(PACKAGE.rglob("*.py"))

HEAVY = ("torch", "transformers", "matplotlib", "pandas", "polars", "scipy", "wordfreq")
NOT_FOR = {
    "--help": (*HEAVY, "numpy", "tokenizers", "rich", "huggingface_hub"),
    "inspect FILE --json": (*HEAVY, "rich", "huggingface_hub", "tokstat.comparison"),
}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    """Name the tokstat modules that a module imports anywhere in its text."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in {path}"
            base = node.module or ""
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    names = {module_name(module) for module in MODULES}
    return {name for name in found if name in names and name != "tokstat"}


GRAPH = {
    module_name(path): imports_of(path)
    for path in MODULES
    # The package's front imports public names for type checkers only.
    if module_name(path) != "tokstat"
}


def test_there_are_no_cycles() -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path, name))
        if name in done:
            return
        for imported in GRAPH.get(name, ()):
            if not name.startswith(imported + "."):
                visit(imported, (*path, name))
        done.add(name)

    for name in GRAPH:
        visit(name, ())


@pytest.mark.parametrize("name", sorted(GRAPH))
def test_only_front_ends_import_front_ends(name: str) -> None:
    front_ends = ("tokstat.cli", "tokstat.render", "tokstat.api", "tokstat.__main__")
    if name.startswith(front_ends):
        return
    assert not [imported for imported in GRAPH[name] if imported.startswith(front_ends)]


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["inspect", "FILE", "--json"], ["inspect", "FILE"], ["tokens", "FILE"]],
    ids=" ".join,
)
def test_commands_import_nothing_heavy(
    arguments: list[str], tmp_path: Path, bert_json: bytes
) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(bert_json)
    names = NOT_FOR.get(" ".join(arguments), HEAVY)
    program = (
        "import sys\n"
        "from tokstat.cli.main import main\n"
        "try:\n    main()\n"
        "except SystemExit as exit:\n    assert not exit.code, exit.code\n"
        f"heavy = [name for name in {names!r} if name in sys.modules]\n"
        "assert not heavy, heavy\n"
    )
    command = [str(file) if argument == "FILE" else argument for argument in arguments]
    done = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_no_public_name_is_that_of_a_module() -> None:
    """`tokstat.name` would be one or the other, by what was imported first."""
    import tokstat

    modules = {
        path.stem if path.stem != "__init__" else path.parent.name
        for path in MODULES
        if path.parent == PACKAGE or (path.parent.parent == PACKAGE and path.stem == "__init__")
    }
    assert not modules & set(tokstat.__all__)


def test_public_names_exist() -> None:
    import tokstat

    assert {name for name in tokstat.__all__ if getattr(tokstat, name) is not None} == set(
        tokstat.__all__
    )
    assert set(tokstat.__all__) <= set(dir(tokstat))
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = tokstat.nothing_such


def test_the_functions_of_the_api_exist() -> None:
    from tokstat import api

    assert all(callable(getattr(api, name)) for name in api.__all__)
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = api.nothing_such


def test_no_module_takes_the_place_of_a_public_name() -> None:
    """Importing `tokstat.x` sets the attribute x of the package, over a function of that name."""
    import tokstat

    modules = {module_name(path).removeprefix("tokstat.") for path in MODULES}
    assert modules & set(tokstat.__all__) == set()
