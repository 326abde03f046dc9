"""Settings and addresses: what cannot be understood is refused, or left out."""

import pytest

from dashboard.errors import ServeError, SettingsError
from dashboard.filters import Filters
from dashboard.settings import Settings, read_settings
from dashboard.state import View, address_of, day_number, iso_day, read_view

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
    assert (view.lang, view.filters.layer, view.window) == ("en", "all", (18268, 18293))


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"lang": "<script>"},
        {"from": "2020-13-45"},
        {"layer": "x", "to": ""},
        {"from": "2020-02-02", "to": "2020-01-01"},
        {"area": "1,2 3", "score": "9", "at": "x"},
        {"area": "500,1 2,3 4,5"},
    ],
)
def test_a_broken_address_is_no_error(params):
    view = read_view(params, SETTINGS)
    assert (view.lang, view.filters, view.window) == ("ar", Filters(), None)


def test_an_address_gives_the_same_view_again():
    filters = Filters(
        layer="all",
        speaker=("", "LNA"),
        outlet=("a~b", "100 %"),
        place=("ly:sirte",),
        area=((12.5, 32.0), (13.5, 32.0), (13.0, 33.0)),
        min_score=0.35,
        text="سرت & <b>",
    )
    view = View(
        lang="ar", filters=filters, window=(18268, 18293), options={"mode": "trail"}, report="x"
    )
    assert read_view(address_of(view), SETTINGS) == view


def test_days_are_written_as_they_are_read():
    assert iso_day(day_number("2019-12-14")) == "2019-12-14"


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_port_in_use_is_said():
    import socket

    from dashboard.serve import Door, serve

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServeError, match="in use"):
            serve("x", Door(port=taken.getsockname()[1]))
