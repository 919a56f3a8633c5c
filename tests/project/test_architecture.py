"""Layers point one way, foreign libraries have doors, imports are lazy, modules stay small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from tests.tools import architecture
from tests.tools.architecture import DOORS, LAYERS, NAME, PACKAGE, graph, imported_names, modules

ROOT = PACKAGE.parent

HEAVY = (
    *("torch", "transformers", "matplotlib", "pandas", "polars", "scipy", "wordfreq", "jinja2"),
    *("gigatoken", "awkward"),
)
NOT_FOR = {
    "--help": (*HEAVY, "numpy", "tokenizers", "rich", "huggingface_hub"),
    "explain TS501": (*HEAVY, "numpy", "tokenizers", "rich", "huggingface_hub"),
    "encode FILE tiger": (*HEAVY, "numpy", "rich", "huggingface_hub"),
    "inspect FILE --json": (
        *(*HEAVY, "rich", "huggingface_hub", "email"),
        *("tokstat.comparison.difference", "tokstat.corpus", "tokstat.gate.lock"),
        *("tokstat.render", "tokstat.splitting.side_by_side"),
    ),
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


def test_foreign_libraries_have_doors() -> None:
    passed_by = [
        (name, library)
        for name, path in modules().items()
        for library in {each.split(".")[0] for each in imported_names(path)} & DOORS.keys()
        if not any(f"{name}.".startswith(f"{NAME}.{door}.") for door in DOORS[library])
    ]
    assert passed_by == []


def test_modules_stay_small() -> None:
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in modules().items()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_two_classes_have_one_name() -> None:
    owners: dict[str, list[str]] = {}
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                owners.setdefault(node.name, []).append(name)
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


WITHOUT_TESTS = {
    "version.py": "it has the version alone",
    "experiments/defaults.py": "it has two names alone",
}

CROSS_CUTTING = {
    "cli/test_bad_input.py": "every command with every bad input",
    "cli/test_confused_files.py": "files of one command, given to another",
    "cli/test_encodings.py": "every reader of text, with other encodings",
    "corpus/test_pipelines.py": "counts of random tokenizers",
    "corpus/test_real_engines.py": "counts of real tokenizers by an engine",
    "experiments/test_real_teacher.py": "a teacher that is installed",
    "loading/test_flipped_bytes.py": "every format, damaged",
    "loading/test_llama_cpp.py": "GGUF files, read by llama.cpp",
    "loading/test_real_formats.py": "every format, as others wrote it",
    "loading/test_stalled_hub.py": "a Hub that never answers",
    "plots/test_every_plot.py": "every plot as a picture",
    "render/test_sinks.py": "every result in every format",
    "words/test_affix_lists.py": "affixes of the package against lists written by hand",
    "words/test_labelled_tokens.py": "word classes against tokens labelled by hand",
}
"""Test files in the folders of packages that belong to no module."""


def test_every_module_has_a_test_file_at_its_path() -> None:
    expected = {
        path.parent.relative_to(PACKAGE) / f"test_{path.name}"
        for path in modules().values()
        if path.name != "__init__.py" and path.relative_to(PACKAGE).as_posix() not in WITHOUT_TESTS
    }
    tests = ROOT / "tests"
    folders = {path.parent.relative_to(PACKAGE) for path in modules().values()}
    found = {
        path.relative_to(tests)
        for folder in folders
        for path in (tests / folder).glob("test_*.py")
        if re.search(r"^    def test_|^def test_", path.read_text("utf-8"), re.M)
    }
    assert sorted(map(str, expected - found)) == []
    assert {path.as_posix() for path in found - expected} == set(CROSS_CUTTING)
    assert all((PACKAGE / name).is_file() for name in WITHOUT_TESTS)


def test_the_table_of_packages_is_up_to_date() -> None:
    assert architecture.table() in (ROOT / "docs" / "architecture.md").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["explain", "TS501"],
        ["encode", "FILE", "tiger"],
        ["inspect", "FILE", "--json"],
        ["inspect", "FILE"],
        ["tokens", "FILE"],
    ],
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
    """There the time limit holds, and panics become errors."""
    calling = {
        name
        for name, path in modules().items()
        if any(map(is_backend_call, ast.walk(ast.parse(path.read_text("utf-8")))))
    }
    assert calling == {"tokstat.tokenizer.encoding"}


OF_IMPORT = {
    "distributed": "dask",
    "huggingface_hub": "huggingface-hub",
    "google": "protobuf",
    "tiktoken_ext": "tiktoken",
    "yaml": "pyyaml",
}
"""Distributions whose name is not that of what they bring."""


def foreign_imports(folder: Path, *, everywhere: bool) -> set[str]:
    """Name the distributions imported below a folder, at the top of modules or everywhere."""
    found = set()
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree) if everywhere else tree.body:
            if isinstance(node, ast.ImportFrom):
                found.add((node.module or "").partition(".")[0])
            elif isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
    foreign = found - {"tokstat", "tests", "tomllib", *sys.stdlib_module_names}
    return {OF_IMPORT.get(name, name.lower()) for name in foreign}


def declared(*extras: str) -> set[str]:
    """Name the distributions that the package depends on, with these extras."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][name] for name in extras)]
    return {re.split(r"[\[<>=; ]", each, maxsplit=1)[0].lower() for each in chain(*lists)}


USERS_EXTRAS = ("chat", "distill", "corpus", "dask", "fast", "repair", "wordsim")


def test_what_is_imported_is_declared() -> None:
    tests = PACKAGE.parent / "tests"
    assert foreign_imports(PACKAGE, everywhere=True) <= declared(*USERS_EXTRAS)
    developers = ("test", "browser", "docs", "quality")
    assert foreign_imports(tests, everywhere=True) <= declared(*USERS_EXTRAS, *developers)


def test_what_every_test_module_imports_is_in_the_extra_for_tests() -> None:
    found = foreign_imports(PACKAGE.parent / "tests", everywhere=False)
    assert found <= declared("test")


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
    assert len(tokstat.__all__) == sum(
        line.startswith("from tokstat.") for line in stub.splitlines()
    )
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = tokstat.nothing_such  # type: ignore[attr-defined]
