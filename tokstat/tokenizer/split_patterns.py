"""Find the places that a match of a split pattern may span, from the pattern's text.

The pattern becomes its Glushkov automaton (Glushkov 1961): one position for each character class,
and for each position the positions that may follow it. A match can span a place between two
characters only if some position takes the first, and a following position takes the second. The
result may name a place that no match spans, but never misses one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["space", "newline", "tab", "return", "letter", "number", "punctuation", "other"]
"""The kind of a character beside a cut.

White space has four kinds; no other white space stands beside a cut. Letters are `\\p{L}`, numbers
`\\p{N}`, and punctuation is `\\p{P}` without connectors and the apostrophe."""

WHITE: tuple[Kind, ...] = ("space", "newline", "tab", "return")
SOLID: tuple[Kind, ...] = ("letter", "number", "punctuation", "other")

_WHITE_OF: dict[str, Kind] = {" ": "space", "\n": "newline", "\t": "tab", "\r": "return"}
_ALL: frozenset[Kind] = frozenset((*WHITE, *SOLID))
_CONTROLS = {"r": "\r", "n": "\n", "t": "\t"}


class UnknownPatternError(Exception):
    """Report a pattern with syntax that this module does not analyse."""


@dataclass(frozen=True)
class CharacterClass:
    """Hold the kinds of which a class may take a character, and those of which it takes all."""

    may: frozenset[Kind]
    must: frozenset[Kind] = frozenset()

    def union(self, other: CharacterClass) -> CharacterClass:
        """Return the class that takes what either takes."""
        return CharacterClass(self.may | other.may, self.must | other.must)

    def complement(self) -> CharacterClass:
        """Return the class that takes what this one does not."""
        return CharacterClass(_ALL - self.must, _ALL - self.may)


_UNKNOWN = CharacterClass(_ALL)
_SPACE = CharacterClass(frozenset(WHITE), frozenset(WHITE))
_NUMBER = CharacterClass(frozenset({"number"}))
_WORD = CharacterClass(frozenset({"letter", "number", "other"}), frozenset({"letter"}))


def _class_of_property(name: str) -> CharacterClass:
    """Return the class of a Unicode property."""
    kinds: dict[str, CharacterClass] = {
        "L": CharacterClass(frozenset({"letter"}), frozenset({"letter"})),
        "N": CharacterClass(frozenset({"number"}), frozenset({"number"})),
        "P": CharacterClass(frozenset({"punctuation", "other"}), frozenset({"punctuation"})),
    }
    if name in kinds:
        return kinds[name]
    if name in ("Nd", "Nl", "No"):
        return _NUMBER
    if name in ("Lu", "Ll", "Lt", "Lm", "Lo", "LC"):
        return CharacterClass(frozenset({"letter"}))
    if name in ("Pd", "Ps", "Pe", "Pi", "Pf", "Po"):
        return CharacterClass(frozenset({"punctuation", "other"}))
    if name in ("M", "Mn", "Mc", "Me", "S", "Sm", "Sc", "Sk", "So", "Pc"):
        return CharacterClass(frozenset({"other"}))
    return _UNKNOWN


@dataclass(frozen=True)
class Part:
    """Hold the sets of Glushkov's construction for a part of a pattern, as position numbers."""

    nullable: bool = True
    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Alternative:
    r"""Hold one top-level alternative.

    `source` is its text without a final look-ahead. `before_white` tells whether it ends with the
    look-ahead `(?!\S)`, so that no match may end before a solid character.
    """

    source: str
    part: Part
    before_white: bool


@dataclass(frozen=True)
class Pattern:
    """Hold the automaton of a pattern."""

    classes: Sequence[CharacterClass]
    follow: Sequence[set[int]]
    alternatives: Sequence[Alternative]
    possessive: bool

    def spans(self, before: Iterable[Kind], after: Kind, then: Iterable[Kind] = ()) -> bool:
        """Whether a match may span the place between a character of `before` and `after`.

        `then` holds the kinds that may follow `after`. With it, a match counts only if it may end
        after `after` or take one of them. A possessive loop never backtracks, so with one in the
        pattern every beginning of a match counts.
        """
        kinds, ahead = frozenset(before), frozenset() if self.possessive else frozenset(then)
        return any(
            self._goes_on(second, ahead)
            for first, character in enumerate(self.classes)
            if character.may & kinds
            for second in self.follow[first]
            if after in self.classes[second].may
        )

    def _goes_on(self, position: int, then: frozenset[Kind]) -> bool:
        if not then or any(self.classes[number].may & then for number in self.follow[position]):
            return True
        # The look-ahead prevents a match from ending before a solid character.
        return any(
            position in each.part.last and not each.before_white for each in self.alternatives
        )

    def takes_all(self, *kinds: Kind) -> bool:
        """Whether for one of the kinds every character is in some match."""
        return any(
            kind in self.classes[position].must
            for each in self.alternatives
            if not each.before_white
            for position in each.part.first & each.part.last
            for kind in kinds
        )

    @property
    def takes_all_white(self) -> bool:
        """Whether every white space character is in some match."""
        return any(each.source in ("\\s+", "\\s") for each in self.alternatives)

    @property
    def looks_ahead(self) -> bool:
        """Whether an alternative looks at the character after its match."""
        return any(each.before_white for each in self.alternatives)

    def runs_of_lines_come_first(self) -> bool:
        """Whether an alternative for runs up to their last newline precedes the look-ahead."""
        sources = [each.source for each in self.alternatives]
        ahead = next(n for n, each in enumerate(self.alternatives) if each.before_white)
        return "\\s*[\\r\\n]+" in sources[:ahead]


def parse_pattern(text: str) -> Pattern:
    r"""Parse a pattern in the syntax of Oniguruma, which the tokenizers library uses.

    The only supported look-around is `\s+(?!\S)|\s+`, by which GPT-2 leaves the last space of a
    run to the next word. Its second alternative takes one character, as the first takes longer
    runs.

    Raises:
        UnknownPatternError: the pattern has other look-around, anchors or unsupported syntax.
    """
    return _Parser(text).parse()


def spans_white(pattern: Pattern, kind: str, sees_next: bool = True) -> bool:
    """Whether a match may span a kind of place at white space.

    Without `sees_next`, the text after the place may have been split off already, so a look-ahead
    proves nothing.
    """
    then = SOLID if sees_next or not pattern.looks_ahead else ()
    if kind == "space":
        return pattern.spans(SOLID, "space", then)
    if kind == "last_space":
        return pattern.spans(WHITE, "space", then)
    if kind == "last_line":
        return pattern.spans(WHITE, "newline", then)
    return any(pattern.spans(["newline"], after) for after in ("letter", "number"))


@dataclass
class _Parser:
    text: str
    place: int = 0
    possessive: bool = False
    classes: list[CharacterClass] = field(default_factory=list)
    follow: list[set[int]] = field(default_factory=list)

    def parse(self) -> Pattern:
        alternatives: list[Alternative] = []
        while True:
            alternatives.append(self._top_level())
            if not self._take("|"):
                break
        if self.place < len(self.text):
            raise UnknownPatternError(self.text)
        self._check_look_ahead(alternatives)
        return Pattern(self.classes, self.follow, alternatives, self.possessive)

    def _top_level(self) -> Alternative:
        start = self.place
        part = self._sequence()
        source = self.text[start : self.place]
        before_white = self._take("(?!\\S)")
        return Alternative(source, part, before_white)

    def _check_look_ahead(self, alternatives: list[Alternative]) -> None:
        """Limit the second alternative of GPT-2's pair to one character; reject other pairs."""
        for number, each in enumerate(alternatives):
            if not each.before_white:
                continue
            after = alternatives[number + 1] if number + 1 < len(alternatives) else None
            if each.source != "\\s+" or after is None or after.source != "\\s+":
                raise UnknownPatternError(self.text)
            (position,) = after.part.first
            self.follow[position].clear()
            alternatives[number + 1] = replace(after, source="\\s")

    def _take(self, expected: str) -> bool:
        if self.text.startswith(expected, self.place):
            self.place += len(expected)
            return True
        return False

    def _sequence(self) -> Part:
        part = Part()
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            if self.text.startswith("(?!", self.place):
                break
            part = self._join(part, self._repeated())
        return part

    def _join(self, left: Part, right: Part) -> Part:
        for position in left.last:
            self.follow[position] |= right.first
        return Part(
            left.nullable and right.nullable,
            left.first | right.first if left.nullable else left.first,
            left.last | right.last if right.nullable else right.last,
        )

    def _repeated(self) -> Part:
        part = self._atom()
        while self.place < len(self.text) and self.text[self.place] in "*+?{":
            least, most = self._quantifier()
            if most is None or most > 1:
                for position in part.last:
                    self.follow[position] |= part.first
            part = replace(part, nullable=part.nullable or least == 0)
            if self._take("+"):
                self.possessive = True
            else:
                self._take("?")
        return part

    def _quantifier(self) -> tuple[int, int | None]:
        mark = self.text[self.place]
        self.place += 1
        if mark != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[mark]
        end = self.text.find("}", self.place)
        least, comma, most = self.text[self.place : end].partition(",")
        if end < 0 or not (least or "0").isdigit() or not (most or "0").isdigit():
            raise UnknownPatternError(self.text)
        self.place = end + 1
        return int(least or 0), int(most) if most else None if comma else int(least)

    def _atom(self) -> Part:
        if self._take("("):
            return self._group()
        number = len(self.classes)
        self.classes.append(self._character())
        self.follow.append(set())
        return Part(False, frozenset({number}), frozenset({number}))

    def _group(self) -> Part:
        if self.text.startswith("?", self.place) and not (self._take("?:") or self._take("?i:")):
            raise UnknownPatternError(self.text)
        part = self._sequence()
        while self._take("|"):
            other = self._sequence()
            part = Part(
                part.nullable or other.nullable, part.first | other.first, part.last | other.last
            )
        if not self._take(")"):
            raise UnknownPatternError(self.text)
        return part

    def _character(self) -> CharacterClass:
        character = self._next()
        if character == "[":
            return self._set()
        if character == "\\":
            return self._escape()
        if character == ".":
            return _UNKNOWN
        if character in "^$*+?{":
            raise UnknownPatternError(self.text)
        return _literal(character)

    def _next(self) -> str:
        if self.place >= len(self.text):
            raise UnknownPatternError(self.text)
        self.place += 1
        return self.text[self.place - 1]

    def _set(self) -> CharacterClass:
        negated = self._take("^")
        found = CharacterClass(frozenset())
        while not self._take("]"):
            if self.text.startswith(("&&", "[:"), self.place):
                raise UnknownPatternError(self.text)
            character = self._next()
            item = self._set() if character == "[" else self._item(character)
            if self.text.startswith("-", self.place) and not self.text.startswith("-]", self.place):
                self.place += 1
                item = _range(character, self._item(self._next()))
            found = found.union(item)
        return found.complement() if negated else found

    def _item(self, character: str) -> CharacterClass:
        return self._escape() if character == "\\" else _literal(character)

    def _escape(self) -> CharacterClass:
        character = self._next()
        if character in "sS":
            return _SPACE if character == "s" else _SPACE.complement()
        if character in "wW":
            return _WORD if character == "w" else _WORD.complement()
        if character in "dD":
            return _NUMBER if character == "d" else _NUMBER.complement()
        if character in "pP":
            found = self._property()
            return found.complement() if character == "P" else found
        if character in _CONTROLS:
            return _literal(_CONTROLS[character])
        if character.isalnum():
            raise UnknownPatternError(self.text)
        return _literal(character)

    def _property(self) -> CharacterClass:
        if not self._take("{"):
            raise UnknownPatternError(self.text)
        end = self.text.find("}", self.place)
        if end < 0:
            raise UnknownPatternError(self.text)
        name, self.place = self.text[self.place : end], end + 1
        return _class_of_property(name)


def _range(start: str, end: CharacterClass) -> CharacterClass:
    """Return what a range may take. Ranges of ASCII letters or digits take no white space."""
    if start.isascii() and start.isalnum() and end.may <= {"letter", "number"}:
        return CharacterClass(frozenset({"letter", "number", "punctuation", "other"}))
    if start in _WHITE_OF or start == "\\":
        return _UNKNOWN
    return CharacterClass(frozenset(SOLID))


def _literal(character: str) -> CharacterClass:
    if character in _WHITE_OF:
        kinds = frozenset({_WHITE_OF[character]})
        return CharacterClass(kinds, kinds)
    category = unicodedata.category(character)
    if category[0] == "L":
        return CharacterClass(frozenset({"letter"}))
    if category[0] == "N":
        return CharacterClass(frozenset({"number"}))
    is_punctuation = category in ("Pd", "Ps", "Pe", "Pi", "Pf", "Po") and character != "'"
    return CharacterClass(frozenset({"punctuation" if is_punctuation else "other"}))
