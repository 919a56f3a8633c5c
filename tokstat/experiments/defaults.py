"""Defaults of experiments."""

DEFAULT_TEACHER = "sentence-transformers/all-MiniLM-L6-v2"
"""The teacher of the packaged study."""

FREQUENT_WORDS = 20_000
"""Words that a ladder adds: as many as the coverage of `inspect` is over."""

GRID_SIZES = (8_000, 16_000, 32_000)
"""Numbers of tokens in a grid."""

TRAINING_WORDS = 20_000_000
"""Words of the longest text that a grid's tokenizers are trained on: 100 MB of English."""
