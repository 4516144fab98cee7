"""What ties the engine process to its parent: it dies with it, and when memory or time runs short, it comes after it."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
"""From Linux' prctl.h."""
_NICE: Final = 10
"""On Linux, a ninth of what others get, where they want it."""


def die_with_parent(parent_pid: int) -> None:
    """From now on the system kills this process when the thread that started it ends (Linux); exits when it already has.

    Elsewhere the end of the pipe says the same a little later.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(0)


def fall_first() -> None:
    """When the machine runs out of memory, the kernel ends this process and not the worker. Never a core dump: it would hold a face."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # no /proc on macOS
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def let_others_go_first() -> None:
    """Whoever answers people on the same machine gets a processor at once; a headshot takes a little longer."""
    os.nice(_NICE)
