"""An https or http server on loopback that answers as a test tells it to, and the name server that leads to it."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

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
            case "/spec.yaml" | "/spec.json":
                self.document()
            case "/fails":
                self.answer(500, b"out of order")
            case "/page":
                self.answer(200, b"<!doctype html>\n<title>Sign in</title>\n")
            case "/empty":
                self.answer(200, b"")
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

    def document(self) -> None:
        etag = self.server.etag
        if etag and self.headers["If-None-Match"] == etag:
            self.send_response(304)
            self.end_headers()
        else:
            self.answer(200, self.server.body, ETag=etag)

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
    """`body` is the document at /spec.yaml, `etag` its name if it has one."""

    body: bytes
    etag: str
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


@contextmanager
def serving(context: ssl.SSLContext | None) -> Iterator[Server]:
    """A running server, of https if it is given a context."""
    found = Server(("127.0.0.1", 0), Handler)
    found.body, found.etag = BODY, ""
    found.requests = []
    found.stopping = threading.Event()
    if context:
        found.socket = context.wrap_socket(found.socket, server_side=True)
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.stopping.set()
    found.shutdown()
    thread.join()
    found.server_close()


@pytest.fixture
def server(certificate: Path, names: Names) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names.table["spec.test"] = ["127.0.0.1"]
    with serving(context) as found:
        yield found


@pytest.fixture
def plain(names: Names) -> Iterator[str]:
    """The host and port of an http server."""
    names.table["localhost"] = ["127.0.0.1"]
    with serving(None) as found:
        yield f"localhost:{found.server_port}"


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def address(server: Server, path: str, host: str = "spec.test") -> str:
    return f"https://{host}:{server.server_port}{path}"
