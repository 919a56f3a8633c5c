"""Training, letters and words that are broken.

Each defect is put into tokenizers of two families, and mended again in its clean twin.
"""

from __future__ import annotations

import json
from unicodedata import combining, normalize

import wordfreq
from tokenizers import normalizers

from tests.cases.broken_flags import in_families
from tests.cases.drafts import Draft
from tests.loading.conftest import model_of
from tokstat.loading.sentencepiece import _parse

# Training.


def _phrases(count: int) -> list[tuple[str, str]]:
    words = wordfreq.top_n_list("en", 2 * count)
    return list(zip(words[::2], words[1::2], strict=True))


@in_families("metaspace", "metaspace-prefix", codes=("TS631",))
def tokens_over_several_words(draft: Draft) -> None:
    draft.add_words(f"▁{first}▁{second}" for first, second in _phrases(60))


@in_families("byte-level", codes=("TS631",))
def byte_level_tokens_over_several_words(draft: Draft) -> None:
    draft.add_words(f"Ġ{first}Ġ{second}" for first, second in _phrases(60))


@in_families("metaspace", "metaspace-prefix")
def one_token_over_several_words(draft: Draft) -> None:
    draft.add_words(f"▁{first}▁{second}" for first, second in _phrases(1))


@in_families("unigram", "metaspace", codes=("TS632",))
def byte_fallback_without_bytes(draft: Draft) -> None:
    draft.tokenizer["model"]["byte_fallback"] = True


@in_families("metaspace-prefix", codes=("TS632",))
def byte_fallback_without_some_bytes(draft: Draft) -> None:
    draft.hide_tokens(lambda token: token.startswith("<0x") and token > "<0x7F>")


@in_families("metaspace-prefix")
def byte_fallback_without_bytes_that_have_a_plain_token(draft: Draft) -> None:
    """Gemma has a plain tab instead."""
    draft.hide_tokens(lambda token: token == "<0x09>")


@in_families("wordpiece", "continuation", codes=("TS633",))
def prefix_that_no_token_has(draft: Draft) -> None:
    draft.tokenizer["model"]["continuing_subword_prefix"] = "@@"
    draft.tokenizer["model"]["merges"] = []
    if draft.tokenizer["model"]["type"] == "WordPiece":
        del draft.tokenizer["model"]["merges"]


@in_families("byte-level", "metaspace", codes=("TS633",))
def suffix_that_no_token_has(draft: Draft) -> None:
    draft.tokenizer["model"]["end_of_word_suffix"] = "</w>"


# Letters and words.


def add_words(draft: Draft, language: str, marks: bool = True) -> None:
    """Write frequent words of a language into the vocabulary, and their letters."""
    words = [word for word in wordfreq.top_n_list(language, 400) if len(word) > 1]
    letters = sorted(set("".join(wordfreq.top_n_list(language, 20_000))))
    if not marks:
        words, letters = ([_without_marks(each) for each in some] for some in (words, letters))
    inside = [f"##{letter}" for letter in letters] if isinstance(draft.vocab, dict) else []
    draft.add_words(filter(None, (*words, *letters, *inside)))


def _without_marks(text: str) -> str:
    return "".join(letter for letter in normalize("NFD", text) if not combining(letter))


def strip_accents(draft: Draft) -> None:
    """Let the normalizer delete marks, whatever it does."""
    before = draft.tokenizer["normalizer"]
    if before is not None and before["type"] == "BertNormalizer":
        before["strip_accents"] = True
        return
    steps = before["normalizers"] if before and before["type"] == "Sequence" else [before]
    draft.tokenizer["normalizer"] = {
        "type": "Sequence",
        "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, *filter(None, steps)],
    }


@in_families("wordpiece", "unigram", codes=("TS721",))
def vowel_signs_of_hindi(draft: Draft) -> None:
    add_words(draft, "hi")
    strip_accents(draft)


@in_families("wordpiece", "unigram", codes=("TS721",))
def vowel_signs_of_hindi_from_training_on(draft: Draft) -> None:
    add_words(draft, "hi", marks=False)
    strip_accents(draft)


@in_families("wordpiece", "unigram", codes=("TS721",))
def dots_of_turkish(draft: Draft) -> None:
    add_words(draft, "tr")
    strip_accents(draft)


@in_families("wordpiece", codes=("TS721",), lang="tr")
def dots_of_turkish_from_training_on(draft: Draft) -> None:
    add_words(draft, "tr", marks=False)
    strip_accents(draft)


@in_families("wordpiece", "unigram", codes=("TS721",))
def voicing_marks_of_japanese(draft: Draft) -> None:
    add_words(draft, "ja")
    strip_accents(draft)


def compile_rules(draft: Draft) -> None:
    """Let the normalizer be SentencePiece's compiled rules, as T5's and XLM-R's files have them."""
    charsmap = _parse(model_of("unigram"), "").charsmap
    draft.tokenizer["normalizer"] = json.loads(normalizers.Precompiled(charsmap).__getstate__())


@in_families("unigram", codes=("TS723",))
def two_marks_on_a_letter(draft: Draft) -> None:
    add_words(draft, "vi")
    compile_rules(draft)


@in_families("unigram")
def two_marks_on_a_letter_composed_first(draft: Draft) -> None:
    add_words(draft, "vi")
    compile_rules(draft)
    steps = [{"type": "NFC"}, draft.tokenizer["normalizer"]]
    draft.tokenizer["normalizer"] = {"type": "Sequence", "normalizers": steps}


@in_families("wordpiece", "unigram")
def words_of_hindi_with_their_marks(draft: Draft) -> None:
    add_words(draft, "hi")


@in_families("wordpiece", "unigram")
def words_of_turkish_with_their_marks(draft: Draft) -> None:
    add_words(draft, "tr")


@in_families("wordpiece", "unigram")
def words_of_japanese_with_their_marks(draft: Draft) -> None:
    add_words(draft, "ja")


@in_families("wordpiece", "unigram", codes=("TS722",))
def alphabet_without_a_letter(draft: Draft) -> None:
    draft.hide_tokens(lambda token: "z" in token and not token.startswith("["))


@in_families("wordpiece", "continuation", codes=("TS722",))
def letter_without_its_form_inside_words(draft: Draft) -> None:
    draft.hide_tokens(lambda token: "z" in token and token.startswith("##"))


@in_families("byte-level", "byte-level-prefix", codes=("TS722",))
def bytes_that_vanish(draft: Draft) -> None:
    draft.hide_tokens(lambda token: "z" in token)


@in_families("metaspace", "continuation", codes=("TS722",))
def letters_that_vanish_without_an_unknown_token(draft: Draft) -> None:
    draft.hide_tokens(lambda token: "z" in token)
    draft.tokenizer["model"]["unk_token"] = None
