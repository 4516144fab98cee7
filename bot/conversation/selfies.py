"""Taking photos: fetched, stored, and handed to the screening, all of one message together."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress

from bot.artifacts import Artifact, Kind
from bot.cards.answers import told, unsaved_card
from bot.cards.phrasing import listed
from bot.cards.status import Selfie, selfies_card
from bot.conversation.answers import Answer, answer
from bot.conversation.ports import Ports
from bot.conversation.sittings import MOST, next_number, sitting_of, usable
from bot.events import Attachment, Event
from bot.payloads import ScreeningPayload, SelfieRef, ShootPayload, from_json, to_json
from bot.people import Person
from bot.shoots import ShootOrder, lane_of, new_shoot_id
from engine.contract.errors import ArtifactUnreadable, FileUnavailable, PersonError
from engine.contract.sentences import sentence

LARGEST = 25_000_000
"""Bytes of a photo."""
_SIDE_BY_SIDE = 3
"""Files in memory at once."""
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavi", "image/avif"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
)


def media_type_of(data: bytes) -> str:
    """By the first bytes, because what platforms claim is not to be trusted. The screening says whether it can be used."""
    for at, signature, media_type in _SIGNATURES:
        if data[at : at + len(signature)] == signature:
            return media_type
    return "application/octet-stream"


async def take(ports: Ports, event: Event, attachments: Sequence[Attachment], *, again: bool) -> Answer:
    """Take the files of one message. `again`: this event may have been handled before."""
    sitting = await sitting_of(ports, event.person)
    room = MOST - len(usable(sitting))
    files = await _stored(ports, event.person, attachments[: max(room, 0)])
    problems = {f"File {at}": said for at, said in enumerate(files, 1) if isinstance(said, str)}
    if len(attachments) > room:
        problems[_span(max(room, 0) + 1, len(attachments))] = sentence("sitting_full", limit=MOST)
    artifacts: dict[str, str] = {}
    for attachment, file in zip(attachments, files, strict=False):
        if not isinstance(file, str):
            artifacts.setdefault(file.id, attachment.ref)
    known = {selfie.artifact: selfie for selfie in sitting}
    new = {artifact: source for artifact, source in artifacts.items() if artifact not in known}
    replies = [unsaved_card(problems)] if problems else []
    same = [known[artifact].name for artifact in artifacts if artifact in known]
    if same and not again:
        replies.append(told(f"I have that already: it is {' and '.join(same)}."))
    if new:
        await _screen(ports, event, new, sitting)
    return answer(event, *replies)


async def withdraw(ports: Ports, event: Event, refs: Sequence[str], *, again: bool) -> Answer:
    """Destroy the photos that came in files which the person has deleted where they had posted them. `again`: as above, so that
    they may be gone.
    """
    there = {selfie.artifact for selfie in await sitting_of(ports, event.person)}
    gone: dict[str, str] = {}
    looks: dict[str, str] = {}
    for shoot in (await ports.people.export(event.person))["shoots"]:
        if shoot["kind"] == "screening":
            new = from_json(ScreeningPayload, shoot["payload"]).new
            gone |= {
                each.artifact: each.name for each in new if each.source in refs and (again or each.artifact in there)
            }
        elif shoot["kind"] == "shoot":
            look = from_json(ShootPayload, shoot["payload"]).reference
            if look and look.source in refs and (await _destroyed(ports, event.person, look.artifact) or again):
                looks[look.artifact] = look.name
    for artifact in gone:
        await remove(ports, event, artifact)
    names = (*gone.values(), *looks.values())
    said = f"You deleted {listed(names)}, so I have destroyed my copy as well."
    return answer(event, told(said)) if names else Answer()


async def _destroyed(ports: Ports, person: Person, artifact: str) -> bool:
    """Whether it was there until now."""
    try:
        await ports.pictures.expire(person.key, artifact, ports.now())
    except ArtifactUnreadable:
        return False
    return True


async def remove(ports: Ports, event: Event, artifact: str) -> Answer:
    """Destroy a selfie. "artifact_missing" when it is nobody's, or somebody else's."""
    await ports.galleries.mark(event.person, artifact, "deleted")
    with suppress(ArtifactUnreadable):
        await ports.pictures.expire(event.person.key, artifact, ports.now())
    return answer(event, told("That photo is destroyed and will not be used."))


async def remove_by_number(ports: Ports, event: Event, number: int) -> Answer:
    """ "remove photo 3"."""
    for selfie in await sitting_of(ports, event.person):
        if selfie.name == f"Photo {number}":
            return await remove(ports, event, selfie.artifact)
    raise PersonError("artifact_missing")


async def list_selfies(ports: Ports, event: Event) -> Answer:
    """What there is, and what I think of it."""
    return answer(event, selfies_card(await sitting_of(ports, event.person)))


async def _screen(ports: Ports, event: Event, artifacts: Mapping[str, str], sitting: tuple[Selfie, ...]) -> None:
    """`artifacts`: with the reference of the file that each came in."""
    numbered = enumerate(artifacts.items(), next_number(sitting))
    new = tuple(SelfieRef(artifact, f"Photo {number}", source) for number, (artifact, source) in numbered)
    payload = to_json(ScreeningPayload(new, usable(sitting)))
    order = ShootOrder(new_shoot_id(), event.person, f"{event.id}:selfies", "screening", payload, event.conversation)
    accepted = await ports.acceptance.accept(order, payload)
    for artifact in artifacts:
        with suppress(PersonError):  # sent again after it was removed
            await ports.galleries.mark(event.person, artifact, "deleted", on=False)
    await ports.queue.wake(accepted.shoot_id, lane_of("screening"))


async def _stored(ports: Ports, person: Person, attachments: Sequence[Attachment]) -> list[Artifact | str]:
    """Each file as a stored picture, or the sentence that says why not."""
    turn = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def one(attachment: Attachment) -> Artifact | str:
        async with turn:
            return await stored(ports, person, attachment, "selfie")

    return await asyncio.gather(*map(one, attachments))


async def stored(ports: Ports, person: Person, attachment: Attachment, kind: Kind) -> Artifact | str:
    """A file as a stored picture that goes when selfies go, or the sentence that says why not."""
    try:
        data = await ports.platforms[person.platform].fetch(person, attachment, LARGEST)
        if not data:
            raise PersonError("photo_empty")
    except (FileUnavailable, PersonError) as error:
        return sentence(error.code, **error.facts)
    until = ports.now() + ports.retention.selfies
    return await ports.pictures.put(person.key, data, kind=kind, media_type=media_type_of(data), expires_at=until)


def _span(first: int, last: int) -> str:
    return f"File {first}" if first == last else f"Files {first} to {last}"
