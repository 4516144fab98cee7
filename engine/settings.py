"""Settings of the engine: the only place of the engine that reads the environment."""

import os
from pathlib import Path

from platformdirs import user_cache_path


def models_dir() -> Path:
    """Folder of the weight files: HEADROOM_MODELS_DIR, else the user's cache."""
    named = os.environ.get("HEADROOM_MODELS_DIR", "")
    return Path(named).expanduser() if named else user_cache_path("headroom", appauthor=False) / "models"
