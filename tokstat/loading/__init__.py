"""Load a tokenizer from a spec: the name of a Hub repository, a file, a folder or an encoding.

A spec goes in; out comes a `Tokenizer` with its `Origin`, which records what was read and how.
`load` in `resolve.py` decides what a spec names; read it first. `local.py` then picks the files
and `formats.py` recognises the format. Each format has its own reader, such as
`tokenizer_json.py`, `sentencepiece.py` and `gguf.py`. The readers check every size and offset
before they use it, because files may be damaged or hostile.
"""

from tokstat.loading.resolve import load

__all__ = ["load"]
