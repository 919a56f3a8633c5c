"""Experiments on the cost of tokenizers, and correlations of scores with results."""
