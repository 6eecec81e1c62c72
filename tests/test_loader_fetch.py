"""https URLs: what is fetched, from where, and what is refused. Nothing here leaves the machine."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from modelgen.errors import Diagnostic, Location, SpecError
from modelgen.loader import fetch as fetching
from modelgen.loader import limits, load

BODY = b"openapi: 3.1.0\n"
real_getaddrinfo = socket.getaddrinfo


@dataclass
class Names:
    """The name server of these tests: host -> addresses, and the questions it was asked."""

    table: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def getaddrinfo(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host in self.table:
            self.asked.append(host)
            kinds = [
                (socket.AF_INET6 if ":" in item else socket.AF_INET) for item in self.table[host]
            ]
            return [
                (kind, socket.SOCK_STREAM, 6, "", (item, port))
                for kind, item in zip(kinds, self.table[host], strict=True)
            ]
        assert host.replace(".", "").isdigit() or ":" in host, f"asked for {host}"
        return real_getaddrinfo(host, port, type=socket.SOCK_STREAM)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    found = Names()
    monkeypatch.setattr("socket.getaddrinfo", found.getaddrinfo)
    return found


class Handler(BaseHTTPRequestHandler):
    """Answers by path; keeps the requests."""

    server: Server

    def do_GET(self) -> None:
        self.server.requests.append((self.path, self.headers["Host"], dict(self.headers)))
        path, _, wanted = self.path.partition("?")
        match path:
            case "/spec.yaml":
                self.answer(200, BODY)
            case "/redirect":
                self.answer(302, b"", Location=wanted)
            case "/loop":
                self.answer(307, b"", Location="/loop")
            case "/gzip":
                self.answer(200, b"\x1f\x8b", **{"Content-Encoding": "gzip"})
            case "/short":
                self.answer(200, BODY, **{"Content-Length": "1000"})
            case "/short-chunks":
                self.answer(200, b"4\r\nopen\r\n", **{"Transfer-Encoding": "chunked"})
            case "/endless":
                self.answer(200, BODY, **{"Content-Length": ""})
            case "/large":
                self.answer(200, b"#" * 5000)
            case "/slow":
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                while not self.server.stopping.wait(0.05):
                    self.wfile.write(b"#")
            case "/drip":
                while not self.server.stopping.wait(0.05):
                    self.wfile.write(b"H")
            case "/rubbish":
                self.wfile.write(b"\0\1\2 rubbish\r\n\r\n")
            case _:
                self.answer(404, b"none")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        if "Transfer-Encoding" not in headers:
            headers = {"Content-Length": str(len(body)), **headers}
        for name, text in headers.items():
            if text:
                self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    requests: list[tuple[str, str, dict[str, str]]]
    stopping: threading.Event

    def handle_error(self, *_: object) -> None:
        pass  # the client went away


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for spec.test and 127.0.0.1, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=spec.test",
         "-addext", "subjectAltName=DNS:spec.test,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return both


@pytest.fixture
def server(certificate: Path, names: Names) -> Iterator[Server]:
    found = Server(("127.0.0.1", 0), Handler)
    found.requests = []
    found.stopping = threading.Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    found.socket = context.wrap_socket(found.socket, server_side=True)
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    names.table["spec.test"] = ["127.0.0.1"]
    yield found
    found.stopping.set()
    found.shutdown()
    thread.join()
    found.server_close()


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def refusal(url: str, **options: Any) -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        fetching.fetch(url, **options)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.hint
    assert diagnostic.at == Location(url)
    return diagnostic


def address(server: Server, path: str, host: str = "spec.test") -> str:
    return f"https://{host}:{server.server_port}{path}"


def test_a_document_from_a_url(
    server: Server, context: ssl.SSLContext, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching.ssl, "create_default_context", lambda: context)
    url = address(server, "/spec.yaml?a=b%20c")
    documents = load(url, allow_private_hosts=True)
    assert (documents.root.source, documents.root.data) == (url, {"openapi": "3.1.0"})
    ((path, host, headers),) = server.requests
    assert (path, host) == ("/spec.yaml?a=b%20c", f"spec.test:{server.server_port}")
    assert headers["Accept-Encoding"] == "identity"
    assert names.asked == ["spec.test"]  # resolved once: what was checked is what is used
    with pytest.raises(SpecError) as caught:
        documents.resolve("other.yaml", Location(url, "/openapi"))
    assert caught.value.diagnostics[0].code == "ref-forbidden"
    assert len(server.requests) == 1


def test_an_address_as_host(server: Server, context: ssl.SSLContext) -> None:
    url = address(server, "/spec.yaml", "127.0.0.1")
    assert fetching.fetch(url, allow_private_hosts=True, context=context) == BODY


def test_the_next_address_is_tried(
    server: Server, context: ssl.SSLContext, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "CONNECT_SECONDS", 1.0)
    names.table["spec.test"] = ["127.9.9.9", "127.0.0.1"]
    url = address(server, "/spec.yaml")
    assert fetching.fetch(url, allow_private_hosts=True, context=context) == BODY


def test_certificates_are_checked(server: Server, context: ssl.SSLContext, names: Names) -> None:
    found = refusal(address(server, "/spec.yaml"), allow_private_hosts=True)
    assert found.code == "fetch-failed"
    assert "self-signed certificate" in found.message.replace("self signed", "self-signed")
    names.table["other.test"] = ["127.0.0.1"]
    url = address(server, "/spec.yaml", "other.test")
    found = refusal(url, allow_private_hosts=True, context=context)
    assert "other.test" in found.message.removeprefix(url)
    assert server.requests == []


@pytest.mark.parametrize(
    "private",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2002:a00:1::1", "2001:0:1::1", "2001:db8::1", "64:ff9b:1::1",
    ],
)  # fmt: skip
def test_private_addresses_are_refused(names: Names, private: str) -> None:
    names.table["inside.test"] = ["93.184.216.34", private]
    found = refusal("https://inside.test/spec.yaml")
    assert (found.code, found.message) == (
        "fetch-forbidden",
        f"https://inside.test/spec.yaml leads to {private}, which is not a public address.",
    )


@pytest.mark.parametrize(
    "public", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_public_addresses_are_connected_to(
    names: Names, monkeypatch: pytest.MonkeyPatch, public: str
) -> None:
    connected: list[str] = []

    def connect(self: fetching.HTTPSConnection) -> None:
        connected.append(self.host)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(fetching.HTTPSConnection, "connect", connect)
    names.table["outside.test"] = [public]
    found = refusal("https://outside.test/spec.yaml")
    assert connected == [public]
    assert (found.code, found.message) == (
        "fetch-failed",
        "https://outside.test/spec.yaml cannot be fetched: Connection refused.",
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://127.1/x",
    ],
)
def test_spellings_of_loopback(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert refusal(url).code in ("fetch-forbidden", "fetch-failed")


@pytest.mark.parametrize(
    ("url", "code", "message"),
    [
        ("http://spec.test/a.yaml", "fetch-forbidden", "http://spec.test/a.yaml is not an https URL."),
        ("HTTP://spec.test/a.yaml", "fetch-forbidden", "HTTP://spec.test/a.yaml is not an https URL."),
        ("file:///etc/passwd", "fetch-forbidden", "file:///etc/passwd is not an https URL."),
        ("https://user:pass@spec.test/", "fetch-forbidden", "The URL contains a user name or a password."),
        ("https:///a.yaml", "fetch-failed", "https:///a.yaml names no host."),
        ("https://spec.test:99999/", "fetch-failed", "'https://spec.test:99999/' is not a URL."),
        ("https://[::1/", "fetch-failed", "'https://[::1/' is not a URL."),
    ],
)  # fmt: skip
def test_refused_urls(names: Names, url: str, code: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(url)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == (code, message)


def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", fail)
    assert refusal("https://nowhere.test/a.yaml").message == (
        "https://nowhere.test/a.yaml cannot be fetched: Name or service not known."
    )


def test_redirects_are_followed_and_checked(
    server: Server, context: ssl.SSLContext, names: Names
) -> None:
    options = {"allow_private_hosts": True, "context": context}
    assert fetching.fetch(address(server, "/redirect?/spec.yaml"), **options) == BODY
    assert [path for path, _, _ in server.requests] == ["/redirect?/spec.yaml", "/spec.yaml"]
    assert names.asked == ["spec.test", "spec.test"]
    url = address(server, "/redirect?http://spec.test/spec.yaml")
    assert refusal(url, **options).message == "http://spec.test/spec.yaml is not an https URL."
    assert refusal(address(server, "/redirect?https://[::1/"), **options).code == "fetch-failed"


def test_a_redirect_to_a_private_address_is_refused(
    server: Server, context: ssl.SSLContext, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_is_public", lambda item: item == "127.0.0.1")
    names.table["inside.test"] = ["169.254.169.254"]
    url = address(server, "/redirect?https://inside.test/latest/meta-data")
    assert refusal(url, context=context).message == (
        "https://inside.test/latest/meta-data leads to 169.254.169.254, which is not a public address."
    )


def test_too_many_redirects(server: Server, context: ssl.SSLContext) -> None:
    url = address(server, "/loop")
    found = refusal(url, allow_private_hosts=True, context=context)
    assert found.message == f"{url} redirects more than 5 times."
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/none", "answered with status 404."),
        ("/gzip", "answers with a compressed body although none was asked for."),
        ("/short", "broke off in the middle of its answer."),
        ("/short-chunks", "broke off in the middle of its answer."),
        ("/endless", "does not say how long its answer is"),
        ("/rubbish", "cannot be fetched: "),
    ],
)
def test_answers_that_are_no_document(
    server: Server, context: ssl.SSLContext, path: str, part: str
) -> None:
    found = refusal(address(server, path), allow_private_hosts=True, context=context)
    assert found.code == "fetch-failed"
    assert part in found.message


def test_large_answers_are_cut_off(
    server: Server, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 4000)
    found = refusal(address(server, "/large"), allow_private_hosts=True, context=context)
    assert found.code == "too-large"


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_the_whole_time_is_bounded(
    server: Server, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.5)
    start = time.monotonic()
    found = refusal(address(server, path), allow_private_hosts=True, context=context)
    assert found.code == "fetch-failed"
    assert time.monotonic() - start < 20


def test_silence_is_bounded(
    server: Server, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "READ_SECONDS", 0.2)
    silent = socket.create_server(("127.0.0.1", 0))
    with silent:
        monkeypatch.setattr(fetching, "CONNECT_SECONDS", 0.2)
        url = f"https://spec.test:{silent.getsockname()[1]}/"
        found = refusal(url, allow_private_hosts=True, context=context)
    assert (found.code, "timed out" in found.message) == ("fetch-failed", True)
