"""Layers point one way, foreign libraries have doors, imports are lazy, modules stay small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.tools import architecture
from tests.tools.architecture import DOORS, LAYERS, NAME, PACKAGE, graph, imported_names, modules

ROOT = PACKAGE.parent

HEAVY = ("torch", "transformers", "matplotlib", "pandas", "polars", "scipy", "wordfreq")
NOT_FOR = {
    "--help": (*HEAVY, "numpy", "tokenizers", "rich", "huggingface_hub"),
    "inspect FILE --json": (*HEAVY, "rich", "huggingface_hub", "tokstat.comparison"),
}


def test_every_package_has_one_layer() -> None:
    rooms = {name.split(".")[1] for name in modules() if name != NAME}
    assert Counter(name for names in LAYERS for name in names) == Counter(rooms)


def test_no_arrow_points_upward() -> None:
    assert architecture.upward_arrows() == {}


def test_the_house_stays_small() -> None:
    assert sum(map(len, LAYERS)) <= 26
    assert len(LAYERS) <= 15


def test_there_are_no_cycles() -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path, name))
        if name in done:
            return
        for imported in graph().get(name, ()):
            if not name.startswith(imported + "."):
                visit(imported, (*path, name))
        done.add(name)

    for name in graph():
        visit(name, ())


def test_only_front_ends_import_front_ends() -> None:
    front_ends = ("tokstat.cli", "tokstat.render", "tokstat.api", "tokstat.__main__")
    upwards = [
        (name, imported)
        for name, imports in GRAPH.items()
        for imported in imports
        if imported.startswith(front_ends) and not name.startswith(front_ends)
    ]
    assert upwards == []


def test_modules_stay_small() -> None:
    lengths = {module_name(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


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


BACKEND_CALLS = {
    *("encode_batch", "encode_batch_fast", "decode_batch", "normalize_str", "pre_tokenize_str"),
    *("async_encode", "async_encode_batch", "async_encode_batch_fast", "async_decode_batch"),
}


def is_backend_call(node: ast.AST) -> bool:
    """Tell a call of the tokenizers library from str.encode and our own functions."""
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value
    of = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return node.attr in BACKEND_CALLS or (
        node.attr in ("encode", "decode") and of.strip("_") in ("backend", "inner")
    )


def test_there_is_one_door_to_the_encoder() -> None:
    """The time limit and what becomes of panics hold in tokstat.tokenizer.encoding, and nowhere else."""
    calling = {
        module_name(path)
        for path in MODULES
        if any(map(is_backend_call, ast.walk(ast.parse(path.read_text("utf-8")))))
    }
    assert calling == {"tokstat.tokenizer.encoding"}


def test_there_is_one_door_to_transformers() -> None:
    """An installation that is broken may raise anything when it is imported."""
    importing = {
        (module_name(path), name)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (getattr(node, "module", None) or "", *(each.name for each in node.names))
        if name.partition(".")[0] == "transformers"
    }
    assert not importing


def test_no_public_name_is_that_of_a_module() -> None:
    """`tokstat.name` would be one or the other, by what was imported first."""
    import tokstat

    rooms = {name.split(".")[1] for name in modules() if name != NAME}
    assert not rooms & set(tokstat.__all__)


def test_public_names_exist() -> None:
    import tokstat

    assert {name for name in tokstat.__all__ if getattr(tokstat, name) is not None} == set(
        tokstat.__all__
    )
    assert set(tokstat.__all__) <= set(dir(tokstat))
    stub = (PACKAGE / "__init__.pyi").read_text("utf-8")
    assert len(tokstat.__all__) == sum(line.startswith("from ") for line in stub.splitlines())
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = tokstat.nothing_such  # type: ignore[attr-defined]


def test_no_module_takes_the_place_of_a_public_name() -> None:
    """Importing `tokstat.x` sets the attribute x of the package, over a function of that name."""
    import tokstat

    modules = {module_name(path).removeprefix("tokstat.") for path in MODULES}
    assert modules & set(tokstat.__all__) == set()
