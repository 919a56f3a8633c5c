"""Files beside tokenizer.json that hold the same vocabulary: whether they agree with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, analyzer
from tokstat.errors import LimitError, TokstatError
from tokstat.io.limits import parse_json, read_text
from tokstat.model.folder import ModelFolder
from tokstat.text.wording import counted, quoted
from tokstat.tokenizer.tokenizer import TOKENIZER_JSON
from tokstat.tokenizer.vocabulary import Vocabulary

OUT_OF_STEP = Rule(
    "TS672",
    "warning",
    "A vocabulary file that disagrees with tokenizer.json",
    "Older tokenizers of transformers, and converters to other formats, read vocab.json, "
    "merges.txt, vocab.txt or added_tokens.json, and never tokenizer.json. They give the same text "
    "other ids.",
    'Write the files again: `python -c "import tokenizers as t; '
    "t.Tokenizer.from_file('tokenizer.json').model.save('.')\"`. If they are right, delete "
    "tokenizer.json instead.",
    OWN,
)

_HEADER = "#version"


@analyzer("neighbours", title="Vocabulary files beside tokenizer.json", rules=(OUT_OF_STEP,))
def neighbours(subject: Subject) -> Result:
    """Compare vocab.json, merges.txt, vocab.txt and added_tokens.json with tokenizer.json.

    Only files that belong to the kind of model are read. Ids of added_tokens.json that differ are
    another finding (TS610).
    """
    folder = subject.tokenizer.model_folder
    if folder is None or subject.tokenizer.origin.files != (TOKENIZER_JSON,):
        return Result()
    return Result(
        findings=(
            *_vocabulary(subject, folder.path),
            *_merges(subject, folder.path),
            *_added(subject, folder),
        )
    )


def _vocabulary(subject: Subject, folder: Path) -> Iterator[Finding]:
    kind = subject.tokenizer.model_type
    if kind in ("BPE", "WordLevel"):
        name, stated = "vocab.json", _tokens_of_json(folder / "vocab.json")
    elif kind == "WordPiece":
        name, stated = "vocab.txt", _tokens_of_lines(folder / "vocab.txt")
    else:
        return
    if isinstance(stated, str):
        yield OUT_OF_STEP.found(f"{name} cannot be read: {stated}.")
    elif stated is not None:
        yield from _differing(name, stated, subject.vocabulary)


def _differing(name: str, stated: Mapping[str, int], vocabulary: Vocabulary) -> Iterator[Finding]:
    ids = dict(zip(vocabulary.tokens, vocabulary.ids.tolist(), strict=True))
    if len(stated) == len(ids) and stated == ids:  # the usual case, at once
        return
    own = {token: ids[token] for token in _own(vocabulary)}
    moved = {token: number for token, number in stated.items() if ids.get(token, number) != number}
    strange = [token for token in stated if token not in ids]
    lacking = [token for token in own if token not in stated]
    if not (moved or strange or lacking):
        return
    parts = []
    if moved:
        token, number = next(iter(moved.items()))
        parts.append(
            f"{counted(len(moved), 'token')} with another id, such as {quoted(token)}: {number:,} "
            f"there, {ids[token]:,} in tokenizer.json"
        )
    if strange:
        parts.append(
            f"{counted(len(strange), 'token')} that tokenizer.json lacks, such as "
            f"{quoted(strange[0])}"
        )
    if lacking:
        parts.append(f"not {counted(len(lacking), 'token')}, such as {quoted(lacking[0])}")
    concerned = sorted({*(ids[token] for token in moved), *(own[token] for token in lacking)})
    yield OUT_OF_STEP.found(f"{name} has {'; '.join(parts)}.", concerned)


def _own(vocabulary: Vocabulary) -> list[str]:
    """Return the model's own tokens; added tokens have negative ranks."""
    rows = (vocabulary.ranks >= 0).nonzero()[0].tolist()
    return [vocabulary.tokens[row] for row in rows]


def _merges(subject: Subject, folder: Path) -> Iterator[Finding]:
    path = folder / "merges.txt"
    if subject.tokenizer.model_type != "BPE" or not path.is_file():
        return
    text = _read(path)
    if text is None:
        yield OUT_OF_STEP.found("merges.txt cannot be read.")
        return
    lines = [line for line in text.split("\n") if line and not line.startswith(_HEADER)]
    merges = [f"{left} {right}" for left, right in subject.tokenizer.source_text().merges()]
    if lines == merges:
        return
    same = next(
        (place for place, pair in enumerate(zip(lines, merges, strict=False)) if len({*pair}) > 1),
        min(len(lines), len(merges)),
    )
    first, second = (quoted(each[same]) if same < len(each) else "none" for each in (lines, merges))
    yield OUT_OF_STEP.found(
        f"merges.txt has {counted(len(lines), 'merge')}, and tokenizer.json {len(merges):,}. Merge "
        f"{same + 1:,} is {first} there, and {second} in tokenizer.json."
    )


def _added(subject: Subject, folder: ModelFolder) -> Iterator[Finding]:
    stated = folder.configuration("added_tokens.json")
    if not stated:
        return
    texts = {number: subject.vocabulary[number].token for number in subject.tokenizer.outside_ids}
    lacking = [number for number, text in texts.items() if text not in stated]
    if lacking:
        yield OUT_OF_STEP.found(
            f"added_tokens.json lacks {counted(len(lacking), 'token')} that tokenizer.json adds, "
            f"such as {quoted(texts[lacking[0]])}.",
            lacking,
            hint="Write each token with its id into added_tokens.json, or delete that file.",
        )


def _tokens_of_json(path: Path) -> Mapping[str, int] | str | None:
    """Return the ids by token, or why there are none; None without such a file."""
    if not path.is_file():
        return None
    text = _read(path)
    try:
        content = parse_json(text or "", str(path))
    except (ValueError, LimitError) as error:
        return error.problem if isinstance(error, TokstatError) else "it is not valid JSON"
    if not isinstance(content, dict) or any(type(each) is not int for each in content.values()):
        return "it does not map tokens to ids"
    return content


def _tokens_of_lines(path: Path) -> Mapping[str, int] | str | None:
    if not path.is_file():
        return None
    text = _read(path)
    if text is None:
        return "it is not text in UTF-8, or too large"
    lines = text.removesuffix("\n").split("\n")
    return {line.removesuffix("\r"): number for number, line in enumerate(lines)}


def _read(path: Path) -> str | None:
    try:
        return read_text(path)
    except (OSError, ValueError, LimitError):
        return None
