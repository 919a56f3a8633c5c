"""What the release check takes for a licence, and for an audit."""

from __future__ import annotations

import json

import pytest

from tests.tools.release_check import is_permitted, read_audit


@pytest.mark.parametrize(
    ("said", "permitted"),
    [
        *((name, True) for name in ("MIT", "MIT-CMU", "BSD-3-Clause", "Apache 2.0 License")),
        *((name, True) for name in ("PSF-2.0", "ISC License (ISCL)", "MPL-2.0 AND MIT")),
        ("Mozilla Public License 2.0 (MPL 2.0)", True),
        *((name, False) for name in ("MIT AND GPL-3.0-only", "AGPL-3.0, ISC", "LGPL-2.1")),
        ("Foo Limited. All rights reserved", False),
        ("Proprietary; see disclaimer", False),
        ("not said", False),
    ],
)
def test_licences(said: str, permitted: bool) -> None:
    assert is_permitted(said) == permitted


def test_an_audit_counts_what_it_knows_and_names_holes() -> None:
    hole = {"name": "b", "vulns": [{"id": "PYSEC-1"}]}
    skipped = {"name": "c", "skip_reason": "not found"}
    own = {"name": "tokstat-toolkit", "skip_reason": "not found"}
    report = {"dependencies": [{"name": "a", "vulns": []}, hole, skipped, own]}
    assert read_audit(json.dumps(report)) == (2, 1, ["b PYSEC-1"])
    assert read_audit("no answer") == (0, 0, [])
