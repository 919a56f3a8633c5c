"""Search for text lost in a round trip: encoded, then decoded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from unicodedata import category, normalize

from tokstat.errors import EncodingError
from tokstat.text.delta_debugging import shortest
from tokstat.tokenizer.encoding import decode, decode_batch, encode, encode_batch_fast
from tokstat.tokenizer.pipeline import normalizer_parts, pre_tokenizer_parts
from tokstat.tokenizer.tokenizer import Tokenizer

TEXTS = 128
"""Number of generated texts."""

_SEED = 0
_MOST_PARTS = 6
_MOST_DECODED = 200
"""Most texts to encode and decode while lost ones are shortened, by harm and otherwise."""

_WORDS = (
    *("the", "The", "WORLD", "don't", "e-mail", "naïve", "cafe\u0301", "straße", "İstanbul"),
    *("ﬁne", "Ωμέγα", "русский", "ไทยนี้", "中文", "日本語", "がき", "한국어", "हिन्दी", "العربية"),
    *("שָׁלוֹם", "Tiếng", "ქართული", "አማርኛ", "a", "I", "x"),
)
_NUMBERS = ("0", "7", "42", "1999", "3.14", "1,000", "１２", "٣", "½", "²", "Ⅷ")
_MARKS = (".", ",", "!", "?!", "...", "'", "“”", "(", ")", "[x]", "{}", "<b>", "/", "\\", "_", "#")
_SYMBOLS = ("$", "€", "©", "™", "→", "∑", "🙂", "👩‍💻", "🇩🇪", "❤️", "𝒳", "𐍈", "▁", "Ġ", "##a")
_SPACES = (" ", "  ", "\n", "\t", "\r\n", "\u00a0", "\u3000", "\u2028", "\u200b", "\u200d")
_ODD = ("\x00", "\x07", "\x7f", "\u0085", "\u00ad", "\ufeff", "\ufffd", "\ue000", "\U0010ffff")
_POOLS = (_WORDS, _WORDS, _NUMBERS, _MARKS, _SYMBOLS, _SPACES, _ODD)
_JOINTS = (" ", " ", "", "\n")


@dataclass(frozen=True)
class Loss:
    """Hold a shortest text lost in a round trip, what it becomes, and the component at fault."""

    text: str
    decoded: str
    cause: str
    component: str


def harm_of(text: str, decoded: str) -> int:
    """Return how bad it is that a text becomes another: the higher, the worse.

    3: letters, marks or digits are lost. 2: other visible characters are. 1: only case or the form
    of characters in Unicode differs. 0: only white space and invisible characters do.
    """

    def visible(given: str) -> Counter[str]:
        return Counter(each for each in given if category(each)[0] not in "ZC")

    lost = visible(normalize("NFKC", text).casefold())
    lost -= visible(normalize("NFKC", decoded).casefold())
    if any(category(each)[0] in "LMN" for each in lost):
        return 3
    if lost:
        return 2
    return int(visible(text) != visible(decoded))


@dataclass(frozen=True)
class RoundTrip:
    """Hold how many generated texts returned unchanged, and losses of each kind, worst first.

    Of each component there is the shortest text with the worst harm that was found.
    """

    texts: int
    returned: int
    losses: tuple[Loss, ...]


def generated_texts(count: int = TEXTS) -> list[str]:
    """Return texts of words in many scripts, numbers, punctuation, spaces and odd characters.

    A fixed seed makes them the same every time. Each has one to six parts, joined by spaces, line
    ends, or nothing.
    """
    random = Random(_SEED)  # noqa: S311
    return [
        random.choice(_JOINTS).join(
            random.choice(random.choice(_POOLS)) for _ in range(random.randint(1, _MOST_PARTS))
        )
        for _ in range(count)
    ]


def search_losses(tokenizer: Tokenizer) -> RoundTrip:
    """Encode and decode the generated texts, and shorten those that change.

    Characters of a text that changes are removed as long as it still changes (delta debugging,
    Zeller and Hildebrandt 2002). What remains is one loss. Then the loss is removed from the text
    and the rest is tested again, as one text may have several losses. Before that, the texts that
    are harmed most are shortened as long as they are harmed as much (`harm_of`).
    """
    trip = _Trip(tokenizer)
    texts = generated_texts()
    pairs = list(zip(texts, trip.all(texts), strict=True))
    lost = [text for text, decoded in pairs if text != decoded]
    harms = {text: harm_of(text, decoded or "") for text, decoded in pairs if text != decoded}
    harmed = sorted((text for text in lost if harms[text] > 1), key=lambda text: -harms[text])
    losses: dict[tuple[str, str], Loss] = {}
    for some, by_harm in ((harmed, True), (lost, False)):
        trip.left = _MOST_DECODED
        for text in some:
            for loss in trip.losses(text, by_harm=by_harm):
                known = losses.setdefault((loss.cause, loss.component), loss)
                if _worse(loss) < _worse(known):
                    losses[loss.cause, loss.component] = loss
    return RoundTrip(len(texts), len(texts) - len(lost), tuple(sorted(losses.values(), key=_worse)))


def _worse(loss: Loss) -> tuple[int, int]:
    """Order losses: the worst harm first, then the shortest text."""
    return -harm_of(loss.text, loss.decoded), len(loss.text)


class _Trip:
    """Encode and decode with one tokenizer, and count how often."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._backend = tokenizer.backend
        self._normalizers = normalizer_parts(tokenizer.backend)
        self._pre_tokenizers = pre_tokenizer_parts(tokenizer.backend)
        self.left = _MOST_DECODED

    def all(self, texts: list[str]) -> list[str | None]:
        """Return what texts become; None for a text on which the model fails."""
        try:
            encodings = encode_batch_fast(self._backend, texts)
            return [*decode_batch(self._backend, [encoding.ids for encoding in encodings])]
        except EncodingError:  # on any one of the texts
            return [self.one(text) for text in texts]

    def one(self, text: str) -> str | None:
        """Return what a text becomes, or None if the model fails on it."""
        self.left -= 1
        try:
            return decode(self._backend, encode(self._backend, text))
        except EncodingError:
            return None

    def losses(self, text: str, *, by_harm: bool) -> Iterator[Loss]:
        """Yield the losses of a text, one after another; `by_harm` only those that harm as much."""
        while self.left > 0 and text and (decoded := self.one(text)) != text:
            least = harm_of(text, decoded or "") if by_harm else 0
            lost = shortest(text, partial(self._is_lost, least))
            if self.left <= 0:  # it was not shortened to the end
                return
            yield self._explained(lost)
            rest = text.replace(lost, "")
            if len(rest) == len(text):
                return
            text = rest

    def _is_lost(self, least: int, text: str) -> bool:
        """Return whether a text changes, with at least so much harm."""
        if self.left <= 0:
            return False
        decoded = self.one(text)
        return decoded != text and harm_of(text, decoded or "") >= least

    def _explained(self, text: str) -> Loss:
        """Return the loss with its component, the first one that a text meets and that loses it."""
        decoded = self.one(text)
        if decoded is None:
            return Loss(text, "", "the model fails", f"model: {self._tokenizer.model_type}")
        ids = encode(self._backend, text)
        unknown = self._tokenizer.unknown_id in ids or not ids
        harm = harm_of(text, decoded)
        # A normalizer that only lowers case does not lose the letter that has no token then.
        if name := self._changing_normalizer(text, harm if unknown else 0):
            return Loss(text, decoded, "normalizer", f"normalizer: {name}")
        if name := self._dropping_pre_tokenizer(text):
            return Loss(text, decoded, "pre-tokenizer", f"pre-tokenizer: {name}")
        if unknown:
            return Loss(text, decoded, "unknown token", f"model: {self._tokenizer.model_type}")
        decoder = self._backend.decoder
        name = type(decoder).__name__ if decoder is not None else "none"
        return Loss(text, decoded, "decoder", f"decoder: {name}")

    def _changing_normalizer(self, text: str, least: int) -> str | None:
        """Return the step that changes a text, with at least so much harm.

        Marks for spaces are no change.
        """
        space = self._tokenizer.scheme.space
        for part in self._normalizers:
            changed = part(text)
            if space:
                changed, text = changed.replace(space, " "), text.replace(space, " ")
            if changed.strip(" ") != text.strip(" ") and harm_of(text, changed) >= least:
                return part.type
        return None

    def _dropping_pre_tokenizer(self, text: str) -> str | None:
        """Return the step whose pieces leave out characters of a text."""
        for part in self._normalizers:
            text = part(text)
        for step in self._pre_tokenizers:
            end = 0
            for start, stop in sorted(step.spans(text)):
                if start > end:
                    return step.type
                end = max(end, stop)
            if end < len(text):
                return step.type
        return None
