"""
Measure fifty viewers at once on 100,000 mentions for five minutes, while reports are ingested.

Run as ``python benchmarks/load.py [STORE_URL]``; server, viewers and ingest share this machine. The
viewers speak Streamlit's own protocol (1.67: protobuf over a websocket), as a browser does, with
its cache of messages: four times in five they move the window, else they open the page anew with
another window in its address. An answer is there when the run of the script has ended. Every half
minute 20 new reports are ingested by a process of its own; at the end all of them have to be there,
and a new viewer has to see them.
"""

import asyncio
import json
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets
from live_map import fill_store
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from geocode import open_store

VIEWERS = 50
THINK_S = 15.0
LASTS_S = 300.0
MENTIONS = 100_000
INGEST_EVERY_S = 30.0
REPORTS = 20
PORT = 18_765
_FIRST, _LAST = 17_900, 18_450


@dataclass
class Session:
    """A viewer: what the page told of itself, and what of its messages is kept."""

    socket: Any
    page: str = ""
    component: str = ""
    fragment: str = ""
    kept: dict[str, None] = field(default_factory=dict)
    metrics: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def run(self, query: str, view: dict[str, Any] | None = None) -> float:
        """Ask for a run of the page, or of the map alone; give the seconds until it ended."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string = query
        run.context_info.timezone = "UTC"
        run.context_info.url = f"http://127.0.0.1:{PORT}/"
        run.cached_message_hashes.extend(self.kept)
        if view is not None:
            run.page_script_hash = self.page
            run.fragment_id = self.fragment
            state = run.widget_states.widgets.add()
            state.id = self.component
            state.json_value = json.dumps({"view": view})
        else:
            run.widget_states.SetInParent()
        self.metrics = []
        started = time.monotonic()
        await self.socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await asyncio.wait_for(self.socket.recv(), 60))
            if self._take(answer):
                if not self.metrics:
                    self.faults.append("an answer without figures")
                return time.monotonic() - started

    def _take(self, answer: ForwardMsg) -> bool:
        kind = answer.WhichOneof("type")
        if answer.metadata.cacheable and answer.hash:
            self.kept[answer.hash] = None
        if kind == "new_session":
            self.page = answer.new_session.page_script_hash
        if kind == "delta" and answer.delta.HasField("new_element"):
            element = answer.delta.new_element
            what = element.WhichOneof("type")
            if what == "bidi_component" and "timemap" in element.bidi_component.id:
                self.component = element.bidi_component.id
                self.fragment = answer.delta.fragment_id
            elif what == "metric":
                self.metrics.append(element.metric.body)
            elif what == "exception":
                self.faults.append(element.exception.message)
        return kind == "script_finished"


async def _viewer(number: int, times: list[float], faults: list[str]) -> None:
    draw = random.Random(number)  # noqa: S311 (drawn for a benchmark)
    await asyncio.sleep(number * THINK_S / VIEWERS)
    ends = time.monotonic() + LASTS_S
    address = f"ws://127.0.0.1:{PORT}/_stcore/stream"
    origin: Any = f"http://127.0.0.1:{PORT}"
    try:
        async with websockets.connect(
            address, subprotocols=["streamlit"], origin=origin, max_size=None
        ) as socket:
            session = Session(socket)
            await session.run("lang=en&layer=all")
            while time.monotonic() < ends:
                await asyncio.sleep(THINK_S * draw.uniform(0.8, 1.2))
                times.append(await _act(session, draw))
            faults += session.faults
    except (OSError, TimeoutError, websockets.WebSocketException) as error:
        faults.append(f"viewer {number}: {error!r}")


async def _act(session: Session, draw: random.Random) -> float:
    first = draw.randrange(_FIRST, _LAST - 60)
    last = draw.randrange(first + 7, _LAST)
    if draw.random() < 0.2:  # noqa: PLR2004 (one in five)
        days = f"from={_iso(first)}&to={_iso(last)}"
        return await session.run(f"lang=en&layer=all&{days}")
    view = {
        "window": [first, last], "mode": "window", "by": "event", "color": "side",
        "layers": ["marks", "labels"], "area": [], "at": None, "told": 1,
    }  # fmt: skip
    return await session.run("lang=en&layer=all", view)


def _iso(day: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(day * 86_400))


def _drive(results: Any) -> None:  # noqa: ANN401 (a queue)
    """Be all viewers, in a process of its own."""
    times: list[float] = []
    faults: list[str] = []

    async def all_viewers() -> None:
        await asyncio.gather(*(_viewer(n, times, faults) for n in range(VIEWERS)))

    asyncio.run(all_viewers())
    results.put((times, faults))


def _ingest(store: str, folder: Path, number: int) -> subprocess.Popen[bytes]:
    """Start to ingest some new reports."""
    path = folder / f"new-{number}.jsonl"
    rows = [
        {
            "id": f"new-{number}-{n}",
            "text": f"قصفت طائرات مجهولة مدينة سرت، التقرير {number}-{n}.",
            "published": "2020-03-01",
        }
        for n in range(REPORTS)
    ]
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    command = [sys.executable, "-m", "dashboard.cli", "ingest", str(path), "--store", store]
    return subprocess.Popen([*command, "--quiet"])


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _newcomer() -> list[str]:
    origin: Any = f"http://127.0.0.1:{PORT}"
    async with websockets.connect(
        f"ws://127.0.0.1:{PORT}/_stcore/stream",
        subprotocols=["streamlit"], origin=origin, max_size=None,
    ) as socket:  # fmt: skip
        session = Session(socket)
        await session.run("lang=en&layer=all")
        return session.metrics


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = sys.argv[1] if len(sys.argv) > 1 else str(folder / "s.sqlite")
        fill_store(store, MENTIONS)
        command = [sys.executable, "-m", "dashboard.cli", "serve", "--store", store]
        server = subprocess.Popen([*command, "--port", str(PORT)], stdout=subprocess.DEVNULL)
        try:
            time.sleep(8)
            before = asyncio.run(_newcomer())
            _report(store, folder, server, before)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _report(store: str, folder: Path, server: subprocess.Popen[bytes], before: list[str]) -> None:
    results: Any = multiprocessing.Queue()
    viewers = multiprocessing.Process(target=_drive, args=(results,))
    viewers.start()
    started, memory, ingests = time.monotonic(), [_memory_mb(server.pid)], []
    while time.monotonic() - started < LASTS_S:
        if all(i.poll() is not None for i in ingests):
            ingests.append(_ingest(store, folder, len(ingests)))
        time.sleep(INGEST_EVERY_S)
        memory.append(_memory_mb(server.pid))
    times, faults = results.get(timeout=120)
    viewers.join()
    codes = [ingest.wait(timeout=300) for ingest in ingests]
    with open_store(store, read_only=True) as opened:
        names = {article.article_id for article in opened.articles()}
    new = {f"new-{n}-{m}" for n in range(len(ingests)) for m in range(REPORTS)}
    after = asyncio.run(_newcomer())
    times.sort()
    print(f"cores {os.cpu_count()}, load {os.getloadavg()[1]:.1f}")
    print(f"{VIEWERS} viewers, {len(times)} answers, {len(faults)} faults {faults[:3]}")
    print(
        f"seconds: median {statistics.median(times):.2f}, p95 {times[int(len(times) * 0.95)]:.2f}, "
        f"longest {times[-1]:.2f}"
    )
    print(f"server memory MB: {', '.join(f'{m:.0f}' for m in memory)}")
    print(f"ingests {len(ingests)}, exit codes {set(codes)}, reports lost {len(new - names)}")
    print(f"a new viewer sees mentions {before[:1]} before, {after[:1]} after")


if __name__ == "__main__":
    main()
