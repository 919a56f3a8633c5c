"""A Hub that stalls, trickles or puts off, at every step: a bounded time, one line, nothing broken.

The client's own time limits are set to a second where they are its to keep, and tokstat's, too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest

from tests.conftest import Inspect, word_level_json
from tests.hub_server import Fault, Hub, Request
from tests.loading.test_hub import LARGER, NAME, PACKAGED, TINY, cached_files, sha256

IMPATIENT = {"HF_HUB_ETAG_TIMEOUT": "1", "HF_HUB_DOWNLOAD_TIMEOUT": "1"}
LIMITED = {**IMPATIENT, "TOKSTAT_LIMITS": "download-seconds=1"}
MOST_SECONDS = 15
"""One of the limit, one to clean up, the start of Python, and a busy machine."""

LOOK_UP, FILES = "/api/models/", "/resolve/"

STALLING = (
    Fault.STALL,
    Fault.STALL_HEADERS,
    Fault.STALL_FILE,
    Fault.STALL_BODY,
    Fault.TRICKLE,
)
FAST = {(FILES, Fault.STALL_BODY)}
STALLS = [
    pytest.param(
        *stall, id=f"{stall[0]} {stall[1].name}", marks=() if stall in FAST else pytest.mark.slow
    )
    for stall in product((LOOK_UP, FILES), (*STALLING, Fault.LIMIT))
]


@pytest.fixture(autouse=True)
def _quiet(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server would print that its client went away."""
    monkeypatch.setattr(hub, "handle_error", lambda *about: None)


@pytest.mark.parametrize(("part", "fault"), STALLS)
def test_it_is_given_up(
    part: str, fault: Fault, hub: Hub, inspect_as_command: Inspect, tmp_path: Path
) -> None:
    hub.commit(NAME, {"tokenizer.json": TINY})
    hub.faults[part] = fault
    start = time.monotonic()
    refusal = inspect_as_command(NAME, "-o", "out.json", HF_ENDPOINT=hub.url, **LIMITED).refusal
    assert time.monotonic() - start < MOST_SECONDS
    assert NAME in refusal
    assert hub.url in refusal
    assert part == LOOK_UP or "download-seconds" in refusal
    assert not (tmp_path / "out.json").exists()
    assert [path for path in cached_files(tmp_path) if path.suffix != ".incomplete"] == []
    if part == LOOK_UP and fault is not Fault.STALL:
        return  # nothing has come of which anything could be left
    assert NAME in inspect_as_command(NAME, HF_HUB_OFFLINE="1").refusal
    hub.faults.clear()
    tokenizer = inspect_as_command(NAME, HF_ENDPOINT=hub.url).tokenizer
    assert tokenizer["sha256"] == sha256(TINY)


@pytest.mark.parametrize(
    "fault", [Fault.STALL, pytest.param(Fault.TRICKLE, marks=pytest.mark.slow)]
)
def test_the_copy_of_last_time_serves(fault: Fault, hub: Hub, inspect_as_command: Inspect) -> None:
    """It is the one that was whole, not the one of which a part has come."""
    old = hub.commit(NAME, {"tokenizer.json": TINY})
    inspect_as_command(NAME, HF_ENDPOINT=hub.url)
    new = hub.commit(NAME, {"tokenizer.json": LARGER, "tokenizer_config.json": b"{}"})
    hub.faults["/tokenizer.json"] = fault
    tokenizer = inspect_as_command(NAME, HF_ENDPOINT=hub.url, **LIMITED).tokenizer
    assert (tokenizer["revision"], tokenizer["sha256"]) == (old, sha256(TINY))
    assert tokenizer["source"] == f"hf:{NAME} (cache)"
    refusal = inspect_as_command(f"{NAME}@{new}", HF_ENDPOINT=hub.url, **LIMITED).refusal
    assert new in refusal


@pytest.mark.slow
def test_the_packaged_copy_serves_and_says_so(hub: Hub, inspect_as_command: Inspect) -> None:
    hub.commit(PACKAGED, {"tokenizer.json": TINY})
    hub.faults[FILES] = Fault.STALL
    outcome = inspect_as_command(PACKAGED, HF_ENDPOINT=hub.url, **LIMITED)
    assert outcome.tokenizer["source"] == f"packaged copy of {PACKAGED}"
    (line,) = outcome.stderr.splitlines()
    assert "download-seconds" in line


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pause", "settings"),
    [(0.01, {}), (0.4, {"HF_HUB_DOWNLOAD_TIMEOUT": "2"})],
)
def test_what_is_slow_but_comes_is_waited_for(
    pause: float, settings: dict[str, str], hub: Hub, inspect_as_command: Inspect
) -> None:
    content = b"[UNK]\none\n##s\n"
    hub.commit(NAME, {"vocab.txt": content})
    hub.faults[FILES] = Fault.TRICKLE
    hub.pause = pause
    start = time.monotonic()
    tokenizer = inspect_as_command(NAME, HF_ENDPOINT=hub.url, **settings).tokenizer
    assert time.monotonic() - start > pause * len(content)
    assert tokenizer["sha256"] == sha256(content)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault.STALL_FILE, marks=pytest.mark.slow),
        pytest.param(Fault.STALL_BODY, marks=pytest.mark.exhaustive),
    ],
)
def test_the_client_gives_up_by_itself_before_the_limit(
    fault: Fault, hub: Hub, inspect_as_command: Inspect, tmp_path: Path
) -> None:
    """Six times its own limit of a second, with a second between."""
    hub.commit(NAME, {"tokenizer.json": TINY})
    hub.faults[FILES] = fault
    start = time.monotonic()
    refusal = inspect_as_command(NAME, HF_ENDPOINT=hub.url, **IMPATIENT).refusal
    assert time.monotonic() - start < 40
    assert "download-seconds" not in refusal
    assert cached_files(tmp_path) == []


def as_process(program: str, home: Path, hub: Hub, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "HF_HOME": str(home / "hf"), "HF_ENDPOINT": hub.url, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
    )


COMMAND = (
    f"import sys; sys.argv = ['tokstat', 'inspect', {NAME!r}, '--json', '-o', 'out.json']\n"
    "from tokstat.cli.main import main\nmain()"
)


@pytest.mark.skipif(
    sys.platform == "win32" or signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
    reason="run where there is no SIGINT, or where it is ignored",
)
@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        pytest.param(Fault.STALL, 0.0, id="stall"),
        pytest.param(Fault.TRICKLE, 0.2, id="trickle", marks=pytest.mark.slow),
    ],
)
def test_ctrl_c(fault: Fault, pause: float, hub: Hub, tmp_path: Path) -> None:
    hub.commit(NAME, {"tokenizer.json": word_level_json(*map(str, range(1000)))})
    hub.faults[FILES] = fault
    hub.pause = pause
    with as_process(COMMAND, tmp_path, hub) as process:
        while not any(each.method == "GET" or fault is Fault.STALL for each in asked_files(hub)):
            assert process.poll() is None
            time.sleep(0.02)
        time.sleep(0.3)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr.strip()) == (130, "tokstat: stopped")
    assert time.monotonic() - start < 20  # the client would wait for minutes
    assert cached_files(tmp_path) == []
    assert not (tmp_path / "out.json").exists()


def asked_files(hub: Hub) -> list[Request]:
    return [request for request in hub.requests if FILES in request.path]


THREADS = f"""
import threading, time
import tokstat
def ours():  # tqdm has a thread of its own, which watches its bars
    return [each for each in threading.enumerate() if each.name == "tokstat"]
try:
    tokstat.load({NAME!r})
except tokstat.TokstatError as error:
    print(error)
deadline = time.monotonic() + 10
while ours() and time.monotonic() < deadline:
    time.sleep(0.05)
print(len(ours()))
"""


@pytest.mark.slow
@pytest.mark.parametrize("fault", [Fault.STALL_BODY, Fault.TRICKLE])
def test_no_thread_is_left(fault: Fault, hub: Hub, tmp_path: Path) -> None:
    """It ends when the client's own wait for the next byte does."""
    hub.commit(NAME, {"tokenizer.json": TINY})
    hub.faults[FILES] = fault
    with as_process(THREADS, tmp_path, hub, **LIMITED) as process:
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    line, left = stdout.splitlines()
    assert "download-seconds" in line
    assert left == "0"
    assert cached_files(tmp_path) == []
