"""Tokens whose ids differ from those written in tokenizer.json."""

from __future__ import annotations

from collections import Counter

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.text.wording import agreed, counted
from tokstat.tokenizer.written_json import SourceText

RENUMBERED = Rule(
    "TS612",
    "error",
    "Added tokens whose written id is ignored",
    "If the model's vocabulary lacks an added token, the tokenizers library ignores the id in the "
    "file and takes the next free number. Every text with the token then gets another embedding "
    "row than in training.",
    "Put the added token into the model's vocabulary with the id that it should have.",
    source=OWN,
)
WRITTEN_TWICE = Rule(
    "TS613",
    "error",
    "Tokens written twice in tokenizer.json",
    "A JSON object keeps one value per key, and the last one wins. The token loses its first id, "
    "which no text can then produce.",
    "Keep the entry that the model was trained with, and give the other id a token of its own.",
    source=OWN,
)

_EXAMPLES = 6


@analyzer("written_ids", title="Ids written in tokenizer.json", rules=(RENUMBERED, WRITTEN_TWICE))
def written_ids(subject: Subject) -> Result:
    """Compare the ids of the vocabulary with those written in tokenizer.json.

    Loading the file hides both faults. Tokenizers of other formats are not compared.
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
        f"{content!r} is written with id {written:,} and "
        + ("dropped" if number is None else f"gets {number:,}")
        for content, written, number in others[:_EXAMPLES]
    )
    numbers = [number for _, _, number in others if number is not None]
    lose = agreed(len(others), "loses its written id", "lose their written ids")
    message = f"{counted(len(others), 'added token')} {lose}: {some}."
    return [RENUMBERED.found(message, numbers)]


def _written_twice(subject: Subject, text: SourceText) -> list[Finding]:
    backend = subject.tokenizer.backend
    if subject.tokenizer.model_type == "Unigram":  # its list gives every piece an id
        return []
    if text.count_vocabulary() == backend.get_vocab_size(with_added_tokens=False):
        return []
    counts = Counter(token for token, _ in dict.fromkeys(text.vocabulary()))
    twice = [token for token, count in counts.items() if count > 1]
    if not twice:
        return []
    message = f"{len(twice):,} tokens: {', '.join(map(repr, twice[:_EXAMPLES]))}."
    ids = map(backend.token_to_id, twice)
    return [WRITTEN_TWICE.found(message, [number for number in ids if number is not None])]
