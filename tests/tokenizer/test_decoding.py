"""Tests of surfaces: what the tokens of a text stand for is the text."""

import pytest
import regex
import wordfreq
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import decoders

from tokstat.tokenizer.decoding import Scheme, byte_alphabet
from tokstat.tokenizer.stored_tokens import StoredTokens
from tokstat.tokenizer.tokenizer import Tokenizer
from tokstat.tokenizer.vocabulary import Vocabulary

WORDS = wordfreq.top_n_list("en", 2000) + [
    word for code in ("de", "ru", "ar", "el", "hi", "ko") for word in wordfreq.top_n_list(code, 100)
]
BLANKS = ["", " ", "  ", "   ", "\n", "\n\n", "\t", " \n", "\u00a0", "\u3000"]
MARKERS = ["Ġ", "▁", "##", "</w>", "<0x41>"]
CHARACTERS = ["é", "e\u0301", "ß", "ﬁ", "漢", "かな", "🙂", "👨\u200d👩\u200d👧", "\x00"]

texts = st.text() | st.lists(
    st.sampled_from(WORDS) | st.sampled_from(BLANKS + MARKERS + CHARACTERS)
).map("".join)


def text_for_model(tokenizer: Tokenizer, text: str) -> str:
    """Return what the model gets to see: the text, as normalizer and pre-tokenizer make it.

    That is the normalised text exactly, for byte-level and metaspace tokenizers, with the blank
    that some put before a text or word; the others lose all white space.
    """
    backend, scheme = tokenizer.backend, tokenizer.scheme
    if backend.normalizer is not None:
        text = backend.normalizer.normalize_str(text)
    if backend.pre_tokenizer is not None:
        text = "".join(piece for piece, _ in backend.pre_tokenizer.pre_tokenize_str(text))
    if scheme.byte_level:
        return str(decoders.ByteLevel().decode([text]))
    return text.replace(scheme.space, " ") if scheme.space else text


def unknown_id(tokenizer: Tokenizer) -> int | None:
    """Ask the model for what it gives for a character that no vocabulary holds."""
    try:
        tokens = tokenizer.backend.model.tokenize("\U0010ffff")
    except Exception:  # Unigram has nothing to give
        return None
    return int(tokens[0].id) if len(tokens) == 1 else None


def test_surfaces_of_an_encoding_are_its_text(tokenizer: Tokenizer) -> None:
    """Joined, they are the text; the unknown token stands for one character or more."""
    tokens, unknown = tokenizer.vocabulary, unknown_id(tokenizer)

    @settings(max_examples=100, deadline=None)
    @given(texts)
    def check(text: str) -> None:
        ids = tokenizer.backend.encode(text, add_special_tokens=False).ids
        pattern = b"".join(
            b".+?" if index == unknown else regex.escape(tokens[index].surface) for index in ids
        )
        assert regex.fullmatch(pattern, text_for_model(tokenizer, text).encode(), regex.DOTALL)

    check()


def test_nothing_but_blanks_is_lost(tokenizer: Tokenizer) -> None:
    """The model sees the normalised text: of this the test above must not lose sight."""
    normalizer, scheme = tokenizer.backend.normalizer, tokenizer.scheme
    white_space = regex.compile(r"\p{White_Space}")

    @settings(max_examples=100, deadline=None)
    @given(texts)
    def check(text: str) -> None:
        normalised = normalizer.normalize_str(text) if normalizer else text
        seen = text_for_model(tokenizer, text)
        if scheme.space:
            normalised = normalised.replace(scheme.space, " ")
        elif scheme.keeps_spaces:
            assert seen.removeprefix(" ") == normalised.removeprefix(" ")
        assert white_space.sub("", seen) == white_space.sub("", normalised)

    check()


def test_no_word_boundary_is_lost(tokenizer: Tokenizer) -> None:
    """Of words, as many tokens start one (or end one, in CLIP), or are its blank, as there are."""
    tokens, unknown = tokenizer.vocabulary, unknown_id(tokenizer)
    words = [word for word in wordfreq.top_n_list("en", 1000) if word.isalpha()]
    encoding = tokenizer.backend.encode("the " + " ".join(words), add_special_tokens=False)
    boundaries = sum(
        tokens[index].starts_word or tokens[index].surface == b" " or index == unknown
        for index in encoding.ids
    )
    first_is_bare = tokenizer.scheme.keeps_spaces and not tokenizer.adds_leading_space
    assert boundaries + first_is_bare == len(words) + 1


def test_byte_level_surfaces_are_those_of_the_librarys_decoder(tokenizer: Tokenizer) -> None:
    if not tokenizer.scheme.byte_level or tokenizer.scheme.end:
        return
    decode = decoders.ByteLevel().decode
    for token in tokenizer.vocabulary:
        assert token.surface.decode("utf-8", "replace") == decode([token.token])


def test_end_of_word_surfaces_are_those_of_the_librarys_decoder(tokenizer: Tokenizer) -> None:
    end = tokenizer.scheme.end
    if not end:
        return
    byte_level = decoders.ByteLevel().decode
    for token in tokenizer.vocabulary:
        if token.kind in ("byte", "partial", "text"):
            core = token.token.removesuffix(end)
            expected = byte_level([core]) if tokenizer.scheme.byte_level else core
            assert token.surface.decode("utf-8", "replace") == expected
            assert token.starts_word == token.token.endswith(end)


BYTE_LEVEL = Scheme("byte-level", byte_level=True)
METASPACE = Scheme("metaspace", space="▁")
WORDPIECE = Scheme("WordPiece", continuation="##")
END_OF_WORD = Scheme("end-of-word", end="</w>")


def stored(text: str) -> str:
    """Write a text in the byte alphabet."""
    characters = {byte: character for character, byte in byte_alphabet().items()}
    return "".join(characters[byte] for byte in text.encode())


@pytest.mark.parametrize(
    ("scheme", "token", "surface", "text", "starts_word"),
    [
        (BYTE_LEVEL, "Ġtiger", b" tiger", "tiger", True),
        (BYTE_LEVEL, "tiger", b"tiger", "tiger", False),
        (BYTE_LEVEL, stored(" naïve"), " naïve".encode(), "naïve", True),
        (BYTE_LEVEL, stored("Ġ"), "Ġ".encode(), "Ġ", False),
        # Of blanks only the one before something else is a boundary.
        (BYTE_LEVEL, "Ġ", b" ", " ", False),
        (BYTE_LEVEL, "ĠĠ", b"  ", "  ", False),
        (BYTE_LEVEL, "ĠĠtiger", b"  tiger", "  tiger", False),
        (BYTE_LEVEL, stored(" \n"), b" \n", " \n", False),
        (BYTE_LEVEL, stored(" \x1c"), b" \x1c", " \x1c", False),
        (BYTE_LEVEL, stored(" \u3000"), " \u3000".encode(), " \u3000", False),
        (BYTE_LEVEL, stored(" \u200b"), " \u200b".encode(), "\u200b", True),
        (BYTE_LEVEL, "Ċ", b"\n", "\n", False),
        # Bytes that are no text alone.
        (BYTE_LEVEL, "æ", b"\xe6", None, False),
        (BYTE_LEVEL, "Ġæ", b" \xe6", None, True),
        (BYTE_LEVEL, "æ¼", b"\xe6\xbc", None, False),
        # As the library's decoder, a token outside the alphabet stands for itself.
        (BYTE_LEVEL, "Ġ漢", "Ġ漢".encode(), "Ġ漢", False),
        (METASPACE, "▁tiger", b" tiger", "tiger", True),
        (METASPACE, "tiger", b"tiger", "tiger", False),
        (METASPACE, "▁", b" ", " ", False),
        (METASPACE, "▁▁tiger", b"  tiger", "  tiger", False),
        (METASPACE, "▁\u3000", " \u3000".encode(), " \u3000", False),
        # A lone byte token is text: byte fallback takes a token for every byte.
        (METASPACE, "<0x0A>", b"<0x0A>", "<0x0A>", False),
        (WORDPIECE, "lastly", b"lastly", "lastly", True),
        (WORDPIECE, "##ect", b"ect", "ect", False),
        (WORDPIECE, "##", b"##", "##", True),
        (WORDPIECE, "####", b"##", "##", False),
        (WORDPIECE, "Ġ▁", "Ġ▁".encode(), "Ġ▁", True),
        (END_OF_WORD, "tiger</w>", b"tiger", "tiger", True),
        (END_OF_WORD, "ti", b"ti", "ti", False),
    ],
)
def test_one_token(
    scheme: Scheme, token: str, surface: bytes, text: str | None, starts_word: bool
) -> None:
    (row,) = Vocabulary.of(StoredTokens.from_ids({token: 0}, {}), scheme)
    assert (row.surface, row.text, row.starts_word) == (surface, text, starts_word)


def test_byte_fallback_takes_a_token_for_every_byte() -> None:
    ids = {f"<0x{byte:02X}>": byte for byte in range(256)}
    rows = list(Vocabulary.of(StoredTokens.from_ids(ids, {}), METASPACE))
    assert [row.surface for row in rows] == [bytes([byte]) for byte in range(256)]
    assert {row.kind for row in rows} == {"byte"}
    assert not any(row.starts_word for row in rows)
    assert (rows[0x0A].text, rows[0x20].text, rows[0x80].text) == ("\n", " ", None)
