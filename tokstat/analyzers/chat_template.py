"""Chat templates: whether they render, and what the tokenizer makes of the text."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from tokstat.analyzers import OWN, Finding, Result, Rule, Subject, Table, analyzer
from tokstat.analyzers.conversations import (
    ANSWER,
    CONVERSATIONS,
    TURNS,
    EncodedText,
    failure_of,
    jobs_of,
)
from tokstat.errors import DataError, MissingExtraError
from tokstat.model.chat_template import Rendering, render_all
from tokstat.model.folder import ModelFolder, added_tokens, roles
from tokstat.model.written_templates import (
    CONFIGURATION,
    DEFAULT,
    TOOL_USE,
    WrittenTemplate,
    chosen_templates,
    malformed_template,
    written_templates,
)
from tokstat.text.wording import agreed, counted, listed, quoted

UNUSABLE = Rule(
    "TS651",
    "error",
    "The chat template does not render",
    "apply_chat_template fails on every conversation, or never ends. Servers refuse the model, or "
    "fall back to a format that it was not trained on.",
    "Correct the template at the place named, or take that of the model it was trained from.",
    OWN,
)
DOUBLE_BOS = Rule(
    "TS652",
    "info",
    "BOS is added twice: by chat template and post-processor",
    "The template writes the BOS token, and the post-processor inserts it before every text. A "
    "rendered conversation that is encoded as any other text then begins with two. Few models saw "
    "that in training. Many models are made this way, such as Llama 3.2 and DeepSeek V3, so take "
    "care when you encode for them.",
    "Encode what the template renders without special tokens: "
    "`text = tokenizer.apply_chat_template(messages, tokenize=False)`, then "
    "`tokenizer(text, add_special_tokens=False)`. With tokenize=True transformers does so itself.",
    OWN,
)
SPLIT_MARKERS = Rule(
    "TS653",
    "warning",
    "The chat template writes markers that are not one token",
    "The model sees each marker as several pieces of text. Users can write the same text, and no "
    "single token can end a turn. The template often comes from a model with another vocabulary.",
    "Take the template of the tokenizer's own model. Or add the markers, before training: "
    "`tokenizer.add_special_tokens({'additional_special_tokens': MARKERS})`, then "
    "`model.resize_token_embeddings(len(tokenizer))`.",
    OWN,
)
ENDLESS_TURN = Rule(
    "TS654",
    "warning",
    "The end of a turn is not an EOS token",
    "Generation stops at the EOS ids of generation_config.json, or else of config.json. The model "
    "ends its answer with another token and goes on, often talking to itself.",
    "Add the id to eos_token_id in generation_config.json.",
    OWN,
)
TWO_TEMPLATES = Rule(
    "TS655",
    "warning",
    "Two chat templates that differ",
    "Newer versions of transformers take the template in its own file. Older ones, and other "
    "programs, read tokenizer_config.json. So one conversation can become two different texts.",
    "Keep the template that the model was trained with, and delete the other.",
    OWN,
)

_MOST_LINES = 200


@analyzer(
    "chat_template",
    title="Chat template",
    rules=(UNUSABLE, DOUBLE_BOS, SPLIT_MARKERS, ENDLESS_TURN, TWO_TEMPLATES),
)
def chat_template(subject: Subject) -> Result:
    """Render short conversations by the chat template, and encode the text.

    The conversations have system, user and assistant messages, and a tool where the template takes
    one. Templates come from chat_template.jinja, additional_chat_templates, chat_template.json and
    tokenizer_config.json. They run in jinja2's sandbox, in a process with 10 seconds and 1 GiB.
    """
    folder = subject.tokenizer.model_folder
    if folder is None:
        return Result()
    templates = tuple(chosen_templates(folder).values())
    findings = [*_malformed(folder), *_differing(folder)]
    if not templates:
        return Result(findings=tuple(findings))
    try:
        rendered = _render(folder, templates)
    except MissingExtraError as error:
        if findings:
            return Result(findings=tuple(findings))
        raise DataError(f"{error.problem}: {error.hint}", error.hint) from error
    findings += _unusable(rendered)
    main = next((each for each in templates if each.name == DEFAULT), templates[0])
    texts = {name: each.text for name, each in rendered[main].items() if each.text is not None}
    encoded = {
        name: EncodedText.of(subject.tokenizer.backend, text) for name, text in texts.items()
    }
    if encoded:
        richest = next(iter(encoded.values()))
        findings += _double_bos(subject, folder, richest)
        findings += _split_markers(subject, folder, richest)
        turns = encoded.get(TURNS)
        if turns is not None:
            findings += _endless_turn(subject, folder, turns)
    return Result(tables=tuple(_tables(subject, encoded)), findings=tuple(findings))


def _render(
    folder: ModelFolder, templates: tuple[WrittenTemplate, ...]
) -> dict[WrittenTemplate, dict[str, Rendering]]:
    jobs = [(each, name, chat) for each in templates for name, chat in jobs_of(each)]
    found = render_all(folder, [(each.text, chat) for each, _, chat in jobs])
    by_template: dict[WrittenTemplate, dict[str, Rendering]] = {}
    for (template, name, _), rendering in zip(jobs, found, strict=True):
        by_template.setdefault(template, {})[name] = rendering
    return by_template


def _malformed(folder: ModelFolder) -> list[Finding]:
    reason = malformed_template(folder)
    if reason is None:
        return []
    hint = f"Write chat_template in {CONFIGURATION} as one text, or as a list of objects with "
    return [
        UNUSABLE.found(
            f"chat_template in {CONFIGURATION} is {reason}.", hint=hint + "a name and a template."
        )
    ]


def _differing(folder: ModelFolder) -> list[Finding]:
    found = []
    key = sorted(written_templates(folder), key=lambda each: each.name)
    for name, group in groupby(key, key=lambda each: each.name):
        first, *others = group
        for other in others:
            line = _first_difference(first.text, other.text)
            if line is None:
                continue
            which = "The chat template" if name == DEFAULT else f"The chat template {quoted(name)}"
            message = f"{which} in {first.file} differs from that in {other.file} from line {line}."
            if first.file == other.file:
                message = f"{first.file} has two templates {quoted(name)}, which differ."
            found.append(TWO_TEMPLATES.found(message))
    return found


def _first_difference(first: str, second: str) -> int | None:
    """Return the number of the first line that differs; a line break at the end has no effect."""
    left, right = first.splitlines(), second.splitlines()
    if left == right:
        return None
    same = next(
        (place for place, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]),
        min(len(left), len(right)),
    )
    return same + 1


def _unusable(rendered: Mapping[WrittenTemplate, Mapping[str, Rendering]]) -> list[Finding]:
    found = []
    for each, renderings in rendered.items():
        failure = failure_of(tuple(renderings.values()))
        if failure is None:
            continue
        if failure.kind in ("rejected", "error") and each.name not in (DEFAULT, TOOL_USE):
            continue  # a template of another name may ask for what only its users know
        which = f"The chat template in {each.file}"
        if each.name != DEFAULT:
            which = f"The chat template {quoted(each.name)} in {each.file}"
        does = {
            "syntax": "does not parse",
            "rejected": "rejects every conversation",
            "error": "fails on every conversation",
            "runaway": "was stopped",
        }[failure.kind]
        found.append(UNUSABLE.found(f"{which} {does}: {failure.reason}."))
    return found


def _double_bos(subject: Subject, folder: ModelFolder, rendered: EncodedText) -> list[Finding]:
    if not rendered.ids:
        return []
    framed = EncodedText.of(subject.tokenizer.backend, rendered.text, special=True).ids
    first = rendered.ids[0]
    name = subject.vocabulary[first].token
    if rendered.ids[:2] == [first, first] and first in _special_ids(subject):
        message = f"The template itself writes {quoted(name)} twice: {list(rendered.ids[:3])}."
        hint = "Remove bos_token from the template, or from the content that it repeats."
        return [DOUBLE_BOS.found(message, [first], severity="warning", hint=hint)]
    configuration = folder.configuration(CONFIGURATION)
    if len(framed) > len(rendered.ids) and list(framed[:2]) == [first, first]:
        who = "the post-processor"
    elif configuration.get("add_bos_token") is True and roles(configuration).get("bos") == name:
        who, framed = "add_bos_token", [first, *rendered.ids]
    else:
        return []
    message = (
        f"The template writes {quoted(name)}, and {who} inserts it again. Encoded with special "
        f"tokens, a rendered conversation begins with the ids {list(framed[:3])}."
    )
    return [DOUBLE_BOS.found(message, [first])]


def _special_ids(subject: Subject) -> set[int]:
    decoder = subject.tokenizer.backend.get_added_tokens_decoder()
    return {number for number, token in decoder.items() if token.special}


def _split_markers(subject: Subject, folder: ModelFolder, rendered: EncodedText) -> list[Finding]:
    listed_elsewhere = added_tokens(folder)  # transformers adds these, and TS610 reports them
    markers = [each for each in rendered.markers() if each.text not in listed_elsewhere]
    if not markers:
        return []
    worst = max(markers, key=lambda each: len(each.ids))
    pieces = "|".join(subject.vocabulary.displays_of_ids(list(worst.ids)))
    are = agreed(len(markers), "is", "are")
    message = (
        f"{counted(len(markers), 'marker')} of the template {are} not one token: "
        f"{listed([each.text for each in markers])}. {quoted(worst.text)} becomes "
        f"{counted(len(worst.ids), 'token')}: {pieces}."
    )
    return [SPLIT_MARKERS.found(message, worst.ids)]


def _endless_turn(subject: Subject, folder: ModelFolder, rendered: EncodedText) -> list[Finding]:
    added = subject.tokenizer.backend.get_added_tokens_decoder()
    end = next((each for each in rendered.ids_after(ANSWER) if each in added), None)
    known = _eos_ids(subject, folder)
    if end is None or end in known:
        return []
    texts = ", ".join(
        f"{each:,}" if text is None else f"{quoted(text)} ({each:,})"
        for each, text in ((each, subject.tokenizer.backend.id_to_token(each)) for each in known)
    )
    has_model = any(folder.configuration(name) for name in _ID_FILES)
    message = (
        f"The template ends a turn with {quoted(added[end].content)} ({end:,}). "
        + (f"The files name as EOS {texts}." if known else "No file names an EOS token.")
        + ("" if has_model else " This folder has no generation_config.json, which may name it.")
    )
    hint = f'Write "eos_token_id": {[*known, end]} into generation_config.json.'
    severity = ENDLESS_TURN.severity if has_model else "info"
    return [ENDLESS_TURN.found(message, [end], hint=hint, severity=severity)]


_ID_FILES = ("config.json", "generation_config.json")


def _eos_ids(subject: Subject, folder: ModelFolder) -> list[int]:
    """Return the EOS ids that any file names, in the order of files."""
    found: list[int] = []
    for name in _ID_FILES:
        content = folder.configuration(name)
        inner = content.get("text_config")
        for part in (content, inner if isinstance(inner, dict) else {}):
            found += _ids(part.get("eos_token_id"))
    for name in ("special_tokens_map.json", CONFIGURATION):
        text = roles(folder.configuration(name)).get("eos")
        number = subject.tokenizer.id_of(text) if text else None
        found += [] if number is None else [number]
    return list(dict.fromkeys(found))


def _ids(value: Any) -> list[int]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if type(each) is int]


def _tables(subject: Subject, encoded: Mapping[str, EncodedText]) -> list[Table]:
    """Show the richest conversation line by line, with the tokens that begin in each line."""
    if not encoded:
        return []
    name = next(each for each in (*CONVERSATIONS, *encoded) if each in encoded)
    rendered = encoded[name]
    lines = rendered.text.splitlines(keepends=True)[:_MOST_LINES]
    shown, place, end = [], 0, 0
    for line in lines:
        end += len(line)
        first = place
        while place < len(rendered.ids) and rendered.spans[place][0] < end:
            place += 1
        displays = subject.vocabulary.displays_of_ids(list(rendered.ids[first:place]))
        shown.append("|".join(displays))
    title = f"A conversation ({name}) as the chat template writes it"
    columns = {"text": tuple(lines), "tokens": tuple(shown)}
    return [Table("rendered_conversation", title, columns)]
