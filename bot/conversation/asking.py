"""Asking for a shoot: by words, by form, by button, and again."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from bot.cards.consent import photos_first_card
from bot.cards.phrasing import style_of
from bot.cards.styles import COUNT, shoot_form, styles_card
from bot.conversation import references
from bot.conversation.answers import Answer, answer, below
from bot.conversation.opening import habit
from bot.conversation.ports import Ports, opened
from bot.conversation.sittings import selfies_of, sitting_of, touched, usable
from bot.conversation.varying import accept_variation, vary_best
from bot.events import Attachment, Event
from bot.payloads import ShootPayload, VariationPayload, from_json, to_json
from bot.shoots import Shoot, ShootOrder, lane_of, new_shoot_id

_POLISH = ShootPayload("", 0, ()).polish


def seed_of(event: Event) -> int:
    """Another event, another gallery; the same event handled twice is the same gallery."""
    return int.from_bytes(sha256(event.id.encode()).digest()[:4]) >> 1


async def ask(
    ports: Ports,
    event: Event,
    words: str,
    trigger: str = "",
    polish: float = _POLISH,
    look: Sequence[Attachment] = (),
) -> Answer:
    """`[style] [count] [wish]`, in the look of a picture; without words, the form."""
    asked = ports.catalogue.asked(words)
    if asked is None:
        return await choose(ports, event, trigger)
    return await make(ports, event, asked.style.name, asked.count or COUNT, asked.wish, polish, look)


async def choose(ports: Ports, event: Event, trigger: str, chosen: str = "") -> Answer:
    """The form, or the list of styles where no form can be opened."""
    styles = ports.catalogue.styles()
    if trigger:
        used = await habit(ports, event.person)
        form = shoot_form(styles, chosen or used.style, used.count, used.polish)
        if await opened(ports, event, trigger, form):
            return Answer(seen=True)
    return answer(event, styles_card(styles))


async def make(
    ports: Ports,
    event: Event,
    style: str,
    count: int = COUNT,
    wish: str = "",
    polish: float = _POLISH,
    look: Sequence[Attachment] = (),
) -> Answer:
    """Accept a shoot from all photos of the sitting. Its acknowledgement goes out by itself."""
    name = ports.catalogue.style(style).name
    selfies = await touched(ports, event.person, usable(await sitting_of(ports, event.person)))
    if not selfies:
        return answer(event, photos_first_card())
    reference = await references.keep(ports, event, look)
    wanted = ShootPayload(name, count, selfies, wish, polish, seed_of(event), reference)
    await _accept(ports, event, wanted, event.conversation)
    return Answer()


async def more(ports: Ports, event: Event, shoot: Shoot) -> Answer:
    """Another gallery like this one: the same words with another seed, or more like the best of a variation."""
    if shoot.order.kind == "variation":
        return await vary_best(ports, event, shoot, "more-like-this")
    return await try_again(ports, event, shoot)


async def another_style(ports: Ports, event: Event, shoot: Shoot, trigger: str) -> Answer:
    """The form with the style of this gallery chosen."""
    if shoot.order.kind == "variation":
        chosen = style_of(from_json(VariationPayload, shoot.order.payload).recipe)
    else:
        chosen = from_json(ShootPayload, shoot.order.payload).style
    return await choose(ports, event, trigger, chosen)


async def try_again(ports: Ports, event: Event, shoot: Shoot) -> Answer:
    """The same request once more, from the photos that are there now."""
    if shoot.order.kind == "variation":
        wanted = from_json(VariationPayload, shoot.order.payload)
        return await accept_variation(ports, event, shoot.order.parent, wanted, below(event, shoot))
    if shoot.order.kind == "screening":
        return answer(event, photos_first_card())
    asked = from_json(ShootPayload, shoot.order.payload)
    sitting = usable(await sitting_of(ports, event.person))
    selfies = await touched(ports, event.person, tuple(dict.fromkeys((*sitting, *selfies_of(shoot)))))
    if not selfies:
        return answer(event, photos_first_card())
    reference = await references.still_there(ports, event.person, asked)
    again = replace(asked, selfies=selfies, seed=seed_of(event), reference=reference)
    await _accept(ports, event, again, below(event, shoot))
    return Answer()


async def _accept(ports: Ports, event: Event, wanted: ShootPayload, conversation: str) -> None:
    payload = to_json(wanted)
    order = ShootOrder(new_shoot_id(), event.person, event.id, "shoot", payload, conversation)
    accepted = await ports.acceptance.accept(order, payload)
    await ports.queue.wake(accepted.shoot_id, lane_of("shoot"))
