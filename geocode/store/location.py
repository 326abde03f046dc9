"""Where the store is, when nobody says."""

import os
from pathlib import Path

import platformdirs


def default_store_url() -> str:
    """Give the store of this user: ``MIHWAR_STORE``, else a file in the user's data folder."""
    named = os.environ.get("MIHWAR_STORE")
    if named:
        return named
    return str(Path(platformdirs.user_data_dir("mihwar")) / "mihwar.sqlite")
