"""Starts a program that dies with its parent: `python tied.py PARENT_PID PROGRAM ARGUMENT…`. Needs the standard library only.

On Linux the kernel sends SIGTERM when the thread that started us ends (`man 2 prctl`, PR_SET_PDEATHSIG; it survives exec).
Elsewhere the program outlives a parent that was killed, until the next one finds its folder locked and says so.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, program: list[str]) -> None:
    """Never returns."""
    os.umask(0o077)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent died first")
    os.execv(program[0], program)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
