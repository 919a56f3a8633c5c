"""What a model is for: severities depend on it."""

from __future__ import annotations

from tokstat.model.folder import ModelFolder, named_roles
from tokstat.model.written_templates import written_templates
from tokstat.results.declarations import Purpose

_LLM = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
_ENCODER = (
    "ForMaskedLM",
    "ForPreTraining",
    "ForSequenceClassification",
    "ForTokenClassification",
    "ForQuestionAnswering",
    "EncoderModel",
    "Model",
)
"""Ends of names of architectures; those of `_LLM` are tried first."""


def purpose_of(folder: ModelFolder | None) -> Purpose | None:
    """Return what the files of a folder say that the model is for, None where they do not.

    A Model2Vec configuration is that of a static model. modules.json is that of an embedder of any
    architecture. Then the architectures decide. Without any, an LLM is known by
    generation_config.json, by a chat template, or by an EOS token without cls, sep and mask.
    """
    if folder is None:
        return None
    config = folder.configuration("config.json")
    if config.get("model_type") == "model2vec":
        return "static"
    if (folder.path / "modules.json").is_file():
        return "encoder"
    names = config.get("architectures")
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and name.endswith(_LLM):
            return "llm"
        if isinstance(name, str) and name.endswith(_ENCODER):
            return "encoder"
    if folder.configuration("generation_config.json") or written_templates(folder):
        return "llm"
    named = named_roles(folder)
    return "llm" if "eos" in named and not named.keys() & {"cls", "sep", "mask"} else None
