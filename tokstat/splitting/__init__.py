"""How a text is split into tokens, step by step, and why.

`split` has the tokens of one text, `side_by_side` those of several tokenizers, `panel` the fixed
texts. `steps` replays what each component does, and `why` names the cause of each split word.
"""
