"""What docs/security.md says never happens has no place in the package."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "tokstat"
MODULES = sorted(PACKAGE.rglob("*.py"))

MODULES_THAT_RUN_THINGS = {
    *("pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"),
    *("subprocess", "pty", "code", "codeop", "runpy", "ctypes", "yaml", "webbrowser"),
}
BUILTINS_THAT_RUN_THINGS = {"eval", "exec", "compile", "__import__", "breakpoint"}
OF_THE_SYSTEM = {"system", "popen", "fork", "forkpty", "startfile"}
PREFIXES_OF_THE_SYSTEM = ("exec", "spawn", "posix_spawn")
ALLOWED = {
    "io/memory.py": ["ctypes"],  # mallopt of the C library that runs already
    # An exception in a thread, which only the C interface of Python has.
    "io/background.py": ["ctypes"],
    # Our own module in a process of little memory and time, which renders a chat template.
    "model/chat_template.py": ["subprocess"],
    # Our own module in a process that an engine may abort.
    "corpus/engines/trial.py": ["subprocess"],
}


def breaches(source: str) -> list[str]:
    """List what of a module could run foreign code, unpickle, or start a program."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
            found += sorted(names & MODULES_THAT_RUN_THINGS)
        elif isinstance(node, ast.ImportFrom):
            found += sorted({(node.module or "").partition(".")[0]} & MODULES_THAT_RUN_THINGS)
        elif isinstance(node, ast.Call):
            found += _of_call(node)
    return found


def _of_call(node: ast.Call) -> list[str]:
    found = []
    called = node.func
    if isinstance(called, ast.Name) and called.id in BUILTINS_THAT_RUN_THINGS:
        found.append(called.id)
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        of_os = called.value.id == "os"
        name = called.attr
        if of_os and (name in OF_THE_SYSTEM or name.startswith(PREFIXES_OF_THE_SYSTEM)):
            found.append(f"os.{name}")
        if called.value.id == "torch" and name == "load":
            found.append("torch.load")
    for keyword in node.keywords:
        is_false = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        if keyword.arg in ("shell", "trust_remote_code", "allow_pickle") and not is_false:
            found.append(f"{keyword.arg}=")
    return found


SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in MODULES}


def test_nothing_runs_what_is_foreign() -> None:
    found = {name: breaches(source) for name, source in SOURCES.items()}
    assert {name: each for name, each in found.items() if each} == ALLOWED


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from subprocess import run",
        "def f():\n    import yaml",
        "eval('1')",
        "__import__(name)",
        "os.system('ls')",
        "os.execv(a, b)",
        "np.load(path, allow_pickle=True)",
        "load(path, trust_remote_code=flag)",
        "run(x, shell=True)",
        "torch.load(path)",
    ],
)
def test_the_search_finds_what_it_looks_for(source: str) -> None:
    assert breaches(source)


def printed(source: str) -> list[str]:
    """List the calls of a module that write to the terminal by themselves."""
    called = [ast.unparse(n.func) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    ways = ("sys.std", "sys.__std", "os.write", "click.echo", "click.secho", "click.style")
    return [name for name in called if name in ("print", "echo") or name.startswith(ways)]


def test_one_module_prints() -> None:
    """It makes safe what it writes.

    Ctrl-C may come before it is imported, and a chat template's process writes to its parent alone.
    """
    asking = (".isatty", ".fileno", ".flush", ".read")
    found = {
        name: [call for call in printed(source) if not call.endswith(asking)]
        for name, source in SOURCES.items()
    }
    printing = ["__main__.py", "cli/output.py", "model/template_process.py"]
    assert [name for name, calls in found.items() if calls] == printing, found


@pytest.mark.parametrize("source", ["print(1)", "sys.stdout.write(x)", "click.echo(x)"])
def test_the_search_for_prints_finds_them(source: str) -> None:
    assert printed(source)


def test_transformers_is_always_told_to_run_nothing() -> None:
    """What loads from a folder or repository by it says so itself."""
    loads = [
        node
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "from_pretrained"
        and "PreTrainedTokenizerFast" not in ast.unparse(node.func.value)
        and "StaticModel" not in ast.unparse(node.func.value)
    ]
    assert len(loads) >= 4
    for node in loads:
        assert "trust_remote_code" in {keyword.arg for keyword in node.keywords}, ast.unparse(node)
