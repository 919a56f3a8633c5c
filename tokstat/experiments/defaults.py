"""Defaults of experiments."""

DEFAULT_TEACHER = "sentence-transformers/all-MiniLM-L6-v2"
"""The teacher of the packaged study."""

FREQUENT_WORDS = 20_000
"""Words that a ladder adds: as many as the coverage of `inspect` is over."""

GRID_SIZES = (8_000, 16_000, 32_000)
"""Numbers of tokens in a grid."""

TRAINING_WORDS = 100_000_000
"""Words of the longest text that a grid's tokenizers are trained on: 500 MB of English.

Of 50 million Unigram learns only 60,689 of 64,000 tokens where spaces and capitals are dropped.
"""
