"""Where the bytes of a document come from, and which other files a `$ref` in it may reach."""

from __future__ import annotations

import os
import posixpath
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, BinaryIO, Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit

from ..errors import Diagnostic, Location, SpecError
from . import limits

# Messages in English, no questions, and no network in a partial clone.
_GIT_ENVIRONMENT = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}

# What a path keeps in a URL.
_SAFE = "/:@!$&'()*+,;=~"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Reach:
    """What the references of a document may reach beside its own folder: other folders, and hosts on the web by name."""

    folders: tuple[Path, ...] = ()
    hosts: frozenset[str] = frozenset()
    private_hosts: bool = False

    def on_the_web(self, url: str, at: Location) -> Url:
        """The origin of what a `$ref` names by a URL. Raises SpecError if its host is not allowed."""
        try:
            parts = urlsplit(url)
            scheme, host = parts.scheme, parts.hostname or ""
        except ValueError:
            scheme, host = "", ""
        if scheme != "https" or host not in self.hosts:
            raise forbidden(
                f"A $ref to {url} is not followed: its host is not allowed.",
                at,
                f"Allow it with --allow-ref-host {host or 'HOST'}, or download the file and refer to it by a relative "
                "path.",
            )
        return Url(url, self, bound=True)


class Origin(Protocol):
    """Where a document can be read from."""

    @property
    def name(self) -> str:
        """Its name in messages."""

    @property
    def key(self) -> str:
        """Equal for two origins that are the same file."""

    @property
    def reach(self) -> Reach:
        """What its references may reach."""

    def read(self) -> bytes:
        """Raises SpecError, code `file-missing` if there is nothing."""

    def sibling(self, path: str, at: Location) -> Origin:
        """The origin of a file that a `$ref` at `at` names by a relative path. Raises SpecError."""


@dataclass(frozen=True, slots=True)
class File:
    """A file on disk. The folders of `reach` are resolved, and its own is one of them."""

    name: str
    reach: Reach

    @property
    def key(self) -> str:
        return os.path.realpath(self.name)

    def read(self) -> bytes:
        try:
            with open(self.name, "rb") as stream:
                return read_limited(stream, self.name)
        except FileNotFoundError:
            raise _missing(self.name, f"There is no file {self.name}.") from None
        except IsADirectoryError:
            raise _unreadable(
                self.name, f"{self.name} is a directory.", "Name a file in it."
            ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise _unreadable(self.name, f"{self.name} cannot be read: {reason}.") from None

    def sibling(self, path: str, at: Location) -> Origin:
        name = os.path.normpath(os.path.join(os.path.dirname(self.name), path))
        real = Path(os.path.realpath(name))
        if not any(real.is_relative_to(folder) for folder in self.reach.folders):
            raise forbidden(
                f"The file {path!r} is outside the folder of the document.",
                at,
                "Allow its folder with --allow-ref-root DIR, or move the file.",
            )
        if os.path.exists(real) and not os.path.isfile(real):
            raise forbidden(f"{path!r} is not a regular file.", at, "Refer to a file.")
        return File(Path(name).as_posix(), self.reach)


@dataclass(frozen=True, slots=True)
class Stdin:
    """Standard input; it has no neighbours."""

    stream: BinaryIO
    reach: Reach
    name: str = "-"
    key: str = "-"

    def read(self) -> bytes:
        try:
            return read_limited(self.stream, self.name)
        except (OSError, ValueError) as error:
            raise _unreadable(self.name, f"Standard input cannot be read: {error}.") from None

    def sibling(self, path: str, at: Location) -> Origin:
        raise forbidden(
            f"A document from standard input cannot refer to the file {path!r}.",
            at,
            "Give the document as a file, or bundle it into one document.",
        )


@dataclass(frozen=True, slots=True)
class Url:
    """A document on the web. Its neighbours are those on hosts that are allowed. `bound`: a reference led here, and no
    redirect may lead to another host."""

    name: str
    reach: Reach
    bound: bool = False

    @property
    def key(self) -> str:
        return self.name

    def read(self) -> bytes:
        from .fetch import fetch

        try:
            return fetch(
                self.name,
                allow_private_hosts=self.reach.private_hosts,
                hosts=self.reach.hosts if self.bound else None,
            )
        except SpecError as error:
            way_out = "Or download the file and give its path."
            raise SpecError(
                replace(item, hint=f"{item.hint} {way_out}") for item in error.diagnostics
            ) from None

    def sibling(self, path: str, at: Location) -> Origin:
        return self.reach.on_the_web(urljoin(self.name, quote(path, safe=_SAFE)), at)


@dataclass(frozen=True, slots=True)
class Revision:
    """A file in a revision of the git repository of the working directory. `folder` bounds its references."""

    revision: str
    path: str
    folder: str
    reach: Reach

    @property
    def name(self) -> str:
        return f"{self.revision}:{self.path}"

    @property
    def key(self) -> str:
        return f"{self.revision}:{posixpath.normpath(self.path)}"

    def read(self) -> bytes:
        import subprocess

        command = ["git", "cat-file", "blob", self.name]
        try:
            with subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **_GIT_ENVIRONMENT},
            ) as process:
                assert process.stdout and process.stderr
                try:
                    raw = read_limited(process.stdout, self.name)
                except SpecError:
                    process.kill()
                    raise
                complaint = process.stderr.read().decode("utf-8", "replace").strip(".\n")
        except (OSError, ValueError) as error:
            raise _unreadable(
                self.name,
                f"There is no file {self.name}, and git cannot be run: {error}.",
                "Check the path, or install git to read a file of a revision.",
            ) from None
        if process.returncode:
            reason = complaint.splitlines()[0].removeprefix("fatal: ") if complaint else "no reason"
            raise _missing(
                self.name,
                f"There is no file {self.name}, and git cannot show it: {reason}.",
                "Name a file, or REV:path with a revision and a path that git knows.",
            )
        return raw

    def sibling(self, path: str, at: Location) -> Origin:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), path))
        inside = target.startswith(self.folder + "/") if self.folder else target[:3] != "../"
        if not inside:
            raise forbidden(
                f"The file {path!r} is outside the folder of the document.",
                at,
                "Check the revision out and allow the folder with --allow-ref-root DIR.",
            )
        if self.path.startswith("./"):
            target = "./" + target
        return Revision(self.revision, target, self.folder, self.reach)


def origin(source: str, reach: Reach, stdin: BinaryIO | None) -> Origin:
    """What a source on the command line means: `-`, a URL, a path that exists, REV:path, or a missing path."""
    if source == "-":
        return Stdin(stdin or sys.stdin.buffer, reach)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source):
        return Url(source, reach)
    if ":" in source and not source.startswith("-") and not os.path.lexists(source):
        revision, _, path = source.partition(":")
        if path:
            return Revision(revision, path, posixpath.dirname(posixpath.normpath(path)), reach)
    if "\0" in source:
        raise _missing(source, "A path cannot contain a NUL.")
    folders = (Path(source).parent, *reach.folders)
    resolved = tuple(Path(os.path.realpath(folder)) for folder in folders)
    return File(source, replace(reach, folders=resolved))


def committed(source: str, raw: bytes) -> str:
    """The day on which git has a file with this content from, as 2026-08-21; "" if it is in no repository, or was
    changed since."""
    start = origin(source, Reach(), None)
    folder, revision, path = ".", "HEAD", ""
    if isinstance(start, Revision):
        revision = start.revision
        path = start.path if start.path.startswith("./") else f":/{start.path}"
    elif isinstance(start, File):
        folder, path = os.path.split(os.path.realpath(start.name))
        if _git(folder, "cat-file", "blob", f"HEAD:./{path}") != raw:
            return ""
    day = _git(folder, "log", "-1", "--date=short-local", "--format=%cd", revision, "--", path)
    return day.decode().strip()


def _git(folder: str, *arguments: str) -> bytes:
    """What git prints, nothing if it fails."""
    import subprocess

    environment = {**os.environ, **_GIT_ENVIRONMENT, "TZ": "UTC"}
    try:
        return subprocess.run(
            ["git", "-C", folder, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            env=environment,
        ).stdout
    except (OSError, ValueError, subprocess.CalledProcessError):
        return b""


def exists(source: str) -> bool:
    """Whether there is a document of that name to be read, be it a path or REV:path."""
    try:
        origin(source, Reach(), None).read()
    except SpecError as error:
        if error.diagnostics[0].code == "file-missing":
            return False
        raise
    return True


def neighbour(here: Origin, part: str, at: Location) -> Origin:
    """What a `$ref` at `at` names before its `#`: an https URL, or a path from the document it stands in. Raises
    SpecError."""
    if part[:8].lower() == "https://":
        return here.reach.on_the_web(part, at)
    return here.sibling(_relative(part, at), at)


def _relative(part: str, at: Location) -> str:
    """A path as a `$ref` spells it. Raises SpecError if it is no relative one."""
    path = unquote(part)
    if _SCHEME.match(path):
        scheme = path.partition(":")[0].lower()
        message = f"A $ref with {scheme}: is never followed."
    elif path.startswith("/") or "\\" in path:
        message = f"The $ref names {path!r}, which is not a relative path."
    elif "\0" in path:
        message = "The $ref names a file with a NUL in its name."
    else:
        return path
    raise forbidden(
        message,
        at,
        "Copy the file next to the document and refer to it by a relative path, or keep it in another folder and "
        "allow that with --allow-ref-root DIR.",
    )


def forbidden(message: str, at: Location, hint: str) -> SpecError:
    return SpecError(Diagnostic("ref-forbidden", message, at, hint))


def read_limited(stream: IO[bytes], name: str) -> bytes:
    """All bytes of a stream. Raises SpecError if there are more than a document may have."""
    chunks: list[bytes] = []
    left = limits.MAX_BYTES
    while chunk := stream.read(min(left + 1, 1 << 20)):
        left -= len(chunk)
        if left < 0:
            raise limits.too_large(name)
        chunks.append(chunk)
    return b"".join(chunks)


def _missing(name: str, message: str, hint: str = "Check the path.") -> SpecError:
    return SpecError(Diagnostic("file-missing", message, Location(name), hint))


def _unreadable(
    name: str, message: str, hint: str = "Check the path and its permissions."
) -> SpecError:
    return SpecError(Diagnostic("file-unreadable", message, Location(name), hint))
