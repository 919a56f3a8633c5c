"""Repaired tokenizers on disk: what is there, and that both libraries read it alike."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from tokenizers import processors

import tokstat
from tests.conftest import word_level_json, wrap
from tests.small_tokenizers import SMALL, training_text
from tokstat.editing import repair
from tokstat.editing.edit import Edit
from tokstat.editing.interventions import add_words, apply_all, decase, drop, leading_blank
from tokstat.editing.repair import SAMPLE, Repair, same_surfaces, write_repair
from tokstat.errors import EditError, OutputError
from tokstat.io.files import new_folder, require_absent
from tokstat.loading.local import load_path
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.words.lexicon import Lexicon


def texts() -> list[str]:
    return [*SAMPLE, *training_text()[:5]]


def save(folder: Path, backend: tokenizers.Tokenizer, **config: Any) -> Tokenizer:
    """Write a tokenizer with its configuration, and load it."""
    folder.mkdir()
    backend.save(str(folder / "tokenizer.json"))
    if config:
        (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    return load_path(str(folder), folder)


def config_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("kind", [kind for kind in SMALL if kind != "continuation"])
def test_both_libraries_read_what_is_written(kind: str, tmp_path: Path, english: Lexicon) -> None:
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    before = wrap(SMALL[kind](), kind)
    steps = [leading_blank(), decase(), drop("fragment", english), add_words(["zebrafish"])]
    edit = apply_all(before, steps)
    folder = tmp_path / "out"
    assert write_repair(before, edit, folder).loads_in == ("tokenizers", "transformers")
    assert {each.name for each in folder.iterdir()} == {"tokenizer.json", "tokenizer_config.json"}
    assert [*tmp_path.iterdir()] == [folder]
    expected = [edit.tokenizer.backend.encode(text).ids for text in texts()]
    for read in (AutoTokenizer, PreTrainedTokenizerFast):
        found = read.from_pretrained(folder)
        assert [found(text)["input_ids"] for text in texts()] == expected
        assert len(found) == len(edit.tokenizer.vocabulary)
    again = load_path("again", folder)
    assert again.vocabulary.tokens == edit.tokenizer.vocabulary.tokens


def test_the_same_text_each_time(tmp_path: Path, bert: Tokenizer) -> None:
    for name in ("one", "other"):
        write_repair(bert, add_words(["zebrafishes"]).apply(bert), tmp_path / name)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


# Padding and truncation.


@pytest.fixture
def padding(tmp_path: Path) -> Tokenizer:
    """A tokenizer that stores padding by its last token, and truncation."""
    backend = SMALL["wordpiece"]()
    backend.add_special_tokens(["[PAD]"])
    backend.enable_padding(length=128, pad_id=backend.token_to_id("[PAD]"), pad_token="[PAD]")
    backend.enable_truncation(100, strategy="only_first")
    return save(tmp_path / "before", backend)


@pytest.mark.parametrize("stored", [True, False])
def test_stored_padding_and_truncation(
    stored: bool, padding: Tokenizer, tmp_path: Path, english: Lexicon
) -> None:
    edit = drop("fragment", english).apply(padding)
    write_repair(padding, edit, tmp_path / "out", stored=stored)
    found = tokenizers.Tokenizer.from_file(str(tmp_path / "out" / "tokenizer.json"))
    if not stored:
        assert (found.padding, found.truncation) == (None, None)
        return
    assert padding.stored_padding is not None
    assert found.padding == {**padding.stored_padding, "pad_id": found.token_to_id("[PAD]")}
    assert found.padding["pad_id"] == len(edit.tokenizer.vocabulary) - 1
    assert found.truncation == padding.stored_truncation
    assert len(found.encode("tiger")) == 128


def test_a_pad_that_has_another_name(tmp_path: Path, english: Lexicon) -> None:
    """The id is what pads, and it is the token's that had it."""
    backend = SMALL["wordpiece"]()
    row = backend.token_to_id("people")
    backend.enable_padding(length=8, pad_id=row, pad_token="<nobody>")
    before = save(tmp_path / "before", backend)
    edit = drop("fragment", english).apply(before)
    write_repair(before, edit, tmp_path / "out")
    found = tokenizers.Tokenizer.from_file(str(tmp_path / "out" / "tokenizer.json"))
    assert found.padding is not None
    assert found.padding["pad_id"] == found.token_to_id("people") != row


# The configuration.


def test_what_the_configuration_said(tmp_path: Path) -> None:
    before = save(
        tmp_path / "before",
        SMALL["wordpiece"](),
        tokenizer_class="BertTokenizer",
        model_max_length=77,
        cls_token="[CLS]",
        unk_token={"content": "[UNK]", "special": True},
        mask_token="[GONE]",
        chat_template="{{ messages }}",
        auto_map={"AutoTokenizer": ["remote.Code", None]},
        do_lower_case=True,
    )
    (tmp_path / "before" / "chat_template.jinja").write_text("{{ jinja }}")
    write_repair(before, add_words(["zebrafish"]).apply(before), tmp_path / "out")
    assert config_of(tmp_path / "out") == {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 77,
        "chat_template": "{{ messages }}",
        "cls_token": "[CLS]",
        "unk_token": "[UNK]",
    }
    assert (tmp_path / "out" / "chat_template.jinja").read_text() == "{{ jinja }}"


def test_special_tokens_that_only_the_older_file_names(tmp_path: Path) -> None:
    before = save(tmp_path / "before", SMALL["wordpiece"](), model_max_length=77)
    (tmp_path / "before" / "special_tokens_map.json").write_text('{"sep_token": "[CLS]"}')
    write_repair(before, add_words(["zebrafish"]).apply(before), tmp_path / "out")
    found = config_of(tmp_path / "out")
    assert (found["sep_token"], found["model_max_length"]) == ("[CLS]", 77)
    assert "unk_token" not in found


@pytest.mark.parametrize("text", ["{", "[1]", '"x"', ""])
def test_a_configuration_that_is_none(text: str, tmp_path: Path) -> None:
    """Then special tokens are taken for what they are usually called."""
    before = save(tmp_path / "before", SMALL["wordpiece"]())
    (tmp_path / "before" / "tokenizer_config.json").write_text(text)
    write_repair(before, add_words(["zebrafish"]).apply(before), tmp_path / "out")
    found = config_of(tmp_path / "out")
    assert found["unk_token"] == "[UNK]"
    assert found["cls_token"] == "[CLS]"


@pytest.mark.parametrize(
    ("method", "instead", "words"),
    [
        ("__call__", lambda *_, **__: {"input_ids": [1]}, "differently"),
        ("from_pretrained", None, "cannot load"),
    ],
)
def test_a_reader_that_differs_is_found(
    method: str,
    instead: Any,
    words: str,
    tmp_path: Path,
    bert: Tokenizer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And nothing is left of what was written."""
    from transformers import PreTrainedTokenizerFast

    monkeypatch.setattr(PreTrainedTokenizerFast, method, instead)
    with pytest.raises(EditError, match=words):
        write_repair(bert, Edit.nothing(bert), tmp_path / "out")
    assert [*tmp_path.iterdir()] == []


# Whole or not at all.


@pytest.fixture
def edit(bert: Tokenizer) -> Edit:
    return Edit.nothing(bert)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("files", [0, 1])
def test_a_stop_in_the_middle_leaves_nothing(
    error: BaseException,
    files: int,
    bert: Tokenizer,
    edit: Edit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_text, count = Path.write_text, [0]

    def write_half(path: Path, text: str, encoding: str) -> int:
        count[0] += 1
        if count[0] <= files:
            return write_text(path, text, encoding)
        write_text(path, text[: len(text) // 2], encoding)
        raise error

    monkeypatch.setattr(Path, "write_text", write_half)
    with pytest.raises(OutputError if isinstance(error, OSError) else KeyboardInterrupt):
        write_repair(bert, edit, tmp_path / "out")
    assert [*tmp_path.iterdir()] == []


def test_a_stop_while_it_is_proved_leaves_nothing(
    bert: Tokenizer, edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(folder: Path, _: Tokenizer) -> None:
        assert folder.parent == tmp_path
        assert (folder / "tokenizer_config.json").is_file()
        assert not (tmp_path / "out").exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(repair, "_prove", stop)
    with pytest.raises(KeyboardInterrupt):
        write_repair(bert, edit, tmp_path / "out")
    assert [*tmp_path.iterdir()] == []


def test_names_that_are_taken_or_impossible(bert: Tokenizer, edit: Edit, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("taken", "file", "dangling", "absent/out", "file/out", "n" * 300):
        with pytest.raises(OutputError) as caught:
            write_repair(bert, edit, tmp_path / name)
        assert "\n" not in str(caught.value)
    assert {each.name for each in tmp_path.iterdir()} == {"taken", "file", "dangling"}
    assert [*(tmp_path / "taken").iterdir()] == []
    with pytest.raises(OutputError, match="exists"):
        require_absent(tmp_path / "taken")


def test_a_folder_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    with (  # noqa: PT012
        pytest.raises(OutputError),
        new_folder(tmp_path / "out") as temporary,
    ):
        (temporary / "mine").write_text("")
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "theirs").write_text("")
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["theirs"]
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_permissions_are_those_of_any_new_folder(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        with new_folder(tmp_path / "out"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o777 & ~umask


# The report.


def test_surfaces(tmp_path: Path) -> None:
    before = wrap(SMALL["byte-level"](), "small")
    edit = decase().apply(before)
    assert same_surfaces(before, edit) == edit.kept - len(edit.renamed)
    assert same_surfaces(before, Edit.nothing(before)) == len(before.vocabulary)


@pytest.mark.slow
def test_the_case_repaired(tmp_path: Path, modernbert: Tokenizer) -> None:
    report = repaired(modernbert, tmp_path / "out")
    assert (report.tokens_before, report.tokens_after) == (50_368, 40_932)
    assert (report.removed, report.added, report.words_added) == (9_436, 0, 0)
    assert report.kept == 40_932
    scores = {score.name: score for score in report.scores}
    assert scores["casing_duplicate_ratio"].before == 9_436 / 49_768


def test_scores_are_those_of_the_written_folder(tmp_path: Path) -> None:
    repaired(wrap(SMALL["byte-level"](), "small"), tmp_path / "out")


def repaired(tokenizer: Tokenizer, folder: Path) -> Repair:
    """Repair into a folder, and find there what the report says."""
    report = tokstat.repair(tokenizer, folder, prefix_space=True, decase=True)
    assert report.tokens_before == len(tokenizer.vocabulary)
    assert report.same_surface == report.kept - report.renamed
    metrics = [metric for section in tokstat.inspect(folder).sections for metric in section.metrics]
    values = {metric.name: metric.value for metric in metrics}
    assert {score.name: score.after for score in report.scores} == {
        score.name: values[score.name] for score in report.scores
    }
    scores = {score.name: score for score in report.scores}
    assert scores["coverage_bare"].after == scores["coverage_spaced"].after
    assert scores["casing_duplicate_ratio"].after == 0
    assert (scores["casing_duplicate_ratio"].before or 0) > 0
    assert scores["leading_space_gap"].before == pytest.approx(
        (scores["coverage_spaced"].before or 0) - (scores["coverage_bare"].before or 0)
    )
    return report


def test_added_tokens_are_counted_with_those_that_lead_to_them(tmp_path: Path) -> None:
    tokenizer = save(tmp_path / "before", SMALL["metaspace-prefix"]())
    words = tmp_path / "words.txt"
    words.write_text("zebrafish\ncrossfades\n")
    report = tokstat.repair(tokenizer, tmp_path / "out", add_words=words)
    assert report.words_added == 2
    assert report.added > 2
    assert report.tokens_after == report.tokens_before - report.removed + report.added


def test_post_processors_stay_right(tmp_path: Path, english: Lexicon) -> None:
    backend = SMALL["wordpiece"]()
    backend.add_special_tokens(["[SEP]"])
    row, last = (backend.token_to_id(token) or 0 for token in ("[CLS]", "[SEP]"))
    backend.post_processor = processors.BertProcessing(("[SEP]", last), ("[CLS]", row))
    before = save(tmp_path / "before", backend)
    write_repair(before, drop("fragment", english).apply(before), tmp_path / "out")
    found = load_path("out", tmp_path / "out").backend.encode("the people")
    assert found.tokens == ["[CLS]", "the", "people", "[SEP]"]
    assert found.ids[-1] < last


def test_nothing_to_repair(bert: Tokenizer, padding: Tokenizer, tmp_path: Path) -> None:
    for spec, keep in ((bert, True), (bert, False), (padding, True)):
        with pytest.raises(EditError, match="change"):
            tokstat.repair(spec, tmp_path / "out", keep_padding=keep)
        assert not (tmp_path / "out").exists()
    report = tokstat.repair(padding, tmp_path / "out", keep_padding=False)
    assert (report.steps, report.removed) == ((), 0)
    assert load_path("out", tmp_path / "out").stored_padding is None


@pytest.mark.parametrize("name", ["chat_template.jinja", "tokenizer_config.json"])
def test_a_secret_that_a_link_leads_to_is_not_copied(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "tokenizer.json").write_bytes(word_level_json("one", "two"))
    (tmp_path / "secret").write_text('{"chat_template": "secret"}')
    (folder / name).symlink_to(tmp_path / "secret")
    before = load_path(str(folder), folder)
    with pytest.raises(EditError, match="outside of its folder"):
        write_repair(before, Edit.nothing(before), tmp_path / "out")
    assert not (tmp_path / "out").exists()
