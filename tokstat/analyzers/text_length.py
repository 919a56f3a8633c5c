"""How long a parallel text is in tokens, in each language of the lexicon."""

from __future__ import annotations

from dataclasses import dataclass

from tokstat.analyzers import OWN, MetricType, Result, Subject, Table, analyzer
from tokstat.errors import DataError
from tokstat.results.language_names import named
from tokstat.text.wording import counted
from tokstat.tokenizer.encoding import encode_batch_fast
from tokstat.words.parallel_text import WITHOUT_SPACES, parallel_text

_SOURCE = "fertility, arXiv 2012.15613; text: Universal Declaration of Human Rights"

FERTILITY = MetricType(
    "text_fertility",
    "tokens per word",
    "tokens of the Universal Declaration of Human Rights, over its words between white space",
    _SOURCE,
)
CHARACTERS_PER_TOKEN = MetricType(
    "text_characters_per_token",
    "characters per token",
    "characters of the Universal Declaration of Human Rights, over its tokens",
    OWN,
)
UNKNOWN = MetricType(
    "text_unknown_ratio",
    "ratio",
    "unknown tokens among those of the Universal Declaration of Human Rights: its text is lost",
    OWN,
)


@dataclass(frozen=True)
class _Length:
    """Count the tokens, words and characters of the text in one language."""

    language: str
    tokens: int
    unknown: int
    words: int | None
    characters: int


@analyzer(
    "text_length",
    title="Length of a parallel text",
    metrics=(FERTILITY, CHARACTERS_PER_TOKEN, UNKNOWN),
)
def text_length(subject: Subject) -> Result:
    """Encode the Universal Declaration of Human Rights in each language of the lexicon.

    Every line is encoded alone, without special tokens. All translations say the same, so that
    languages can be compared. Fertility is not applicable to Chinese and Japanese, which put no
    spaces between words. An unknown token may stand for a long word, so the numbers flatter a
    tokenizer that has many. The declaration is short and formal: measure your own text with
    `tokstat corpus`.
    """
    lengths = []
    for language in subject.lexicon.languages:
        lines = parallel_text(language)
        if lines is not None:
            lengths.append(_length(subject, language, lines))
    if not lengths:
        raise DataError("the text is not packaged in this language", "Use `tokstat corpus`.")
    with_words = [each for each in lengths if each.words is not None]
    tokens = sum(each.tokens for each in lengths)
    words = sum(each.words or 0 for each in with_words)
    scope = ", ".join(
        f"{counted(each.tokens, 'token')} of {named(each.language)}" for each in lengths
    )
    return Result(
        metrics=(
            FERTILITY.value(
                sum(each.tokens for each in with_words) / words if words else None, scope
            ),
            CHARACTERS_PER_TOKEN.value(
                sum(each.characters for each in lengths) / tokens if tokens else None, scope
            ),
            UNKNOWN.ratio(sum(each.unknown for each in lengths), tokens, scope),
        ),
        tables=(
            Table(
                "languages",
                "Length of the text by language",
                {
                    "language": tuple(each.language for each in lengths),
                    "tokens": tuple(each.tokens for each in lengths),
                    "unknown": tuple(each.unknown for each in lengths),
                    "words": tuple(each.words for each in lengths),
                    "characters": tuple(each.characters for each in lengths),
                },
            ),
        ),
    )


def _length(subject: Subject, language: str, lines: tuple[str, ...]) -> _Length:
    encodings = encode_batch_fast(subject.tokenizer.backend, lines)
    unknown = subject.tokenizer.unknown_id
    return _Length(
        language,
        tokens=sum(map(len, encodings)),
        unknown=0 if unknown is None else sum(each.ids.count(unknown) for each in encodings),
        words=None if language in WITHOUT_SPACES else sum(len(line.split()) for line in lines),
        characters=sum(map(len, lines)),
    )
