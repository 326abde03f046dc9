"""A deadline for reading one text: no text may hold up the rest."""

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import FrameType

from geocode.errors import DeadlineError

# So exact is a deadline in another thread than the main one.
_STEP_S = 0.1


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """
    Break off what is done inside after some time.

    Parameters
    ----------
    seconds
        How long it may take; 0 for as long as it likes.

    Yields
    ------
    nothing
        The time runs from here.

    Raises
    ------
    DeadlineError
        If it takes longer. In the main thread of a process a timer of the system breaks off even a
        search by a regular expression (Python's `re` looks for signals); in other threads, and
        where there is no such timer, the exception comes when the next line of Python is run.
    """
    if not seconds:
        yield
    elif threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
        yield from _by_timer(seconds)
    else:
        yield from _by_thread(seconds)


def _by_timer(seconds: float) -> Iterator[None]:
    def late(_number: int, _frame: FrameType | None) -> None:
        raise DeadlineError(_message(seconds))

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _by_thread(seconds: float) -> Iterator[None]:
    one = _Watched(thread=threading.get_ident(), ends_at=time.monotonic() + seconds)
    _watchdog().add(one)
    try:
        yield
    except _LateError as error:
        one.fired = False
        raise DeadlineError(_message(seconds)) from error
    finally:
        if _watchdog().remove(one):
            _raise_in(one.thread, None)  # it comes too late: taken back


@dataclass(eq=False, slots=True)
class _Watched:
    """A thread, and until when it may go on."""

    thread: int
    ends_at: float
    fired: bool = False


class _Watchdog:
    """One thread that looks after all others: one for each article would cost a twentieth."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: set[_Watched] = set()
        threading.Thread(target=self._watch, daemon=True).start()

    def add(self, one: _Watched) -> None:
        """Watch a thread."""
        with self._lock:
            self._watched.add(one)

    def remove(self, one: _Watched) -> bool:
        """Let a thread be; say whether it was broken off and has not noticed."""
        with self._lock:
            self._watched.discard(one)
            return one.fired

    def _watch(self) -> None:
        while True:
            time.sleep(_STEP_S)
            now = time.monotonic()
            with self._lock:
                late = [one for one in self._watched if one.ends_at < now and not one.fired]
                for one in late:
                    one.fired = True
                    _raise_in(one.thread, ctypes.py_object(_LateError))


@lru_cache(maxsize=1)
def _watchdog() -> _Watchdog:
    return _Watchdog()


def _raise_in(thread: int, exception: "ctypes.py_object[type[BaseException]] | None") -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), exception)


class _LateError(DeadlineError):
    """Raised in a thread from outside, where no message can be handed in."""


def _message(seconds: float) -> str:
    return f"it was not read within {seconds:g} s; is it an article?"
