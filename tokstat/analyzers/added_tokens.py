"""Added tokens whose flags surprise: text that they swallow, miss, or tear."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property

import tokenizers

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, Table, analyzer
from tokstat.errors import EncodingError, MissingExtraError
from tokstat.model.chat_template import Conversation, render_chat
from tokstat.model.folder import named_roles
from tokstat.text.wording import agreed, counted, listed, quoted
from tokstat.tokenizer.encoding import encode, encode_batch_fast, normalize
from tokstat.tokenizer.single_words import CARRIER, split_words

FLAGS = Rule(
    "TS682",
    "warning",
    "Flags of added tokens that change the text around them",
    "rstrip and lstrip make a token swallow the spaces and line ends beside it. normalized makes "
    "it match in normalized text, where its own characters may look different. A prompt then gets "
    "other ids than the model was trained with, and there is no error.",
    "Correct the flags in added_tokens of tokenizer.json, and in added_tokens_decoder of "
    "tokenizer_config.json.",
    source="measured with tokenizers 0.21 to 0.23",
)
TEARS = Rule(
    "TS687",
    "warning",
    "An added token splits frequent words",
    "Added tokens are split off before all else, also inside words, unless they are flagged "
    "single_word. Words that contain one are split around it, and their own tokens are never used.",
    "Set single_word for the token in tokenizer.json, or remove it from the added tokens.",
    source=OWN,
)

_CONVERSATION = Conversation(
    (
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi"},
        {"role": "user", "content": "Bye"},
    ),
    {"add_generation_prompt": True},
)

_FREQUENT = 20_000
_LEAST_TORN = 10
"""Fewest frequent words that an added token splits in a finding; names split one or two."""

_EXAMPLES = 4
_MOST_TESTED = 1_000

Added = dict[int, tokenizers.AddedToken]


@analyzer("added_tokens", title="Flags of added tokens", rules=(FLAGS, TEARS))
def added_tokens(subject: Subject) -> Result:
    """Test what the flags of added tokens do to the text around them.

    If a control token has rstrip, the chat template writes a short conversation, to see whether
    white space after the token is lost. A mask token is tested in text with a space before it.
    Tokens that the normalizer changes are tested alone and inside letters, and special ones in
    another case. A word that is an added token is looked for in the 20,000 most frequent words of
    each language.
    """
    tokens: Added = subject.tokenizer.backend.get_added_tokens_decoder()
    return Result(
        tables=(_table(subject, tokens),),
        findings=(
            *_swallowed(subject, tokens),
            *_mask(subject, tokens),
            *_normalized(subject, tokens),
            *_torn(subject, tokens),
        ),
    )


def _table(subject: Subject, tokens: Added) -> Table:
    order = sorted(tokens)
    columns = {
        "id": tuple(order),
        "token": tuple(tokens[number].content for number in order),
        "flags": tuple(", ".join(subject.tokenizer.flags_of(number)) for number in order),
    }
    return Table("added_tokens", "Added tokens and their flags", columns)


def _swallowed(subject: Subject, tokens: Added) -> Iterator[Finding]:
    """Find control tokens that swallow white space which the chat template writes after them."""
    greedy = {number: token for number, token in tokens.items() if token.special and token.rstrip}
    folder = subject.tokenizer.model_folder
    if not greedy or folder is None:
        return
    try:
        text = render_chat(folder, _CONVERSATION, subject.tokenizer.origin.spec)
    except (EncodingError, MissingExtraError):  # there is no template, or it fails
        return
    backend = subject.tokenizer.backend
    found = {}
    for number, token in greedy.items():
        match = re.search(f"{re.escape(token.content)}(\\s+)", text)
        # Where white space has no tokens anyway, as in BERT, nothing is lost.
        if match and encode(backend, match[0]) == [number] and encode(backend, match[1]):
            found[number] = match[0]
    if found:
        number, shown = next(iter(found.items()))
        message = (
            f"{counted(len(found), 'special token')} {agreed(len(found), 'swallows', 'swallow')} "
            f"the white space after it (rstrip): the chat template writes {quoted(shown)}, which "
            f"gets the ids of {quoted(shown.rstrip())}, [{number}]."
        )
        hint = _hint("rstrip=false", [tokens[each].content for each in found])
        yield FLAGS.found(message, found, hint=hint)


def _hint(flag: str, contents: list[str]) -> str:
    """Say how to set a flag, such as "rstrip=false", of some tokens."""
    options = " ".join(f"--flag '{each}:{flag}'" for each in contents[:_EXAMPLES])
    more = " Do the same for the others." if len(contents) > _EXAMPLES else ""
    return f"Run: `tokstat repair SPEC {options} -o FOLDER`.{more}"


def _mask(subject: Subject, tokens: Added) -> Iterator[Finding]:
    """Find a mask token that leaves the space before it as a token of its own."""
    folder = subject.tokenizer.model_folder
    if folder is None or subject.purpose == "llm" or not subject.tokenizer.scheme.keeps_spaces:
        return
    mask = named_roles(folder).get("mask")
    backend = subject.tokenizer.backend
    for number, token in tokens.items():
        if token.content != mask or token.lstrip:
            continue
        spaced, joined = (encode(backend, f"a{gap}{mask}") for gap in (" ", ""))
        if len(spaced) > len(joined) and spaced[-1] == number:
            message = (
                f"The mask token {mask!r} has no lstrip: 'a {mask}' gets the ids {spaced}. The "
                f"space before the mask is the token {spaced[-2]}, which masked training never has."
            )
            yield FLAGS.found(message, (number,), hint=_hint("lstrip=true", [token.content]))


def _normalized(subject: Subject, tokens: Added) -> Iterator[Finding]:
    """Find tokens that match in normalized text, and so miss their own text or match another."""
    backend = subject.tokenizer.backend
    if backend.normalizer is None:
        return
    changed = {
        number: token
        for number, token in tokens.items()
        if token.normalized and normalize(backend, token.content) != token.content
    }
    tests: list[tuple[int, str, bool]] = []
    for number, token in list(changed.items())[:_MOST_TESTED]:
        content = token.content
        inside = f"a {content} a" if token.single_word else f"a{content}a"
        tests += [(number, content, True), (number, inside, True)]
        if token.special:
            others = {content.lower(), content.upper()} - {content}
            tests += [(number, other, False) for other in sorted(others)]
    encodings = encode_batch_fast(backend, [text for _, text, _ in tests])
    missed: dict[int, str] = {}
    wrong: dict[int, str] = {}
    for (number, text, expected), encoding in zip(tests, encodings, strict=True):
        if (number in encoding.ids) != expected:
            (missed if expected else wrong).setdefault(number, text)
    for found, what in ((missed, "does not contain"), (wrong, "contains")):
        if found:
            number, text = next(iter(found.items()))
            message = (
                f"{counted(len(found), 'added token')} with normalized, which the normalizer "
                f"changes: {quoted(text)} {what} {quoted(tokens[number].content)} (id {number:,})."
            )
            contents = [tokens[each].content for each in found]
            yield FLAGS.found(message, found, hint=_hint("normalized=false", contents))


def _torn(subject: Subject, tokens: Added) -> Iterator[Finding]:
    """Find added words that split frequent words of the lexicon."""
    words = {
        number: token.content
        for number, token in tokens.items()
        if not token.special and not token.single_word and token.content.isalpha()
    }
    if not words:
        return
    torn = _Torn(subject)
    for number, content in words.items():
        found = torn.by(number, content)
        if len(found) < _LEAST_TORN:
            continue
        word = found[0]
        message = (
            f"The added token {content!r} (id {number:,}) splits {len(found):,} of the "
            f"{counted(len(torn.words), 'most frequent word')}, such as {listed(found[:_EXAMPLES])}"
            f": {word!r} is {torn.shown(word, whole=False)}, and {torn.shown(word, whole=True)} "
            "without it."
        )
        yield TEARS.found(message, (number,), hint=_hint("single_word=true", [content]))


class _Torn:
    """Compare how words are split with the added words of a tokenizer, and without them."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        lists = [each.top(_FREQUENT) for each in subject.lexicon.word_lists]
        self.words = list(dict.fromkeys(word for words in lists for word in words))

    @cached_property
    def _without(self) -> tokenizers.Tokenizer:
        content = json.loads(self._subject.tokenizer.to_json())
        content["added_tokens"] = [
            token
            for token in content["added_tokens"]
            if token["special"] or token["single_word"] or not token["content"].isalpha()
        ]
        return tokenizers.Tokenizer.from_str(json.dumps(content))

    def by(self, number: int, content: str) -> list[str]:
        """Return the words that an added token splits into more tokens than they would have."""
        candidates = [word for word in self.words if content in word and content != word]
        split = split_words(self._subject.tokenizer, candidates, "spaced")
        texts = [f"{CARRIER} {word}" for word in candidates]
        whole = encode_batch_fast(self._without, texts)
        carrier = len(encode(self._without, CARRIER))
        return [
            word
            for word, ids, encoding in zip(candidates, split, whole, strict=True)
            if number in ids and len(ids) > len(encoding) - carrier
        ]

    def shown(self, word: str, *, whole: bool) -> str:
        """Return how a word is split, without the added words or with them."""
        if not whole:
            (ids,) = split_words(self._subject.tokenizer, [word], "spaced")
        else:
            text = f"{CARRIER} {word}"
            ids = encode(self._without, text)[len(encode(self._without, CARRIER)) :]
        return "|".join(self._subject.vocabulary.displays_of_ids(ids))
