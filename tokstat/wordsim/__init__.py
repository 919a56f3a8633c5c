"""Word similarity: the sets, the models, the evaluation, and what was published."""
