"""Decoded text that loses spaces, and offsets that include one."""

from __future__ import annotations

from collections.abc import Iterator

from tokstat.analyzers import Finding, Result, Rule, Subject, analyzer
from tokstat.model.folder import ModelFolder
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import decode, encode, encode_batch
from tokstat.tokenizer.tokenizer import Tokenizer

CLEAN_UP = Rule(
    "TS685",
    "info",
    "Decoding deletes spaces before punctuation",
    "clean_up_tokenization_spaces was made for WordPiece, whose decoder puts a space before each "
    "token. Other tokenizers keep the spaces of a text, and it deletes some of them: code and "
    "quoted text lose theirs. transformers 4 applies it to every tokenizer, transformers 5 to all "
    "but BPE.",
    "Set clean_up_tokenization_spaces to false: `tokstat repair SPEC --no-clean-up -o FOLDER`.",
    source="measured with transformers 4.57 and 5.24",
)
OFFSETS = Rule(
    "TS686",
    "info",
    "Offsets include the space before a word",
    "An answer or a name that is cut out by the offsets of its tokens begins with a space. Labels "
    "of characters then do not fit the tokens.",
    "Add a ByteLevel post-processor with trim_offsets to tokenizer.json, or set trim_offsets to "
    "true in the one that it has.",
    source="measured with tokenizers 0.21 to 0.23",
)

_TEXT = "x != y"
_CLEANED = "x!= y"
_WORDS = "hello world"


@analyzer("decoded_text", title="Decoded text and offsets", rules=(CLEAN_UP, OFFSETS))
def decoded_text(subject: Subject) -> Result:
    """Test what clean_up_tokenization_spaces deletes, and where the offsets of a word begin.

    Clean-up is tested only if tokenizer_config.json asks for it and the tokenizer returns a text
    with its spaces. Offsets are tested for byte-level tokenizers of encoders: models that label
    tokens or find answers use them.
    """
    folder = subject.tokenizer.model_folder
    if folder is None:
        return Result()
    return Result(findings=(*_clean_up(subject.tokenizer, folder), *_offsets(subject)))


def _clean_up(tokenizer: Tokenizer, folder: ModelFolder) -> Iterator[Finding]:
    config = folder.configuration("tokenizer_config.json")
    if config.get("clean_up_tokenization_spaces") is not True:
        return
    backend = tokenizer.backend
    if tokenizer.scheme.keeps_spaces and decode(backend, encode(backend, _TEXT)).strip() == _TEXT:
        message = f"clean_up_tokenization_spaces is true: {_TEXT!r} is decoded as {_CLEANED!r}."
        yield CLEAN_UP.found(message)


def _offsets(subject: Subject) -> Iterator[Finding]:
    tokenizer = subject.tokenizer
    if not tokenizer.scheme.byte_level or subject.purpose != "encoder":
        return
    (encoding,) = encode_batch(tokenizer.backend, [_WORDS], special=True)
    spans = [_WORDS[start:end] for start, end in encoding.offsets]
    span = next((span for span in spans if span[:1] == " " and len(span) > 1), "")
    if not span:
        return
    types = [part["type"] for part in components(tokenizer.backend, "post_processor")]
    why = "trim_offsets is off" if "ByteLevel" in types else "no post-processor trims them"
    yield OFFSETS.found(f"In {_WORDS!r} the offsets of a token are those of {span!r}: {why}.")
