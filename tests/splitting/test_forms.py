"""Forms of a word, as the model would meet them."""

from __future__ import annotations

from tests.conftest import load_known
from tokstat.splitting.forms import Forms
from tokstat.splitting.steps import Replay
from tokstat.tokenizer.tokenizer import Tokenizer


def forms(tokenizer: Tokenizer) -> Forms:
    return Forms(tokenizer, Replay(tokenizer))


def test_a_form_is_shown_whether_it_is_a_token_or_not(modernbert: Tokenizer) -> None:
    known = forms(modernbert)
    alone, spaced = known.of_text("tiger"), known.of_text(" tiger")
    assert alone is not None
    assert spaced is not None
    assert (alone.token, alone.display, alone.id) == ("tiger", "tiger", None)
    assert (spaced.token, spaced.display, spaced.id) == ("Ġtiger", "·tiger", 39121)
    assert (str(alone), str(spaced)) == ("`tiger`", "`·tiger` (39,121)")
    assert known.of_text("don't") is None


def test_other_forms_are_tokens(modernbert: Tokenizer) -> None:
    known = forms(modernbert)
    wanted = known.of_text("tiger")
    assert wanted is not None
    assert [form.token for form in known.others("tiger", wanted)] == ["Ġtiger", "ĠTiger"]


def test_a_character_without_a_token_is_found() -> None:
    known = forms(load_known("wordpiece"))
    assert known.unknown_character("tiger") == ""
    assert known.unknown_character("tigꙮr") == "ꙮ"
    assert forms(load_known("end-of-word")).unknown_character("tigꙮr") == "ꙮ"
