"""Names of everything that Headroom keeps in Redis, and how long it stays.

arq adds `arq:job:…`, `arq:in-progress:…` and `arq:retry:…` per ring; results are never kept.
"""

from bot.doorbell import LANES, require_opaque
from bot.shoots import Lane

PREFIX = "headroom:"

PROGRESS_KEPT = 64
"""Entries per shoot; a late reader gets no more than these."""
PROGRESS_EXPIRES_S = 24 * 3600
"""After the last report."""
CANCEL_EXPIRES_S = 24 * 3600
RING_EXPIRES_S = 30 * 24 * 3600
"""arq's own default is one day: a worker that is down over a weekend would find every ring gone."""


def lane_key(lane: Lane) -> str:
    """Sorted set of the rings of a lane: member ring id, score ms."""
    if lane not in LANES:
        raise ValueError(f"lanes are {', '.join(LANES)}")
    return f"{PREFIX}lane:{lane}"


def progress_key(shoot_id: str) -> str:
    """Stream of the progress of a shoot."""
    return f"{PREFIX}progress:{require_opaque(shoot_id)}"


def cancel_key(shoot_id: str) -> str:
    """Stream that holds one entry when the shoot was cancelled."""
    return f"{PREFIX}cancel:{require_opaque(shoot_id)}"


def health_key(lane: Lane, worker_id: str) -> str:
    """Sign of life of one worker. Each has its own: one key per lane would let a live worker hide a dead one."""
    lane_key(lane)
    return f"{PREFIX}worker:{lane}:{worker_id}"
