"""A real Chromium and a real server on this machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from importlib import resources

import pytest
from playwright.sync_api import sync_playwright

from gazetteer import Gazetteer, Place
from geocode import ArticleReader, ingest_articles, make_article, open_store, read_articles

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
    "microsoft-edge",
)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = (
    "<img src=x onerror=\"window.hacked='img'\"> ${window.hacked='dollar'} `${window.hacked='tick'}` "
    "{{ cycler.__init__.__globals__ }} {% x </script><script>window.hacked='script'</script>"
)


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser is installed (looked for {', '.join(BROWSERS)})"
        if os.environ.get("MIHWAR_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    """A page that may reach this machine only; it counts what else it asks for."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400}, accept_downloads=True)
    opened = context.new_page()
    opened.outside = []
    opened.faults = []

    def guard(route):
        if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:")):
            route.continue_()
        else:
            opened.outside.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("dialog", lambda dialog: (opened.faults.append("dialog"), dialog.dismiss()))
    yield opened
    context.close()


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("sample") / "s.sqlite")
    with (
        resources.as_file(resources.files("dashboard.sample") / "reports.jsonl") as reports,
        open_store(path) as store,
    ):
        list(ingest_articles(read_articles(reports), store))
    return path


@pytest.fixture(scope="session")
def hostile_store(tmp_path_factory):
    """A store whose only article, outlet and place name try to run as code."""
    path = str(tmp_path_factory.mktemp("hostile") / "s.sqlite")
    place = Place(
        place_id="x:1",
        kind="town",
        name_en=f"Town {HOSTILE}",
        name_ar="بلدة",
        lat=31.2,
        lon=16.6,
        precision_km=5,
        country="LY",
    )
    article = make_article(
        f"Clashes in بلدة {HOSTILE}",
        published="2020-01-07",
        outlet=HOSTILE,
        url="javascript:window.hacked='url'",
        lang="en",
    )
    with open_store(path) as store:
        list(ingest_articles([article], store, reader=ArticleReader(Gazetteer([place]))))
    return path


@pytest.fixture(scope="session")
def serve():
    """Start a dashboard on a store and give its address."""
    running = []

    def start(store, *options, port=None):
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", port or 0))
            port = probe.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "dashboard.cli",
            "serve",
            "--store",
            store,
            "--port",
            str(port),
            *options,
        ]
        running.append(
            subprocess.Popen(
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
            )
        )
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return address
            except OSError:
                time.sleep(0.2)
        pytest.fail("the dashboard did not start within 60 s")

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)
