"""Engines that encode: the tokenizers library, which is the judge, and faster ones beside it.

An engine is used for a tokenizer only if it gives the judge's ids on a suite of texts made for that
tokenizer, and it goes on being checked while it counts. Read `engine.py` first, then `choice.py`.
"""
