"""Edited copies of a tokenizer: without some tokens, with others, in lower case, with a blank."""
