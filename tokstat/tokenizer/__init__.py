"""One tokenizer: its encoder, its decoded vocabulary, and its pipeline."""
