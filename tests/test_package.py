"""What is handed out holds what it needs and nothing else, and runs away from the checkout."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build sdist and wheel, from a copy of what is tracked, with the build tools at hand."""
    out = tmp_path_factory.mktemp("dist")
    source = tmp_path_factory.mktemp("source")
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in files:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return out


def names_of_wheel(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def tracked(*folders):
    listed = subprocess.run(
        ["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}


def test_the_wheel_holds_every_file_of_the_packages(built):
    missing = tracked("gazetteer", "geocode", "dashboard") - names_of_wheel(built)
    assert missing == set()


def test_the_wheel_holds_nothing_else(built):
    own = ("gazetteer/", "geocode/", "dashboard/", "mihwar-")
    assert {name for name in names_of_wheel(built) if not name.startswith(own)} == set()
    assert not [name for name in names_of_wheel(built) if name.endswith((".pyc", ".sqlite"))]


def test_the_sdist_holds_what_builds_and_explains_it(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "gazetteer/data/README.md"} <= names
    assert tracked("gazetteer", "geocode", "dashboard") <= names


def test_every_package_is_named_in_the_project():
    with (ROOT / "pyproject.toml").open("rb") as file:
        listed = set(tomllib.load(file)["tool"]["setuptools"]["packages"])
    found = {
        str(Path(name).parent).replace("/", ".")
        for name in tracked("gazetteer", "geocode", "dashboard")
        if name.endswith(".py")
    }
    assert found - listed == set()


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Install the wheel alone into a new environment; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    site = folder / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    # A plain path: what a .pth file in it would do, an editable install of us, is not done.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps",
         "--no-index", "--target", str(site), str(next(built.glob("*.whl")))],
        check=True,
    )  # fmt: skip
    return folder / Path(sys.executable).relative_to(sys.prefix).parent / "python"


def run(python, folder, *args, code=0):
    done = subprocess.run(
        [str(python), "-m", "dashboard.cli", *args],
        cwd=folder, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "MIHWAR_STORE": str(folder / "s.sqlite")},
    )  # fmt: skip
    assert done.returncode == code, done.stderr[-2000:]
    return done.stdout


def test_the_wheel_alone_reads_stores_and_shares(installed, tmp_path):
    where = subprocess.run(
        [str(installed), "-c", "import geocode; print(geocode.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not Path(where.stdout.strip()).is_relative_to(ROOT)
    (tmp_path / "a.txt").write_text("سيطر الجيش الوطني على مدينة سرت", encoding="utf-8")
    assert "1 events" in run(
        installed, tmp_path, "geocode", "a.txt", "--published", "2020-01-07", "-o", "out"
    )
    assert "1 new" in run(installed, tmp_path, "ingest", "a.txt", "--published", "2020-01-07")
    run(installed, tmp_path, "share", "-o", "map.html")
    assert len((tmp_path / "map.html").read_bytes()) > 300_000
    assert "Sirte" in run(installed, tmp_path, "gazetteer", "search", "سرت")
    assert "Place" in run(installed, tmp_path, "export", "--schema", "mentions")


@pytest.mark.loopback
@pytest.mark.parametrize("command", ["demo", "serve"])
def test_the_wheel_alone_opens_the_dashboard(installed, tmp_path, command):
    import socket
    import time
    import urllib.request

    (tmp_path / "a.txt").write_text("سيطر الجيش الوطني على مدينة سرت", encoding="utf-8")
    run(installed, tmp_path, "ingest", "a.txt", "--published", "2020-01-07")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [str(installed), "-m", "dashboard.cli", command, "--port", str(port)],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MIHWAR_STORE": str(tmp_path / "s.sqlite")},
    )  # fmt: skip
    try:
        deadline, seen = time.monotonic() + 60, b""
        while not seen and time.monotonic() < deadline:
            try:
                seen = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
            except OSError:
                time.sleep(0.3)
        assert b"<title>" in seen
    finally:
        server.terminate()
        server.wait(timeout=30)
