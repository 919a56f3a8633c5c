"""Post-processors, which put special tokens around the ids of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def with_special_tokens(part: Mapping[str, Any], ids: Sequence[int]) -> tuple[int, ...] | None:
    """Return ids with what one part of a post-processor adds; None for a part of unknown type."""
    kind = part["type"]
    if kind == "ByteLevel":  # it changes offsets alone
        return tuple(ids)
    if kind in ("BertProcessing", "RobertaProcessing"):
        return (part["cls"][1], *ids, part["sep"][1])
    if kind == "TemplateProcessing":
        special = part["special_tokens"]
        found: list[int] = []
        for item in part["single"]:
            if "SpecialToken" in item:
                found += special[item["SpecialToken"]["id"]]["ids"]
            else:
                found += ids
        return tuple(found)
    return None
