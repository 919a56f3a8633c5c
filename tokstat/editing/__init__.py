"""Edited copies of a tokenizer: fewer tokens, added words, lower case, a leading space."""
