"""A PostgreSQL server of the tests' own: Debian's, on a free loopback port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

# Nothing here has to outlive the machine; it is faster for it. `durable` turns that off.
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
TEMPLATE = "mihwar_template"


def binaries() -> Path | None:
    """The newest installed server, where Debian or PGDG put it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).parent if named else None


class Cluster:
    """A cluster in a folder of its own; a password is asked for, as on a real server."""

    PASSWORD = "sekret-of-the-tests"

    def __init__(self, *, durable: bool = False, port: int | None = None) -> None:
        found = binaries()
        if found is None:
            msg = "PostgreSQL is not installed (Debian: postgresql-15 postgresql-15-postgis-3)"
            raise FileNotFoundError(msg)
        self._bin = found
        self.folder = Path(tempfile.mkdtemp(prefix="mihwar-pg-"))
        self.port = port or _free_port()
        self._count = 0
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        secret = self.folder / "secret"
        secret.write_text(self.PASSWORD)
        secret.chmod(0o644)
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "--auth=scram-sha-256",
            f"--pwfile={secret}", "--locale=C.UTF-8", "-E", "UTF8", *([] if durable else ["-N"]),
        )  # fmt: skip
        settings = (
            f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n"
            f"unix_socket_directories = '{self.folder}'\nlog_min_messages = fatal\n"
            f"max_connections = 200\n{'' if durable else FAST}"
        )
        self._run("sh", "-c", f"cat >> {self.data}/postgresql.conf", text=settings)
        self.start()
        self.sql("postgres", f"CREATE DATABASE {TEMPLATE}")
        self.sql(TEMPLATE, "CREATE EXTENSION postgis")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str, user: str = "postgres", password: str = PASSWORD) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database with PostGIS and give its address."""
        self._count += 1
        name = f"t{self._count}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)

    def sql(self, database: str, command: str) -> str:
        done = subprocess.run(
            [str(self._bin / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", self.url(database)],
            input=command, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def start(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *args: str, text: str | None = None) -> None:
        path = self._bin / program
        command = [str(path) if path.exists() else program, *args]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, input=text, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            cwd=self.folder, check=False,
        )  # fmt: skip
        if done.returncode:
            msg = f"{program}: {done.stderr}"
            raise RuntimeError(msg)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
