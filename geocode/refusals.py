"""What a command refused, counted and handed on, so that a long list of it takes no memory."""

from collections.abc import Callable, Sequence

from geocode.reading import Refused

_SHOWN = 20
_FULL = 500


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
