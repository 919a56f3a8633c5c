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

from tests.samples import sample
from tests.small_tokenizers import written

PROGRAM = """
import contextlib, hashlib, locale, sys
from pathlib import Path
from click.testing import CliRunner
import tokstat
from tokstat import plots
from tokstat.cli.main import cli
from tokstat.corpus.reading.documents import Reading
from tokstat.experiments.ladder import read_ladder
from tokstat.wordsim.study_results import read_study

def main():
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_ALL, "")
    first, second = "first.json", "second.json"
    results = {
        "report": tokstat.inspect(first),
        "comparison": tokstat.compare(first, second),
        "corpus": tokstat.measure_corpus([first, second], ["text"], workers=2,
                                         reading=Reading(group="folder")),
    }
    outputs = {}
    for name, result in results.items():
        for format in ("terminal", "json", "markdown", "html"):
            text = tokstat.render_report(result, format, width=100, verbose=True)
            outputs[f"{name} {format}"] = text.encode()
    study = read_study(Path(tokstat.__file__).parent / "data" / "study.json")
    axes = {
        "composition": plots.composition(results["report"].section("whole_words")),
        "coverage": plots.coverage(results["report"].section("coverage")),
        "fertility": plots.fertility(results["corpus"].table("groups")),
        "ladder": plots.ladder(read_ladder()),
        "overlap": plots.overlap(results["comparison"]),
        "study": plots.study(study, "wordsim353_coverage"),
    }
    for name, drawn in axes.items():
        for format in ("svg", "png", "pdf"):
            plots.save(drawn.figure, Path(f"figure.{format}"))
            outputs[f"figure {name} {format}"] = Path(f"figure.{format}").read_bytes()
    for arguments in (["tokens", first, "--csv"], ["explain", "--json"], ["link", "--json"]):
        outputs[arguments[0]] = CliRunner().invoke(cli, arguments).output.encode()
    tokstat.repair(first, Path("repaired"), decase=True)
    for path in sorted(Path("repaired").iterdir()):
        outputs[f"repaired {path.name}"] = path.read_bytes()
    for name, data in outputs.items():
        assert len(data) > 50, (name, data)
        print(name, hashlib.sha256(data).hexdigest(), sep="\\t")

if __name__ == "__main__":
    main()
"""
"""Workers are processes of their own, which import the program again."""

OUTPUTS = 35

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
"""Many at a time; one by one is for the exhaustive suite, which tells them apart."""


@pytest.fixture(scope="session")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the locales, where the system has their sources; the others act as the C locale."""
    folder = tmp_path_factory.mktemp("locales")
    for name in ("de_DE", "tr_TR"):
        if Path("/usr/share/i18n/locales", name).exists():
            made = ["localedef", "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")]
            subprocess.run(made, check=False, capture_output=True)
    return folder


@cache
def digests(surroundings: str, locales: Path) -> str:
    """Return the digest of each output; the files are named alike in a folder of their own."""
    with TemporaryDirectory() as folder:
        for name, kind in (("first", "byte-level"), ("second", "wordpiece")):
            (Path(folder) / f"{name}.json").write_text(written(kind), "utf-8")
        for number, name in enumerate(("de", "en", "ru")):
            path = Path(folder) / "text" / name / "text.txt"
            path.parent.mkdir(parents=True)
            path.write_text("\n".join(sample(number)), "utf-8")
        (Path(folder) / "program.py").write_text(PROGRAM, "utf-8")
        done = subprocess.run(
            [sys.executable, "program.py"],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONHASHSEED": "0",
                "LOCPATH": str(locales),
                **{**SURROUNDINGS, **TOGETHER}.get(surroundings, {}),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


first, *others = TOGETHER
ALONE = "German locale"  # no process has two locales


@pytest.mark.parametrize(
    "surroundings",
    [
        first,
        *(pytest.param(each, marks=pytest.mark.slow) for each in (*others, ALONE)),
        *(
            pytest.param(each, marks=pytest.mark.exhaustive)
            for each in SURROUNDINGS
            if each != ALONE
        ),
    ],
)
def test_same_input_same_bytes(surroundings: str, locales: Path) -> None:
    name = SURROUNDINGS.get(surroundings, {}).get("LC_ALL", "C")
    if name != "C" and not (locales / name).exists():
        pytest.skip(f"the sources of the locale {name} are not installed")
    expected = digests("", locales)
    assert len(expected.splitlines()) == OUTPUTS
    assert digests(surroundings, locales) == expected


@pytest.mark.slow
def test_digests_tell_outputs_apart(locales: Path) -> None:
    digests_found = [line.split("\t")[1] for line in digests("", locales).splitlines()]
    assert len(set(digests_found)) == OUTPUTS
    assert hashlib.sha256(b"").hexdigest() not in digests_found
