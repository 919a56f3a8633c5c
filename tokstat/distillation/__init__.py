"""Static models from a teacher: a vector for every token of any tokenizer."""
