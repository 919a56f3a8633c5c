"""Broken frames, flags, lengths, training and letters; more cases for `tests.cases.broken`."""

from __future__ import annotations

from typing import Any

from tests.cases.drafts import Draft

ENCODER = {"architectures": ["BertForMaskedLM"]}


def _role(draft: Draft, role: str, content: str, **flags: bool) -> int:
    """Add a special token with a row, and name it for a role."""
    number = draft.add_row(content, special=True, **flags)
    draft.tokenizer_config[f"{role}_token"] = content
    draft.special_tokens_map[f"{role}_token"] = content
    return number


def _template(draft: Draft, single: list[str], pair_type: int = 1) -> None:
    """Set a post-processor of special tokens around $A."""
    ids = {token["content"]: token["id"] for token in draft.tokenizer["added_tokens"]}

    def pieces(names: list[str], type_id: int) -> list[dict[str, Any]]:
        return [
            {"Sequence": {"id": name.removeprefix("$"), "type_id": type_id}}
            if name.startswith("$")
            else {"SpecialToken": {"id": name, "type_id": type_id}}
            for name in names
        ]

    draft.tokenizer["post_processor"] = {
        "type": "TemplateProcessing",
        "single": pieces(single, 0),
        "pair": pieces(single, 0) + pieces(["$B"], pair_type),
        "special_tokens": {
            name: {"id": name, "ids": [ids[name]], "tokens": [name]}
            for name in single
            if not name.startswith("$")
        },
    }
