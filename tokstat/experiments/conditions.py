"""What an experiment on one tokenizer was measured with, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Conditions:
    """Hold the tokenizer, the teacher, and the settings of an experiment."""

    tokenizer: str
    sha256: str
    teacher: str
    teacher_sha256: str
    recipe: str
    mode: str
    seed: int
    environment: str
    sets: tuple[str, ...]
    missing_sets: tuple[str, ...]
