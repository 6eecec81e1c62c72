"""An https URL -> bytes, without letting the URL reach into the network this runs in.

Each hop, redirects included, must be https and is resolved here; if any of its addresses is not a public one the
hop is refused, and the connection goes to the very address that was checked, so that a second answer of the name
server cannot change the target. Proxies of the environment are not used.

Where private addresses are allowed, this machine may be asked over http; nobody else can lead there.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Container
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.response import BaseHTTPResponse
from urllib3.util import parse_url

from ..errors import Diagnostic, Location, SpecError
from . import limits
from .addresses import is_called_loopback, is_loopback, is_public

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
TOTAL_SECONDS = 60.0
MAX_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')
_PORTS = {"https": 443, "http": 80}
_HEADERS = {
    "Accept": "application/yaml, application/json, text/plain, */*",
    "Accept-Encoding": "identity",
    "User-Agent": "modelgen",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL gave. `etag` names this version of the body; "" if the server says none, or none that is one. `date` is
    the day that the server says it is of, as 2026-08-21, or ""."""

    body: bytes
    etag: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request: the host to name and verify, the addresses it may go to."""

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]
    target: str


class _FetchError(Exception):
    """args: code, message, hint."""


def fetch(
    url: str,
    *,
    allow_private_hosts: bool = False,
    hosts: Container[str] | None = None,
    context: ssl.SSLContext | None = None,
) -> bytes:
    """The body of the document at a URL. `hosts`: where redirects may lead, None for anywhere public. Raises SpecError,
    code `fetch-forbidden` or `fetch-failed`."""
    answer = fetch_newer(
        url, "", allow_private_hosts=allow_private_hosts, hosts=hosts, context=context
    )
    assert answer is not None
    return answer.body


def fetch_newer(
    url: str,
    etag: str,
    *,
    allow_private_hosts: bool = False,
    hosts: Container[str] | None = None,
    context: ssl.SSLContext | None = None,
) -> Answer | None:
    """The document at a URL, or None if it still is the version that `etag` names. Raises as `fetch` does.

    The work is done in a thread of its own, as no timeout of a socket bounds the whole of a slow answer.
    """
    outcome: list[Answer | Exception | None] = []
    deadline = time.monotonic() + TOTAL_SECONDS
    known = etag if _ETAG.fullmatch(etag) else ""

    def work() -> None:
        try:
            outcome.append(_follow(url, known, allow_private_hosts, hosts, context, deadline))
        except Exception as error:
            outcome.append(error)

    worker = threading.Thread(target=work, name="modelgen-fetch", daemon=True)
    worker.start()
    worker.join(TOTAL_SECONDS)
    match outcome:
        case [(Answer() | None) as answer]:
            return answer
        case [SpecError() as error]:
            raise error
        case [_FetchError() as error]:
            code, message, hint = error.args
        case [(OSError() | ValueError() | HTTPError() | HTTPException()) as error]:
            code, message = "fetch-failed", f"{url} cannot be fetched: {_reason(error)}."
            hint = "Check the URL and the network."
        case [Exception() as error]:
            raise error
        case _:
            code, message = (
                "fetch-failed",
                f"{url} was not fetched within {TOTAL_SECONDS:.0f} seconds.",
            )
            hint = "Try again later."
    raise SpecError(Diagnostic(code, message, Location(url), hint)) from None


def _follow(
    url: str,
    etag: str,
    private: bool,
    hosts: Container[str] | None,
    context: ssl.SSLContext | None,
    deadline: float,
) -> Answer | None:
    headers = {**_HEADERS, "If-None-Match": etag} if etag else _HEADERS
    here, is_plain = url, True
    for _ in range(MAX_REDIRECTS + 1):
        hop = _check(here, private, is_plain)
        if hosts is not None and hop.host not in hosts:
            raise _FetchError(
                "fetch-forbidden",
                f"{url} redirects to {hop.host}, which is not allowed.",
                f"Allow it with --allow-ref-host {hop.host}, if it is right.",
            )
        is_plain = hop.scheme == "http"
        connection = _connect(hop, context)
        try:
            connection.request(
                "GET",
                hop.target,
                headers={**headers, "Host": _authority(hop)},
                preload_content=False,
                decode_content=False,
            )
            response = connection.getresponse()
            location = response.headers.get("Location")
            if response.status in _REDIRECTS and location:
                here = urljoin(here, location)
                continue
            if response.status == _NOT_MODIFIED and etag:
                return None
            if response.status != 200:
                raise _FetchError(
                    "fetch-failed",
                    f"{here} answered with status {response.status}.",
                    (
                        "Try again later: the fault is the server's."
                        if response.status >= 500
                        else "Check that the URL is right and public."
                    ),
                )
            return _answer(response, url, here, deadline)
        finally:
            connection.close()
    raise _FetchError(
        "fetch-failed",
        f"{url} redirects more than {MAX_REDIRECTS} times.",
        "Give the URL that it ends at.",
    )


def _check(url: str, private: bool, may_be_plain: bool) -> _Hop:
    """What to connect to for a URL. Raises _FetchError if that is not allowed."""
    try:
        parts = parse_url(url)
    except HTTPError:
        raise _FetchError("fetch-failed", f"{url!r} is not a URL.", "Check it.") from None
    host = (parts.host or "").strip("[]")
    scheme = parts.scheme or ""
    is_plain = scheme == "http" and may_be_plain and is_called_loopback(host)
    if scheme != "https" and not is_plain:
        raise _FetchError(
            "fetch-forbidden",
            f"{url} is not an https URL.",
            "Only https is fetched, and http from this machine.",
        )
    if parts.auth:
        raise _FetchError(
            "fetch-forbidden",
            "The URL contains a user name or a password.",
            "Remove them: what the URL gives must be public.",
        )
    if not host:
        raise _FetchError("fetch-failed", f"{url} names no host.", "Check the URL.")
    port = parts.port or _PORTS[scheme]
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = tuple(dict.fromkeys(str(item[4][0]) for item in infos))
    for address in addresses:
        if not (private and is_loopback(address) if is_plain else private or is_public(address)):
            raise _FetchError(
                "fetch-forbidden",
                f"{url} leads to {address}, which is not a public address.",
                "Allow it with --allow-private-hosts, if the URL is right.",
            )
    return _Hop(scheme, host, port, addresses, parts.request_uri)


def _connect(hop: _Hop, context: ssl.SSLContext | None) -> HTTPConnection:
    """A connection to the first address that answers, its certificate checked against the host."""
    failure: Exception = OSError("the host has no address")
    for address in hop.addresses:
        connection = HTTPConnection(address, hop.port, timeout=CONNECT_SECONDS)
        if hop.scheme == "https":
            connection = HTTPSConnection(
                address,
                hop.port,
                timeout=CONNECT_SECONDS,
                ssl_context=context or ssl.create_default_context(),
                server_hostname=hop.host,
            )
        try:
            connection.connect()
        except (OSError, HTTPError) as error:
            connection.close()
            failure = error
        else:
            connection.timeout = READ_SECONDS
            return connection
    raise failure


def _authority(hop: _Hop) -> str:
    host = f"[{hop.host}]" if ":" in hop.host else hop.host
    return host if hop.port == _PORTS[hop.scheme] else f"{host}:{hop.port}"


def _answer(response: BaseHTTPResponse, url: str, here: str, deadline: float) -> Answer:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _FetchError(
            "fetch-failed",
            f"{here} answers with a compressed body although none was asked for.",
            "Another URL of the same document may answer properly.",
        )
    if not (response.headers.get("Content-Length") or response.headers.get("Transfer-Encoding")):
        raise _FetchError(
            "fetch-failed",
            f"{here} does not say how long its answer is, so that nobody could tell if it was cut off.",
            "Another URL of the same document may answer properly.",
        )
    chunks: list[bytes] = []
    left = limits.MAX_BYTES
    while time.monotonic() < deadline:
        try:
            chunk = response.read1(1 << 16, decode_content=False)
        except (ProtocolError, HTTPException, ValueError):
            raise _FetchError(
                "fetch-failed",
                f"{here} broke off in the middle of its answer.",
                "Try again.",
            ) from None
        if not chunk:
            etag = response.headers.get("ETag", "")
            date = _date(response.headers.get("Last-Modified", ""))
            return Answer(b"".join(chunks), etag if _ETAG.fullmatch(etag) else "", date)
        left -= len(chunk)
        if left < 0:
            raise limits.too_large(url)
        chunks.append(chunk)
    raise TimeoutError("the answer takes too long")


def _date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except ValueError:
        return ""


def _reason(error: Exception) -> str:
    """The innermost cause, in its own words."""
    while isinstance(error.__cause__ or error.__context__, Exception):
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
