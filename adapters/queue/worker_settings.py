"""Settings of an arq worker for one lane, as one flat class.

arq 0.28 reads `cls.__dict__`: what a class inherits is silently ignored, and the deserialiser falls back to pickle. So the
class is built here in one go, and `new_worker` looks at what really arrived.
"""

import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from arq.worker import Worker, create_worker, func

from adapters.queue.connection import connect
from adapters.queue.keys import RING_EXPIRES_S, health_key, lane_key
from adapters.queue.wire import FUNCTION, pack_job, unpack_job
from bot.doorbell import require_opaque
from bot.shoots import Lane

HEALTH_S = 10
RUN_LIMIT_S = 4 * 3600
"""arq's own deadline. The worker ends a run long before, because arq can only cancel a coroutine, not a GPU."""
POLL_S = 0.1
"""arq starts one ring per poll, so this is also the price of a ring that finds its shoot taken."""
READ_LIMIT = 1000
"""Rings looked at per poll. Those of crashed workers stay in front until `RUN_LIMIT_S` has passed."""
OUTAGE_TRIES = 30
"""Tries of a command, 50 ms to 1 s apart, before the worker takes the server for gone."""
ANSWER_S = 5.0


def worker_settings(
    lane: Lane, run: Callable[[str], Awaitable[None]], url: str, *, max_jobs: int = 1, worker_id: str = ""
) -> type:
    """A flat settings class. `run` gets the id, claims the shoot in the ledger, and returns when there is nothing to claim.

    It must not raise: arq would log its message and forget the ring. One job at a time per device.
    """

    async def answer(ctx: dict[Any, Any], shoot_id: str) -> None:
        del ctx
        await run(require_opaque(shoot_id))

    worker_id = worker_id or f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    settings = {
        "functions": [func(answer, name=FUNCTION)],
        "queue_name": lane_key(lane),
        "redis_pool": connect(url, attempts=OUTAGE_TRIES, answer_s=ANSWER_S),
        "job_serializer": pack_job,
        "job_deserializer": unpack_job,
        "max_jobs": max_jobs,
        "max_tries": 1000,  # clean stops and crashes count as tries; the ledger decides what is poison
        "job_timeout": RUN_LIMIT_S,
        "keep_result": 0,
        "log_results": False,
        "expires_extra_ms": RING_EXPIRES_S * 1000,
        "poll_delay": POLL_S,
        "queue_read_limit": READ_LIMIT,
        "health_check_interval": HEALTH_S,
        "health_check_key": health_key(lane, worker_id),
        "handle_signals": False,  # `listen` stops it; arq's handlers would fight over the loop when lanes share a process
    }
    return type("WorkerSettings", (), settings)


def new_worker(settings: type) -> Worker:
    """A worker with these settings; raises TypeError when some of them did not reach arq, as in a subclass."""
    worker = create_worker(settings)
    if worker.job_deserializer is not unpack_job or worker.job_serializer is not pack_job:
        raise TypeError("worker settings are one flat class: arq ignores what is inherited and would unpickle")
    if worker.keep_result_s or worker.log_results or worker.max_tries < 1000:
        raise TypeError("worker settings must not keep or log results, nor give up on a ring")
    return worker
