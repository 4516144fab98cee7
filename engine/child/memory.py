"""How much memory a process really holds.

Resident memory, because no limit of the kernel fits: the compiled matting kernels map 8.5 GB and touch 0.7, so that RLIMIT_AS and
RLIMIT_DATA either end a healthy shoot or never bite. Files that are mapped are left out; the kernel takes them back when it needs to.
"""

import resource
from pathlib import Path


def held_gb(pid: int) -> float | None:
    """GiB of a process' own resident memory; None when it is gone, or where there is no /proc (macOS)."""
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1:3]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return (int(resident) - int(shared)) * resource.getpagesize() / 2**30
