"""From a spec to a tokenizer."""

from tokstat.loading.resolve import load

__all__ = ["load"]
