"""Feeds and folders are watched; one that fails costs no other, and a restart goes on."""

import itertools
import os
import threading

import pytest
from click.testing import CliRunner
from hostile_server import TEXT, HostileServer, closed_port

from dashboard.cli import main
from geocode import InputError, open_store
from geocode.errors import SourcesError
from geocode.fetching import Fetcher, Guard
from geocode.reading import Given
from geocode.reading.feed import Entry, plain_text, read_feed
from geocode.sources import Feed, Folder, Sources, read_sources
from geocode.watch import Watcher, World

pytestmark = pytest.mark.loopback
NOW = 1_700_000_000.0


@pytest.fixture(scope="module")
def server():
    started = HostileServer()
    yield started
    started.end()


class Clock:
    """A clock that goes on by what is slept."""

    def __init__(self):
        self.now = NOW
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(server, reader, store_url, clock):
    """Watch sources on a store of its own; each call is a new process, for all it knows."""

    def run(*sources, pause_s=0.0):
        feeds = tuple(
            s if isinstance(s, Feed) else Feed(url=server.url(s))
            for s in sources
            if not isinstance(s, Folder)
        )
        folders = tuple(s for s in sources if isinstance(s, Folder))
        listed = Sources(feeds=feeds, folders=folders, pause_s=pause_s, every_s=600)
        fetcher = Fetcher(guard=Guard(allowed={server.host, "127.0.0.1"}), total_s=2.0)
        world = World(fetch=fetcher.fetch, clock=clock, sleep=clock.sleep)
        with open_store(store_url) as store:
            watcher = Watcher(listed, store, reader, Given(), world)
            return list(watcher.round())

    return run


@pytest.fixture
def stored(store_url):
    def layer(name):
        with open_store(store_url, read_only=True) as store:
            return list(store.articles()) if name == "articles" else store.layer(name)

    return layer


def test_the_pages_of_a_feed_are_read_once(watch, stored, server, clock):
    (outcome,) = watch("feed")
    assert (outcome.saved.new, outcome.fault) == (2, "")
    assert [str(a.published) for a in stored("articles")] == ["2019-12-14"] * 2
    assert {a.outlet for a in stored("articles")} == {"Feed"}
    assert not stored("events").empty
    clock.now += 700
    before = len(server.asked)
    (again,) = watch("feed")
    assert (again.saved.new, again.saved.changed, again.fault) == (0, 0, "")
    assert [path for path, _ in server.asked[before:]] == ["/feed"]


def test_a_feed_is_not_asked_again_before_its_time(watch, server):
    watch("feed")
    before = len(server.asked)
    assert watch("feed") == []
    assert len(server.asked) == before


def test_what_a_feed_says_itself_is_read_as_text(watch, stored, server):
    (outcome,) = watch(Feed(url=server.url("whole"), outlet="Ours", articles="feed"))
    assert outcome.saved.new == 2
    articles = {article.title: article for article in stored("articles")}
    assert set(articles) == {"", "no link"}  # a title of markup only has no text
    assert {article.outlet for article in articles.values()} == {"Ours"}


HOSTILE = [
    "missing",
    "surrogate",
    "to-nonsense",
    "broken",
    "garbage",
    "drip",
    "bomb-feed",
    "xxe",
    "three",
    "to-metadata",
    "gzip-bomb",
]


def test_feeds_that_fail_cost_no_other(watch, stored, store_url):
    outcomes = watch(*HOSTILE, "empty", "feed", Feed(url=f"http://127.0.0.1:{closed_port()}/"))
    faults = [bool(outcome.fault) for outcome in outcomes]
    assert faults == [True] * len(HOSTILE) + [False, False, True]
    assert len(stored("articles")) == 2
    with open_store(store_url, read_only=True) as store:
        states = {w.address.rsplit("/", 1)[1]: w for w in store.watched.list()}
    assert "404" in states["missing"].state
    assert "DTD not allowed" in states["bomb-feed"].state
    assert "DTD not allowed" in states["xxe"].state
    assert "no feed" in states["three"].state
    assert "root:" not in str(states)


def test_one_that_fails_is_asked_later_and_later(watch, store_url, clock):
    waits = []
    for _ in range(4):
        watch("missing")
        with open_store(store_url, read_only=True) as store:
            (known,) = store.watched.list()
        waits.append(known.next_at - clock.now)
        clock.now = known.next_at + 1
    assert known.failures == 4
    assert all(later > 1.8 * sooner for sooner, later in itertools.pairwise(waits))


def test_a_server_that_asks_to_wait_is_left_alone_so_long(watch, store_url, clock):
    watch("broken")
    with open_store(store_url, read_only=True) as store:
        (known,) = store.watched.list()
    assert known.next_at - clock.now >= 7200


def test_a_host_is_left_alone_between_two_questions(watch, clock):
    watch("feed", pause_s=3.0)
    assert [round(s) for s in clock.slept] == [3, 3]


def test_a_page_that_fails_is_tried_again_with_a_feed_that_did_not_change(
    watch, stored, server, clock, monkeypatch
):
    from hostile_server import Hostile

    monkeypatch.setattr(Hostile, "answer_two", lambda self: self.send(status=500), raising=False)
    (outcome,) = watch("feed")
    assert (outcome.saved.new, len(outcome.refused)) == (1, 1)
    monkeypatch.undo()
    clock.now += 700  # the feed is due, the page not yet: it is not forgotten for that
    (between,) = watch("feed")
    assert (between.saved.new, between.refused) == (0, ())
    clock.now += 20 * 600
    (again,) = watch("feed")
    assert (again.saved.new, again.refused) == (1, ())


def test_a_feed_leads_to_no_host_of_ones_own(server, reader, tmp_path, clock):
    """A host is allowed for the feed that is there, not for whoever links to it."""
    entry = Entry(title="t", text="x", url="http://127.0.0.1:8080/secret", published="", outlet="o")
    sources = Sources(feeds=(), allowed=frozenset({"127.0.0.1:8080"}))
    world = World(fetch=lambda url, **_: pytest.fail(url), clock=clock, sleep=clock.sleep)
    refused = []
    with open_store(str(tmp_path / "s.sqlite")) as store:
        watcher = Watcher(sources, store, reader, Given(), world)
        public = Feed(url="https://outlet.example/rss")
        assert list(watcher._articles(public, [entry], public.url, refused)) == []
    assert "network of its own" in refused[0].reason


def test_corrections_are_read_anew_with_every_round(server, reader, tmp_path, clock):
    seen = []
    sources = Sources(folders=(Folder(path=tmp_path),))
    world = World(fetch=None, clock=clock, sleep=clock.sleep, renew=lambda r: seen.append(r) or r)
    with open_store(str(tmp_path / "s.sqlite")) as store:
        watcher = Watcher(sources, store, reader, Given(), world)
        for _ in range(2):
            list(watcher.round())
    assert len(seen) == 2


def put(folder, name, text=TEXT, age_s=60):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (NOW - age_s, NOW - age_s))
    return path


def test_a_folder_is_read_once_and_again_what_changed(watch, stored, tmp_path):
    inbox = tmp_path / "in"
    inbox.mkdir()
    put(inbox, "a.txt")
    put(inbox, "b.jsonl", '{"text": "قصف ترهونة"}\n{broken')
    put(inbox, "c.exe")
    source = Folder(path=inbox, outlet="Ours")
    first, second = watch(source), watch(source)
    assert (first[0].saved.new, len(first[0].refused)) == (2, 1)
    assert (second[0].saved.new, second[0].refused) == (0, ())
    put(inbox, "b.jsonl", '{"text": "قصف ترهونة"}\n{"text": "قصف بني وليد"}', age_s=50)
    assert watch(source)[0].saved.new == 1
    assert {a.outlet for a in stored("articles")} == {"Ours"}


def test_a_file_that_is_being_written_is_left_until_it_is_whole(watch, tmp_path):
    put(tmp_path, "half.txt", age_s=0)
    assert watch(Folder(path=tmp_path))[0].saved.new == 0
    put(tmp_path, "half.txt", age_s=10)
    assert watch(Folder(path=tmp_path))[0].saved.new == 1


def test_the_rows_a_folder_brings_that_cannot_be_read_are_in_quarantine(watch, store_url, tmp_path):
    put(tmp_path, "b.jsonl", "{broken")
    watch(Folder(path=tmp_path))
    with open_store(store_url, read_only=True) as store:
        (kept,) = store.quarantine.list()
    assert kept.refused.where == "line 1"
    assert str(kept.since) == "2023-11-15"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('[[feed]]\nurl = "/etc/passwd"', ["feed 1", "scheme"]),
        ('[[feed]]\nurl = "file:///etc/passwd"\n[[feed]]\nurl = "ftp://x/"', ["feed 1", "feed 2"]),
        ('[[feed]]\nurl = "https://e.org/"\noutlets = "x"', ["'outlets' is none of url"]),
        ('[[feed]]\nurl = "https://e.org/"\narticles = "all"', ["articles='all'"]),
        ('[[folder]]\npath = "nowhere"', ["folder 1", "there is no folder"]),
        ('[feed]\nurl = "https://e.org/"', ["two brackets"]),
        ("every_minutes = 0", ["every_minutes=0"]),
        ("every_minutes = true\nfeeds = 1", ["every_minutes=True", "'feeds' is no setting"]),
        ("", ["neither a [[feed]]"]),
        ("x = ", ["cannot be read", "Invalid value"]),
    ],
)
def test_a_wrong_list_is_refused_with_all_its_faults(tmp_path, text, faults):
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourcesError) as caught:
        read_sources(path)
    assert all(fault in str(caught.value) for fault in faults), caught.value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html><body>x</body></html>", "no feed"),
        (b"", "empty"),
        (b"<!DOCTYPE rss><rss/>", "DTD not allowed"),
        (
            "<?xml version='1.0'?><!ENTITY a 'b'><rss/>".encode("utf-16-le"),
            "DTD|not text",
        ),
    ],
)
def test_what_is_no_safe_feed_is_refused(data, reason):
    with pytest.raises(InputError) as caught:
        read_feed(data)
    assert any(part in str(caught.value) for part in reason.split("|"))


def test_no_declaration_of_a_feed_calls_for_another_codec():
    """In UTF-7 this would hold a document type."""
    feed = b"<?xml version='1.0' encoding='utf-7'?><rss version='2.0'><channel>+ADwAIQ-DOCTYPE x+AD4-</channel></rss>"
    assert read_feed(feed) == []


def test_markup_is_taken_out_once_and_what_is_left_is_text():
    assert plain_text("<p>a <b>b</b></p><p>c</p><script>x</script>") == "a b\nc"
    assert plain_text("&lt;img src=x&gt;") == "<img src=x>"


def test_watch_once_tells_what_came_and_what_failed(server, tmp_path):
    sources = tmp_path / "sources.toml"
    sources.write_text(
        f'allow_private = ["{server.host}"]\npause_seconds = 0\n'
        f'[[feed]]\nurl = "{server.url("feed")}"\n[[feed]]\nurl = "{server.url("missing")}"\n',
        encoding="utf-8",
    )
    store = str(tmp_path / "s.sqlite")
    done = CliRunner().invoke(main, ["watch", str(sources), "--once", "--store", store])
    assert done.exit_code == 1, done.output
    assert "2 new" in done.output
    assert "answers 404" in done.output


def test_an_address_is_read_like_a_file(server, tmp_path, monkeypatch):
    monkeypatch.setenv("MIHWAR_ALLOW_HOSTS", server.host)
    out = tmp_path / "out"
    done = CliRunner().invoke(
        main, ["geocode", server.url("one"), server.url("whole"), "-o", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert "3 articles" in done.output


def test_an_address_of_a_private_host_is_refused(tmp_path):
    done = CliRunner().invoke(main, ["geocode", "http://127.0.0.1:8080/", "-o", str(tmp_path)])
    assert done.exit_code == 2
    assert "not public" in done.output


def test_rounds_of_two_watchers_lose_nothing(server, reader, new_store, clock):
    """Two at once on one store: each article is there once."""
    url = new_store()
    open_store(url).close()
    faults = []

    def run():
        try:
            world = World(
                fetch=Fetcher(guard=Guard(allowed={server.host})).fetch,
                clock=clock,
                sleep=clock.sleep,
            )
            with open_store(url) as store:
                sources = Sources(feeds=(Feed(url=server.url("feed")),), pause_s=0)
                list(Watcher(sources, store, reader, Given(), world).round())
        except Exception as error:  # noqa: BLE001 (told below)
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with open_store(url, read_only=True) as store:
        assert (store.count()["articles"], faults) == (2, [])
