"""x."""

from tokstat.analyzers.registry import Result, analyzer
from tokstat.subject import Subject


@analyzer("under_trained", title="Agreement with transformers", needs=("option weights",))
def under_trained(subject: Subject) -> Result:
    """X."""
    return Result()
