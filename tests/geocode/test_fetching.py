"""An address written by others leads to public servers only, and costs a bounded time and size."""

import ipaddress
import time

import pytest
from hostile_server import HostileServer, closed_port
from hypothesis import given
from hypothesis import strategies as st

from geocode.errors import AddressRefusedError, FetchError
from geocode.fetching import Fetcher, Guard, parse_address
from geocode.fetching.guard import is_public

pytestmark = pytest.mark.loopback


@pytest.fixture(scope="module")
def server():
    started = HostileServer()
    yield started
    started.end()


@pytest.fixture
def fetcher(server):
    return Fetcher(guard=Guard(allowed={server.host}), total_s=3.0)


def never(_host, _port):
    pytest.fail("a name was looked up")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/etc/passwd", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org/x", "scheme"),
        ("gopher://127.0.0.1/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("http://me:secret@example.org/", "names a user"),
        ("http://example.org@127.0.0.1/", "names a user"),
        ("http:///x", "no host"),
        ("http://example.org:22/", "port 22"),
        ("http://example.org:99999/", "[Pp]ort"),
        ("http://exa mple.org/", "blanks"),
        ("http://example.org\\@127.0.0.1/", "backslashes"),
        ("http://example.org/\r\nHost: x", "blanks"),
        ("http://[::1/", "not fetched"),
        ("http://example.org/" + "a" * 5000, "too long"),
    ],
)
def test_an_address_that_is_none_is_refused_before_any_name_is_looked_up(url, reason):
    with pytest.raises(AddressRefusedError, match=reason) as caught:
        Fetcher(guard=Guard(resolver=never)).fetch(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0177.0.0.1/",
        "http://0x7f.1/", "http://127.1/", "http://①②⑦.0.0.1/", "http://0.0.0.0/", "http://[::1]/",
        "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a00:1]/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1]/", "http://[fec0::1]/", "http://[3fff::1]/",
        "http://[fc00::1]/", "http://[2001:0:7f00:1::]/", "http://10.0.0.1/", "http://172.16.0.1/",
        "http://192.168.1.1/", "http://169.254.169.254/latest/", "http://100.64.0.1/",
        "http://224.0.0.1/", "http://255.255.255.255/", "http://192.0.2.1/", "http://198.18.0.1/",
        "https://127.0.0.1:8443/", "http://127.0.0.1.:8080/",
    ],
)  # fmt: skip
def test_an_address_that_leads_to_a_private_host_is_refused(url):
    """Numbers in any notation are looked up by the system, and it is its answer that is checked."""
    with pytest.raises(FetchError, match=r"not public|has no address"):
        Fetcher().fetch(url)


@pytest.mark.parametrize("found", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["no address"]])
def test_every_address_of_a_host_has_to_be_public(found):
    with pytest.raises(AddressRefusedError, match="not public"):
        Fetcher(guard=Guard(resolver=lambda *_: found)).fetch("http://example.org/")


def test_a_name_is_looked_up_once_and_that_address_is_asked(server):
    """A name that leads elsewhere the second time (DNS rebinding) is not asked a second time."""
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    guard = Guard(allowed={f"public.example:{server.server_port}"}, resolver=rebinding)
    found = Fetcher(guard=guard).fetch(f"http://public.example:{server.server_port}/one")
    assert found.content
    assert asked == ["public.example"]
    assert server.asked[-1][1]["Host"] == f"public.example:{server.server_port}"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("to-file", "scheme 'file'"),
        ("to-metadata", r"169\.254\.169\.254, which is not public"),
        ("to-gopher", "scheme 'gopher'"),
        ("to-user", "names a user"),
        ("to-nonsense", "no address"),
        ("loop", "too many redirects"),
        ("missing", "answers 404"),
        ("broken", "answers 503 and asks to wait 7200 s"),
        ("gzip-bomb", "more than 10 MB"),
        ("endless", "more than 10 MB|took too long"),
        ("drip", "took too long"),
        ("drip-headers", "took too long"),
        ("many-headers", "cannot be fetched"),
        ("garbage", "cannot be fetched"),
        ("cut-gzip", "cut off"),
        ("brotli", "not asked for"),
    ],
)
def test_a_hostile_answer_is_refused_in_time(fetcher, server, path, reason):
    started = time.monotonic()
    with pytest.raises(FetchError, match=reason):
        fetcher.fetch(server.url(path))
    assert time.monotonic() - started < 10


def test_a_redirect_that_leads_on_is_followed(fetcher, server):
    found = fetcher.fetch(server.url("to-one"))
    assert found.url == server.url("one")
    assert "سرت one".encode() in found.content


def test_a_packed_answer_is_unpacked(fetcher, server):
    assert b"<article>" in fetcher.fetch(server.url("gzip")).content


def test_what_has_not_changed_is_not_fetched_again(fetcher, server):
    first = fetcher.fetch(server.url("feed"))
    again = fetcher.fetch(server.url("feed"), etag=first.etag, last_modified=first.last_modified)
    assert (first.unchanged, again.unchanged, again.content) == (False, True, b"")


def test_a_server_that_is_not_there_is_a_message(server):
    port = closed_port()
    with pytest.raises(FetchError, match=r"cannot be fetched|refused"):
        Fetcher(guard=Guard(allowed={"127.0.0.1"})).fetch(f"http://127.0.0.1:{port}/")


def test_only_the_allowed_port_of_a_private_host_is_asked(fetcher):
    with pytest.raises(AddressRefusedError, match="not public"):
        fetcher.fetch("http://127.0.0.1:8080/")


def test_a_name_that_takes_too_long_is_given_up():
    slow = Guard(resolver=lambda *_: time.sleep(5) or ["1.1.1.1"])
    with pytest.raises(FetchError, match="no answer within"):
        Fetcher(guard=slow, total_s=0.3).fetch("http://example.org/")


def test_a_proxy_of_the_environment_is_not_asked(fetcher, server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetcher.fetch(server.url("one")).content


def test_a_header_of_theirs_cannot_add_one_of_ours(fetcher, server):
    fetcher.fetch(server.url("one"), etag='"x"\r\nX-Evil: 1')
    assert "X-Evil" not in server.asked[-1][1]


@given(st.ip_addresses(v=4))
def test_an_address_in_another_is_judged_by_what_it_holds(ip):
    wrapped = [
        ipaddress.IPv6Address(f"::ffff:{ip}"),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(ip)),
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("2002::")) + (int(ip) << 80)),
    ]
    assert {is_public(address) for address in wrapped} == {is_public(ip)}


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text):
    try:
        address = parse_address(text)
    except AddressRefusedError:
        return
    assert address.scheme in ("http", "https")
    assert address.target.isascii()


def test_an_address_in_arabic_is_asked_for_in_ascii():
    address = parse_address("https://example.org/أخبار?س=ليبيا")
    assert address.url.isascii()
    assert address.url.startswith("https://example.org/%D8%A3")
