"""Errors that the user can act on; each message has the problem, the place and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_MOST_NAMED = 8
_MOST_CAUSES = 3
_LONGEST_REASON = 600


class TokstatError(Exception):
    """Report a problem that the user can act on; the command line exits with status 2.

    The message is one line: first the problem, then the hint.
    """

    def __init__(self, problem: str, hint: str) -> None:
        self.problem = " ".join(problem.split())
        self.hint = " ".join(hint.split())
        super().__init__(f"{self.problem}. {self.hint}")

    def __reduce__(self) -> tuple[object, ...]:
        """Let a worker send it: the message alone would not make it again."""
        return type(self), (self.problem, self.hint)


class SpecError(TokstatError):
    """A SPEC of no known kind."""


class SourceNotFoundError(TokstatError):
    """A file, folder, repository or revision that does not exist."""


class AccessDeniedError(TokstatError):
    """A source that exists and cannot be read: a gated repository, a protected file."""


class HubUnreachableError(TokstatError):
    """The Hub did not answer, and this machine has no copy of the files."""


class NoTokenizerError(TokstatError):
    """A folder or repository without a tokenizer file."""


class InvalidTokenizerError(TokstatError):
    """A tokenizer file that cannot be read as one."""


class LoaderError(TokstatError):
    """A plug-in that cannot be imported, is not a loader, or uses a name that is taken."""


class LimitError(TokstatError):
    """A limit of `tokstat.io.limits` that is exceeded; the user can raise it."""


class EncodingError(TokstatError):
    """A tokenizer that fails on a text."""


class LexiconError(TokstatError):
    """A language without a word list, or a word list that cannot be read."""


class DataError(TokstatError):
    """A data file that is absent, damaged, or not what its name says."""


class ModelError(TokstatError):
    """An embedding model that cannot be loaded, or whose vectors cannot be trusted."""


class TeacherError(TokstatError):
    """A teacher model that cannot be loaded, or that has no tokenizer."""


class EditError(TokstatError):
    """A change that would break a tokenizer, or that its kind does not allow."""


class AnalyzerError(TokstatError):
    """An analyzer id that is not registered, or is registered twice."""


class UnknownNameError(TokstatError):
    """A name of no code, analyzer or metric."""


class GateError(TokstatError):
    """A limit, level or baseline that cannot be applied to a report."""


class SettingsError(TokstatError):
    """A settings file that cannot be read, or that holds an invalid setting."""


class ReportError(TokstatError):
    """A saved report that cannot be read, or a metric or section that a report lacks."""


class ComparisonError(TokstatError):
    """Too few tokenizers to compare, or too many."""


class OutputError(TokstatError):
    """An output file that cannot be written."""


class CorpusError(TokstatError):
    """Text that cannot be read or counted as asked."""


class StateError(TokstatError):
    """Saved counts that cannot be read, or that cannot be joined."""


class ExecutorError(TokstatError):
    """Workers that cannot be reached, or that have stopped."""


class MissingExtraError(TokstatError):
    """An optional dependency that is not installed."""


class ReaderGoneError(Exception):
    """Report that the reader of stdout is gone; click would exit with 1 on a BrokenPipeError."""


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Put a name before the message of an error, unless the message has it already."""
    try:
        yield
    except TokstatError as error:
        if name in error.problem:
            raise
        raise type(error)(f"{name}: {error.problem}", error.hint) from error


def reason_of(error: BaseException) -> str:
    """Return the first line of a foreign error's message, or its type if the message is empty.

    The text becomes part of a sentence, so its final punctuation is removed. An OSError gives its
    text without the number, and text in another encoding than UTF-8 no name of a codec.
    """
    if isinstance(error, UnicodeDecodeError):
        return _no_text(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # The Hub's client begins with the name of an error's type: "Got: ConnectError: ...".
    told = str(error).strip().split("\n")[0]
    if told.startswith("Got: "):
        told = told.removeprefix("Got: ").partition(": ")[2] or told
    return told.rstrip(" .:") or type(error).__name__


_MARKS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x1f\x8b": "gzip",
}
"""How files begin that are often given for UTF-8 text."""


def _no_text(error: UnicodeDecodeError) -> str:
    for mark, name in _MARKS.items():
        if error.object.startswith(mark):
            return f"it is not UTF-8 text, but begins as {name} does"
    if not error.encoding.startswith("utf-8"):  # the json module guesses from NUL characters
        return "it is not UTF-8 text, but has NUL characters"
    return f"it is not UTF-8 text: byte {error.start:,} begins no character"


def whole_reason_of(error: BaseException) -> str:
    """Return all of a foreign error's message, and those of the errors that led to it, in a line.

    Libraries write what was wrong with which file into later lines, or into an earlier error.
    """
    found: list[str] = []
    at: BaseException | None = error
    while at is not None and len(found) < _MOST_CAUSES:
        text = " ".join(str(at).split()).rstrip(" .:") or type(at).__name__
        if text not in found:
            found.append(text)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "; after: ".join(each[:_LONGEST_REASON] for each in found)


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return a hint with the known names that start with a name or are nearest; case is ignored."""
    from difflib import get_close_matches

    lowered = {each.lower(): each for each in known}
    begun = [low for low in lowered if name and low.startswith(name.lower())]
    near = begun or get_close_matches(name.lower(), lowered, n=3)
    if near:
        return f"Did you mean {' or '.join(lowered[low] for low in near[:_MOST_NAMED])}?"
    return "Run `tokstat explain` to see all names."


def is_panic(error: BaseException) -> bool:
    """Return whether an error is a Rust library's panic, a BaseException that nobody exports."""
    return type(error).__name__ == "PanicException"


def is_failure(error: BaseException) -> bool:
    """Return whether an error is the library's, and not one that must end the program."""
    return isinstance(error, Exception) or is_panic(error)
