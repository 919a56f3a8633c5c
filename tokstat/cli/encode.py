"""`tokstat encode`: how tokenizers split a text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tokstat.cli.completion import complete_spec
from tokstat.cli.options import examples, json_option, output_option
from tokstat.cli.reporting import format_of

if TYPE_CHECKING:
    from tokstat.splitting.side_by_side import TextSplits
    from tokstat.tokenizer.tokenizer import Tokenizer

STDIN = "-"

_IDS = re.compile(r"\[?\s*\d+(?:\s*[,\s]\s*\d+)*,?\s*\]?")
"""A text that may be meant as ids, as other programs write them."""

_FORMATS = {".json": "json", ".md": "markdown", ".html": "html", ".htm": "html"}


@click.command(
    epilog=examples(
        'encode answerdotai/ModernBERT-base tiger " tiger"',
        "encode answerdotai/ModernBERT-base google-bert/bert-base-uncased --file README.md",
    )
)
@click.argument(
    "arguments", nargs=-1, required=True, metavar="SPEC... [TEXT]...", shell_complete=complete_spec
)
@click.option(
    "--text",
    "texts",
    multiple=True,
    help="A text that would otherwise be taken for a SPEC. Repeatable.",
)
@click.option("--file", type=click.Path(path_type=Path), help="Split the text of this file.")
@click.option("--special", is_flag=True, help="Add the special tokens of the post-processor.")
@click.option("--ids", is_flag=True, help="Show the ids of the tokens.")
@click.option("--offsets", is_flag=True, help="Show the characters and bytes of each token.")
@click.option(
    "--classes", is_flag=True, help="Show the class of each token: whole_word, fragment …"
)
@click.option(
    "--chat",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Split a conversation, through the chat template beside the tokenizer.",
)
@click.option("--decode", metavar="IDS", help="Decode ids, separated by commas or spaces.")
@click.option("--steps", is_flag=True, help="Show what each component of the tokenizer does.")
@click.option("--why", is_flag=True, help="Show for each split word why it is split.")
@json_option
@output_option
def encode(
    arguments: tuple[str, ...],
    texts: tuple[str, ...],
    file: Path | None,
    special: bool,
    ids: bool,
    offsets: bool,
    classes: bool,
    chat: Path | None,
    decode: str | None,
    steps: bool,
    why: bool,
    as_json: bool,
    output: Path | None,
) -> None:
    """Show how tokenizers split a text.

    There is one row for each tokenizer, aligned on the text. Spaces show as a middle dot, and ^
    marks where tokenizers differ. Without a text, a fixed panel of texts is split. TEXT - is stdin.

    A copy of a Hub tokenizer on this machine is used as it is; org/name@main asks the Hub.
    The suffix of -o sets the format: .json, .md, .html (a page with a text box, or of the
    conversation), else text.
    """
    from tokstat.api.encoding import load_local
    from tokstat.cli.output import say, write
    from tokstat.cli.progress import telling
    from tokstat.loading.names import split_arguments

    specs, positional = (list(arguments), []) if texts else split_arguments(arguments)
    _require_one_source(texts=texts or positional, file=file, chat=chat, decode=decode)
    given = None if chat or decode is not None else _texts(texts or positional, file)
    if len(positional) == 1 and not texts and Path(positional[0]).is_file():
        say(f"{positional[0]} is taken as a text; to split the file, use --file {positional[0]}")
    for each in given or () if ids else ():
        if _IDS.fullmatch(each):
            say(f"{each!r} is split as a text; to decode ids, use --decode {each!r}")
    format_of("json" if as_json else None, output)
    suffix = output.suffix.lower() if output else ""
    format = "json" if as_json else _FORMATS.get(suffix, "terminal")
    options = {"ids": ids, "offsets": offsets, "classes": classes}
    with telling():
        tokenizers = [load_local(spec) for spec in specs]
        if decode is not None:
            text = _decoded(tokenizers, decode, format)
        else:
            parts = _parts(tokenizers, given, chat, special=special, classes=classes)
            more = {"steps": _steps(tokenizers, parts, special)} if steps else {}
            if why:
                more["why"] = _causes(tokenizers, parts)
            if format == "json":
                text = _json(parts, more)
            elif format == "html" and chat is None:
                switched_on = [name for name, on in (("ids", ids), ("special", special)) if on]
                below = _below(parts, more, offsets=offsets, classes=classes)
                text = _playground(tokenizers, given, below, switched_on)
            else:
                text = _shown(parts, more, output, format, **options)
    write(text, output, prose=format == "terminal")


def _require_one_source(**sources: Any) -> None:
    given = [f"--{name}" for name, value in sources.items() if value not in ((), [], None)]
    if len(given) > 1:
        shown = " and ".join("TEXT" if name == "--texts" else name for name in given)
        raise click.UsageError(f"{shown} are different sources of one text. Give one of them")


def _texts(texts: tuple[str, ...] | list[str], file: Path | None) -> list[str] | None:
    """Return the texts of the command line, of stdin or of a file; None for none.

    Raises:
        EncodingError: a text is empty, too long, or no text.
        SourceNotFoundError, AccessDeniedError: the file cannot be read.
    """
    from tokstat.errors import EncodingError

    if file is not None:
        found = [_read(file)]
    elif texts:
        found = [_read(None) if text == STDIN else text for text in texts]
    else:
        return None
    if "" in found:
        raise EncodingError("The text is empty", "Give a text, or none for the fixed panel.")
    return found


def _read(file: Path | None) -> str:
    """Read a file, or stdin; no more than a text may have."""
    import sys

    from tokstat.errors import AccessDeniedError, EncodingError, reason_of
    from tokstat.splitting.split import MOST_CHARACTERS, too_long

    name, most = str(file or "stdin"), 4 * MOST_CHARACTERS
    try:
        if file is None:
            data = sys.stdin.buffer.read(most + 1)
        else:
            with file.open("rb") as opened:
                data = opened.read(most + 1)
    except OSError as error:
        raise AccessDeniedError(
            f"{name} cannot be read: {error.strerror or error}",
            "Check the path and its permissions.",
        ) from error
    if len(data) > most:
        raise too_long(name, f"more than {most:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"{name} cannot be read: {reason_of(error)}", "Convert it to UTF-8."
        ) from error


def _parts(
    tokenizers: list[Tokenizer],
    texts: list[str] | None,
    chat: Path | None,
    *,
    special: bool,
    classes: bool,
) -> list[TextSplits]:
    """Return the splits: of all tokenizers together, or of each one's own conversation."""
    from tokstat.api import encoding

    if chat is None:
        return [encoding.encode(tokenizers, texts, special=special, classes=classes)]
    messages = encoding.read_conversation(chat)
    return [encoding.encode_chat(each, messages, classes=classes) for each in tokenizers]


def _playground(
    tokenizers: list[Tokenizer],
    texts: list[str] | None,
    below: list[str],
    switched_on: list[str],
) -> str:
    from tokstat.render.html.playground import render_playground

    if below:
        below = ["Below is the text given to the command. Typing does not change it.", *below]
    text = "\n".join(texts or ())
    return render_playground(tokenizers, text, switched_on=switched_on, more=below)


def _below(parts: list[TextSplits], more: dict[str, list[Any]], **options: bool) -> list[str]:
    """Return the parts that pages and Markdown have below the splits."""
    from tokstat.render.explained import explained_parts, token_parts

    tokens = token_parts(parts, **options) if any(options.values()) else ()
    return [*tokens, *explained_parts(more.get("why", ()), more.get("steps", ()))]


def _decoded(tokenizers: list[Tokenizer], ids: str, format: str) -> str:  # noqa: A002
    import json

    from tokstat.api.encoding import decode_ids
    from tokstat.errors import EncodingError
    from tokstat.render.terminal.splits import render_decoded

    words = re.split(r"[\s,]+", ids.strip(" \t\n,[]()"))
    if not all(re.fullmatch(r"[0-9]{1,9}", word) for word in words):
        wrong = next(word for word in words if not re.fullmatch(r"[0-9]{1,9}", word))
        raise EncodingError(
            f"{wrong!r} is not an id" if wrong else "There are no ids to decode",
            "Give whole numbers separated by commas, such as --decode 85,8047.",
        )
    found = [decode_ids(each, list(map(int, words))) for each in tokenizers]
    if format == "json":
        from tokstat.results.report import SCHEMA_VERSION

        decoded = [each.to_dict() for each in found]
        return json.dumps({"schema_version": SCHEMA_VERSION, "decoded": decoded}) + "\n"
    text = render_decoded(found)
    if format == "terminal":
        return text
    from tokstat.render import write_parts
    from tokstat.render.parts import Preformatted

    return write_parts("Decoded ids", [Preformatted(text)], format)


def _steps(tokenizers: list[Tokenizer], parts: list[TextSplits], special: bool) -> list[Any]:
    from tokstat.api.encoding import replay_all

    return replay_all(tokenizers, [split for part in parts for split in part.splits], special)


def _causes(tokenizers: list[Tokenizer], parts: list[TextSplits]) -> list[Any]:
    from tokstat.api.encoding import explain_all

    return explain_all(tokenizers, [split for part in parts for split in part.splits])


def _json(parts: list[TextSplits], more: dict[str, list[Any]]) -> str:
    import json

    data = [part.to_dict() for part in parts]
    whole = {**data[0], "texts": [text for each in data for text in each["texts"]]}
    whole["tokenizers"] = [name for each in data for name in each["tokenizers"]]
    for name, found in more.items():
        whole[name] = [each.to_dict() for each in found]
    return json.dumps(whole, allow_nan=False) + "\n"


def _shown(
    parts: list[TextSplits],
    more: dict[str, list[Any]],
    output: Path | None,
    format: str,  # noqa: A002
    **options: bool,
) -> str:
    import shutil

    from tokstat.cli.output import has_color
    from tokstat.render.terminal.splits import render_splits

    if format == "html":
        from tokstat.render.html.splits import splits_page

        return splits_page(parts, _below(parts, more, **options))
    if format == "markdown":
        from tokstat.render.markdown.splits import markdown_of_splits

        return markdown_of_splits(parts, _below(parts, more, **options))
    color = has_color(output)
    width = shutil.get_terminal_size().columns if output is None else 80
    shown = [render_splits(part, width=width, color=color, **options) for part in parts]
    if "why" in more:
        from tokstat.render.terminal.causes import render_causes

        shown.append(render_causes(more["why"], width=width))
    if "steps" in more:
        from tokstat.render.terminal.steps import render_steps

        shown += [render_steps(each, width=width) for each in more["steps"]]
    return "\n".join(shown)
