"""Faults of the pipeline: stored padding, special ids, spaces, case and decoder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.analyzers.training import unused_marks
from tokstat.errors import EncodingError
from tokstat.text.wording import agreed, counted
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import decode, encode, normalize
from tokstat.tokenizer.single_words import single_token_words
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary
from tokstat.words.lexicon import load_lexicon

STORED_PADDING = Rule(
    "TS601",
    "warning",
    "Padding stored in tokenizer.json",
    "Every user of the file gets padding tokens. A model that averages over tokens, or embeds "
    "single words, then sees mostly padding. Where a file pads to 128, Model2Vec 0.10 embeds each "
    "word added to the vocabulary with over a hundred padding tokens.",
    "Store the tokenizer without padding: `tokstat repair SPEC --no-padding -o FOLDER`. Pad where "
    "batches are made.",
    "measured with Model2Vec 0.10",
)
STORED_TRUNCATION = Rule(
    "TS602",
    "info",
    "Truncation stored in tokenizer.json",
    "Every user of the file loses the end of longer texts, without a warning.",
    "Store the tokenizer without truncation: `tokstat repair SPEC --no-padding -o FOLDER`. "
    "Truncate where the model needs it.",
    OWN,
)
NO_UNKNOWN = Rule(
    "TS614",
    "error",
    "The unknown token is not in the vocabulary",
    "The model names an unknown token that its vocabulary lacks. Encoding fails on the first text "
    "that needs it, perhaps long after the tests.",
    "Add the token to the vocabulary, or set unk_token to one that it has.",
    source=OWN,
)
OTHER_SPECIAL_IDS = Rule(
    "TS615",
    "error",
    "Wrong ids in the post-processor",
    "The post-processor inserts the ids written in it, whatever tokens it names. If the "
    "vocabulary was edited or renumbered, every text gets the wrong special tokens.",
    "Set the ids in the post-processor to those of the vocabulary.",
    source=OWN,
)
NO_LEADING_SPACE = Rule(
    "TS616",
    "warning",
    "Missing leading space at the start of a text",
    "The vocabulary was trained on texts with a space put before them (SentencePiece's dummy "
    "prefix, add_prefix_space). So it has most words only with a leading space. Vocabularies "
    "trained without it (GPT-2, Llama 3, Gemma) have at least 84% of the 1,000 most frequent "
    "English words without the space too. Those of LLaMA 2, Mistral and XLM-R have at most 65%.",
    "Restore the Prepend normalizer, or the pre-tokenizer's prepend_scheme or add_prefix_space. "
    "`tokstat repair SPEC --prefix-space -o FOLDER` does it.",
    source=OWN,
)
LOWERCASED_CASED = Rule(
    "TS617",
    "warning",
    "A cased vocabulary with a lower-casing normalizer",
    "Every token with a capital letter is unreachable. The model was not trained on the "
    "lower-cased names and sentence starts that it now gets.",
    "Remove the lower-casing from the normalizer, or use a vocabulary trained on lower case.",
    source=OWN,
)
CASED_LOWERCASE = Rule(
    "TS618",
    "warning",
    "A lower-case vocabulary without a lower-casing normalizer",
    "The vocabulary has no words with capital letters, so each capitalised word is split or "
    "becomes the unknown token. It happens when a conversion loses do_lower_case.",
    "Lower-case in the normalizer, as in training.",
    source=OWN,
)
NOT_INVERTED = Rule(
    "TS619",
    "warning",
    "The decoder does not undo the pre-tokenizer",
    "Decoded text shows raw marks (Ġ, ▁, ##, </w>), or words run together. Each normalizer and "
    "pre-tokenizer that marks spaces or bytes needs the matching decoder.",
    "Set the decoder that matches the pipeline: ByteLevel, Metaspace, WordPiece or BPEDecoder. "
    "With byte fallback, put ByteFallback before Fuse.",
    source=OWN,
)

MARKS_LOST = Rule(
    "TS723",
    "warning",
    "The normalizer deletes marks of decomposed text",
    "The tokenizers library applies SentencePiece's compiled rules to single characters and short "
    "groups of them. It may drop one of a letter's two marks. macOS file names and some keyboards "
    "write such text, Vietnamese above all.",
    "Put an NFC normalizer before Precompiled, or normalize texts to NFC before you encode them.",
    source=OWN,
)

_FREQUENT = 1_000
_ENOUGH = 100
_LEAST_ALONE = 0.75
"""A share between GPT-2's 0.85 and Mistral's 0.65 without its prefix; see `NO_LEADING_SPACE`."""

_LEAST_CASED = 0.01
_LEAST_LOWERCASE = 1_000

_MARKED = ("tiếng", "Việt", "được", "phở", "những", "café", "naïve", "ǖ", "ά", "ḗ")
"""Words with one mark on a letter, and with two."""

_WORDS = ("the", "quick", "naïve", "misunderstood", "internationalization", "𐍈")
"""Words of one token, of several, and of byte tokens where there is byte fallback."""


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
        MARKS_LOST,
    ),
)
def pipeline(subject: Subject) -> Result:
    """Check that the normalizer, the decoder and the rest of the pipeline fit the vocabulary.

    tokstat encodes without stored padding and truncation, so no other number depends on them. The
    1,000 most frequent English words show whether a leading space is missing. Six words, encoded
    and decoded, show whether the decoder returns their normalized text. Words with marks, composed
    and decomposed, show whether compiled rules delete some.
    """
    return Result(
        findings=(
            *_padding(subject),
            *_truncation(subject),
            *_no_unknown(subject.tokenizer),
            *_other_special_ids(subject.tokenizer),
            *_no_leading_space(subject),
            *_casing(subject),
            *_not_inverted(subject),
            *_marks_lost(subject.tokenizer),
        )
    )


def _padding(subject: Subject) -> list[Finding]:
    stored = subject.tokenizer.stored_padding
    if stored is None or stored["length"] == 0:  # a length of 0 pads nothing
        return []
    length, number, name = stored["length"], stored["pad_id"], stored["pad_token"]
    to = "the longest text of a batch" if length is None else counted(length, "token")
    # The id is inserted, whatever token the setting names.
    actual = subject.tokenizer.backend.id_to_token(number)
    message = f"Texts are padded to {to} with {name!r}."
    if actual != name:
        which = "which is not a token" if actual is None else f"the token {actual!r}"
        message = f"Texts are padded to {to} with id {number:,}, {which}, and not with {name!r}."
    return [STORED_PADDING.found(message, () if actual is None else (number,))]


def _truncation(subject: Subject) -> list[Finding]:
    stored = subject.tokenizer.stored_truncation
    if stored is None:
        return []
    most = counted(stored["max_length"], "token")
    return [STORED_TRUNCATION.found(f"Texts are truncated to {most}.")]


def _no_unknown(tokenizer: Tokenizer) -> list[Finding]:
    name = getattr(tokenizer.backend.model, "unk_token", None)
    # Models look the token up in their own vocabulary, not among the added tokens.
    if not name or tokenizer.backend.model.token_to_id(name) is not None:
        return []
    return [NO_UNKNOWN.found(f"The model's vocabulary lacks its unknown token {name!r}.")]


def _other_special_ids(tokenizer: Tokenizer) -> list[Finding]:
    found = {}
    for name, written in _inserted(tokenizer):
        actual = tokenizer.backend.token_to_id(name)
        if actual != written:
            has = "has no such token" if actual is None else f"has it as id {actual:,}"
            found[name] = f"{name!r} is inserted as id {written:,}, and the vocabulary {has}"
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
    if unused_marks(subject):  # for lack of which all words are split
        return []
    try:
        words, alone = _very_frequent(subject)
    except EncodingError:  # the analyzer `coverage` reports it
        return []
    starts = vocabulary.starts_word[vocabulary.alphabetic_rows]
    has_boundary = np.zeros(len(vocabulary.words), np.bool_)
    has_boundary[vocabulary.word_codes[starts]] = True
    codes = vocabulary.word_index
    spelled = [
        is_one
        for word, is_one in zip(words, alone.tolist(), strict=True)
        if word in codes and has_boundary[codes[word]]
    ]
    if len(spelled) < _ENOUGH or sum(spelled) >= _LEAST_ALONE * len(spelled):
        return []
    message = (
        f"Only {sum(spelled):,} of {len(spelled):,} very frequent English words are one token at "
        "the start of a text; the vocabulary has all of them with a leading space."
    )
    return [NO_LEADING_SPACE.found(message)]


def _very_frequent(subject: Subject) -> tuple[list[str], NDArray[np.bool_]]:
    """Return the 1,000 most frequent English words, and which of them are one token alone.

    Other languages do not tell: vocabularies without the prefix have few of their words without a
    leading space.
    """
    for part in subject.lower_coverage:
        if part.language == "en":
            return part.words[:_FREQUENT], part.bare[:_FREQUENT]
    words = load_lexicon(["en"]).word_lists[0].top(_FREQUENT)
    return words, single_token_words(subject.tokenizer, words, "bare")


def _casing(subject: Subject) -> list[Finding]:
    """Compare the case that the normalizer leaves with that of tokens of two letters or more."""
    vocabulary = subject.vocabulary
    properties = vocabulary.properties
    words = vocabulary.alphabetic & (properties.lengths > 1)
    cased = np.flatnonzero(words & ~properties.lowercase).tolist()
    if not subject.tokenizer.lowercases:
        latin = words & (properties.script_codes == _code_of(vocabulary, "Latin"))
        if cased or int(latin.sum()) < _LEAST_LOWERCASE:
            return []
        message = f"None of the {int(words.sum()):,} tokens of two letters or more has a capital."
        return [CASED_LOWERCASE.found(message)]
    if len(cased) < max(1, _LEAST_CASED * int(words.sum())):
        return []
    message = (
        f"{len(cased):,} of {int(words.sum()):,} tokens of two letters or more "
        f"{agreed(len(cased), 'has', 'have')} capitals, which the normalizer lower-cases, such as "
        f"{vocabulary.display(cased[0])!r}."
    )
    return [LOWERCASED_CASED.found(message, vocabulary.ids[cased].tolist())]


def _code_of(vocabulary: Vocabulary, script: str) -> int:
    names = vocabulary.properties.script_names
    return names.index(script) if script in names else -1


def _not_inverted(subject: Subject) -> list[Finding]:
    tokenizer = subject.tokenizer
    try:
        words = [word for word in _WORDS if _is_spelled(subject, word)]
        ids = _encode(tokenizer, " ".join(words))
    except EncodingError:  # which other findings report
        return []
    if not words or tokenizer.unknown_id in ids:
        return []
    decoded = decode(tokenizer.backend, ids)
    # BERT's normalizer puts blanks around Han, which no decoder takes back.
    if decoded.split() == _normalized(tokenizer, " ".join(words)).split():
        return []
    parts = ", ".join(
        f"{'+'.join(part['type'] for part in components(tokenizer.backend, name)) or 'no'} {label}"
        for label, name in (("pre-tokenizer", "pre_tokenizer"), ("decoder", "decoder"))
    )
    message = f"{' '.join(words)!r} is decoded as {decoded!r} ({parts})."
    return [NOT_INVERTED.found(message)]


def _marks_lost(tokenizer: Tokenizer) -> list[Finding]:
    """Compare words, composed and decomposed, where a normalizer has compiled rules."""
    if all(part["type"] != "Precompiled" for part in components(tokenizer.backend, "normalizer")):
        return []
    lost = []
    for word in _MARKED:
        try:
            composed, apart = (
                unicodedata.normalize("NFD", _normalized(tokenizer, form))
                for form in (word, unicodedata.normalize("NFD", word))
            )
            is_known = tokenizer.unknown_id not in _encode(tokenizer, word)
        except EncodingError:  # which other findings report
            return []
        if is_known and _marks(apart) < _marks(composed):
            lost.append((word, unicodedata.normalize("NFC", apart).strip()))
    if not lost:
        return []
    word, left = lost[0]
    message = (
        f"{len(lost):,} of {len(_MARKED):,} words with marks lose some where they are decomposed, "
        f"such as {word!r}, which becomes {left!r}."
    )
    return [MARKS_LOST.found(message)]


def _marks(text: str) -> int:
    return sum(map(bool, map(unicodedata.combining, text)))


def _is_spelled(subject: Subject, word: str) -> bool:
    """Return whether the model's own tokens spell a word, so that a decoder could return it.

    They do not where bytes are missing, where an added token splits the word, or where the model
    looks for a mark that no token has; other findings report that.
    """
    tokenizer, vocabulary = subject.tokenizer, subject.vocabulary
    tokens = [vocabulary[number] for number in _encode(tokenizer, word)]
    unknown = tokenizer.unknown_id
    if not tokens or any(token.rank is None or token.id == unknown for token in tokens):
        return False
    if tokenizer.scheme.end and not tokens[-1].starts_word:
        return False
    spelled = b"".join(token.surface for token in tokens).decode("utf-8", "replace")
    return spelled.split() == _normalized(tokenizer, word).split()


def _encode(tokenizer: Tokenizer, text: str) -> list[int]:
    return encode(tokenizer.backend, text)


def _normalized(tokenizer: Tokenizer, text: str) -> str:
    """Return the normalized text, with spaces in place of the marks for them."""
    normalizer = tokenizer.backend.normalizer
    parts = {part["type"] for part in components(tokenizer.backend, "normalizer")}
    if normalizer is None or "ByteLevel" in parts:  # ByteLevel writes bytes, not text
        return text
    return normalize(tokenizer.backend, text).replace(tokenizer.scheme.space or " ", " ")
