"""Settings and addresses: what cannot be understood is refused, or left out."""

import pytest

from dashboard.errors import ServeError, SettingsError
from dashboard.settings import Settings, read_settings
from dashboard.state import day_number, iso_day, read_view

SETTINGS = Settings(store_url="x", lang="ar")


@pytest.mark.parametrize("given", [{"MIHWAR_LANG": "de"}, {"MIHWAR_ONLINE_TILES": "perhaps"}])
def test_a_bad_setting_is_named(given):
    with pytest.raises(SettingsError, match=next(iter(given))):
        read_settings(given)


def test_tiles_from_the_network_are_off_unless_asked_for():
    assert read_settings({}).online_tiles is False
    assert read_settings({"MIHWAR_ONLINE_TILES": "1"}).online_tiles is True


def test_a_view_is_read_from_the_address():
    view = read_view(
        {"lang": "en", "layer": "all", "from": "2020-01-07", "to": "2020-02-01"}, SETTINGS
    )
    assert (view.lang, view.layer, view.first, view.last) == ("en", "all", 18268, 18293)


@pytest.mark.parametrize(
    "params", [{}, {"lang": "<script>"}, {"from": "2020-13-45"}, {"layer": "x", "to": ""}]
)
def test_a_broken_address_is_no_error(params):
    view = read_view(params, SETTINGS)
    assert (view.lang, view.layer, view.first, view.last) == ("ar", "front", None, None)


def test_days_are_written_as_they_are_read():
    assert iso_day(day_number("2019-12-14")) == "2019-12-14"


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_port_in_use_is_said():
    import socket

    from dashboard.serve import serve

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServeError, match="in use"):
            serve("x", port=taken.getsockname()[1])
