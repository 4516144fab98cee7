"""One start of a shoot, and what becomes of it when something goes wrong: one policy each.

- The person can fix it (PersonError): explained, with code and facts; never tried again.
- The engine crashed, hung or failed at the shoot: given back with the error; the third one is told to the person.
- The engine cannot even be started: given back without an error, and the lane waits a little; the shoot is not the reason.
- Out of memory: made again at once with half as many pictures in work, the same bytes; then given back with the error.
- Cancelled, forgotten, or the lease lost: the engine stops, nothing more is written.
- This host stops: the headshot in work is finished and written down, then given back without an error.
- The engine was told to stop, but this host was not: gone on with once.
- The picture store is away before the work has begun: given back without an error, and the lane waits a little. Later it counts
  as an error, for then this shoot's own pictures may be the reason.
- The records are away for longer than a lease: given up; the lease runs out, and whoever claims the shoot goes on with it.
- Anything else: logged once with a reference that the person may see, and given back with `engine_failed`.
"""

import asyncio
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bot.observe.failures import classes_of, place_of
from bot.shoots import Ending, Lease, ShootState
from engine.contract.errors import Cancelled, EngineError, HeadroomError, OutOfMemory, PersonError, StorageError
from engine.worker.device import Device
from engine.worker.gallery import make_gallery
from engine.worker.hold import Hold, Lost
from engine.worker.parts import Made, Parts
from engine.worker.reporter import Reporter
from engine.worker.screening import screen
from engine.worker.selfies import NotNow, expire

GRACE_S: Final = 15.0
"""For an engine that was told to cancel; it kills itself long before."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A start without an ending."""

    error: HeadroomError | None = None
    wait: bool = False
    """What every shoot needs is away: the next one would fare no better."""


async def start(lease: Lease, device: Device, parts: Parts) -> bool:
    """Work on a shoot until it has an ending or the start is given up. False: wait a little before the next."""
    shoot_id = lease.order.id
    async with Hold(parts.leases, lease, parts.lease_s) as hold, Reporter(parts.feedback, shoot_id) as reporter:
        try:
            outcome = await _outcome(hold, reporter, device, parts)
            match outcome:
                case Made(ending):
                    await hold.finish(ending)
                case GivenBack(error):
                    await hold.give_back(error)
            log.info("shoot_left", extra={"shoot_id": shoot_id, "state": _state(outcome), "count": len(hold.made)})
        except Cancelled:
            log.info("shoot_left", extra={"shoot_id": shoot_id, "state": "cancelled", "count": len(hold.made)})
            return True
        except Lost:
            parts.metrics.failed("lease_lost")
            log.warning("lease_lost", extra={"shoot_id": shoot_id})
            return True
        except StorageError as error:
            parts.metrics.failed(error.code)
            log.warning("lease_left_to_run_out", extra={"shoot_id": shoot_id, "code": error.code})
            return True
    if isinstance(outcome, Made):
        for artifact in outcome.refused:
            with suppress(StorageError):  # it expires by itself in a few minutes
                await expire(parts, lease.order.person, artifact, parts.now())
    return not (isinstance(outcome, GivenBack) and outcome.wait)


async def _outcome(hold: Hold, reporter: Reporter, device: Device, parts: Parts) -> Made | GivenBack:
    """How the start ended. Raises Lost and Cancelled."""
    shoot_id = hold.lease.order.id
    try:
        return await _watched(hold, reporter, device, parts) or GivenBack()
    except (Lost, Cancelled):
        raise
    except PersonError as error:
        code = "selfies_gone" if error.code == "recipe_selfie_missing" else error.code
        return Made(Ending(ShootState.EXPLAINED, {"code": code, "facts": dict(error.facts)}))
    except NotNow as reason:
        parts.metrics.failed(reason.code)
        log.warning("store_away", extra={"shoot_id": shoot_id, "code": reason.code})
        return GivenBack(wait=True)
    except HeadroomError as error:
        stage = error.stage if isinstance(error, EngineError) else ""
        facts = {"reference": error.facts.get("reference"), "shoot_id": shoot_id, "code": error.code, "stage": stage}
        parts.metrics.failed(error.code)
        log.warning("start_failed", extra=facts)
        return GivenBack(wait=True) if stage == "start" else GivenBack(error)
    except Exception as error:  # noqa: BLE001 the worker: one shoot's bug must not end the others
        reference = secrets.token_hex(4)
        told = {"errors": classes_of(error), "place": place_of(error), "reference": reference, "shoot_id": shoot_id}
        parts.metrics.failed("engine_failed")
        log.error("engine_failed", extra=told)  # without its text, which may quote what a person sent
        return GivenBack(EngineError("engine_failed", reference=reference))


async def _watched(hold: Hold, reporter: Reporter, device: Device, parts: Parts) -> Made | None:
    """The work, stopped as soon as nobody wants it any more: then raises Cancelled or Lost."""
    work = asyncio.create_task(_work(hold, reporter, device, parts))
    cancelled = asyncio.create_task(parts.feedback.cancelled(hold.lease.order.id))
    try:
        await asyncio.wait({work, hold.heart, cancelled}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        if device.cancel():
            await asyncio.wait({work}, timeout=GRACE_S)
        if not hold.heart.done():
            raise Cancelled
        hold.heart.result()  # a bug there is told
        raise Lost
    finally:
        for task in (work, cancelled):
            task.cancel()
        await asyncio.gather(work, cancelled, return_exceptions=True)


async def _work(hold: Hold, reporter: Reporter, device: Device, parts: Parts) -> Made | None:
    """None: this host stops."""
    make = screen if hold.lease.order.kind == "screening" else make_gallery
    batch, stopped = device.batch, False
    while True:
        try:
            async with device.child(alone=hold.lease.lane == "quarantine", batch=batch) as child:
                made = await make(child, hold, reporter, parts)
        except OutOfMemory as error:
            if batch < device.batch or batch == 1:
                raise
            batch //= 2
            parts.metrics.failed(error.code)
            log.warning("start_with_half_batch", extra={"shoot_id": hold.lease.order.id, "code": error.code})
            continue
        if made is not None or device.stopping:
            return made
        if stopped:
            raise EngineError("engine_crashed", reason="exit 0")
        stopped = True


def _state(outcome: Made | GivenBack) -> str:
    return str(outcome.ending.state) if isinstance(outcome, Made) else "given_back"
