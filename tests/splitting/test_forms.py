<<<<<<< HEAD
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
||||||| 88ce10a
=======
"""Forms of a word that a tokenizer knows: with and without a space, and in other cases."""

from __future__ import annotations

import pytest

from tests.conftest import load_known
from tokstat.splitting.forms import Form, Forms, final_pieces
from tokstat.splitting.steps import Replay


def forms(name: str) -> Forms:
    return Forms(load_known(name), Replay(load_known(name)))


def test_a_form_is_shown_with_its_id_if_it_is_a_token() -> None:
    assert str(Form("Ġtiger", "·tiger", 39121)) == "`·tiger` (39,121)"
    assert str(Form("tiger", "tiger", None)) == "`tiger`"


@pytest.mark.parametrize(
    ("text", "token", "number"), [("tiger", "tiger", None), (" tiger", "Ġtiger", 39121)]
)
def test_a_text_has_the_form_of_its_piece(text: str, token: str, number: int | None) -> None:
    found = forms("modernbert").of_text(text)
    assert found is not None
    assert (found.token, found.id, found.is_token) == (token, number, number is not None)


def test_several_pieces_have_no_form() -> None:
    assert forms("modernbert").of_text("a b") is None
    assert final_pieces(Replay(load_known("modernbert")), "a b") == ("a", "Ġb")


def test_other_forms_are_tokens_and_not_the_wanted_one() -> None:
    found = forms("modernbert")
    wanted = found.of_token("tiger")
    others = found.others("tiger", wanted)
    assert "Ġtiger" in [each.token for each in others]
    assert all(each.is_token and each.token != "tiger" for each in others)


def test_a_character_without_a_token_is_found() -> None:
    assert forms("wordpiece").unknown_character("ti\U0001f9ffg") == "\U0001f9ff"
    assert forms("wordpiece").unknown_character("the") == ""
>>>>>>> b-tests2
