"""x."""

from tokstat.analyzers.registry import Result, analyzer
from tokstat.subject import Subject


@analyzer("loader_agreement", title="Agreement with transformers", needs=("option deep",))
def loader_agreement(subject: Subject) -> Result:
    """X."""
    return Result()
