"""Each component of a tokenizer, run again in the open: what it does to a text, and by what rule.

`added_tokens` finds added tokens, `pieces` runs normalizers and pre-tokenizers, and there is one
module for each model and one for the post-processor. `tokstat.splitting.steps` joins them.
"""
