"""Answers rings until told to stop, through any outage of Redis.

An outage at the wrong moment ends the poll loop of arq 0.28 (a `WatchError` between WATCH and MULTI) and leaves its count
of running jobs wrong. So the loop is replaced by a new one, after the running shoot has ended by itself: no second one ever
starts beside it on the same device.
"""

import asyncio
import logging
import re
from contextlib import suppress

from arq.worker import Worker

from adapters.queue.connection import FAULTS, to_queue_error
from adapters.queue.worker_settings import new_worker

PAUSE_S = 0.5
CANCEL_AGAIN_S = 0.2
"""A client that is waiting for a connection may take a cancellation for an outage, and go on."""
GOODBYE_S = 1.0
"""For taking the sign of life back; it expires by itself a little later."""
RING = re.compile(rb"[0-9a-f]{32}")
"""A ring's own id, as arq makes it."""
log = logging.getLogger(__name__)


async def listen(settings: type, stop: asyncio.Event, patience_s: float = 30) -> None:
    """Run the shoots of one lane until `stop` is set; then wait `patience_s` for what runs, and cancel it.

    A cancelled run leaves its ring behind, so that another worker takes it up at once.
    """
    while not stop.is_set():
        worker = new_worker(settings)
        polling = asyncio.create_task(_poll(worker))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            worker.allow_pick_jobs = False
            if polling.done():
                _explain(polling)
                await _finished(worker)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), PAUSE_S)
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(_finished(worker), patience_s)
        finally:
            await _end(worker, polling, stopping)


async def _poll(worker: Worker) -> None:
    """arq's loop, after ids were removed that arq cannot read: one that is no UTF-8 would end it at every start."""
    rings = await worker.pool.zrange(worker.queue_name, 0, -1)
    if strange := [ring for ring in rings if not RING.fullmatch(ring)]:
        log.warning("queue_refused")
        await worker.pool.zrem(worker.queue_name, *strange)
    await worker.async_run()


def _explain(polling: asyncio.Task[None]) -> None:
    """Say why the loop ended; what is not a fault of Redis is a bug and goes up."""
    error = polling.exception()
    if isinstance(error, (*FAULTS, UnicodeDecodeError)):
        log.warning("%s", to_queue_error(error).code)
    elif error:
        raise error


async def _finished(worker: Worker) -> None:
    if running := list(worker.tasks.values()):
        await asyncio.wait(running)


async def _end(worker: Worker, *tasks: asyncio.Task[object]) -> None:
    """Cancel what is left and give the connection back; the lease in the ledger covers what cannot be told to Redis."""
    while left := [task for task in (*worker.tasks.values(), worker.main_task, *tasks) if task and not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=CANCEL_AGAIN_S)
    await asyncio.gather(*worker.tasks.values(), *tasks, return_exceptions=True)
    with suppress(*FAULTS):
        async with asyncio.timeout(GOODBYE_S):  # the client's own patience with a server that is away is half a minute
            await worker.pool.delete(worker.health_check_key)
    with suppress(*FAULTS):
        await worker.pool.aclose()
