"""A small Hugging Face Hub on this machine, for the real client to talk to."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import unquote, urlsplit

_API = "/api/models/"
_PAGE = b"<!doctype html><title>Sign in to this network</title>"


class Fault(Enum):
    """What a faulty Hub does instead of answering."""

    ERROR = auto()
    """Answers 500."""
    PAGE = auto()
    """Answers 200 with an HTML page, as the sign-in page of a network does."""
    REJECT = auto()
    """Answers 401, as to a token that has expired."""
    RESET = auto()
    """Resets the connection instead of answering."""
    SHORT = auto()
    """Announces the whole file when asked about it, and then announces and sends half of it."""
    LIMIT = auto()
    """Answers 429, and says to come back in an hour."""
    STALL = auto()
    """Takes the request and never answers."""
    STALL_BODY = auto()
    """Answers when asked about a file, and stalls halfway through what it sends."""
    STALL_FILE = auto()
    """Answers when asked about a file, and never sends it."""
    STALL_HEADERS = auto()
    """Begins each answer, and stalls in the middle of its headers."""
    TRICKLE = auto()
    """Sends a byte at a time, and a pause before each."""
    TRUNCATE = auto()
    """Announces the whole file, and closes the connection halfway."""
    TRUNCATE_ONCE = auto()
    """Does so the first time."""


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    method: str
    path: str
    authorization: str | None


@dataclass
class Repository:
    """Commits with their files, and the branches and tags that name a commit."""

    commits: dict[str, Mapping[str, bytes]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    token: str | None = None

    def resolve(self, revision: str) -> str | None:
        """Return the commit that a branch, a tag, or a commit names."""
        commit = self.refs.get(revision, revision)
        return commit if commit in self.commits else None


class Hub(ThreadingHTTPServer):
    """Serve repositories; `faults` maps a part of a path to what happens to requests for it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, Repository] = {}
        self.requests: list[Request] = []
        self.faults: dict[str, Fault] = {}
        self.pause = 1.0
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """The value for HF_ENDPOINT."""
        return f"http://127.0.0.1:{self.server_port}"

    def commit(
        self, name: str, files: Mapping[str, bytes], *refs: str, token: str | None = None
    ) -> str:
        """Add a commit that main and `refs` name from now on; `token` gates the repository."""
        repository = self.repositories.setdefault(name, Repository(token=token))
        commit = hashlib.sha1(f"{name} {len(repository.commits)}".encode()).hexdigest()
        repository.commits[commit] = files
        repository.refs |= dict.fromkeys(("main", *refs), commit)
        return commit

    def paths(self, part: str) -> list[str]:
        """Return the requested paths that contain a part, in order."""
        return [request.path for request in self.requests if part in request.path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def hub(self) -> Hub:
        return cast("Hub", self.server)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the tests' stderr clean."""

    def do_HEAD(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def _serve(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.requests.append(Request(self.command, path, self.headers["Authorization"]))
        fault = next((fault for part, fault in self.hub.faults.items() if part in path), None)
        if fault is Fault.ERROR:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
        elif fault is Fault.PAGE:
            self._answer(_PAGE, {"Content-Type": "text/html"})
        elif fault is Fault.REJECT:
            self._refuse(
                HTTPStatus.UNAUTHORIZED, message="Invalid credentials in Authorization header"
            )
        elif fault is Fault.RESET:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            self.close_connection = True
        elif fault is Fault.LIMIT:
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS, wait=3600)
        elif fault is Fault.STALL or (fault is Fault.STALL_FILE and self.command == "GET"):
            self._stall()
        elif fault is Fault.STALL_HEADERS:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Len")
            self._stall()
        elif path.startswith(_API):
            name, _, revision = path.removeprefix(_API).partition("/revision/")
            self._serve_information(name, revision or "main", fault)
        elif "/resolve/" in path:
            name, _, rest = path[1:].partition("/resolve/")
            revision, _, file = rest.rpartition("/")
            self._serve_file(name, revision, file, fault)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def _stall(self) -> None:
        self.hub.closing.wait()
        self.close_connection = True

    def _serve_information(self, name: str, revision: str, fault: Fault | None) -> None:
        repository = self.hub.repositories.get(name)
        if repository is None:
            return self._refuse(HTTPStatus.UNAUTHORIZED, "RepoNotFound")
        commit = repository.resolve(revision)
        if commit is None:
            return self._refuse(HTTPStatus.NOT_FOUND, "RevisionNotFound")
        siblings = [{"rfilename": file} for file in repository.commits[commit]]
        gated = "manual" if repository.token else False
        information = {"id": name, "sha": commit, "siblings": siblings, "gated": gated}
        headers = {"Content-Type": "application/json"}
        return self._answer(json.dumps(information).encode(), headers, fault)

    def _serve_file(self, name: str, revision: str, file: str, fault: Fault | None) -> None:
        repository = self.hub.repositories.get(name)
        if repository is None:
            return self._refuse(HTTPStatus.UNAUTHORIZED, "RepoNotFound")
        commit = repository.resolve(revision)
        if commit is None:
            return self._refuse(HTTPStatus.NOT_FOUND, "RevisionNotFound")
        if repository.token and self.headers["Authorization"] != f"Bearer {repository.token}":
            known = self.headers["Authorization"] is not None
            status = HTTPStatus.FORBIDDEN if known else HTTPStatus.UNAUTHORIZED
            return self._refuse(status, "GatedRepo")
        body = repository.commits[commit].get(file)
        if body is None:
            return self._refuse(HTTPStatus.NOT_FOUND, "EntryNotFound", commit)
        headers = {"X-Repo-Commit": commit, "ETag": f'"{hashlib.sha256(body).hexdigest()}"'}
        return self._answer(body, headers, fault)

    def _refuse(
        self,
        status: HTTPStatus,
        code: str = "",
        commit: str = "",
        message: str = "",
        wait: int | None = None,
    ) -> None:
        headers = {"X-Error-Code": code, "X-Repo-Commit": commit, "X-Error-Message": message}
        headers |= {} if wait is None else {"Retry-After": str(wait)}
        sent = {name: value for name, value in headers.items() if value}
        self._answer(json.dumps({"error": status.phrase}).encode(), sent, status=status)

    def _answer(
        self,
        body: bytes,
        headers: Mapping[str, str],
        fault: Fault | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        start, end = 0, len(body)
        asked = self.headers["Range"]
        if asked and status is HTTPStatus.OK:
            status = HTTPStatus.PARTIAL_CONTENT
            start = int(asked.removeprefix("bytes=").partition("-")[0])
            headers = {**headers, "Content-Range": f"bytes {start}-{end - 1}/{end}"}
        if fault in (Fault.TRUNCATE, Fault.TRUNCATE_ONCE) and self.command == "GET":
            end //= 2
            self.close_connection = True
            if fault is Fault.TRUNCATE_ONCE:
                self.hub.faults.clear()
        if fault is Fault.SHORT and self.command == "GET":
            body = body[: len(body) // 2]
            end = len(body)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body) - start)}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is Fault.STALL_BODY:
            self.wfile.write(body[start : end // 2])
            self._stall()
        elif fault is Fault.TRICKLE:
            for place in range(start, end):
                if self.hub.closing.wait(self.hub.pause):
                    break
                self.wfile.write(body[place : place + 1])
        else:
            self.wfile.write(body[start:end])


@contextmanager
def serve_hub() -> Iterator[Hub]:
    """Run a Hub in a thread of its own for as long as the context lasts."""
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            hub.closing.set()
            hub.shutdown()
            thread.join()
