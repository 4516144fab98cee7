"""How the C library hands memory out: large arrays are given back to the system as soon as they are freed.

glibc raises its limit for that as it sees large blocks freed, and then keeps them; a shoot of seven selfies peaked at
1.5 GB instead of 1.1 GB. On systems with another C library this does nothing.
"""

import ctypes
import sys
from typing import Final

_M_MMAP_THRESHOLD: Final = -3
"""From glibc's malloc.h."""
_LARGE_BYTES: Final = 1_000_000


def give_large_blocks_back() -> None:
    """Fix the limit above which a block has its own mapping; affects the whole process."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
