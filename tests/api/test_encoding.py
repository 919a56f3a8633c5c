"""`tokstat.encode`, and what results share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tokstat
from tokstat.errors import EncodingError, ReportError
from tokstat.results.report import Report
from tokstat.splitting.panel import PANEL
from tokstat.tokenizer.tokenizer import Tokenizer


def test_one_text_or_several_are_split(modernbert: Tokenizer, bert: Tokenizer) -> None:
    assert tokstat.encode(modernbert, "tiger")[0].ids == [85, 8047]
    result = tokstat.encode([modernbert, bert], ["tiger", " tiger"])
    assert [len(split) for split in result] == [2, 1, 1, 1]
    named = tokstat.encode(bert, {"animal": "tiger"})
    assert named.texts[0].name == "animal"


def test_without_a_text_the_panel_is_split(bert: Tokenizer) -> None:
    result = tokstat.encode(bert)
    assert [text.name for text in result.texts] == list(PANEL)


@pytest.mark.parametrize("text", [[], {}])
def test_no_texts_are_refused(bert: Tokenizer, text: object) -> None:
    with pytest.raises(EncodingError, match="no text"):
        tokstat.encode(bert, text)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [1, [1], b"tiger", {"a": None}])
def test_what_is_no_text_is_refused(bert: Tokenizer, text: object) -> None:
    with pytest.raises(EncodingError, match="type"):
        tokstat.encode(bert, text)  # type: ignore[arg-type]
    with pytest.raises(tokstat.TokstatError, match="type"):
        tokstat.measure_corpus(bert, texts=text)  # type: ignore[arg-type]


def test_without_a_tokenizer_nothing_is_split() -> None:
    with pytest.raises(tokstat.TokstatError, match="no tokenizer"):
        tokstat.encode([], "tiger")


def test_ids_are_decoded(modernbert: Tokenizer) -> None:
    decoded = tokstat.decode_ids(modernbert, [85, 8047])
    assert (decoded.text, decoded.tokens) == ("tiger", ("t", "iger"))
    for wrong in (10**6, "85"):
        with pytest.raises(EncodingError, match=r"id"):
            tokstat.decode_ids(modernbert, [wrong])  # type: ignore[list-item]


def test_steps_and_causes_are_those_of_the_text(modernbert: Tokenizer) -> None:
    assert tokstat.replay_steps(modernbert, "tiger").ids == (85, 8047)
    special = tokstat.replay_steps(modernbert, "tiger", special=True)
    assert list(special.ids) == modernbert.encode("tiger", special=True)
    causes = tokstat.explain_splits(modernbert, "tiger, the tiger")
    assert [(word.word, word.start) for word in causes.words] == [("tiger", 0)]


def test_a_conversation_is_split_through_its_template(bert_json: bytes, tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    (tmp_path / "tokenizer.json").write_bytes(bert_json)
    template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
    (tmp_path / "chat_template.jinja").write_text(template)
    messages = [{"role": "user", "content": "a tiger"}]
    (tmp_path / "chat.json").write_text(json.dumps(messages))
    split = tokstat.encode_chat(tmp_path, messages)
    assert split[0].text == "user: a tiger\n"
    assert tokstat.encode_chat(tmp_path, tmp_path / "chat.json") == split


def test_notebooks_show_three_forms(bert: Tokenizer) -> None:
    result = tokstat.encode(bert, "tiger")
    assert set(result._repr_mimebundle_()) == {"text/plain", "text/markdown", "text/html"}
    assert "text/plain" in result[0]._repr_mimebundle_()
    assert len(repr(result)) < 120


@pytest.mark.parametrize(
    ("name", "start"), [("a.html", "<!DOCTYPE"), ("a.md", "**"), ("a.txt", "b")]
)
def test_results_are_saved_by_their_suffix(
    bert: Tokenizer, tmp_path: Path, name: str, start: str
) -> None:
    tokstat.encode(bert, "tiger").save(tmp_path / name)
    assert (tmp_path / name).read_text("utf-8").lower().startswith(start.lower())


def test_results_are_data_frames(bert: Tokenizer) -> None:
    pytest.importorskip("pandas")
    result = tokstat.encode(bert, "tigers enchantments")
    assert list(result.to_frame()["id"]) == result[0].ids
    assert list(result[0].to_frame()["start"])[:2] == [0, 7]


def test_results_are_saved_as_json(bert: Tokenizer, tmp_path: Path) -> None:
    tokstat.encode(bert, "tiger").save(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["texts"][0]["text"] == "tiger"


def test_a_report_is_read_by_name(modernbert_report: Report, tmp_path: Path) -> None:
    report = modernbert_report
    assert report["whole_word_ratio"] == report.metric("whole_word_ratio")
    assert report["whole_word_ratio"] in report.metrics
    assert report.table("policy") == report.section("digits").table("policy")
    assert len(report.to_table()) == len(report.metrics)
    with pytest.raises(ReportError):
        report["nothing"]
    report.save(tmp_path / "a.json")
    assert tokstat.load_report(tmp_path / "a.json") == report
    assert report.to_html().startswith("<!DOCTYPE")


def test_a_comparison_is_read_by_name(modernbert: Tokenizer, bert: Tokenizer) -> None:
    comparison = tokstat.compare([modernbert, bert], analyzers=["composition", "casing"])
    name = comparison.metrics[0].name
    assert comparison[name] == comparison.score(name)
    assert len(comparison.table("scores")) == len(comparison.metrics)
    assert set(comparison.table("findings").columns) == {"code", *comparison.labels}
