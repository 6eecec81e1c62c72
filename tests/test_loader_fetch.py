"""https URLs: what is fetched, from where, and what is refused. Nothing here leaves the machine."""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from modelgen.errors import Diagnostic, Location, SpecError
from modelgen.loader import fetch as fetching
from modelgen.loader import limits, load
from tls_server import BODY, Names, Server, address


def refusal(url: str, **options: Any) -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        fetching.fetch(url, **options)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.hint
    assert diagnostic.at == Location(url)
    return diagnostic


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


def test_a_reference_leads_to_hosts_that_are_allowed(
    server: Server,
    context: ssl.SSLContext,
    names: Names,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(fetching.ssl, "create_default_context", lambda: context)
    monkeypatch.chdir(tmp_path)
    names.table["other.test"] = ["127.0.0.1"]
    server.body = b'{"openapi": "3.1.0"}'
    there = address(server, "/spec.yaml")
    Path("api.yaml").write_text(f"openapi: 3.1.0\nx: {{$ref: '{there}#/openapi'}}\n")
    at = Location("api.yaml", "/x/$ref")

    documents = load("api.yaml", ref_hosts=["Spec.test"], allow_private_hosts=True)
    target = documents.resolve(f"{there}#/openapi", at)
    assert (target.document.source, target.node) == (there, "3.1.0")
    # a neighbour on the same host, and one file that is reached by two ways
    assert documents.resolve("spec.json", Location(there, "/openapi")).document.source == (
        address(server, "/spec.json")
    )
    assert documents.resolve("./spec.yaml", Location(there)).document is target.document
    assert [path for path, _, _ in server.requests] == ["/spec.yaml", "/spec.json"]

    for hosts, url in (
        ([], there),
        (["spec.test"], address(server, "/spec.yaml", "other.test")),
        (["other.test"], there),
        (["spec.test"], there.replace("https:", "http:")),
        (["spec.test"], address(server, f"/redirect?{address(server, '/', 'other.test')}")),
    ):
        found = load("api.yaml", ref_hosts=hosts, allow_private_hosts=True)
        with pytest.raises(SpecError) as caught:
            found.resolve(url, at)
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.code == (
            "fetch-forbidden" if "/redirect" in url else "ref-forbidden"
        ), url
        assert str(diagnostic.at) == "api.yaml:2:5"
    found = load("api.yaml", ref_hosts=["spec.test"])  # but not at a private address
    with pytest.raises(SpecError, match="not a public address"):
        found.resolve(there, at)
    assert len(server.requests) == 3  # with the redirect


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
        "2002:a00:1::1", "2001:0:1::1", "2001:db8::1", "64:ff9b:1::1", "fec0::1", "feff::1", "3fff::1",
        "3fff:fff::1", "5f00::1", "100::1", "100:0:0:1::1", "::7f00:1", "::5db8:d822", "4000::1", "2001:20::1",
        "192.88.99.1", "192.88.99.2", "192.0.0.9", "192.0.0.170", "198.18.0.1", "203.0.113.1", "233.252.0.1",
        "::ffff:192.88.99.1", "64:ff9b::c058:6301", "2606:2800:220:1::1%eth0",
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
    "public",
    [
        "93.184.216.34",
        "2606:2800:220:1::1",
        "::ffff:93.184.216.34",
        "64:ff9b::5db8:d822",
        "2a00:1450:4001:831::200e",
        "192.0.1.1",
        "223.255.255.255",
    ],
)
def test_public_addresses_are_connected_to(
    names: Names, monkeypatch: pytest.MonkeyPatch, public: str
) -> None:
    connected: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
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
    monkeypatch.setattr(fetching, "is_public", lambda item: item == "127.0.0.1")
    names.table["inside.test"] = ["169.254.169.254"]
    url = address(server, "/redirect?https://inside.test/latest/meta-data")
    assert refusal(url, context=context).message == (
        "https://inside.test/latest/meta-data leads to 169.254.169.254, which is not a public address."
    )


# --- http -----------------------------------------------------------------------------------------


def test_this_machine_may_be_asked_over_http(plain: str) -> None:
    port = plain.rpartition(":")[2]
    for host in (plain, f"127.0.0.1:{port}"):
        url = f"http://{host}/spec.yaml"
        assert load(url, allow_private_hosts=True).root.data == {"openapi": "3.1.0"}
        found = refusal(url)
        assert (found.code, "--allow-private-hosts" in found.hint) == ("fetch-forbidden", True)


@pytest.mark.parametrize("elsewhere", ["10.0.0.1", "93.184.216.34", "169.254.169.254"])
def test_a_name_of_this_machine_leads_nowhere_else(names: Names, elsewhere: str) -> None:
    names.table["localhost"] = ["127.0.0.1", elsewhere]
    for private in (False, True):
        found = refusal("http://localhost/spec.yaml", allow_private_hosts=private)
        assert found.code == "fetch-forbidden"


def test_http_is_not_followed_to_or_from_elsewhere(
    server: Server, context: ssl.SSLContext, plain: str
) -> None:
    options = {"allow_private_hosts": True, "context": context}
    for start, end in (
        (address(server, ""), f"http://{plain}/spec.yaml"),
        (f"http://{plain}/", "http://10.0.0.1/spec.yaml"),
        (f"http://{plain}/", "http://spec.test/spec.yaml"),
    ):
        found = refusal(f"{start.rstrip('/')}/redirect?{end}", **options)
        assert found.message == f"{end} is not an https URL."
    url = f"http://{plain}/redirect?/spec.yaml"
    assert fetching.fetch(url, **options) == BODY


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
