"""Build the release twice, look into it, and try it with the fewest and the oldest packages.

    python tests/tools/release_check.py [-o FOLDER] [--strict]

It makes virtual environments of its own, and needs pip and PyPI. The folder gets the wheel, the
sdist, `licences.txt` (of the minimal install) and `sbom.json` (CycloneDX). An audit that finds no
data is said to be skipped; with `--strict`, for a release, it fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("build", "hatchling", "twine", "check-wheel-contents", "uv")
SMOKE = (
    *(
        "tests/io/test_limits.py",
        "tests/io/test_csv_and_json.py",
        "tests/tokenizer/test_vocabulary.py",
    ),
    *("tests/cli/test_bad_input.py", "tests/cli/test_render.py"),
)
"""Tests that need no extra."""

OLDEST_ONLY = ("tests/analyzers",)
"""Tests that no extra concerns: with the newest packages the fast suite has just run them."""

TEST_PACKAGES = ("pytest>=8.2", "pytest-xdist>=3.6", "hypothesis>=6.100")


PERMITTED = re.compile(
    r"\b(?:MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Zlib|CNRI-Python|CC0"
    r"|MPL-2\.0|Mozilla Public License 2\.0)\b",
    re.IGNORECASE,
)
REFUSED = re.compile(r"GPL|proprietary|all rights reserved", re.IGNORECASE)
"""Licences that a tool under Apache-2.0 may ask its users to install beside it."""


def main() -> None:
    """Run every check; the first that fails ends with its status."""
    options = argparse.ArgumentParser()
    options.add_argument("-o", "--output", type=Path, default=Path("dist"))
    options.add_argument("--strict", action="store_true", help="fail where a check is skipped")
    output: Path = options.parse_args().output.resolve()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        tools = environment(work / "tools")
        run(tools, "-m", "pip", "install", "-q", *TOOLS)
        wheel, sdist = build_twice(tools, work)
        check_contents(wheel, sdist)
        run(tools, "-m", "check_wheel_contents", wheel)
        run(tools, "-m", "twine", "check", "--strict", wheel, sdist)

        minimal = environment(work / "minimal")
        run(minimal, "-m", "pip", "install", "-q", wheel)
        output.mkdir(parents=True, exist_ok=True)
        (output / "licences.txt").write_text(licences(minimal), "utf-8")
        bill_of_materials(tools, minimal, output / "sbom.json")
        audit(tools, minimal)
        smoke(minimal, work / "minimal-tests", "newest")

        oldest = environment(work / "oldest")
        requirements = work / "requirements.txt"
        requirements.write_text("\n".join(dependencies(minimal)), "utf-8")
        lowest = ("uv", "pip", "install", "-q", "--python", oldest, "--resolution=lowest-direct")
        run(tools, "-m", *lowest, "-r", requirements)
        run(oldest, "-m", "pip", "install", "-q", "--no-deps", wheel)
        smoke(oldest, work / "oldest-tests", "oldest")
        for file in (wheel, sdist):
            shutil.copy(file, output)


def environment(folder: Path) -> Path:
    """Make a virtual environment, and return its interpreter."""
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def run(python: Path, *arguments: object, cwd: Path = ROOT) -> str:
    """Run Python; end with its output where it fails."""
    outer = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    outer["UV_SYSTEM_CERTS"] = "true"  # uv trusts what the system does, as pip
    done = subprocess.run(
        [str(python), *map(str, arguments)],
        cwd=cwd,
        env=outer,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nfailed: {' '.join(map(str, arguments))}")
    return done.stdout


def build_twice(python: Path, work: Path) -> tuple[Path, Path]:
    """Build sdist and wheel in two places, and compare them byte for byte."""
    last = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    date = subprocess.run(last, capture_output=True, text=True, check=True).stdout.strip()
    os.environ["SOURCE_DATE_EPOCH"] = date
    found = []
    for name in ("first", "second"):
        run(python, "-m", "build", "--no-isolation", "--outdir", work / name, ROOT)
        found.append(sorted((work / name).iterdir()))
    for first, second in zip(*found, strict=True):
        digests = {hashlib.sha256(each.read_bytes()).hexdigest() for each in (first, second)}
        if len(digests) > 1:
            sys.exit(f"{first.name} is not the same when it is built again")
        print(f"reproducible: {first.name} {digests.pop()}")
    sdist, wheel = sorted(found[0], key=lambda path: path.suffix == ".whl")
    return wheel, sdist


def check_contents(wheel: Path, sdist: Path) -> None:
    """Hold the wheel to the package's own files, and the sdist to what git knows."""
    import tarfile
    import zipfile

    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True
    )
    known = set(listed.stdout.splitlines())
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {name for name in known if name.startswith("tokstat/")}
    if inside != package:
        sys.exit(f"the wheel differs from the package: {sorted(inside ^ package)}")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()} - {"PKG-INFO"}
    if names - known:
        sys.exit(f"the sdist holds what git does not know: {sorted(names - known)}")
    print(f"contents: {len(inside)} files in the wheel, {len(names)} in the sdist")


def dependencies(python: Path) -> list[str]:
    """Return what the installed package requires without extras."""
    program = "import importlib.metadata as m; print(*m.requires('tokstat-toolkit'), sep='\\n')"
    lines = run(python, "-c", program).splitlines()
    return [line for line in lines if "extra ==" not in line]


def licences(python: Path) -> str:
    """List name, version and licence of every installed distribution; end on one not permitted.

    Where the metadata say nothing, or "Other", the first line of the licence's own text counts.
    """
    program = (
        "import importlib.metadata as m\n"
        "def text(d):\n"
        "    files = [f for f in d.files or () if f.name.upper().startswith('LICEN')]\n"
        "    lines = files[0].read_text().split('\\n') if files else []\n"
        "    return next((line.strip() for line in lines if line.strip()), 'not said')\n"
        "for d in sorted(m.distributions(), key=lambda d: d.name.lower()):\n"
        "    of = [c.split(' :: ')[-1] for c in d.metadata.get_all('Classifier', [])"
        " if c.startswith('License ::') and 'Other' not in c]\n"
        "    said = d.metadata.get('License-Expression') or ', '.join(of)"
        " or (d.metadata.get('License') or text(d)).splitlines()[0]\n"
        "    print(d.name, d.version, said, sep='\\t')"
    )
    text = run(python, "-c", program)
    others = [line for line in text.splitlines() if not is_permitted(line.split("\t")[2])]
    if others:
        sys.exit(f"licences that are not permitted or not said: {others}")
    print(f"licences: {len(text.splitlines())} distributions, all permitted")
    print(textwrap.indent(text, "  "), end="")
    return text


def is_permitted(said: str) -> bool:
    """Tell whether a licence may stand beside ours, and no other one that also holds forbids it."""
    return bool(PERMITTED.search(said)) and not REFUSED.search(said)


def bill_of_materials(tools: Path, python: Path, path: Path) -> None:
    """Write the minimal install's bill of materials."""
    run(tools, "-m", "pip", "install", "-q", "cyclonedx-bom")
    run(tools, "-m", "cyclonedx_py", "environment", "--output-reproducible", "-o", path, python)
    print(f"SBOM: {path.name}, {path.stat().st_size:,} bytes")


def audit(tools: Path, python: Path) -> None:
    """Ask for known holes of the minimal install; skipped where the service does not answer."""
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    run(tools, "-m", "pip", "install", "-q", "pip-audit")
    # Its status is 1 for a hole and for no answer, so that only its report tells.
    command = [str(tools), "-m", "pip_audit", "--format=json", "--path", site]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    audited, unknown, holes = read_audit(said.stdout)
    if holes:
        sys.exit(f"known holes: {', '.join(holes)}")
    print(f"pip-audit: {audited} distributions audited, none with a hole")
    if unknown or not audited:
        skip(f"pip-audit has no data on {unknown or 'any'} distributions")


def read_audit(report: str) -> tuple[int, int, list[str]]:
    """Count what pip-audit has audited and what it had no data on, and list the holes it names.

    A distribution without data has a reason for being skipped and no list; pip-audit itself calls
    a run of nothing else clean. The release's own is never known.
    """
    try:
        found = json.loads(report)["dependencies"]
    except ValueError:  # it had no answer at all
        return 0, 0, []
    others = [each for each in found if each["name"] != "tokstat-toolkit"]
    known = [each for each in others if "vulns" in each]
    holes = [f"{each['name']} {hole['id']}" for each in known for hole in each["vulns"]]
    return len(known), len(others) - len(known), holes


def skip(what: str) -> None:
    """Say what was not checked; an end with `--strict`."""
    print(f"SKIPPED: {what}", file=sys.stderr)
    if "--strict" in sys.argv:
        sys.exit("failed: --strict skips nothing")


def smoke(python: Path, folder: Path, versions: str) -> None:
    """Run the smoke tests on the installed package, from a folder without the source."""
    run(python, "-m", "pip", "install", "-q", *TEST_PACKAGES)
    shutil.copytree(ROOT / "tests", folder / "tests")
    shutil.copy(ROOT / "pyproject.toml", folder)
    quiet = ["-q", "-p", "no:cacheprovider"]
    if versions == "oldest":  # old packages use what newer ones below them deprecate
        quiet += ["-W", "ignore::DeprecationWarning"]
    tests = (*SMOKE, *OLDEST_ONLY) if versions == "oldest" else SMOKE
    said = run(python, "-m", "pytest", *quiet, *tests, cwd=folder)
    print(f"{versions} versions, no extras: {said.splitlines()[-1]}")


if __name__ == "__main__":
    main()
