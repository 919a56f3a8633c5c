"""What can go wrong, as types whose message says what was looked for, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_NAMED = 8


class TokstatError(Exception):
    """Report a problem that the user can act on; the command line exits with 2 on it.

    The message is one line: what was looked for and what was found, then what to do about it.
    """

    def __init__(self, problem: str, hint: str) -> None:
        self.problem = " ".join(problem.split())
        self.hint = " ".join(hint.split())
        super().__init__(f"{self.problem}. {self.hint}")


class SpecError(TokstatError):
    """A SPEC that names no known kind of source."""


class SourceNotFoundError(TokstatError):
    """A file, folder, repository or revision that does not exist."""


class AccessDeniedError(TokstatError):
    """A source that exists but may not be read: a gated repository, a protected file."""


class HubUnreachableError(TokstatError):
    """The Hub did not answer, and nothing on this machine can stand in for it."""


class NoTokenizerError(TokstatError):
    """A folder or repository that holds no tokenizer file."""


class InvalidTokenizerError(TokstatError):
    """A tokenizer file that cannot be read as one."""


class LoaderError(TokstatError):
    """A loader of another distribution that does not load, is none, or takes a used name."""


class LimitError(TokstatError):
    """What goes beyond a limit of `tokstat.io.limits`, each of which can be raised."""


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
    """A change to a tokenizer that would break it, or that its kind does not allow."""


class AnalyzerError(TokstatError):
    """An analyzer id that is not registered, or is registered twice."""


class UnknownNameError(TokstatError):
    """A name that is no code, analyzer or metric."""


class GateError(TokstatError):
    """A limit, a level or a baseline that a report cannot be judged by."""


class SettingsError(TokstatError):
    """A settings file that cannot be read, or that says what no setting can be."""


class ReportError(TokstatError):
    """A saved report that cannot be read back, or a metric or section that it does not hold."""


class ComparisonError(TokstatError):
    """Too few tokenizers to compare, or too many."""


class OutputError(TokstatError):
    """An output file that cannot be written."""


class CorpusError(TokstatError):
    """Text that cannot be read or counted as asked."""


class StateError(TokstatError):
    """Saved counts that cannot be read, or that do not go together."""


class ExecutorError(TokstatError):
    """Workers that cannot be reached, or that are gone."""


class MissingExtraError(TokstatError):
    """An optional dependency that is not installed."""


class ReaderGoneError(Exception):
    """Say that nobody reads stdout any more; click would end a BrokenPipeError with status 1."""


def reason_of(error: BaseException) -> str:
    """Return the first line of a foreign error's message, or its type where it has none.

    Without the punctuation at its end, as it becomes a part of a sentence, and of an error of the
    system without its number.
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).strip().split("\n")[0].rstrip(" .:") or type(error).__name__


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return a hint with the known names that begin so, or that are nearest, in any case."""
    from difflib import get_close_matches

    lowered = {each.lower(): each for each in known}
    begun = [low for low in lowered if name and low.startswith(name.lower())]
    near = begun or get_close_matches(name.lower(), lowered, n=3)
    if near:
        return f"Did you mean {' or '.join(lowered[low] for low in near[:_MOST_NAMED])}?"
    return "Run tokstat explain to see all names."
