"""A shoot or a variation: each finished headshot is stored and written down before the next one comes."""

from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from functools import partial

from bot.payloads import GalleryEnding, HeadshotFacts, ShootPayload, VariationPayload, from_json, to_json
from bot.shoots import Ending, ShootState
from engine.child.events import Done, Event, Finished, Stepped, Stopped
from engine.child.process import EngineChild
from engine.contract.errors import Cancelled, HeadroomError, StorageError
from engine.contract.shots import ShootRequest, VariationRequest
from engine.worker.hold import Hold, Lost
from engine.worker.parts import Made, Parts
from engine.worker.patience import patiently
from engine.worker.reporter import Reporter
from engine.worker.selfies import expire, photos_of, reference_of


async def make_gallery(child: EngineChild, hold: Hold, reporter: Reporter, parts: Parts) -> Made | None:
    """The ending; None when the engine was told to stop before. What is on disk already is not finished again.

    Raises what the engine raises, Lost, NotNow, and StorageError when a finished headshot cannot be stored.
    """
    done: Done | None = None
    async with aclosing(await _events(child, hold, parts)) as events:  # type: ignore[type-var]
        async for event in events:
            match event:
                case Stepped(step):
                    reporter.step(step)
                case Finished():
                    try:
                        await _store(event, hold, parts)
                    except Lost:
                        await _let_go(child, events)
                        raise
                case Done():
                    done = event
                case Stopped():
                    return None
    assert done is not None, "the engine ends with Done or Stopped, or raises"
    for stage, seconds in done.seconds.items():
        parts.metrics.stage(stage, seconds)
    await _keep_selfies(hold, parts)
    facts = _facts(hold)
    ending = GalleryEnding(
        style=done.style,
        headshots=len(facts),
        rendered=done.rendered,
        rejected=done.rejected,
        seconds=done.seconds,
        unmet=tuple(dict.fromkeys(code for one in facts for code in one.recipe["shot"]["prompt"]["unmet"])),
    )
    return Made(Ending(ShootState.FINISHED, to_json(ending)))


async def _events(child: EngineChild, hold: Hold, parts: Parts) -> AsyncIterator[Event]:
    order = hold.lease.order
    kept = {facts.rank: facts.shot_id for facts in _facts(hold)}
    if order.kind == "variation":
        wanted = from_json(VariationPayload, order.payload)
        photos = await photos_of(parts, order.person, wanted.selfies)
        varied = VariationRequest(wanted.recipe, wanted.variation, photos, count=wanted.count, seed=wanted.seed)
        return child.vary(varied, kept=kept)
    asked = from_json(ShootPayload, order.payload)
    photos = await photos_of(parts, order.person, asked.selfies)
    request = ShootRequest(
        photos,
        asked.style,
        count=asked.count,
        wish=asked.wish,
        polish=asked.polish,
        seed=asked.seed,
        reference=await reference_of(parts, order.person, asked.reference),
    )
    return child.shoot(request, kept=kept)


async def _let_go(child: EngineChild, events: AsyncIterator[Event]) -> None:
    """Have the engine stop by itself: killed, it would have to load its models again."""
    child.cancel()
    with suppress(Cancelled, HeadroomError):
        async for _ in events:
            pass


async def _store(event: Finished, hold: Hold, parts: Parts) -> None:
    """Picture first, then the line that says so: after a crash in between, the next start stores the same bytes again."""
    order = hold.lease.order
    await hold.keep()  # a person who was just forgotten gets no new picture
    put = partial(
        parts.pictures.put,
        order.person.key,
        event.picture,
        kind="headshot",
        media_type=f"image/{event.file_format}",
        expires_at=parts.retention.of_headshot(parts.now(), None),
    )
    artifact = await patiently(put, parts.patience())
    facts = HeadshotFacts(
        rank=event.rank,
        shot_id=event.shot_id,
        width_px=event.width_px,
        height_px=event.height_px,
        file_format=event.file_format,
        recipe=event.recipe,
        score=event.scores.total,
        likeness=event.likeness.calibrated,
        why=event.why,
        notes=event.notes,
    )
    try:
        await hold.checkpoint(artifact.id, facts)
    except Lost:
        with suppress(StorageError):  # a picture that nobody knows expires by itself
            if await parts.acceptance.find(order.id, order.person) is None:
                await expire(parts, order.person, artifact.id, parts.now())
        raise


async def _keep_selfies(hold: Hold, parts: Parts) -> None:
    """The selfies' time counts from the last shoot, and so does that of a reference picture."""
    order = hold.lease.order
    if order.kind == "variation":
        used = from_json(VariationPayload, order.payload).selfies
    else:
        asked = from_json(ShootPayload, order.payload)
        used = asked.selfies if asked.reference is None else (*asked.selfies, asked.reference)
    for each in used:
        await expire(parts, order.person, each.artifact, parts.now() + parts.retention.selfies)


def _facts(hold: Hold) -> tuple[HeadshotFacts, ...]:
    """Of all headshots that are safe on disk."""
    return tuple(from_json(HeadshotFacts, made.facts) for made in hold.made if made.artifact)
