"""The same input gives the same bytes, whatever the hash seed, locale and number of threads."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.small_tokenizers import written

PROGRAM = """
import hashlib, sys
from pathlib import Path
import tokstat
from tokstat import api, plots

first, second = "first.json", "second.json"
report = api.inspect(first)
outputs = {format: api.render_report(report, format, width=100) for format in
           ("json", "html", "markdown", "terminal")}
outputs["comparison"] = api.compare(first, second).to_json()
plots.save(plots.composition(report.section("whole_words")).figure, Path("figure.svg"))
outputs["figure"] = Path("figure.svg").read_text()
from click.testing import CliRunner
from tokstat.cli.main import cli
outputs["tokens"] = CliRunner().invoke(cli, ["tokens", first, "--csv"]).output
for name, text in outputs.items():
    assert len(text) > 500, (name, text)
    print(name, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
"""

SURROUNDINGS: dict[str, dict[str, str]] = {
    "again": {},
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "hash seed 4242": {"PYTHONHASHSEED": "4242"},
    "C locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "German locale": {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "Turkish locale": {"LC_ALL": "tr_TR.UTF-8"},
    "one thread": {"RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    "seven threads": {"RAYON_NUM_THREADS": "7", "OMP_NUM_THREADS": "7"},
    "no parallelism": {"TOKENIZERS_PARALLELISM": "false"},
    "another time zone": {"TZ": "Pacific/Kiritimati"},
}
TOGETHER: dict[str, dict[str, str]] = {
    "hash seed 1 in Turkish, seven threads": {
        **SURROUNDINGS["hash seed 1"],
        **SURROUNDINGS["Turkish locale"],
        **SURROUNDINGS["seven threads"],
        **SURROUNDINGS["another time zone"],
    },
    "hash seed 4242 in C, one thread": {
        **SURROUNDINGS["hash seed 4242"],
        **SURROUNDINGS["C locale"],
        **SURROUNDINGS["one thread"],
        **SURROUNDINGS["no parallelism"],
    },
}
"""Many at a time; one by one they are slow."""


@cache
def digests(surroundings: str) -> str:
    """Return the digest of each output; the files are named alike in a folder of their own."""
    with TemporaryDirectory() as folder:
        for name, kind in (("first", "byte-level"), ("second", "wordpiece")):
            (Path(folder) / f"{name}.json").write_text(written(kind), "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONHASHSEED": "0",
                **{**SURROUNDINGS, **TOGETHER}.get(surroundings, {}),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "surroundings",
    [*TOGETHER, *(pytest.param(each, marks=pytest.mark.slow) for each in SURROUNDINGS)],
)
def test_same_input_same_bytes(surroundings: str) -> None:
    expected = digests("")
    assert len(expected.splitlines()) == 7
    assert digests(surroundings) == expected


def test_digests_tell_inputs_apart() -> None:
    names = [line.split()[0] for line in digests("").splitlines()]
    assert names == ["json", "html", "markdown", "terminal", "comparison", "figure", "tokens"]
    assert hashlib.sha256(b"").hexdigest() not in digests("")
