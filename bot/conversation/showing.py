"""Showing what there is: galleries again, all headshots of one, and how things stand."""

from collections.abc import Sequence

from bot.cards.answers import told
from bot.cards.asked import title_of
from bot.cards.buttons import button, cancel_button
from bot.cards.galleries import gallery_card, headshot_card, rest_cards
from bot.cards.phrasing import headline
from bot.cards.shoots import cancelled_card, explanation_card
from bot.cards.status import Waiting, status_card
from bot.cards.verdicts import verdict_card
from bot.conversation.answers import Answer, answer, shown
from bot.conversation.picking import present
from bot.conversation.ports import Ports
from bot.conversation.sittings import sitting_of
from bot.conversation.varying import of_rank
from bot.events import Event
from bot.ledger import Reply
from bot.messages import Message, to_json
from bot.shoots import Shoot, ShootState
from bot.verbs import Verb
from engine.contract.errors import PersonError

SHORTEST = 6
"""Digits of an id that are enough to find a gallery among one's own."""


async def show(ports: Ports, event: Event, shoot: Shoot, rank: int = 0) -> Answer:
    """A gallery once more, with live buttons, or one headshot of it; how it ended, or how it goes, where there is none."""
    if shoot.state.is_open:
        return await status(ports, event)
    if shoot.state is ShootState.CANCELLED:
        return answer(event, cancelled_card(shoot))
    if shoot.state is ShootState.EXPLAINED:
        return answer(event, explanation_card(shoot))
    if shoot.order.kind == "screening":
        return answer(event, verdict_card(shoot))
    if not (left := await present(ports, shoot)):
        raise PersonError("gallery_expired")
    if rank:
        return shown(event, shoot, headshot_card(shoot, of_rank(left, rank)[0]))
    return Answer((Reply(event.conversation, to_json(gallery_card(shoot, left)), shoot.order.id),))


async def show_by_id(ports: Ports, event: Event, known: str) -> Answer:
    """By the first digits of its id, among the person's own."""
    if len(known) < SHORTEST:
        raise PersonError("shoot_unknown")
    exact = await ports.acceptance.find(known, event.person)
    own = (
        [exact]
        if exact
        else [*await ports.galleries.recent(event.person, 500), *await ports.acceptance.open_shoots(event.person)]
    )
    for shoot in own:
        if shoot.order.id.startswith(known):
            return await show(ports, event, shoot)
    raise PersonError("shoot_unknown")


async def show_all(ports: Ports, event: Event, shoot: Shoot) -> Answer:
    """The headshots beyond those that the gallery shows."""
    if not (left := await present(ports, shoot)):
        raise PersonError("gallery_expired")
    if not (rest := rest_cards(shoot, left)):
        return shown(event, shoot, told("The gallery shows them all."))
    return shown(event, shoot, *rest)


async def status(ports: Ports, event: Event) -> Answer:
    """What is under way, what there is, and how long it stays."""
    under_way = await ports.acceptance.open_shoots(event.person)
    waiting = [Waiting(shoot, await ports.acceptance.place(shoot.order.id)) for shoot in under_way]
    recent = await ports.galleries.recent(event.person, 5)
    return answer(event, status_card(waiting, await sitting_of(ports, event.person), recent))


async def cancel(ports: Ports, event: Event, shoot: Shoot) -> Answer:
    """End a shoot. What stands in its place says so by itself."""
    if await ports.acceptance.cancel(shoot.order.id, event.person):
        await ports.queue.cancel(shoot.order.id)
        return Answer()
    if shoot.state is ShootState.CANCELLED:
        return Answer()
    return answer(event, told("That was finished already."))


async def cancel_by_word(ports: Ports, event: Event) -> Answer:
    """The one shoot that can be meant; or a question which."""
    under_way = [s for s in await ports.acceptance.open_shoots(event.person) if s.order.kind != "screening"]
    here = [s for s in under_way if event.conversation in (s.order.conversation, s.placeholder)]
    match (here if event.conversation != event.direct else []) or under_way:
        case []:
            return answer(event, told("Nothing is under way.", button(Verb.STATUS, "Status")))
        case [shoot]:
            return await cancel(ports, event, shoot)
        case several:
            return answer(event, _which(several))


def _which(shoots: Sequence[Shoot]) -> Message:
    titles = {shoot.order.id: headline(title_of(shoot.order.kind, shoot.order.payload)) for shoot in shoots}
    return told("Which one?", *(cancel_button(each, title, f"Cancel {title}") for each, title in titles.items()))
