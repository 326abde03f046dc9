"""What a command refused, counted and handed on, so that a long list of it takes no memory."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from geocode.reading import Refused

_SHOWN = 20
_FULL = 500
_IN_MEMORY_BYTES = 5_000_000


class Refusals(list[Refused]):
    """
    A list that is emptied whenever it is full.

    Parameters
    ----------
    hand_on
        Takes what was refused.

    Attributes
    ----------
    total
        How many there were.
    shown
        The first of them.
    """

    def __init__(self, hand_on: Callable[[Sequence[Refused]], None]) -> None:
        super().__init__()
        self._hand_on = hand_on
        self.total = 0
        self.shown: list[Refused] = []

    def append(self, item: Refused, /) -> None:
        """
        Take one more.

        Parameters
        ----------
        item
            What was refused.
        """
        super().append(item)
        self.total += 1
        if len(self.shown) < _SHOWN:
            self.shown.append(item)
        if len(self) >= _FULL:
            self.flush()

    def flush(self) -> None:
        """Hand on what is in the list."""
        if self:
            self._hand_on(list(self))
            self.clear()


class RefusedFile:
    """What was refused, held back from memory until it is known where it belongs."""

    def __init__(self) -> None:
        self._held = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (closed at the end)
            _IN_MEMORY_BYTES, "w+", encoding="utf-8", errors="replace", newline="\n"
        )

    def __enter__(self) -> "RefusedFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def write(self, some: Sequence[Refused]) -> None:
        """
        Take some more.

        Parameters
        ----------
        some
            What was refused.
        """
        self._held.writelines(json.dumps(asdict(r), ensure_ascii=False) + "\n" for r in some)

    def put(self, path: Path) -> None:
        """
        Put all of it into a file, a JSON line each; where there is nothing, no file stays.

        Parameters
        ----------
        path
            The file; an old one is replaced.
        """
        path.unlink(missing_ok=True)
        if self._held.tell():
            self._held.seek(0)
            with path.open("w", encoding="utf-8", newline="\n") as file:
                shutil.copyfileobj(self._held, file)
