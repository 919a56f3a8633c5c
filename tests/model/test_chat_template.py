"""Conversations through chat templates: as transformers writes them, and within limits."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tokstat.errors import EncodingError
from tokstat.model import chat_template
from tokstat.model.chat_template import Conversation, read_conversation, render_chat
from tokstat.model.folder import ModelFolder

HELLO = Conversation(({"role": "user", "content": "Hello"},))

pytest.importorskip("jinja2")


def render(folder: Path, template: Any, conversation: Conversation = HELLO, **more: Any) -> str:
    data = {"chat_template": template, **more}
    (folder / "tokenizer_config.json").write_text(json.dumps(data), "utf-8")
    return render_chat(ModelFolder(folder), conversation, "it")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ messages[0].content }}{{ eos_token }}", "Hello</s>"),
        (
            "{% for m in messages %}\n  {% if true %}\n{{ m.role }}\n  {% endif %}\n{% endfor %}",
            "user\n",
        ),
        ("{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", "01"),
        ("{{ {'a': '<ü>'} | tojson }}", '{"a": "<ü>"}'),
        ("{% generation %}{{ messages[0].role }}{% endgeneration %}", "user"),
        ("{{ add_generation_prompt }} {{ tools }}", "False None"),
        ([{"name": "default", "template": "one"}, {"name": "tool_use", "template": "two"}], "one"),
    ],
)
def test_templates_are_written_as_transformers_does(
    tmp_path: Path, template: Any, text: str
) -> None:
    assert render(tmp_path, template, eos_token={"content": "</s>"}) == text


def test_a_line_that_is_cut_off_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process was killed while it wrote."""
    killed = subprocess.CompletedProcess([], -9, b'{"text": "He')
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: killed)
    with pytest.raises(EncodingError, match="too much memory"):
        render(tmp_path, "{{ messages[0].content }}")


def test_the_date_can_be_asked_for(tmp_path: Path) -> None:
    assert re.fullmatch(r"20\d\d", render(tmp_path, "{{ strftime_now('%Y') }}"))


def test_a_template_file_outranks_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "chat_template.jinja").write_text("file", "utf-8")
    assert render(tmp_path, "configuration") == "file"


def test_tools_choose_their_template(tmp_path: Path) -> None:
    named = [
        {"name": "default", "template": "one"},
        {"name": "tool_use", "template": "{{ tools }}"},
    ]
    conversation = Conversation(HELLO.messages, {"tools": [1]})
    assert render(tmp_path, named, conversation) == "[1]"


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{{ raise_exception('roles must alternate') }}", "roles must alternate"),
        ("{{ messages[0].content", "does not parse: .line 1: "),
        ("{% include '/etc/passwd' %}", "fails"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ messages.append(1) }}", "unsafe|rejects"),
        ("{% for i in range(99999) %}{{ 'a' * 99 }}{% endfor %}", "1,000,000"),
        ("{{ 'a' * 10 ** 10 }}", "memory"),
    ],
)
def test_a_template_that_rejects_or_runs_away_is_an_error(
    tmp_path: Path, template: str, problem: str
) -> None:
    with pytest.raises(EncodingError, match=problem):
        render(tmp_path, template)


def test_a_slow_template_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_template, "SECONDS", 1)
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(EncodingError, match="longer than 1 s"):
        render(tmp_path, loop)


def test_a_lone_surrogate_of_a_message_comes_through(tmp_path: Path) -> None:
    conversation = Conversation(({"role": "user", "content": "a\ud800"},))
    assert render(tmp_path, "{{ messages[0].content }}", conversation) == "a\ud800"


def test_no_template_is_an_error(tmp_path: Path) -> None:
    for folder in (None, ModelFolder(tmp_path)):
        with pytest.raises(EncodingError, match="no chat template"):
            render_chat(folder, HELLO, "it")


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "3", '[{"content": "x"}]', '{"messages": 1}', "[" * 500]
)
def test_a_file_without_messages_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "chat.json"
    file.write_text(content, "utf-8")
    with pytest.raises(EncodingError, match=re.escape(str(file))):
        read_conversation(file)


def test_a_file_may_name_what_the_template_takes(tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    file.write_text('{"messages": [{"role": "user"}], "add_generation_prompt": true}', "utf-8")
    found = read_conversation(file)
    assert (len(found.messages), found.more) == (1, {"add_generation_prompt": True})
