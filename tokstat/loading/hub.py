"""Load a tokenizer from the Hugging Face Hub, from its local cache, or from a packaged copy."""

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
from tokstat.loading.encodings import ENCODINGS
from tokstat.loading.formats import CONVERTIBLE, FILE_SETS, shown
from tokstat.loading.local import load_folder
from tokstat.model.folder import CONFIGURATIONS
from tokstat.model.written_templates import CHAT_TEMPLATE
from tokstat.tokenizer.tokenizer import Tokenizer

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
"""Errors of the local disk and not of the Hub: no room for a file, or no permission to write."""


def load_repository(spec: str, repository: str, revision: str | None) -> Tokenizer:
    """Load a repository's tokenizer, at a revision or at its main branch.

    All files come from the one commit that the revision names now. If the Hub does not answer,
    the local cache is used. Without a copy there, a name without a revision may have a packaged
    copy, which the origin then states. The Hub's client reads its own settings, such as HF_HOME,
    HF_HUB_OFFLINE, HF_ENDPOINT and HF_TOKEN.

    Raises: as `tokstat.loading.load`.
    """
    try:
        folder, commit = download(lambda: _fetch(repository, revision))
    except TooSlowError as slow:
        unreachable = HubUnreachableError(
            f"{_named(repository, revision)} could not be downloaded from {constants.ENDPOINT}:"
            f" {slow}",
            slow.hint,
        )
    except HubUnreachableError as error:
        unreachable = error
    else:
        return load_folder(spec, folder, source=f"hf:{repository}", revision=commit)
    return _load_without_hub(spec, repository, revision, unreachable)


def _fetch(repository: str, revision: str | None) -> tuple[Path, str]:
    """Download the files of a revision into the cache; return their folder and the commit."""
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
            f"{repository} was not looked up on the Hub, because HF_HUB_OFFLINE is set",
            "Unset HF_HUB_OFFLINE, or give the path of a tokenizer file.",
        )
    try:
        info = HfApi().model_info(
            repository, revision=revision, timeout=constants.HF_HUB_ETAG_TIMEOUT
        )
    except Exception as error:  # the client's HTTP library decides the type of network errors
        raise _translate(error, repository, revision) from error
    return str(info.sha), [file.rfilename for file in info.siblings or ()]


def _wanted(repository: str, names: list[str]) -> list[str]:
    """Choose the files to download: the best complete set, or all that a conversion may need.

    The configurations come first. Otherwise an interrupted download could leave a tokenizer in
    the cache, which later runs would read without its configurations.
    """
    for file_set in FILE_SETS:
        if set(file_set) <= set(names):
            wanted = (*CONFIGURATIONS, CHAT_TEMPLATE, *file_set)
            return [name for name in wanted if name in names]
    if not set(CONVERTIBLE) & set(names):
        raise NoTokenizerError(
            f"No tokenizer in the repository {repository} (looked for {shown(FILE_SETS)})",
            "Give a repository that holds one of these; adapters often keep theirs elsewhere.",
        )
    return [name for name in names if name in {*CONFIGURATIONS, CHAT_TEMPLATE, *CONVERTIBLE}]


def _download(repository: str, commit: str, names: list[str]) -> Path:
    """Download files of one commit into the client's cache, and return their folder."""
    try:
        paths = [hf_hub_download(repository, name, revision=commit) for name in names]
    except Exception as error:
        raise _translate(error, repository, commit) from error
    return Path(paths[0]).parent


def _record_ref(folder: Path, revision: str, commit: str) -> None:
    """Record in the cache which commit a branch or tag names, so that its copy is found offline.

    The client records this only if it is asked for a file by branch or tag.
    """
    if revision == commit:
        return
    ref = folder.parents[1] / "refs" / revision
    with suppress(OSError):  # the files are complete even in a read-only cache
        ref.parent.mkdir(parents=True, exist_ok=True)
        replace_file(ref, commit.encode())


def _translate(error: Exception, repository: str, revision: str | None) -> TokstatError:
    """Return the error to raise for an error of the Hub's client."""
    at = _named(repository, revision)
    where = f"on {constants.ENDPOINT}"
    if isinstance(error, GatedRepoError):
        return AccessDeniedError(
            f"{at} {where} is gated, and you have no access to it",
            f"Accept its terms at {constants.ENDPOINT}/{repository}, and set HF_TOKEN.",
        )
    if isinstance(error, RevisionNotFoundError):
        return SourceNotFoundError(
            f"{repository} {where} has no revision {revision!r}",
            "Give an existing branch, tag or commit, or leave out the revision.",
        )
    if isinstance(error, RepositoryNotFoundError):
        guess = f"Did you mean tiktoken:{repository}? " if repository in ENCODINGS else ""
        return SourceNotFoundError(
            f"There is no repository {repository} {where}, or it is private",
            f"{guess}Check the name; for a private repository, set HF_TOKEN. If you meant a file,"
            " check that its path exists.",
        )
    if isinstance(error, HfHubHTTPError) and error.response.status_code == 401:
        return AccessDeniedError(
            f"{constants.ENDPOINT} rejects your token for {at}",
            "Renew or unset HF_TOKEN or the stored token.",
        )
    if isinstance(error, HFValidationError):
        return SpecError(
            f"{at!r} is not a valid name of a repository", "Give org/name, or the path of a file."
        )
    if isinstance(error, LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # the cause explains more than the missing local copy
    reason = reason_of(error)
    if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
        return OutputError(
            f'{at} cannot be written to the cache {constants.HF_HUB_CACHE}: "{reason}"',
            "Free some space, or set HF_HOME to another folder.",
        )
    return HubUnreachableError(
        f'{at} could not be downloaded from {constants.ENDPOINT}: "{reason}"',
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
        f"{unreachable.problem}; the cache {constants.HF_HUB_CACHE} has no copy either",
        unreachable.hint,
    ) from unreachable


def _cached_folder(repository: str, revision: str | None) -> Path | None:
    """Return the folder of the complete copy in the client's cache, None without one."""
    parts = {name for names in FILE_SETS if len(names) > 1 for name in names}
    alone = ((name,) for name in CONVERTIBLE if name not in parts)
    for names in (*FILE_SETS, *alone):
        found = [try_to_load_from_cache(repository, name, revision=revision) for name in names]
        paths = [Path(path) for path in found if isinstance(path, str)]
        if len(paths) == len(names):
            return paths[0].parent
    return None
