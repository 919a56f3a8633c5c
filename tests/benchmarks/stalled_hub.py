"""How long a Hub that stalls is waited for, with the client's own time limits as they are.

    python tests/benchmarks/stalled_hub.py [NAME=VALUE ...]

Each NAME=VALUE is set in the command's environment, such as HF_HUB_ETAG_TIMEOUT=1. Takes seven
minutes, as most of it is waiting.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.conftest import word_level_json
from tests.hub_server import Fault, serve_hub

STALLS = {
    "the repository is looked up": ("/api/models/", Fault.STALL),
    "a file is asked about (HEAD)": ("/resolve/", Fault.STALL),
    "a file is asked for (GET)": ("/resolve/", Fault.STALL_FILE),
    "half of a file is sent": ("/resolve/", Fault.STALL_BODY),
    "429, come back in an hour": ("/resolve/", Fault.LIMIT),
}


def waited(part: str, fault: Fault, settings: dict[str, str]) -> tuple[float, str]:
    """Return the seconds from the start of the process to its end, and its stderr."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    with serve_hub() as hub, TemporaryDirectory() as home:
        hub.handle_error = lambda *about: None  # type: ignore[method-assign]
        hub.commit("org/tiny", {"tokenizer.json": word_level_json("one")})
        hub.faults[part] = fault
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "tokstat", "inspect", "org/tiny"],
            env={**clean, "HF_ENDPOINT": hub.url, "HF_HOME": home, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        return time.monotonic() - start, f"{done.returncode}: {done.stderr.strip()}"


def main() -> None:
    settings = dict(argument.split("=", 1) for argument in sys.argv[1:])
    for name, (part, fault) in STALLS.items():
        seconds, stderr = waited(part, fault, settings)
        print(f"{seconds:6.1f} s  {name:30} {stderr}", flush=True)


if __name__ == "__main__":
    main()
