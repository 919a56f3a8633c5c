"""Every public function that takes a path takes it as a string, too."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tokstat
from tokstat import plots
from tokstat.api.wordsim import plot_link
from tokstat.errors import TokstatError
from tokstat.results.written import Written
from tokstat.wordsim.sets import WORDSIM_SETS

BERT = "google-bert/bert-base-uncased"

PATH = re.compile(r"\bPath\b")
STRING_OR_PATH = re.compile(r"\bstr \| (?:int \| )?Path\b")

Call = Callable[[Any], object]


def public_functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield every public function and method, by its name."""
    yield "plot_link", plot_link
    for module in (tokstat, plots):
        for name in sorted(module.__all__):
            value = getattr(module, name)
            if not inspect.isclass(value):
                yield name, value
            else:
                for method, function in inspect.getmembers(value, inspect.isfunction):
                    if not method.startswith("_"):
                        yield f"{name}.{method}", function


PARAMETERS = {
    f"{name}({parameter.name})": str(parameter.annotation)
    for name, function in public_functions()
    if inspect.isfunction(function)
    for parameter in inspect.signature(function).parameters.values()
    if PATH.search(str(parameter.annotation))
}


def embed(words: list[str]) -> Any:
    return np.array([(len(word), ord(word[0]), 1) for word in words], np.float32)


CALLS: dict[str, Call] = {
    "Lock.save(path)": lambda path: tokstat.lock(BERT).save(path),
    "check(tokenizer)": lambda path: tokstat.check(
        tokstat.inspect(BERT, analyzers=["composition"]), tokstat.make_policy(lock=path)
    ),
    "compare(lexicon)": lambda path: tokstat.compare(BERT, BERT, lexicon=path),
    "diff(new)": lambda path: tokstat.diff(BERT, path),
    "diff(old)": lambda path: tokstat.diff(path, BERT),
    "distill(add_words)": lambda path: tokstat.distill(
        embed, "none", tokenizer=BERT, add_words=path
    ),
    "distill(data)": lambda path: tokstat.distill(embed, "none", tokenizer=BERT, data=path),
    "distill(folder)": lambda path: tokstat.distill(embed, path, tokenizer=BERT),
    "encode(lexicon)": lambda path: tokstat.encode(BERT, "a", classes=True, lexicon=path),
    "encode_chat(conversation)": lambda path: tokstat.encode_chat(BERT, path),
    "evaluate_wordsim(data)": lambda path: tokstat.evaluate_wordsim(embed, data=path),
    "evaluate_wordsim(model)": lambda path: tokstat.evaluate_wordsim(path),
    "inspect(lexicon)": lambda path: tokstat.inspect(BERT, lexicon=path),
    "inspect(weights)": lambda path: tokstat.inspect(BERT, weights=path, analyzers=["lengths"]),
    "link_study(path)": lambda path: tokstat.link_study(path),
    "list_data(data)": lambda path: tokstat.list_data(path).columns,
    "load_report(path)": lambda path: tokstat.load_report(path),
    "load_result(path)": lambda path: tokstat.load_result(path),
    "lock(spec)": lambda path: tokstat.lock(path),
    "make_policy(baseline)": lambda path: tokstat.make_policy(baseline=path),
    "make_policy(lock)": lambda path: tokstat.make_policy(lock=path),
    "make_subject(lexicon)": lambda path: tokstat.make_subject(BERT, lexicon=path),
    "measure_corpus(files)": lambda path: tokstat.measure_corpus(BERT, path),
    "measure_corpus(more_states)": lambda path: tokstat.measure_corpus(
        BERT, texts="a", more_states=[path]
    ),
    "measure_corpus(state)": lambda path: tokstat.measure_corpus(BERT, texts="a", state=path),
    "morphology(segmentations)": lambda path: tokstat.morphology(BERT, path),
    "plot_link(path)": lambda path: plot_link(tokstat.link_published(), path),
    "read_grid(path)": lambda path: tokstat.read_grid(path),
    "read_ladder(path)": lambda path: tokstat.read_ladder(path),
    "read_ladders(path)": lambda path: tokstat.read_ladders(path),
    "read_study(path)": lambda path: tokstat.read_study(path),
    "repair(add_words)": lambda path: tokstat.repair(BERT, "none", add_words=path),
    "repair(data)": lambda path: tokstat.repair(BERT, "none", add_words="wordsim", data=path),
    "repair(folder)": lambda path: tokstat.repair(BERT, path),
    "repair(model)": lambda path: tokstat.repair(BERT, "none", prefix_space=True, model=path),
    "run_grid(data)": lambda path: tokstat.run_grid({"a": 1}, teacher=embed, data=path),
    "run_grid(folder)": lambda path: tokstat.run_grid({"a": 1}, teacher=embed, folder=path),
    "run_grid(path)": lambda path: tokstat.run_grid({"a": 1}, teacher=embed, path=path),
    "run_grid(text)": lambda path: tokstat.run_grid(path, teacher=embed),
    "run_study(data)": lambda path: tokstat.run_study(BERT, teacher=embed, data=path),
    "run_study(path)": lambda path: tokstat.run_study(BERT, teacher=embed, path=path),
    "save(path)": lambda path: plots.save(plots.link_figure(tokstat.link_published()), path),
    "select_tokens(lexicon)": lambda path: tokstat.select_tokens(BERT, lexicon=path),
    "smallest_fix(data)": lambda path: tokstat.smallest_fix(BERT, teacher=embed, data=path),
    "smallest_fix(words)": lambda path: tokstat.smallest_fix(BERT, teacher=embed, words=path),
    "whatif(add_words)": lambda path: tokstat.whatif(BERT, teacher=embed, add_words=path),
    "whatif(data)": lambda path: tokstat.whatif(BERT, teacher=embed, data=path),
    "whatif(sentences)": lambda path: tokstat.whatif(BERT, teacher=embed, sentences=path),
}
"""A call with a path for each parameter that takes one."""

OF_RESULTS = {f"{name}(path)" for name, function in public_functions() if function is Written.save}
"""Ways to save, which are one function for all results but one."""


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_a_path_may_be_a_string(name: str) -> None:
    assert not PATH.search(STRING_OR_PATH.sub("", PARAMETERS[name]))


def test_every_path_is_tried() -> None:
    assert set(CALLS) | OF_RESULTS == set(PARAMETERS)


def test_results_are_saved_to_either(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    splits = tokstat.encode(BERT, "tiger")
    splits.save(first)
    splits.save(str(second))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_string_and_a_path_are_one(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKSTAT_DATA", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.chdir(tmp_path)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for each in WORDSIM_SETS:
        (damaged / each.file).write_bytes(b"damaged")
    path = damaged if "(data)" in name else tmp_path / "none" / "file.json"
    assert _outcome(CALLS[name], path) == _outcome(CALLS[name], str(path))


def _outcome(call: Call, path: object) -> object:
    """Return what a call gives for a path that does not exist, or for damaged data."""
    try:
        return call(path)
    except TokstatError as error:
        return type(error), str(error)
