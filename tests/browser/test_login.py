"""The door in a real browser, with a real server and an identity provider of our own."""

import os
import socket
import time
from contextlib import closing

import pytest
from identity import IdentityProvider
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def provider():
    started = IdentityProvider()
    yield started
    started.shutdown()
    started.server_close()


@pytest.fixture(scope="module")
def door(provider, serve, sample_store, tmp_path_factory):
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = tmp_path_factory.mktemp("door") / "access.toml"
    path.write_text(provider.access(port, see=["reader@e.org"], edit=["boss@e.org"]))
    path.chmod(0o600)
    return serve(sample_store, "--access", str(path), port=port), path


def is_in(page, mail):
    """Wait until somebody is in, and look who it is."""
    page.get_by_role("button", name="Account").click(timeout=30_000)
    expect(page.get_by_text(mail)).to_be_visible(timeout=10_000)


def log_in(page, provider, address, **claims):
    provider.claims = {"email_verified": True, **claims}
    page.goto(f"{address}/?lang=en")
    page.get_by_role("button", name="Log in").click()


def test_nobody_sees_anything_before_they_log_in(page, door):
    page.goto(f"{door[0]}/?lang=en")
    expect(page.get_by_text("for invited readers")).to_be_visible(timeout=30_000)
    assert page.get_by_role("tab").count() == 0
    assert page.get_by_text("Sirte").count() == 0
    page.goto(f"{door[0]}/reports?lang=en")
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=30_000)
    assert page.faults == []


def test_who_is_invited_reads_and_does_not_write(page, door, provider):
    log_in(page, provider, door[0], email="reader@e.org")
    is_in(page, "reader@e.org")
    expect(page.get_by_role("link", name="Reports", exact=True)).to_be_visible()
    assert page.get_by_role("link", name="Add", exact=True).count() == 0
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=30_000)


def test_after_a_log_in_one_is_where_the_link_led(page, door, provider):
    provider.claims = {"email_verified": True, "email": "reader@e.org"}
    page.goto(f"{door[0]}/reports?lang=ar")
    page.get_by_role("button", name="تسجيل الدخول").click(timeout=30_000)
    expect(page.get_by_role("button", name="الحساب")).to_be_visible(timeout=30_000)
    # The page adds to its address what it shows.
    assert page.url.startswith(f"{door[0]}/reports?lang=ar")
    assert "mihwar_way" not in {cookie["name"] for cookie in page.context.cookies()}


def test_who_may_edit_does_write(page, door, provider):
    log_in(page, provider, door[0], email="boss@e.org")
    expect(page.get_by_role("link", name="Add", exact=True)).to_be_visible(timeout=30_000)


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"email": "stranger@e.org"}, "nobody has invited you"),
        ({"email": "reader@e.org", "email_verified": False}, "no verified address"),
    ],
)
def test_a_stranger_is_told_why_and_sees_nothing(page, door, provider, claims, told):
    log_in(page, provider, door[0], **claims)
    expect(page.get_by_text(told)).to_be_visible(timeout=30_000)
    assert page.get_by_role("link", name="Reports").count() == 0


def test_a_log_in_that_has_run_out_is_asked_for_again(page, door, provider):
    # The provider's token is good for a moment; what Streamlit keeps of it, for thirty days.
    over = time.time() + 15
    log_in(page, provider, door[0], email="reader@e.org", exp=int(over) - 60)
    is_in(page, "reader@e.org")
    page.wait_for_timeout(1000 * max(0.0, over + 1 - time.time()))
    page.reload()
    expect(page.get_by_text("has run out")).to_be_visible(timeout=30_000)


def test_who_is_taken_off_the_list_is_out_at_once(page, door, provider):
    address, path = door
    log_in(page, provider, address, email="boss@e.org")
    is_in(page, "boss@e.org")
    before = path.read_text()
    try:
        path.write_text(before.replace("boss@e.org", "other@e.org"))
        os.utime(path)
        page.reload()
        expect(page.get_by_text("nobody has invited you")).to_be_visible(timeout=30_000)
    finally:
        path.write_text(before)


def test_a_cookie_that_was_changed_opens_nothing(page, door, provider):
    log_in(page, provider, door[0], email="reader@e.org")
    is_in(page, "reader@e.org")
    cookies = page.context.cookies()
    (mine,) = [c for c in cookies if c["name"] == "_streamlit_user"]
    assert mine["httpOnly"]
    page.context.clear_cookies()
    page.context.add_cookies([{**mine, "value": mine["value"].replace("a", "b").replace("1", "2")}])
    page.goto(f"{door[0]}/?lang=en")
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=30_000)
