"""The errors of the dashboard."""


class DashboardError(Exception):
    """Base of all errors raised by the dashboard package."""


class SettingsError(DashboardError, ValueError):
    """A setting has a value that cannot be used."""


class ServeError(DashboardError, OSError):
    """The server cannot be started."""
