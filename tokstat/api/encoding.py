"""Show how tokenizers split texts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokstat import loading
from tokstat.api.loading import Spec, load, specs_of
from tokstat.errors import EncodingError, naming
from tokstat.io.files import as_path
from tokstat.splitting.explained import Decoded, SplitCauses, require_short
from tokstat.splitting.panel import PANEL
from tokstat.splitting.side_by_side import AlignedText, TextSplits
from tokstat.splitting.split import TextSplit, require_text, split_texts
from tokstat.tokenizer.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokstat.model.chat_template import Conversation
    from tokstat.splitting.steps import Steps
    from tokstat.words.lexicon import Lexicon

_LOG = logging.getLogger(__name__)


def encode(
    specs: Spec | Sequence[Spec],
    text: str | Sequence[str] | Mapping[str, str] | None = None,
    *,
    special: bool = False,
    classes: bool = False,
    lang: str | Sequence[str] = "en",
    lexicon: str | Path | Lexicon | None = None,
) -> TextSplits:
    """Split a text, or several, with one tokenizer or several, aligned on the text.

    `text` is one text, several, or texts by name; by default the fixed panel. `special` adds the
    special tokens of the post-processor. `classes` looks up the word class of each token in the
    word list of `lang`, or in `lexicon`.

    Raises:
        TokstatError: as `load`; `EncodingError` for a text that no tokenizer can take, or one that
            a tokenizer fails on.
    """
    tokenizers = [load(spec) for spec in specs_of(specs)]
    named = texts_by_name(text)
    texts = [each for _, each in named]
    for each in texts:
        require_text(each)
    columns = [_split(each, texts, special, classes, lang, lexicon) for each in tokenizers]
    return TextSplits(
        tuple(
            AlignedText(each, splits, name)
            for (name, each), splits in zip(named, zip(*columns, strict=True), strict=True)
        )
    )


def texts_by_name(
    text: str | Iterable[str] | Mapping[str, str] | None,
) -> list[tuple[str, str]]:
    """Return texts with their names, "" for those without one; None is the panel.

    Raises:
        EncodingError: there is no text, or something that is none.
    """
    if text is None:
        return list(PANEL.items())
    if isinstance(text, str):
        return [("", text)]
    try:
        named = list(text.items()) if isinstance(text, Mapping) else [("", each) for each in text]
    except TypeError:
        named = [("", text)]  # which is refused
    for _, each in named:
        if not isinstance(each, str):
            raise EncodingError(
                f"A text is of the type {type(each).__name__}", "Give each text as a string."
            )
    if not named:
        raise EncodingError("There is no text to split", "Give a text, or none for the panel.")
    return named


def _split(
    tokenizer: Tokenizer,
    texts: Sequence[str],
    special: bool,
    classes: bool,
    lang: str | Sequence[str],
    lexicon: str | Path | Lexicon | None,
) -> list[TextSplit]:
    words = None
    if classes:
        from tokstat.api.inspection import find_lexicon

        words = find_lexicon(tokenizer, lang, lexicon)
    _LOG.info("splitting the text by %s", tokenizer.origin.spec)
    with naming(tokenizer.origin.spec):
        return split_texts(tokenizer, texts, special=special, lexicon=words)


def load_local(spec: Spec) -> Tokenizer:
    """Load as `load`, but take a copy on this machine without asking the Hub for a newer one."""
    if isinstance(spec, str):
        _LOG.info("loading %s", spec)
        return loading.load(spec, prefers_copy=True)
    return load(spec)


def read_conversation(path: str | Path) -> Conversation:
    """Read a JSON file of messages, or of an object with `messages` and what the template takes.

    Raises:
        EncodingError: the file cannot be read, or holds no messages.
    """
    from tokstat.model.chat_template import read_conversation as read

    return read(as_path(path))


def encode_chat(
    spec: Spec,
    conversation: str | Path | Conversation | Sequence[Mapping[str, Any]],
    *,
    classes: bool = False,
) -> TextSplits:
    """Split a conversation as the tokenizer's chat template writes it.

    `conversation` is a list of messages, or a JSON file as `read_conversation` takes it.

    Raises:
        TokstatError: as `encode`; `EncodingError` where there is no template, or it rejects the
            conversation; `MissingExtraError` without jinja2.
    """
    from tokstat.model.chat_template import Conversation, render_chat

    tokenizer = load(spec)
    if isinstance(conversation, (str, Path)):
        conversation = read_conversation(conversation)
    if not isinstance(conversation, Conversation):
        conversation = Conversation(tuple(conversation))
    text = render_chat(tokenizer.model_folder, conversation, tokenizer.origin.spec)
    return encode(tokenizer, text, classes=classes)


def decode_ids(spec: Spec, ids: Sequence[int]) -> Decoded:
    """Decode ids, which need not be those of a text.

    Raises:
        EncodingError: an id is unknown, or the tokenizer fails on them.
    """
    tokenizer = load(spec)
    wrong = [each for each in ids if not isinstance(each, int)]
    if wrong:
        raise EncodingError(f"{wrong[0]!r} is not an id", "Give whole numbers.")
    unknown = [each for each in ids if each not in tokenizer.token_texts]
    if unknown:
        raise EncodingError(
            f"{tokenizer.origin.spec} has no token with the id {unknown[0]:,}",
            "Give ids of its vocabulary: tokstat tokens SPEC.",
        )
    tokens = tuple(tokenizer.token_texts[each].in_text for each in ids)
    return Decoded(tokenizer.origin.spec, tuple(ids), tokens, tokenizer.decode(ids))


def replay_steps(spec: Spec, text: str, *, special: bool = False) -> Steps:
    """Return what each component of a tokenizer does to a text, in order.

    Raises:
        TokstatError: as `encode`; `EncodingError` for a text that is too long to show each step.
    """
    tokenizer = load(spec)
    return replay_all([tokenizer], encode(tokenizer, text, special=special).splits, special)[0]


def explain_splits(spec: Spec, text: str) -> SplitCauses:
    """Return for each split word of a text why it is split, and what would make it whole.

    Raises:
        TokstatError: as `encode`; `EncodingError` for a text that is too long to explain.
    """
    tokenizer = load(spec)
    return explain_all([tokenizer], encode(tokenizer, text).splits)[0]


def replay_all(
    tokenizers: Sequence[Tokenizer], splits: Sequence[TextSplit], special: bool
) -> list[Steps]:
    """Replay splits with their tokenizers, each of whose models is read once.

    Raises:
        EncodingError: a text is too long to show each step.
    """
    from tokstat.splitting.steps import Replay

    require_short(splits)
    _LOG.info("replaying the steps")
    replays = {each.origin.spec: Replay(each) for each in tokenizers}
    return [replays[split.tokenizer].steps(split.text, special=special) for split in splits]


def explain_all(tokenizers: Sequence[Tokenizer], splits: Sequence[TextSplit]) -> list[SplitCauses]:
    """Explain why words of splits are split.

    Raises:
        EncodingError: a text is too long to explain each word.
    """
    from tokstat.splitting import why

    require_short(splits)
    named = {each.origin.spec: each for each in tokenizers}
    found = []
    for split in splits:
        _LOG.info("finding why %s splits words", split.tokenizer)
        words = why.explain_splits(named[split.tokenizer], split.text)
        found.append(SplitCauses(split, tuple(words)))
    return found
