"""Count how tokenizers encode text of any size, exactly, on one core or many.

Text files go in; out comes a `CorpusReport` with metrics such as fertility (tokens per word). A
`Plan` reads the files, cuts each text into chunks, encodes every distinct chunk once, and adds up
`Counts`. To cut means to divide a text where that provably changes no token; `safe_cuts` derives
the safe places from each tokenizer. `engines` encode in place of the tokenizers library where they
give the same ids. Counts of parts of the input merge into the counts of the whole, so executors can
share the work and a run can resume. Read `plan.py` first, then `counting` and `safe_cuts`.
"""
