"""The little of the environment that the engine process gets: no token and no password of the bot is in its reach."""

import os
from collections.abc import Mapping
from typing import Final

_PASSED_ON: Final = (
    "HEADROOM_MODELS_DIR",
    "HEADROOM_ARCFACE_DIR",
    "HEADROOM_BATCH",
    "HOME",  # the user's caches of weights and compiled kernels
    "XDG_CACHE_HOME",
    "NUMBA_CACHE_DIR",
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "CUDA_VISIBLE_DEVICES",
    "LD_LIBRARY_PATH",
    "TMPDIR",
    "TZ",
)


def child_environment() -> Mapping[str, str]:
    """Variables of this process that the engine reads, as far as they are set."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
