"""No reader takes a file without an end into memory, or waits for one that never begins."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import ROOT
from tests.tools.architecture import NAME, modules

OWN_FILES = {
    NAME: "the public names",
    f"{NAME}.loading.bundled": "packaged tokenizers",
    f"{NAME}.results.references": "packaged references",
    f"{NAME}.words.examples": "packaged words",
    f"{NAME}.words.packaged": "packaged words",
    f"{NAME}.words.lexicon": "word lists of the package and of wordfreq",
    f"{NAME}.wordsim.study_results": "the packaged study",
    f"{NAME}.render.html.page": "the parts of a page",
    f"{NAME}.io.plugins": "metadata of installed distributions",
    f"{NAME}.model.template_process": "what the process of its own gets from tokstat",
    f"{NAME}.analyzers.loadability": "packaged names of classes",
    f"{NAME}.results.explanations": "packaged explanations",
    f"{NAME}.results.reference_languages": "packaged references",
    f"{NAME}.results.language_names": "packaged names of languages",
    f"{NAME}.corpus.engines.trial": "what an engine's process gets from tokstat and gives back",
    f"{NAME}.words.segmentation_store": "files that tokstat fetched, whose digest is checked",
}
"""Modules that read some file whole without a limit, and the file, which is trusted."""


def test_foreign_files_are_read_by_one_door() -> None:
    found = set()
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                whole = node.func.attr in ("read_bytes", "read_text")
                if whole or (node.func.attr == "read" and not node.args):
                    found.add(name)
    assert found - OWN_FILES.keys() <= {f"{NAME}.corpus.counting.state"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it limits the addresses of a process")
@pytest.mark.parametrize("kind", ["zero", "pipe", "silent", "bomb"])
def test_every_reader_under_a_cap_of_memory(kind: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.endless", str(tmp_path), kind],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-1000:]
    found = json.loads(done.stdout)
    assert len(found) >= {"silent": 7, "bomb": 4}.get(kind, 38)
    assert {
        name for name, (came, _) in found.items() if came not in ("refused", "ignored")
    } == set()
    ignored = {name for name, (came, _) in found.items() if came == "ignored"}
    assert all(name.startswith(("beside", "safetensors", "index")) for name in ignored)
    assert max(seconds for _, seconds in found.values()) < 60
