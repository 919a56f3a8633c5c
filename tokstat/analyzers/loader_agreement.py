"""Whether transformers loads the same tokenizer from the same files."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tokenizers

from tokstat.analyzers import OWN, Finding, MetricType, Result, Rule, Subject, Table, analyzer
from tokstat.errors import DataError, EncodingError, InvalidTokenizerError, TokstatError
from tokstat.text.delta_debugging import shortest
from tokstat.text.visible import shortened
from tokstat.tokenizer.decoding import components
from tokstat.tokenizer.encoding import encode
from tokstat.tokenizer.tokenizer import Tokenizer

AGREEING = MetricType(
    "agreeing_texts",
    "ratio",
    "texts of the stress list and the sample to which both loaders give the same ids",
    source=OWN,
)

OTHER_IDS = Rule(
    "TS640",
    "error",
    "transformers encodes text differently from the file",
    "AutoTokenizer does not always use the pipeline in tokenizer.json. In transformers 5 a "
    "tokenizer_class such as GPT2Tokenizer or LlamaTokenizer builds its own pipeline over the "
    "file's vocabulary. A model trained with one of the two silently gets other tokens from the "
    "other.",
    "Set tokenizer_class to PreTrainedTokenizerFast in tokenizer_config.json, so that transformers "
    "uses the file's pipeline. If the model was trained with the class, load the tokenizer with "
    "AutoTokenizer and save it again.",
    source="seen with transformers 5",
)
OTHER_FRAME = Rule(
    "TS641",
    "warning",
    "transformers adds other special tokens than the file",
    "Both loaders split a text alike, but put different tokens before or after it (add_bos_token, "
    "add_eos_token). Many models need the first token that they were trained with.",
    "Load the tokenizer with AutoTokenizer and save it again, so that the file's post-processor "
    "adds the same tokens.",
    source="seen with transformers 5",
)

STRESS = (
    " ",
    "   ",
    "\t\tx",
    " word",
    "word ",
    "two  blanks",
    "line\nbreak",
    "two\n\nbreaks\r\n",
    "a\u00a0b\u3000c\u200bd",
    "Hello, world! It's IT'S we'll WE'LL",
    "camelCase snake_case kebab-case HTTPServer2",
    "1 12 123 1234 12345 3.14 1,000,000 0x1F 10^-9",
    "def f(x):\n    if x:\n        return {'a': [x]}\n",
    '<p class="x">https://example.org/?q=1&r=%20</p>',
    "中文文本，日本語のテキスト。한국어 문장",
    "مرحبا بالعالم ١٢٣ שלום",
    "Привет, мир! Γειά σου Κόσμε हिन्दी ไทย",
    "naïve café nai\u0308ve cafe\u0301 ﬁ Ⅳ ½ İstanbul ẞ",
    "🙂👍🏽👩‍👩‍👧🇩🇪 ♥️",
    "....!!!???------======",
    "\x00\x07\u202e\ufeff\ufffd",
)
"""Texts on which pipelines differ: spaces, line breaks, scripts, digits, code, rare characters."""

_SPECIALS = 8
_LONGEST = 400
_LINES = 64
_WORDS_A_LINE = 16
_MOST_ENCODINGS = 4_000

_PARTS = ("normalizer", "pre_tokenizer", "post_processor", "decoder")


@dataclass(frozen=True)
class _Difference:
    """Hold the shortest text found whose ids differ between the loaders."""

    text: str
    as_written: list[int]
    transformers: list[int]


@analyzer(
    "loader_agreement",
    title="Agreement with transformers",
    needs=("option deep",),
    metrics=(AGREEING,),
    rules=(OTHER_IDS, OTHER_FRAME),
)
def loader_agreement(subject: Subject) -> Result:
    """Encode texts with the tokenizer as written, and as transformers' AutoTokenizer loads it.

    The texts are a stress list (spaces, line breaks, scripts, punctuation, digits, code), the
    special tokens inside text, and lines of frequent words. The first text whose ids differ is
    shortened as far as the ids still differ. Only files on this machine are read, and remote code
    never runs.
    """
    ours = subject.tokenizer
    theirs = _loaded_by_transformers(subject)
    texts = list(_texts(subject))
    differing = [text for text in texts if _ids(ours, text) != _ids(theirs, text)]
    framed = [text for text in texts if _ids(ours, text, True) != _ids(theirs, text, True)]
    parts = list(_other_parts(ours, theirs))
    found = []
    rows = []
    if differing or framed:
        rule, first = (OTHER_IDS, differing[0]) if differing else (OTHER_FRAME, framed[0])
        rows = [_shortest(ours, theirs, first, framed=not differing)]
        causes = _causes(ours, theirs, rows[0], [name for name, _, _ in parts], not differing)
        found = [_finding(rule, theirs, rows[0], causes)]
    agreeing = len(texts) - len(set(framed) | set(differing))
    return Result(
        metrics=(AGREEING.ratio(agreeing, len(texts), theirs.origin.loader),),
        tables=(_differences(subject, theirs, rows), _parts_table(parts)),
        findings=tuple(found),
    )


def _loaded_by_transformers(subject: Subject) -> Tokenizer:
    """Return the tokenizer that AutoTokenizer loads from the folder.

    Raises:
        DataError: there is no folder, or transformers cannot load it, which TS671 reports.
    """
    if subject.tokenizer.model_folder is None:
        raise DataError("transformers needs a folder, and there is none", "Give a folder as SPEC.")
    if subject.tokenizer.origin.loader.startswith("transformers"):
        raise DataError("transformers itself loaded this tokenizer: nothing to compare", "")
    found = subject.as_transformers
    if isinstance(found, InvalidTokenizerError):
        raise DataError("transformers does not load the folder, see TS671", found.hint)
    if isinstance(found, TokstatError):
        raise DataError(found.problem, found.hint)
    return found


def _texts(subject: Subject) -> Iterator[str]:
    yield from STRESS
    rows = subject.vocabulary
    for row in (rows.ranks < 0).nonzero()[0][:_SPECIALS].tolist():
        yield f"a {rows.tokens[row]} b"
        yield f"a{rows.tokens[row]}b"
    for words in subject.lexicon.word_lists:
        frequent = words.top(_LINES * _WORDS_A_LINE)
        for start in range(0, len(frequent), _WORDS_A_LINE):
            yield " ".join(frequent[start : start + _WORDS_A_LINE])


def _ids(tokenizer: Tokenizer, text: str, framed: bool = False) -> list[int] | None:
    """Return the ids of a text, or None where encoding fails."""
    try:
        return encode(tokenizer.backend, text, special=framed)
    except EncodingError:
        return None


def _shortest(ours: Tokenizer, theirs: Tokenizer, text: str, *, framed: bool) -> _Difference:
    tries = itertools.count()

    def differs(shorter: str) -> bool:
        if next(tries) >= _MOST_ENCODINGS:
            return False
        return _ids(ours, shorter, framed) != _ids(theirs, shorter, framed)

    text = shortest(text, differs)
    return _Difference(text, _ids(ours, text, framed) or [], _ids(theirs, text, framed) or [])


def _finding(rule: Rule, theirs: Tokenizer, difference: _Difference, causes: list[str]) -> Finding:
    names = " and ".join(causes) or "nothing in the files"
    message = (
        f"{difference.text!r} has the ids {difference.as_written} as written, and "
        f"{difference.transformers} from {theirs.origin.loader}. Differing: {names}."
    )
    return rule.found(message)


def _other_parts(ours: Tokenizer, theirs: Tokenizer) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each part of the pipeline that differs, with both written forms."""
    for name in _PARTS:
        pair = [components(each.backend, name) for each in (ours, theirs)]
        if pair[0] != pair[1]:
            yield name, _written(pair[0]), _written(pair[1])
    models = [json.loads(each.backend.model.__getstate__()) for each in (ours, theirs)]
    for key in sorted(models[0].keys() | models[1].keys()):
        values = [model.get(key) for model in models]
        if values[0] != values[1]:
            yield f"{key} of the model", _written(values[0]), _written(values[1])
    added = [_added(each) for each in (ours, theirs)]
    if added[0] != added[1]:
        only = [dict(added[side].items() - added[1 - side].items()) for side in (0, 1)]
        yield "added tokens", _written(only[0]), _written(only[1])


def _causes(
    ours: Tokenizer, theirs: Tokenizer, difference: _Difference, names: list[str], framed: bool
) -> list[str]:
    """Name the one part of the pipeline that alone causes the difference, or all that differ."""
    for name in filter(_PARTS.__contains__, names):
        backend = tokenizers.Tokenizer.from_str(ours.to_json())
        setattr(backend, name, getattr(theirs.backend, name))
        swapped = Tokenizer(backend, ours.origin)
        if _ids(swapped, difference.text, framed) == difference.transformers:
            return [name]
    return names


def _added(tokenizer: Tokenizer) -> dict[int, str]:
    """Describe each added token in one line."""
    return {
        number: repr(token)
        for number, token in tokenizer.backend.get_added_tokens_decoder().items()
    }


def _written(value: Any) -> str:
    return shortened(json.dumps(value, ensure_ascii=False), _LONGEST)


def _differences(subject: Subject, theirs: Tokenizer, found: list[_Difference]) -> Table:
    def show(tokenizer: Tokenizer, ids: list[int]) -> str:
        known = set(tokenizer.vocabulary.ids.tolist())
        return "|".join(tokenizer.vocabulary[each].display for each in ids if each in known)

    return Table(
        "first_difference",
        "Shortest text with different ids",
        {
            "text": tuple(repr(each.text) for each in found),
            "as_written": tuple(show(subject.tokenizer, each.as_written) for each in found),
            "ids_as_written": tuple(str(each.as_written) for each in found),
            "transformers": tuple(show(theirs, each.transformers) for each in found),
            "ids_transformers": tuple(str(each.transformers) for each in found),
        },
    )


def _parts_table(causes: list[tuple[str, str, str]]) -> Table:
    columns = list(zip(*causes, strict=True)) or [(), (), ()]
    return Table(
        "differing_parts",
        "Parts of the pipeline that differ",
        {"part": columns[0], "as_written": columns[1], "transformers": columns[2]},
    )
