"""The errors of the gazetteer: one base, each also the builtin a caller would guess."""


class GazetteerError(Exception):
    """Base of all errors raised by the gazetteer package."""


class PlaceError(GazetteerError, ValueError):
    """A place has a value that cannot be true."""


class PackError(GazetteerError, ValueError):
    """A pack file cannot be read; the message lists every fault with its line."""


class PlaceNotFoundError(GazetteerError, LookupError):
    """No place has the id asked for."""
