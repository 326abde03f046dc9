"""Run many parts: one by one, in a pool of processes, or with Dask on many machines."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from geocode.errors import InputError, ScaleError
from geocode.parts import PART_KINDS, PartDone, Rules, run_part

if TYPE_CHECKING:
    from distributed import Client

ENGINES = ("serial", "pool", "dask")
# A part whose worker died so often is taken to be what kills it.
_TRIES = 2
# Dask's own sampling of what its workers do costs more than it tells here.
_CONFIG = {
    "distributed.scheduler.allowed-failures": _TRIES,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.gil.enabled": False,
}
# A result that was lost with its worker is made again; longer than this nobody waits for it.
_RESULT_S = 120.0
# How often it is looked whether a cluster of ours has workers, and how long it may have none.
_LOOK_S = 5.0
_NO_WORKER_S = 60.0
_PLAIN_FAULTS = (OSError, ValueError, RuntimeError, MemoryError, InputError)
Runner = Callable[[str, str, Rules], PartDone]


def find_parts(inputs: Iterable[str]) -> list[str]:
    """
    Give the parts of a job.

    Parameters
    ----------
    inputs
        Parquet or JSON Lines files, or folders of them.

    Returns
    -------
    parts
        Files, by name.

    Raises
    ------
    InputError
        If there is none, or two have one name, by which their results are called.
    """
    files: list[Path] = []
    for name in inputs:
        path = Path(name)
        if not path.exists():
            msg = f"{name}: there is no such file or folder"
            raise InputError(msg)
        if path.is_file() and path.suffix not in PART_KINDS:
            msg = f"{name} is no part; expected one of {' '.join(PART_KINDS)}"
            raise InputError(msg)
        found = sorted(path.iterdir()) if path.is_dir() else [path]
        files += [p for p in found if p.suffix in PART_KINDS and p.is_file()]
    if not files:
        msg = f"there is no part ({' '.join(PART_KINDS)}) in {', '.join(inputs)}"
        raise InputError(msg)
    names = [file.stem for file in files]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        msg = f"two parts are called {', '.join(doubled[:5])}; give each a name of its own"
        raise InputError(msg)
    return [str(file) for file in files]


def run_parts(
    parts: Sequence[str],
    output: str,
    rules: Rules,
    *,
    engine: str = "pool",
    workers: int | None = None,
    scheduler: str = "",
    run: Runner = run_part,
) -> Iterator[PartDone]:
    """
    Run parts, in any order; run again, only what is missing is done.

    Parameters
    ----------
    parts
        Files of articles.
    output
        The folder of the results; with Dask on many machines one that all of them see.
    rules
        What articles are read by.
    engine
        One of `ENGINES`.
    workers
        How many processes; None for one for each core.
    scheduler
        The address of a Dask scheduler; empty to start one on this machine.
    run
        What is run for each part.

    Yields
    ------
    done
        For each part as it ends; one that fails, or kills its worker, says so in ``fault``.

    Raises
    ------
    ScaleError
        If the engine is unknown, not installed, or not reached.
    """
    count = workers or os.cpu_count() or 1
    if engine == "serial":
        yield from (_guarded(run, part, output, rules) for part in parts)
    elif engine == "pool":
        yield from _in_pool(parts, output, rules, count, run)
    elif engine == "dask":
        yield from _with_dask(parts, output, rules, count, scheduler, run)
    else:
        msg = f"There is no engine {engine!r}; expected one of {', '.join(ENGINES)}."
        raise ScaleError(msg)


def _guarded(run: Runner, part: str, output: str, rules: Rules) -> PartDone:
    try:
        return run(part, output, rules)
    except _PLAIN_FAULTS as error:
        return _failed(part, f"{type(error).__name__}: {error}")


def _failed(part: str, fault: str) -> PartDone:
    return PartDone(part=Path(part).stem, fault=fault)


def _in_pool(
    parts: Sequence[str], output: str, rules: Rules, workers: int, run: Runner
) -> Iterator[PartDone]:
    """
    Run parts in processes. A pool that lost one of its own is done for, so a new one goes on.

    Which part killed it is not known; those that were running are tried once more, each alone.
    """
    waiting: list[str] = list(parts)
    suspects: list[str] = []
    while waiting:
        left: list[str] = []
        for part, done in _one_pool(waiting, output, rules, workers, run):
            if done is None:
                left.append(part)
            else:
                yield done
        # Parts are begun in order: those that ran are among the first that were not done.
        suspects += left[:workers]
        waiting = left[workers:]
    for part in suspects:
        yield _alone(part, output, rules, run)


def _alone(part: str, output: str, rules: Rules, run: Runner) -> PartDone:
    for _ in range(_TRIES):
        ((_, done),) = _one_pool([part], output, rules, 1, run)
        if done is not None:
            return done
    return _failed(part, f"its worker died {_TRIES} times (killed, or out of memory)")


def _one_pool(
    parts: Sequence[str], output: str, rules: Rules, workers: int, run: Runner
) -> Iterator[tuple[str, PartDone | None]]:
    """Run parts in one pool; None for those that were not done when it broke."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent) as pool:
        futures: dict[Future[PartDone], str] = {}
        lost: list[str] = []
        for part in parts:
            try:
                futures[pool.submit(_guarded, run, part, output, rules)] = part
            except BrokenProcessPool:
                lost.append(part)
        try:
            for future in as_completed(futures):
                try:
                    yield futures[future], future.result()
                except BrokenProcessPool:
                    lost.insert(0, futures[future])
        except BaseException:  # stopped by hand: what was not begun is not done any more
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        order = {part: number for number, part in enumerate(parts)}
        yield from ((part, None) for part in sorted(lost, key=order.__getitem__))


def _end_with_parent() -> None:
    """End when the driver is gone, whoever killed it: a worker waits for work for ever else."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _with_dask(
    parts: Sequence[str], output: str, rules: Rules, workers: int, scheduler: str, run: Runner
) -> Iterator[PartDone]:
    """
    Run parts on workers of Dask.

    Dask blames all that was waiting at a worker that died, and where no worker comes back it waits
    for ever. What it gives up is tried by this process, each part alone; what is there already is
    only looked up then.
    """
    if find_spec("distributed") is None:
        msg = "Dask is not installed: pip install 'mihwar[dask]'"
        raise ScaleError(msg)
    suspects: list[str] = []
    with _client(workers, scheduler) as client:
        futures = client.map(
            partial(_guarded, run), parts, output=output, rules=rules, retries=_TRIES, pure=False
        )
        names = {future.key: part for future, part in zip(futures, parts, strict=True)}
        for future in _as_done(client, futures, may_wait=bool(scheduler)):
            part = names.pop(future.key)
            if (done := _result(future)) is None:
                suspects.append(part)
            else:
                yield done
            future.release()
        suspects += names.values()
    for part in suspects:
        yield _alone(part, output, rules, run)


def _as_done(client: Any, futures: Sequence[Any], *, may_wait: bool) -> Iterator[Any]:  # noqa: ANN401 (Dask's)
    """Give futures as they end; those of a cluster of ours whose workers are all gone, never."""
    ended: SimpleQueue[Any] = SimpleQueue()
    for future in futures:
        future.add_done_callback(ended.put)
    left, seen = len(futures), time.monotonic()
    while left:
        try:
            yield ended.get(timeout=_LOOK_S)
            left, seen = left - 1, time.monotonic()
        except Empty:
            if may_wait or client.ncores():
                seen = time.monotonic()
            if time.monotonic() - seen > _NO_WORKER_S:
                return


def _result(future: Any) -> PartDone | None:  # noqa: ANN401 (Dask's future)
    """Fetch what came of a part from the worker that has it; None where that has died."""
    if future.status != "finished":
        return None
    try:
        done: PartDone = future.result(timeout=_RESULT_S)
    except (TimeoutError, RuntimeError, OSError):
        return None
    return done


@contextmanager
def _client(workers: int, scheduler: str) -> Iterator["Client"]:
    """Reach a scheduler, or start one on this machine for as long as it is needed."""
    import dask
    from distributed import Client, LocalCluster

    new_client: Any = Client
    new_cluster: Any = LocalCluster
    if scheduler:
        try:
            client = new_client(scheduler, timeout=20, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            msg = f"No Dask scheduler answers at {scheduler!r}: {error}"
            raise ScaleError(msg) from error
        with client:
            yield client
        return
    # So many workers may die of one part before it is given up. The port of a scheduler runs
    # whatever it is sent, so it answers to this machine only.
    with (
        dask.config.set(_CONFIG),
        new_cluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        new_client(cluster, set_as_default=False) as client,
    ):
        yield client


def summed(done: Iterable[PartDone]) -> PartDone:
    """
    Add up what came of parts.

    Parameters
    ----------
    done
        What came of each.
    """
    total = PartDone(part="all")
    for one in done:
        total = replace(
            total,
            articles=total.articles + one.articles,
            mentions=total.mentions + one.mentions,
            events=total.events + one.events,
            refused=total.refused + one.refused,
        )
    return total
