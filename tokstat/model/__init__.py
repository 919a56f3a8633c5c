"""The model's files beside a tokenizer: configurations, embedding matrices, untrained rows."""
