"""What a tokenizer's file stores beside its vocabulary, and does to every text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.errors import EncodingError
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode, normalize
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary

STORED_PADDING = Rule(
    "TS601",
    "warning",
    "Padding stored in tokenizer.json",
    "Whoever encodes with the file as it is gets pads. A model that means over them, or embeds "
    "single words, sees mostly pads: Model2Vec 0.10 embeds the words added to a vocabulary with "
    "over a hundred of them if the file pads to 128.",
    "Store the tokenizer without padding (no_padding), and pad where batches are made.",
    "measured with Model2Vec 0.10",
)
STORED_TRUNCATION = Rule(
    "TS602",
    "info",
    "Truncation stored in tokenizer.json",
    "Longer texts are cut without a word, wherever the file is used as it is.",
    "Store the tokenizer without truncation (no_truncation), and cut where the model needs it.",
    OWN,
)
NO_UNKNOWN = Rule(
    "TS614",
    "error",
    "The unknown token is not in the vocabulary",
    "The model names a token for what it cannot spell, and has no such token: encoding fails on "
    "the first such text, which may be long after the tests.",
    "Add the token to the vocabulary, or name one that it has.",
    source=OWN,
)
OTHER_SPECIAL_IDS = Rule(
    "TS615",
    "error",
    "The post-processor inserts other ids than those of the tokens it names",
    "The ids are written beside the names, and are used as they are. After the vocabulary was "
    "edited or renumbered, every text is framed by the wrong tokens.",
    "Write the post-processor again with the ids of the vocabulary.",
    source=OWN,
)
NO_LEADING_SPACE = Rule(
    "TS616",
    "warning",
    "The vocabulary expects a blank before a text, and none is put there",
    "A vocabulary trained on texts that got a blank in front (the dummy prefix of SentencePiece, "
    "add_prefix_space) spells words only with it. Vocabularies trained without (GPT-2, Llama 3, "
    "Gemma) also have most of the 1,000 most frequent words without the blank, 87 % of them or "
    "more; LLaMA 2's, Mistral's and XLM-R's have 65 % or less.",
    "Restore the Prepend normalizer, or prepend_scheme or add_prefix_space of the pre-tokenizer.",
    source=OWN,
)
LOWERCASED_CASED = Rule(
    "TS617",
    "warning",
    "Texts are lower-cased over a cased vocabulary",
    "No text can give a token with a capital letter, so all of them are dead weight, and the "
    "model has never seen names and sentence starts as it now gets them.",
    "Take the lower-casing out of the normalizer, or use a vocabulary trained on lower case.",
    source=OWN,
)
CASED_LOWERCASE = Rule(
    "TS618",
    "warning",
    "Texts keep their case over a vocabulary of lower case",
    "The vocabulary has no words with capital letters, so each capitalised word falls apart, or "
    "becomes the unknown token. It happens when do_lower_case is lost in a conversion.",
    "Lower-case in the normalizer, as in training.",
    source=OWN,
)
NOT_INVERTED = Rule(
    "TS619",
    "warning",
    "The decoder does not undo the pre-tokenizer",
    "What the model writes is shown with raw marks (Ġ, ▁, ##, </w>), or with words run together: "
    "each pre-tokenizer and normalizer that marks blanks or bytes needs its own decoder.",
    "Set the decoder that belongs to the pipeline: ByteLevel, Metaspace, WordPiece or BPEDecoder; "
    "with byte fallback, ByteFallback before Fuse.",
    source=OWN,
)

_FREQUENT = 1_000
_ENOUGH = 100
_LEAST_ALONE = 0.75
"""Between the 0.88 of GPT-2 and the 0.65 of Mistral without its prefix; see `NO_LEADING_SPACE`."""

_LEAST_CASED = 0.01
_LEAST_LOWERCASE = 1_000

_WORDS = ("the", "quick", "naïve", "misunderstood", "internationalization", "𐍈")
"""Short and long, ASCII and not: one token, several, and bytes if there is byte fallback."""


@analyzer(
    "pipeline",
    title="Pipeline",
    rules=(
        STORED_PADDING,
        STORED_TRUNCATION,
        NO_UNKNOWN,
        OTHER_SPECIAL_IDS,
        NO_LEADING_SPACE,
        LOWERCASED_CASED,
        CASED_LOWERCASE,
        NOT_INVERTED,
    ),
)
def pipeline(subject: Subject) -> Result:
    """Check whether normalizer, decoder and the rest of the pipeline fit the vocabulary.

    Stored padding and truncation have no part in any other number: tokstat encodes without both.
    The leading blank is judged by the 1,000 most frequent words; the decoder by six words,
    encoded, decoded, and compared with what the normalizer makes of them.
    """
    return Result(
        findings=(
            *_padding(subject),
            *_truncation(subject),
            *_no_unknown(subject.tokenizer),
            *_other_special_ids(subject.tokenizer),
            *_no_leading_space(subject),
            *_casing(subject),
            *_not_inverted(subject.tokenizer),
        )
    )


def _padding(subject: Subject) -> list[Finding]:
    stored = subject.tokenizer.stored_padding
    if stored is None or stored["length"] == 0:  # padding to no length pads nothing
        return []
    to = "the longest of a batch" if stored["length"] is None else f"{stored['length']:,} tokens"
    return [STORED_PADDING.found(f"Texts are padded to {to} with {stored['pad_token']!r}.")]


def _truncation(subject: Subject) -> list[Finding]:
    stored = subject.tokenizer.stored_truncation
    if stored is None:
        return []
    return [STORED_TRUNCATION.found(f"Texts are cut to {stored['max_length']:,} tokens.")]


def _no_unknown(tokenizer: Tokenizer) -> list[Finding]:
    name = getattr(tokenizer.backend.model, "unk_token", None)
    # Models look only into their own vocabulary, and not among the added tokens.
    if not name or tokenizer.backend.model.token_to_id(name) is not None:
        return []
    return [NO_UNKNOWN.found(f"The model names {name!r} for what it cannot spell, and lacks it.")]


def _other_special_ids(tokenizer: Tokenizer) -> list[Finding]:
    found = {}
    for name, written in _inserted(tokenizer):
        actual = tokenizer.backend.token_to_id(name)
        if actual != written:
            has = "has no such token" if actual is None else f"has it as {actual:,}"
            found[name] = f"{name!r} is inserted as {written:,}, and the vocabulary {has}"
    if not found:
        return []
    return [OTHER_SPECIAL_IDS.found("; ".join(found.values()) + ".")]


def _inserted(tokenizer: Tokenizer) -> Iterator[tuple[str, int]]:
    """Yield the tokens that the post-processor names, with the ids that it inserts for them."""
    for part in components(tokenizer.backend, "post_processor"):
        for special in (part.get("special_tokens") or {}).values():
            yield from zip(special["tokens"], special["ids"], strict=False)
        for role in ("cls", "sep"):
            if role in part:
                yield part[role][0], part[role][1]


def _no_leading_space(subject: Subject) -> list[Finding]:
    tokenizer, vocabulary = subject.tokenizer, subject.vocabulary
    if tokenizer.adds_leading_space or not tokenizer.scheme.keeps_spaces:
        return []
    try:
        covered = subject.coverage
    except EncodingError:  # which the coverage reports
        return []
    alone = {
        word: is_one
        for part in covered
        for word, is_one in zip(part.words[:_FREQUENT], part.bare[:_FREQUENT].tolist(), strict=True)
    }
    starts = vocabulary.starts_word[vocabulary.alphabetic_rows]
    has_boundary = np.zeros(len(vocabulary.words), np.bool_)
    has_boundary[vocabulary.word_codes[starts]] = True
    codes = vocabulary.word_index
    spelled = [
        is_one for word, is_one in alone.items() if word in codes and has_boundary[codes[word]]
    ]
    if len(spelled) < _ENOUGH or sum(spelled) >= _LEAST_ALONE * len(spelled):
        return []
    message = (
        f"Of {len(spelled):,} very frequent words that the vocabulary has with a blank before "
        f"them, {sum(spelled):,} are one token at the start of a text."
    )
    return [NO_LEADING_SPACE.found(message)]


def _casing(subject: Subject) -> list[Finding]:
    """Compare what the normalizer does to capitals with whether tokens of two letters have any."""
    vocabulary = subject.vocabulary
    properties = vocabulary.properties
    words = vocabulary.alphabetic & (properties.lengths > 1)
    cased = np.flatnonzero(words & ~properties.lowercase).tolist()
    if not subject.tokenizer.lowercases:
        latin = words & (properties.script_codes == _code_of(vocabulary, "Latin"))
        if cased or int(latin.sum()) < _LEAST_LOWERCASE:
            return []
        message = f"None of {int(words.sum()):,} tokens of two letters or more has a capital."
        return [CASED_LOWERCASE.found(message)]
    if len(cased) < max(1, _LEAST_CASED * int(words.sum())):
        return []
    message = (
        f"{len(cased):,} of {int(words.sum()):,} tokens of two letters or more have capitals, "
        f"which the normalizer takes away, such as {vocabulary.display(cased[0])!r}."
    )
    return [LOWERCASED_CASED.found(message, vocabulary.ids[cased].tolist())]


def _code_of(vocabulary: Vocabulary, script: str) -> int:
    names = vocabulary.properties.script_names
    return names.index(script) if script in names else -1


def _not_inverted(tokenizer: Tokenizer) -> list[Finding]:
    backend = tokenizer.backend
    try:
        words = [word for word in _WORDS if tokenizer.unknown_id not in _encode(tokenizer, word)]
        ids = _encode(tokenizer, " ".join(words))
    except Exception:  # an encoder that fails, which other findings report
        return []
    if tokenizer.unknown_id in ids:
        return []
    decoded = backend.decode(ids, skip_special_tokens=False)
    # BERT's normalizer puts blanks around Han, which no decoder takes back.
    if decoded.split() == _normalized(tokenizer, " ".join(words)).split():
        return []
    parts = ", ".join(
        f"{label} {'+'.join(part['type'] for part in components(backend, name)) or 'none'}"
        for label, name in (("pre-tokenizer", "pre_tokenizer"), ("decoder", "decoder"))
    )
    message = f"{' '.join(words)!r} comes back as {decoded!r} ({parts})."
    return [NOT_INVERTED.found(message)]


def _encode(tokenizer: Tokenizer, text: str) -> list[int]:
    return encode(tokenizer.backend, text)


def _normalized(tokenizer: Tokenizer, text: str) -> str:
    """Return what the normalizer makes of a text, with blanks for its marks of them."""
    normalizer = tokenizer.backend.normalizer
    parts = {part["type"] for part in components(tokenizer.backend, "normalizer")}
    if normalizer is None or "ByteLevel" in parts:  # which writes bytes, and not text
        return text
    return normalize(tokenizer.backend, text).replace(tokenizer.scheme.space or " ", " ")
