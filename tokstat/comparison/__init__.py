"""Several tokenizers side by side."""
