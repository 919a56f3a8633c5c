"""Whether tokens have the ids that tokenizer.json writes beside them."""

from __future__ import annotations

from collections import Counter

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.tokenizer.written_json import SourceText

RENUMBERED = Rule(
    "TS612",
    "error",
    "An added token does not get the id that is written beside it",
    "For an added token that the model's vocabulary lacks, the tokenizers library takes the next "
    "free number, and ignores the id in the file. Every text with the token gets another row of "
    "the embeddings than in training.",
    "Put the added token into the model's vocabulary with the id that it should have.",
    source=OWN,
)
WRITTEN_TWICE = Rule(
    "TS613",
    "error",
    "tokenizer.json writes a token twice",
    "JSON objects have one value a key, and the last one wins: the token loses its first id, which "
    "no text can give any more.",
    "Keep the entry that the model was trained with, and give the other id a token of its own.",
    source=OWN,
)

_EXAMPLES = 6


@analyzer("written_ids", title="Ids as written", rules=(RENUMBERED, WRITTEN_TWICE))
def written_ids(subject: Subject) -> Result:
    """Compare the ids of the vocabulary with those in the text of tokenizer.json.

    Both go unnoticed when the file is loaded. A tokenizer of other files has nothing to compare.
    """
    text = subject.tokenizer.source_text()
    if not text.as_written:
        return Result()
    return Result(findings=(*_renumbered(subject, text), *_written_twice(subject, text)))


def _renumbered(subject: Subject, text: SourceText) -> list[Finding]:
    actual = {
        token.content: number
        for number, token in subject.tokenizer.backend.get_added_tokens_decoder().items()
    }
    others = [
        (token["content"], token["id"], actual.get(token["content"]))
        for token in text.added_tokens()
        if actual.get(token["content"]) != token["id"]
    ]
    if not others:
        return []
    some = ", ".join(
        f"{content!r} is written as {written:,} and "
        + ("dropped" if number is None else f"becomes {number:,}")
        for content, written, number in others[:_EXAMPLES]
    )
    numbers = [number for _, _, number in others if number is not None]
    return [RENUMBERED.found(f"{len(others):,} added tokens: {some}.", numbers)]


def _written_twice(subject: Subject, text: SourceText) -> list[Finding]:
    missing = subject.vocabulary.missing_ids
    # A token that is written twice leaves a gap, and parsing the vocabulary takes long.
    if not len(missing) or not text.names_id(int(missing[0])):
        return []
    counts = Counter(token for token, _ in text.vocabulary())
    twice = [token for token, count in counts.items() if count > 1]
    if not twice:
        return []
    message = f"{len(twice):,} tokens: {', '.join(map(repr, twice[:_EXAMPLES]))}."
    ids = filter(None, map(subject.tokenizer.backend.token_to_id, twice))
    return [WRITTEN_TWICE.found(message, ids)]
