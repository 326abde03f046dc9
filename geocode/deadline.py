"""A deadline for reading one text: no text may hold up the rest."""

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from geocode.errors import DeadlineError


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
    worker = threading.get_ident()
    done, fired, lock = threading.Event(), threading.Event(), threading.Lock()

    def watch() -> None:
        if done.wait(seconds):
            return
        with lock:
            if not done.is_set():
                fired.set()
                _raise_in(worker, ctypes.py_object(_LateError))

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except _LateError as error:
        fired.clear()
        raise DeadlineError(_message(seconds)) from error
    finally:
        with lock:
            done.set()
            if fired.is_set():
                _raise_in(worker, None)  # it comes too late: taken back


def _raise_in(thread: int, exception: "ctypes.py_object[type[BaseException]] | None") -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), exception)


class _LateError(DeadlineError):
    """Raised in a thread from outside, where no message can be handed in."""


def _message(seconds: float) -> str:
    return f"it was not read within {seconds:g} s; is it an article?"
