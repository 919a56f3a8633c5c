"""The program that renders templates: one line of JSON for each job."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tokstat.model import template_process
from tokstat.model.chat_template import _places_of_jinja
from tokstat.model.template_process import KINDS, NO_JINJA

pytest.importorskip("jinja2")


def run(*templates: str, path: list[str] | None = None) -> tuple[int, list[dict[str, Any]]]:
    request = {
        "path": _places_of_jinja() if path is None else path,
        "seconds": 5,
        "memory": 1 << 30,
        "characters": 1000,
        "jobs": [(template, {"messages": [{"content": "ü"}]}) for template in templates],
    }
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(template_process.__file__)],
        input=json.dumps(request).encode(),
        capture_output=True,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_every_job_has_a_result_of_its_own() -> None:
    code, found = run(
        "{{ messages[0].content }}",
        "\n{% if %}",
        "{{ raise_exception('roles') }}",
        "{{ messages.__class__.__mro__ }}",
        "{{ 'a' * 2000 }}",
        "{{ 'a' * 10 ** 10 }}",
    )
    assert code == 0
    assert found[0] == {"text": "ü"}
    kinds = [each["kind"] for each in found[1:]]
    assert kinds == ["syntax", "rejected", "error", "runaway", "runaway"]
    assert set(kinds) == set(KINDS)
    assert found[1]["reason"].startswith("line 2: ")


def test_without_jinja_the_status_says_so() -> None:
    assert run("text", path=[]) == (NO_JINJA, [])
