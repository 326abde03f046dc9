"""The errors of the dashboard."""


class DashboardError(Exception):
    """Base of all errors raised by the dashboard package."""


class SettingsError(DashboardError, ValueError):
    """A setting has a value that cannot be used."""


class AccessError(DashboardError, ValueError):
    """Who may see the dashboard is not said, or not safely."""


class ServeError(DashboardError, OSError):
    """The server cannot be started."""
