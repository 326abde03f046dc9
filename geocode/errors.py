"""The errors of the reading room: one base, each also the builtin a caller would guess."""


class GeocodeError(Exception):
    """Base of all errors raised by the geocode package."""


class InputError(GeocodeError, ValueError):
    """An input cannot be read; the message says which, why, and what to do."""


class ArticleError(GeocodeError, ValueError):
    """An article has a value that cannot be true."""


class ReadingError(GeocodeError, RuntimeError):
    """An article could not be read for a reason of ours; the others go on."""


class DeadlineError(GeocodeError, TimeoutError):
    """An article took too long to read; the others go on."""


class FetchError(GeocodeError, ConnectionError):
    """An address does not answer, in time, with what it should."""


class AddressRefusedError(FetchError, ValueError):
    """An address may not be asked: it is none of the public web, or leads elsewhere."""


class SourcesError(GeocodeError, ValueError):
    """A list of what is watched is wrong."""


class ScaleError(GeocodeError, RuntimeError):
    """A job of many parts cannot be started."""


class ConflictError(GeocodeError, ValueError):
    """A file of a conflict pack or of a language is wrong."""


class FrameError(GeocodeError, ValueError):
    """A table does not keep to its schema."""


class StoreError(GeocodeError, OSError):
    """A store cannot be opened, read or written."""


class LayerError(GeocodeError, ValueError):
    """A layer, filter or format does not exist or cannot be written."""


class GoldError(GeocodeError, ValueError):
    """A file of annotated passages is wrong."""


class CorrectionError(GeocodeError, ValueError):
    """A correction says what cannot be, or its file cannot be read or written."""
