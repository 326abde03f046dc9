"""After a log-in one is where one was, and never at another server."""

import asyncio
import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.returning import Returning


def answer(path, *, location="/", status=302, secure=False, **headers):
    """Give where an answer of the server behind leads, and the cookie that is set."""
    sent = []

    async def page(_scope, _receive, send):
        start = {"type": "http.response.start", "status": status}
        await send({**start, "headers": [(b"location", location.encode())]})

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    app = Returning(page, hosts={"map.example.org"}, secure=secure)
    pairs = [(k.encode(), v.encode("latin-1", "replace")) for k, v in headers.items()]
    work = app({"type": "http", "path": path, "headers": pairs}, receive, send)
    # In a thread of its own: Playwright's loop goes on in the main one after browser tests.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result(30)
    found = dict(sent[0]["headers"])
    return found[b"location"].decode(), found.get(b"set-cookie", b"").decode()


def cookie_of(way):
    return "mihwar_way=" + base64.urlsafe_b64encode(way.encode()).decode().rstrip("=")


HERE = "https://map.example.org"
WAYS = ["/?lang=en", "/reports?id=a%20b&lang=ar", "/base/map?d=2019-12-14~2020-01-07", "/"]


@pytest.mark.parametrize("way", WAYS)
def test_a_log_in_leads_back_with_view_and_language(way):
    to, cookie = answer("/auth/login", location="https://provider/authorize", referer=HERE + way)
    assert to == "https://provider/authorize"
    back, gone = answer("/oauth2callback", cookie=f"other=1|2:3; {cookie.partition(';')[0]}")
    assert back == way
    assert gone.startswith("mihwar_way=; Path=/; Max-Age=0;")


def test_a_log_out_that_asks_no_provider_leads_back_at_once():
    assert answer("/auth/logout", referer=f"{HERE}/?lang=en")[0] == "/?lang=en"


def test_under_a_path_of_its_own_it_leads_back_too():
    cookie = answer("/map/auth/login", referer=f"{HERE}/map/?lang=en")[1]
    assert "Path=/map/;" in cookie
    back = answer("/map/oauth2callback", location="/map/", cookie=cookie.partition(";")[0])[0]
    assert back == "/map/?lang=en"


def test_the_cookie_is_no_script_s_and_of_https_where_that_is_used():
    cookie = answer("/auth/login", referer=f"{HERE}/", secure=True)[1]
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= set(cookie.split("; "))
    assert "Secure" not in answer("/auth/login", referer=f"{HERE}/")[1]


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/?lang=en",
        "https://map.example.org.evil.example/",
        "https://map.example.org@evil.example/",
        "https://map.example.org//evil.example",
        "https://map.example.org/\\evil.example",
        "https://map.example.org/?a=\r\nSet-Cookie: x=y",
        "https://map.example.org/" + "a" * 3000,
        "https://[map.example.org/",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_no_page_of_ours_is_not_kept(referer):
    assert "evil" not in answer("/auth/login", location="https://p/", referer=referer)[1]
    assert answer("/auth/logout", referer=referer)[0] == "/"


@pytest.mark.parametrize(
    "way", ["//evil.example", "/\\evil", "https://evil", "evil", "/\r\nx: y", "/a b", "/ü", ""]
)
def test_a_cookie_that_somebody_made_leads_nowhere_else(way):
    assert answer("/oauth2callback", cookie=cookie_of(way))[0] == "/"


@given(st.text(max_size=60))
def test_no_cookie_breaks_the_log_in_or_leads_away(value):
    back = answer("/oauth2callback", cookie=f"mihwar_way={value}")[0]
    assert back.startswith("/")
    assert not back.startswith(("//", "/\\"))


def test_what_leads_elsewhere_by_itself_is_left_alone():
    back = answer("/oauth2callback", location="/error", cookie=cookie_of("/?lang=en"))[0]
    assert back == "/error"


def test_other_pages_are_not_touched():
    assert answer("/reports", referer=f"{HERE}/?lang=en") == ("/", "")
