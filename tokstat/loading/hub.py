"""Load a tokenizer from the Hugging Face Hub, its cache, or the packaged copies."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path

from huggingface_hub import HfApi, constants, hf_hub_download, try_to_load_from_cache
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tokstat.errors import (
    AccessDeniedError,
    HubUnreachableError,
    NoTokenizerError,
    OutputError,
    SourceNotFoundError,
    SpecError,
    TokstatError,
    reason_of,
)
from tokstat.io.downloads import TooSlowError, download
from tokstat.io.files import replace_file
from tokstat.loading import bundled
from tokstat.loading.local import CONVERTIBLE, FILE_SETS, load_folder
from tokstat.model.folder import CONFIGURATIONS
from tokstat.tokenizer.tokenizer import Tokenizer

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
"""Errors that are not the Hub's: no room for a file, or no leave to write it."""


def load_repository(spec: str, repository: str, revision: str | None) -> Tokenizer:
    """Load a repository's tokenizer, at a revision or at its main branch.

    All files come from the one commit that the revision names now. Where the Hub does not
    answer, its cache serves, and after that, for an unpinned name, a packaged copy, which the
    origin then says. The client's settings (HF_HOME, HF_HUB_OFFLINE, HF_ENDPOINT, HF_TOKEN, …)
    are its own affair.

    Raises: as `tokstat.loading.load`.
    """
    try:
        folder, commit = download(lambda: _fetch(repository, revision))
    except TooSlowError as slow:
        unreachable = HubUnreachableError(
            f"{_named(repository, revision)} could not be fetched: {constants.ENDPOINT} {slow}",
            slow.hint,
        )
    except HubUnreachableError as error:
        unreachable = error
    else:
        return load_folder(spec, folder, source=f"hf:{repository}", revision=commit)
    return _load_without_hub(spec, repository, revision, unreachable)


def _fetch(repository: str, revision: str | None) -> tuple[Path, str]:
    """Have the files of a revision in the client's cache; return their folder and the commit."""
    commit, names = _look_up(repository, revision)
    folder = _download(repository, commit, _wanted(repository, names))
    _record_ref(folder, revision or constants.DEFAULT_REVISION, commit)
    return folder, commit


def _named(repository: str, revision: str | None) -> str:
    return f"{repository}@{revision}" if revision else repository


def _look_up(repository: str, revision: str | None) -> tuple[str, list[str]]:
    """Ask the Hub for the commit of a revision, and for the names of its files."""
    if constants.HF_HUB_OFFLINE:
        raise HubUnreachableError(
            f"{repository} was not looked up on the Hub: HF_HUB_OFFLINE is set",
            "Unset it, or give a path.",
        )
    try:
        info = HfApi().model_info(
            repository, revision=revision, timeout=constants.HF_HUB_ETAG_TIMEOUT
        )
    except Exception as error:  # network errors are of the HTTP library that the client uses
        raise _translate(error, repository, revision) from error
    return str(info.sha), [file.rfilename for file in info.siblings or ()]


def _wanted(repository: str, names: list[str]) -> list[str]:
    """Choose the files to fetch: the best complete set, or all that a conversion may want.

    The configurations come first: a download that breaks off leaves no tokenizer in the cache
    that would later be read without them.
    """
    for file_set in FILE_SETS:
        if set(file_set) <= set(names):
            return [name for name in (*CONFIGURATIONS, *file_set) if name in names]
    if not set(CONVERTIBLE) & set(names):
        raise NoTokenizerError(
            f"No tokenizer in the repository {repository} (looked for"
            f" {', '.join(' + '.join(file_set) for file_set in FILE_SETS)})",
            "Give a repository that holds one of these; adapters often keep theirs elsewhere.",
        )
    return [name for name in names if name in {*CONFIGURATIONS, *CONVERTIBLE}]


def _download(repository: str, commit: str, names: list[str]) -> Path:
    """Fetch files of one commit into the client's cache, and return their folder."""
    try:
        paths = [hf_hub_download(repository, name, revision=commit) for name in names]
    except Exception as error:
        raise _translate(error, repository, commit) from error
    return Path(paths[0]).parent


def _record_ref(folder: Path, revision: str, commit: str) -> None:
    """Note in the client's cache which commit a branch or tag names, to find its copy offline.

    The client does so itself, but only for files that it is asked for by branch or tag.
    """
    if revision == commit:
        return
    ref = folder.parents[1] / "refs" / revision
    with suppress(OSError):  # a cache that may only be read has served all the same
        ref.parent.mkdir(parents=True, exist_ok=True)
        replace_file(ref, commit.encode())


def _translate(error: Exception, repository: str, revision: str | None) -> TokstatError:
    """Turn an error of the Hub's client into one that says what to do."""
    at = _named(repository, revision)
    where = f"on {constants.ENDPOINT}"
    if isinstance(error, GatedRepoError):
        return AccessDeniedError(
            f"{at} {where} is gated, and this machine has no access",
            f"Accept its terms at {constants.ENDPOINT}/{repository} and set HF_TOKEN.",
        )
    if isinstance(error, RevisionNotFoundError):
        return SourceNotFoundError(
            f"{repository} {where} has no revision {revision!r}",
            "Give a branch, a tag or a commit that exists.",
        )
    if isinstance(error, RepositoryNotFoundError):
        return SourceNotFoundError(
            f"No repository {repository} {where}, or it is private",
            "Check the name; for a private one set HF_TOKEN. A path must exist to be read as one.",
        )
    if isinstance(error, HfHubHTTPError) and error.response.status_code == 401:
        return AccessDeniedError(
            f"{constants.ENDPOINT} refuses this machine's token, asked for {at}",
            "Renew HF_TOKEN or the stored token, or unset it.",
        )
    if isinstance(error, HFValidationError):
        return SpecError(f"{at!r} is no name of a repository", "Give org/name, or a path.")
    if isinstance(error, LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # what it wraps says more than that there is no copy either
    reason = reason_of(error)
    if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
        return OutputError(
            f"{at} cannot be kept in the cache {constants.HF_HUB_CACHE}: {reason}",
            "Make room, or name another folder by HF_HOME.",
        )
    return HubUnreachableError(
        f"{at} could not be fetched: {constants.ENDPOINT} failed with: {reason}",
        "Check the network and HF_ENDPOINT, or give the path of a tokenizer.json.",
    )


def _load_without_hub(
    spec: str, repository: str, revision: str | None, unreachable: HubUnreachableError
) -> Tokenizer:
    try:
        folder = _cached_folder(repository, revision)
    except HFValidationError as error:
        raise _translate(error, repository, revision) from error
    if folder is not None:
        return load_folder(spec, folder, source=f"hf:{repository} (cache)", revision=folder.name)
    if revision is None and bundled.holds(repository):
        return bundled.load_bundled(spec, repository, unreachable.problem)
    raise HubUnreachableError(
        f"{unreachable.problem}; its cache {constants.HF_HUB_CACHE} has no copy",
        unreachable.hint,
    ) from unreachable


def _cached_folder(repository: str, revision: str | None) -> Path | None:
    """Return the folder of the copy in the client's cache, unless a part of it is missing."""
    parts = {name for names in FILE_SETS if len(names) > 1 for name in names}
    alone = ((name,) for name in CONVERTIBLE if name not in parts)
    for names in (*FILE_SETS, *alone):
        found = [try_to_load_from_cache(repository, name, revision=revision) for name in names]
        paths = [Path(path) for path in found if isinstance(path, str)]
        if len(paths) == len(names):
            return paths[0].parent
    return None
