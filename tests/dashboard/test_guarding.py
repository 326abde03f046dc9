"""What stands before the pages refuses other names, and uploads beyond what fits."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.guarding import Guarding, hosts_of


def run(work):
    """Run in a thread of its own: Playwright's loop goes on in the main one after browser tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result(30)


def ask(path="/", method="GET", kind="http", host="localhost:8501", stored=None, **headers):
    """Ask the middleware; give status, headers, and whether the page behind was reached."""
    sent, reached = [], []

    async def page(_scope, _receive, send):
        reached.append(True)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"x-frame-options", b"ALLOW")],
            }
        )

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    guard = Guarding(
        page,
        hosts={"localhost", "::1"},
        stored=lambda: stored or {},
        max_bytes=100,
        max_session_bytes=60,
    )
    pairs = [
        (b"host", host.encode()),
        *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()),
    ]
    run(guard({"type": kind, "path": path, "method": method, "headers": pairs}, receive, send))
    return (
        sent[0].get("status", sent[0].get("code")),
        dict(sent[0].get("headers", ())),
        bool(reached),
    )


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "LOCALHOST", "[::1]:8501"])
def test_the_names_of_the_server_are_answered(host):
    assert ask(host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "", "localhost.evil.example", "127.0.0.1"])
@pytest.mark.parametrize(("kind", "status"), [("http", 421), ("websocket", 1008)])
def test_other_names_are_not(host, kind, status):
    assert ask(host=host, kind=kind)[::2] == (status, False)


def test_every_answer_tells_the_browser_what_to_refuse():
    for headers in (ask()[1], ask(host="evil")[1]):
        assert headers[b"x-frame-options"] == b"DENY"
        assert headers[b"x-content-type-options"] == b"nosniff"
        assert b"default-src 'self'" in headers[b"content-security-policy"]
        assert b"http" not in headers[b"content-security-policy"]


def test_the_figures_of_the_server_are_nobodys():
    assert ask("/_stcore/metrics")[::2] == (404, False)
    assert ask("/base/_stcore/metrics")[::2] == (404, False)


UPLOAD = "/_stcore/upload_file/s1/f1"


@pytest.mark.parametrize(
    ("length", "stored", "status"),
    [
        ("50", {}, 200),
        ("61", {}, 413),
        ("50", {"s1": 20}, 413),
        ("50", {"s2": 40}, 200),
        ("50", {"s2": 60}, 413),
        (None, {}, 411),
        ("-1", {}, 411),
        ("1e1", {}, 411),
    ],
)
def test_uploads_beyond_what_fits_are_refused(length, stored, status):
    said = {} if length is None else {"content_length": length}
    assert ask(UPLOAD, "PUT", stored=stored, **said)[0] == status


def test_a_server_knows_its_names():
    assert hosts_of("127.0.0.1") == {"127.0.0.1", "localhost", "::1"}
    assert hosts_of("10.0.0.5", "Map.Example.org") == {"10.0.0.5", "map.example.org"}


def test_uploads_that_come_at_once_count_together():
    """What is on its way is kept nowhere yet, and would pass a look at what is kept."""
    statuses = []

    async def upload(guard):
        async def send(message):
            if "status" in message:
                statuses.append(message["status"])

        headers = [(b"host", b"localhost"), (b"content-length", b"40")]
        scope = {"type": "http", "path": UPLOAD, "method": "PUT", "headers": headers}
        await guard(scope, None, send)

    async def slow(_scope, _receive, send):
        await asyncio.sleep(0.05)
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def all_at_once():
        guard = Guarding(
            slow, hosts={"localhost"}, stored=dict, max_bytes=100, max_session_bytes=60
        )
        await asyncio.gather(upload(guard), upload(guard), upload(guard))
        await upload(guard)

    run(all_at_once())
    assert sorted(statuses) == [204, 204, 413, 413]
