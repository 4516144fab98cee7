"""Presses: what each verb does. The tables hold every verb of `bot.verbs`; a test says so."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.actions import Action
from bot.cards.help import help_card
from bot.conversation import asking, picking, pointing, privacy, selfies, sharing, showing, varying, wearing
from bot.conversation.answers import Answer, answer
from bot.conversation.ports import Ports
from bot.events import Event
from bot.shoots import Shoot, ShootState
from bot.verbs import Verb
from engine.contract.errors import PersonError


@dataclass(frozen=True, slots=True)
class Press:
    """What was asked for, by a button or by the words that mean the same."""

    ports: Ports
    event: Event
    action: Action
    trigger: str = ""
    """What a form can be opened with; "" where there is nothing."""
    again: bool = False
    """The press may have been handled before."""


OfAShoot: TypeAlias = Callable[[Press, Shoot], Awaitable[Answer]]
OnItsOwn: TypeAlias = Callable[[Press], Awaitable[Answer]]


async def press(asked: Press, shoot: Shoot | None) -> Answer:
    """Do it. `shoot`: for verbs that are about one, that of whoever asked."""
    verb = Verb(asked.action.verb)
    if shoot is None:
        return await ON_THEIR_OWN[verb](asked)
    if verb in OF_A_GALLERY and (shoot.state is not ShootState.FINISHED or shoot.order.kind == "screening"):
        raise PersonError("no_gallery_yet")
    return await (OF_A_GALLERY.get(verb) or OF_ANY_SHOOT[verb])(asked, shoot)


async def _vary(asked: Press, shoot: Shoot) -> Answer:
    return await varying.vary(asked.ports, asked.event, shoot, asked.action.rank, asked.action.verb)


async def _help(asked: Press) -> Answer:
    return answer(asked.event, help_card())


OF_A_GALLERY: Mapping[Verb, OfAShoot] = {
    Verb.MORE_LIKE_THIS: _vary,
    Verb.NEW_LIGHT: _vary,
    Verb.NEW_BACKDROP: _vary,
    Verb.NEW_CROP: _vary,
    Verb.DOWNLOAD: lambda a, shoot: picking.download(a.ports, a.event, shoot, a.action.rank),
    Verb.FAVOURITE: lambda a, shoot: picking.favourite(
        a.ports, a.event, shoot, a.action.rank, on=a.action.argument != "off"
    ),
    Verb.DELETE: lambda a, shoot: picking.delete(a.ports, a.event, shoot, a.action.rank),
    Verb.SHARE: lambda a, shoot: sharing.ask_where(a.ports, a.event, shoot, a.action.rank, a.trigger),
    Verb.TAKE_BACK: lambda a, shoot: sharing.take_back(a.ports, a.event, shoot, a.action.rank, a.action.argument),
    Verb.PROFILE: lambda a, shoot: wearing.wear(a.ports, a.event, shoot, a.action.rank),
    Verb.SHOW_ALL: lambda a, shoot: showing.show_all(a.ports, a.event, shoot),
    Verb.MORE: lambda a, shoot: asking.more(a.ports, a.event, shoot),
    Verb.STYLE: lambda a, shoot: asking.another_style(a.ports, a.event, shoot, a.trigger),
}
"""About a shoot that has a gallery."""
OF_ANY_SHOOT: Mapping[Verb, OfAShoot] = {
    Verb.CANCEL: lambda a, shoot: showing.cancel(a.ports, a.event, shoot),
    Verb.TRY_AGAIN: lambda a, shoot: asking.try_again(a.ports, a.event, shoot),
    Verb.SHOW: lambda a, shoot: showing.show(a.ports, a.event, shoot, a.action.rank),
}
OF_A_SHOOT = OF_A_GALLERY.keys() | OF_ANY_SHOOT.keys()
"""Nobody but the owner of the shoot may press these; to everybody else there is no such shoot."""
ON_THEIR_OWN: Mapping[Verb, OnItsOwn] = {
    Verb.AGREE: lambda a: privacy.agree(a.ports, a.event),
    Verb.DECLINE: lambda a: privacy.decline(a.ports, a.event),
    Verb.REMOVE_SELFIE: lambda a: selfies.remove(a.ports, a.event, a.action.argument),
    Verb.MAKE: lambda a: asking.make(a.ports, a.event, a.action.argument),
    Verb.STYLES: lambda a: asking.choose(a.ports, a.event, a.trigger),
    Verb.ASK: lambda a: asking.choose(a.ports, a.event, a.trigger),
    Verb.OFFER: lambda a: pointing.accept_offer(a.ports, a.event, a.action.argument, again=a.again),
    Verb.LEAVE: lambda a: pointing.leave(a.event),
    Verb.SELFIES: lambda a: selfies.list_selfies(a.ports, a.event),
    Verb.STATUS: lambda a: showing.status(a.ports, a.event),
    Verb.HELP: _help,
    Verb.EXPORT: lambda a: privacy.export(a.ports, a.event),
    Verb.FORGET: lambda a: privacy.ask_to_forget(a.ports, a.event),
    Verb.FORGET_NOW: lambda a: privacy.forget(a.ports, a.event),
}
"""About the person who asks, and nobody else."""
WITHOUT_CONSENT = frozenset(
    {
        Verb.AGREE, Verb.DECLINE, Verb.LEAVE, Verb.TAKE_BACK, Verb.HELP, Verb.EXPORT, Verb.FORGET, Verb.FORGET_NOW,
    }
)  # fmt: skip
"""What nobody has to agree to anything for; guests may do it, too."""
