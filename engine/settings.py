"""Settings of the engine: the only place of the engine that reads the environment."""

import os
from pathlib import Path

from platformdirs import user_cache_path

from engine.contract.errors import SettingsError


def models_dir() -> Path:
    """Folder of the weight files: HEADROOM_MODELS_DIR, else the user's cache."""
    named = os.environ.get("HEADROOM_MODELS_DIR", "")
    return Path(named).expanduser() if named else user_cache_path("headroom", appauthor=False) / "models"


def arcface_dir() -> Path | None:
    """Folder of an InsightFace pack that the operator brings: HEADROOM_ARCFACE_DIR, e.g. /models/auraface; None = not used."""
    named = os.environ.get("HEADROOM_ARCFACE_DIR", "")
    return Path(named).expanduser() if named else None


def batch() -> int:
    """How many pictures are in work at a time: HEADROOM_BATCH, 2 by default. More are faster and take more memory.

    Raises SettingsError.
    """
    named = os.environ.get("HEADROOM_BATCH", "") or "2"
    if not (named.isascii() and named.isdigit() and 1 <= int(named) <= 64):
        raise SettingsError("setting_wrong", name="HEADROOM_BATCH", reason="it is a number from 1 to 64, such as 2")
    return int(named)
