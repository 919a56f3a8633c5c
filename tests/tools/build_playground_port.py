"""Bundle the JavaScript port of the tokenizers: python tests/tools/build_playground_port.py.

npm brings the two packages named below. The result is the same each time, byte for byte, and is
committed with `tokenizers.json`, which names its source and its SHA-256. Its licence is tokstat's,
to the letter, and NOTICE names it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tokstat" / "render" / "html" / "vendor"

PORT = "@huggingface/tokenizers"
VERSION = "0.2.0"
BUNDLER = "esbuild@0.25.12"

OPTIONS = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--global-name=port",
    "--charset=ascii",
    "--target=es2022",
    "--legal-comments=none",
)


def main() -> None:
    """Write the bundle and where it is from."""
    npm = shutil.which("npm")
    assert npm is not None, "npm is not installed"
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "package.json").write_text("{}\n")
        command = [npm, "install", "--no-audit", "--no-fund", f"{PORT}@{VERSION}", BUNDLER]
        subprocess.run(command, cwd=folder, check=True)
        entry = folder / "entry.js"
        entry.write_text(f'export {{ Tokenizer }} from "{PORT}";\n')
        bundle = FOLDER / "tokenizers.js"
        program = folder / "node_modules" / ".bin" / "esbuild"
        command = [str(program), str(entry), *OPTIONS, f"--outfile={bundle}"]
        subprocess.run(command, cwd=folder, check=True)
        licence = (folder / "node_modules" / PORT / "LICENSE").read_text("utf-8")
        assert licence == (ROOT / "LICENSE").read_text("utf-8"), (
            "its licence needs a file of its own"
        )
    provenance = {
        "name": PORT,
        "version": VERSION,
        "licence": "Apache-2.0",
        "source": f"npm's {PORT} {VERSION}, its class Tokenizer alone",
        "made_by": f"tests/tools/build_playground_port.py: {BUNDLER} {' '.join(OPTIONS)}",
        "file": bundle.name,
        "sha256": hashlib.sha256(bundle.read_bytes()).hexdigest(),
    }
    (FOLDER / "tokenizers.json").write_text(json.dumps(provenance, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
