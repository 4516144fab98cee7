"""Variations: a shoot that starts from one headshot. Its order is complete, so that it outlives its parent."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.conversation.answers import Answer, below
from bot.conversation.ports import Ports
from bot.conversation.sittings import selfies_of, touched
from bot.events import Event
from bot.ledger import KeptHeadshot
from bot.payloads import HeadshotFacts, SelfieVerdict, VariationPayload, from_json, to_json
from bot.shoots import Shoot, ShootOrder, lane_of, new_shoot_id
from engine.contract.errors import PersonError

COUNT = 4


async def headshot_of(ports: Ports, shoot: Shoot, rank: int) -> tuple[KeptHeadshot, HeadshotFacts]:
    """A headshot of a gallery by its rank; 0 = the best that is left. PersonError "headshot_missing"."""
    return of_rank(await ports.galleries.headshots(shoot.order.id, shoot.order.person), rank)


def of_rank(headshots: Iterable[KeptHeadshot], rank: int) -> tuple[KeptHeadshot, HeadshotFacts]:
    """The same, of these."""
    for kept in headshots:
        facts = from_json(HeadshotFacts, kept.facts)
        if rank in (0, facts.rank):
            return kept, facts
    raise PersonError("headshot_missing", rank=rank or 1)


async def vary(ports: Ports, event: Event, shoot: Shoot, rank: int, kind: str) -> Answer:
    """Four variations of one headshot, in the thread below its gallery."""
    _, facts = await headshot_of(ports, shoot, rank)
    wanted = VariationPayload(kind, COUNT, facts.rank, facts.recipe, selfies_of(shoot))
    return await accept_variation(ports, event, shoot.order.id, wanted, below(event, shoot))


async def vary_best(ports: Ports, event: Event, shoot: Shoot, kind: str) -> Answer:
    """Of the best headshot that is left."""
    return await vary(ports, event, shoot, 0, kind)


async def accept_variation(
    ports: Ports, event: Event, parent: str | None, wanted: VariationPayload, conversation: str
) -> Answer:
    """Accept it, if the photo that the headshot was made from is still there. PersonError "selfie_expired"."""
    selfies = await touched(ports, event.person, wanted.selfies)
    source = await _source(ports, event, wanted)
    if not selfies or (source and source not in {selfie.artifact for selfie in selfies}):
        raise PersonError("selfie_expired")
    payload = to_json(replace(wanted, selfies=selfies))
    order = ShootOrder(new_shoot_id(), event.person, event.id, "variation", payload, conversation, parent)
    accepted = await ports.acceptance.accept(order, payload)
    await ports.queue.wake(accepted.shoot_id, lane_of("variation"))
    return Answer()


async def _source(ports: Ports, event: Event, wanted: VariationPayload) -> str:
    """The stored photo that the recipe starts from; "" when its verdict is not known any more."""
    shot: Any = wanted.recipe.get("shot")
    wanted_id = shot.get("selfie_id") if isinstance(shot, dict) else None
    for kept in await ports.galleries.selfies(event.person):
        verdict = from_json(SelfieVerdict, kept.verdict)
        if verdict.selfie_id == wanted_id:
            return verdict.artifact
    return ""
