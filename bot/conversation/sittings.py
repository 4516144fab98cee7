"""The sitting: the photos of a person that are there and good enough, or still being looked at."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.cards.status import Selfie
from bot.conversation.ports import Ports
from bot.payloads import ScreeningPayload, SelfieRef, SelfieVerdict, ShootPayload, VariationPayload, from_json
from bot.people import Person
from bot.shoots import Shoot
from engine.contract.errors import ArtifactUnreadable

MOST = 12
"""Photos in a sitting: more would not make a headshot better."""


async def sitting_of(ports: Ports, person: Person) -> tuple[Selfie, ...]:
    """All photos that should still be there, refused ones too. Only the store knows for sure: see `touched`."""
    under_way = await ports.acceptance.open_shoots(person)
    used = _last_use([*await ports.galleries.recent(person), *under_way])
    now, span = ports.clock(), ports.retention.selfies.total_seconds()
    known: dict[str, Selfie] = {}
    for kept in await ports.galleries.selfies(person):
        left = max(kept.at, used.get(kept.artifact, 0.0)) + span - now
        verdict = from_json(SelfieVerdict, kept.verdict)
        if left > 0:
            known[kept.artifact] = Selfie(kept.artifact, verdict.name, left, verdict)
    for ref in _being_looked_at(under_way):
        known[ref.artifact] = Selfie(ref.artifact, ref.name, span, None)
    return tuple(known.values())


def usable(sitting: Iterable[Selfie]) -> tuple[SelfieRef, ...]:
    """Those that may go into a shoot, also when the verdict is still to come."""
    good = (selfie for selfie in sitting if selfie.verdict is None or selfie.verdict.outcome != "refused")
    return tuple(SelfieRef(selfie.artifact, selfie.name) for selfie in good)


def next_number(sitting: Iterable[Selfie]) -> int:
    """Number of the next photo: "Photo 4" comes after "Photo 3", also when another one was removed."""
    numbers = [int(match[1]) for selfie in sitting if (match := re.fullmatch(r"Photo (\d{1,6})", selfie.name))]
    return max(numbers, default=0) + 1


NEARLY = timedelta(minutes=1)
"""What an expiry may be short of, so that not every press writes every photo anew."""


async def touched(ports: Ports, person: Person, refs: Sequence[SelfieRef]) -> tuple[SelfieRef, ...]:
    """Those that the store still has; from now on they stay as long as after a shoot."""
    until = ports.now() + ports.retention.selfies

    async def is_there(ref: SelfieRef) -> bool:
        try:
            known = await ports.pictures.find(person.key, ref.artifact)
            if known is None or known.expires_at < until - NEARLY:
                await ports.pictures.expire(person.key, ref.artifact, until)
        except ArtifactUnreadable:
            return False
        return True

    found = await asyncio.gather(*map(is_there, refs))
    return tuple(ref for ref, there in zip(refs, found, strict=True) if there)


def selfies_of(shoot: Shoot) -> tuple[SelfieRef, ...]:
    """The photos that a shoot or a variation was made from."""
    if shoot.order.kind == "variation":
        return from_json(VariationPayload, shoot.order.payload).selfies
    return from_json(ShootPayload, shoot.order.payload).selfies


def _last_use(shoots: Iterable[Shoot]) -> dict[str, float]:
    used: dict[str, float] = {}
    for shoot in shoots:
        if shoot.order.kind != "screening":
            at = shoot.ended_at or shoot.created_at
            used |= {ref.artifact: max(at, used.get(ref.artifact, 0.0)) for ref in selfies_of(shoot)}
    return used


def _being_looked_at(shoots: Iterable[Shoot]) -> Iterable[SelfieRef]:
    for shoot in shoots:
        if shoot.order.kind == "screening":
            yield from from_json(ScreeningPayload, shoot.order.payload).new
