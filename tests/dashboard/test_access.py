"""Nobody sees a dashboard that others reach but who was invited, and secrets are never told."""

import os

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import Access, judge, read_access
from dashboard.cli import main
from dashboard.errors import AccessError, ServeError
from dashboard.serve import Door, check_door

NOW = 1_000_000.0
AUTH = {
    "redirect_uri": "https://map.example.org/oauth2callback",
    "cookie_secret": "s" * 40,
    "client_id": "id",
    "client_secret": "hush-hush",
    "server_metadata_url": "https://id.example.org/.well-known/openid-configuration",
}


def access(see=("a@e.org", "@team.org"), edit=("boss@e.org",), any_mail=False):
    return Access(see=frozenset(see), edit=frozenset(edit), any_mail=any_mail, auth=AUTH)


def claims(**changed):
    return {
        "is_logged_in": True, "email": "a@e.org", "email_verified": True, "exp": NOW + 10, **changed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "reason", "may_edit"),
    [
        ({}, "", False),
        ({"email": "A@E.ORG"}, "", False),
        ({"email": "any@team.org"}, "", False),
        ({"email": "boss@e.org"}, "", True),
        ({"is_logged_in": False}, "login", False),
        ({"exp": NOW - 100}, "expired", False),
        ({"exp": None}, "expired", False),
        ({"exp": True}, "expired", False),
        ({"exp": "9999999999"}, "expired", False),
        ({"email_verified": False}, "unverified", False),
        ({"email_verified": None}, "unverified", False),
        ({"email": "b@e.org"}, "unknown", False),
        ({"email": "a@sub.team.org"}, "unknown", False),
        ({"email": "team.org"}, "unknown", False),
        ({"email": "@team.org"}, "unknown", False),
        ({"email": ""}, "unknown", False),
        ({"email": None}, "unknown", False),
    ],
)
def test_only_who_was_invited_comes_in(changed, reason, may_edit):
    found = judge(access(), claims(**changed), NOW)
    assert (found.reason, found.may_edit) == (reason, may_edit)


def test_addresses_that_are_not_verified_count_only_where_it_is_said():
    assert judge(access(any_mail=True), claims(email_verified=None), NOW).reason == ""


@given(
    st.dictionaries(
        st.sampled_from(["is_logged_in", "email", "email_verified", "exp"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
    )
)
def test_no_claims_of_another_shape_open_the_door(found):
    assert judge(access(), found, NOW).reason or found["email"].lower().strip() == "a@e.org"


def write(tmp_path, text, mode=0o600):
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def toml(users='see = ["a@e.org"]', **changed):
    auth = {**AUTH, **changed}
    lines = [f'{name} = "{value}"' for name, value in auth.items() if value is not None]
    return "[auth]\n" + "\n".join(lines) + f"\n[users]\n{users}\n"


def test_a_file_of_access_is_read(tmp_path):
    found = read_access(write(tmp_path, toml('see = ["A@e.org"]\nedit = ["@Boss.org"]')))
    assert (found.see, found.edit) == ({"a@e.org"}, {"@boss.org"})
    assert found.host == "map.example.org"
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", r"no table \[auth\].*no table \[users\]"),
        (toml(client_secret=None), "lacks client_secret"),
        (toml(cookie_secret="short"), "less than 32 characters"),
        (toml(redirect_uri="http://map.example.org/oauth2callback"), "redirect_uri is not https"),
        (toml(redirect_uri="https://map.example.org/"), "does not end with /oauth2callback"),
        (toml(server_metadata_url="http://id.example.org/"), "server_metadata_url is not https"),
        (toml(users=""), "names nobody"),
        (toml(users='see = "a@e.org"'), "see is no list"),
        (toml(users='see = ["everyone"]'), "see is no list"),
        (toml(users='see = ["a@e.org"]\nany_mail = "yes"'), "any_mail is neither"),
        ('[auth]\nclient_secret = "hush-hush', "it is not TOML"),
    ],
)
def test_a_wrong_file_of_access_is_refused_without_its_secrets(tmp_path, text, fault):
    with pytest.raises(AccessError, match=fault) as caught:
        read_access(write(tmp_path, text))
    assert "hush" not in str(caught.value)
    assert "ssss" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="no modes of files")
def test_a_file_of_secrets_that_others_may_read_is_refused(tmp_path):
    with pytest.raises(AccessError, match="chmod 600"):
        read_access(write(tmp_path, toml(), mode=0o644))


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "map.example.org"])
def test_no_address_that_others_reach_is_served_without_a_log_in(address, tmp_path):
    with pytest.raises(ServeError, match="--access"):
        check_door(Door(address=address), None)
    check_door(Door(address=address), access())
    done = CliRunner().invoke(main, ["serve", "--address", address, "--store", str(tmp_path / "s")])
    assert (done.exit_code, "--access" in done.output) == (2, True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_this_machine_is_served_without(address):
    check_door(Door(address=address), None)
