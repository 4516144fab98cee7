"""The conversation: one event in, an answer out. Pure but for its ports; an event may be handled twice."""

from dataclasses import replace

from bot.actions import read_action
from bot.cards.answers import error_card, told
from bot.cards.consent import consent_card
from bot.cards.styles import REFERENCE, SELFIES, asked_in
from bot.consent_text import holds
from bot.conversation.answers import Answer, answer
from bot.conversation.asking import ask
from bot.conversation.opening import page_of
from bot.conversation.pointing import point
from bot.conversation.ports import Ports
from bot.conversation.pressing import OF_A_SHOOT, WITHOUT_CONSENT, Press, press
from bot.conversation.selfies import take, withdraw
from bot.conversation.sharing import share
from bot.conversation.talking import command, talk
from bot.conversation.words import hear, plain
from bot.events import Attachment, Commanded, Event, Filled, Opened, Pointed, Pressed, Said, Withdrawn
from bot.ledger import Reply
from bot.messages import Message, to_json
from bot.shoots import Shoot
from bot.verbs import Verb
from engine.contract.errors import PersonError

_VERBS = frozenset(Verb)


class Conversation:
    """Handles what happens in a chat."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    async def handle(self, event: Event, *, again: bool = False) -> Answer:
        """Do what the event asks for and say what there is to say. PersonError: what the person can fix.

        `again`: the event may have been handled before, by a process that did not live to say so.
        """
        match event.happened:
            case Opened():
                return answer(event, await self._page(event))
            case Withdrawn(refs=refs):  # whoever they are, and whatever they agreed to
                return await withdraw(self._ports, _in_private(event), refs, again=again)
            case Pressed(page=page) if page:
                said = await self._handle(event, again)
                fresh = Reply(page, to_json(await self._page(event)))
                return said if said.seen else replace(said, replies=(*said.replies, fresh))
            case Said() if not event.private:
                return Answer()  # people talk in channels; we are asked by commands and buttons
        if event.private:
            return await self._handle(event, again)
        inside = await self._handle(_in_private(event), again)
        if inside.seen:
            return inside
        here = replace(told("I go on in our direct messages, where only you can see it."), only_to=event.person.user)
        return replace(inside, replies=(Reply(event.conversation, to_json(here)), *inside.replies))

    async def _page(self, event: Event) -> Message:
        self._refuse_guests(event)
        return await page_of(self._ports, event.person)

    def _refuse_guests(self, event: Event) -> None:
        if event.guest and not self._ports.allow_guests:
            raise PersonError("guests_not_served")

    async def _handle(self, event: Event, again: bool) -> Answer:
        asked, shoot = await self._pressed(event, again)
        verb = self._verb(event)
        if verb not in WITHOUT_CONSENT:
            self._refuse_guests(event)
            if isinstance(event.happened, Pointed):
                return await point(self._ports, event, event.happened)
            if not holds(await self._ports.people.consent(event.person), self._ports.text()):
                waits = _brings_pictures(event) or verb is Verb.OFFER
                card = consent_card(self._ports.text(), photos_wait=waits)
                return replace(answer(event, card), aside=waits)
        if asked is not None:
            return await press(asked, shoot)
        taken = await take(self._ports, event, files, again=again) if (files := _files(event)) else Answer()
        try:
            said = await self._said(event)
        except PersonError as error:
            if not taken.replies:
                raise
            said = answer(event, error_card(error))
        return replace(said, replies=taken.replies + said.replies)

    async def _said(self, event: Event) -> Answer:
        """What goes with files or stands alone: words, a command, a form."""
        match event.happened:
            case Commanded(text=text, trigger=trigger):
                return await command(self._ports, event, text, trigger)
            case Filled() as form:
                return await self._filled(event, form)
            case Said(text=text) if text.strip() or not _files(event):
                return await talk(self._ports, event, text)
            case _:
                return Answer()

    async def _pressed(self, event: Event, again: bool) -> tuple[Press | None, Shoot | None]:
        """What was pressed, and the shoot that it is about."""
        if not isinstance(event.happened, Pressed):
            return None, None
        action = read_action(event.happened.action)
        if action is None or action.verb not in _VERBS:
            raise PersonError("button_unknown")
        shoot = await self._own(action.shoot_id, event) if Verb(action.verb) in OF_A_SHOOT else None
        return Press(self._ports, event, action, event.happened.trigger, again), shoot

    def _verb(self, event: Event) -> Verb | None:
        """What is asked for in a word or a press; None for all that needs a closer look."""
        match event.happened:
            case Pressed(action=button_id):
                action = read_action(button_id)
                return Verb(action.verb) if action else None
            case Commanded(text=text) | Said(text=text) if not event.happened.attachments:
                heard = hear(plain(text))
                return heard.verb if heard else None
            case _:
                return None

    async def _filled(self, event: Event, form: Filled) -> Answer:
        action = read_action(form.form)
        if action is None or action.verb not in {Verb.ASK, Verb.SHARE}:
            raise PersonError("button_unknown")
        if action.verb == Verb.SHARE:
            shoot = await self._own(action.shoot_id, event)
            return await share(self._ports, event, shoot, action.rank, form)
        words, polish = asked_in(form.values)
        return await ask(self._ports, event, words, polish=polish, look=form.files.get(REFERENCE, ()))

    async def _own(self, shoot_id: str, event: Event) -> Shoot:
        """Whoever does not own it is told what all others are told."""
        if (shoot := await self._ports.acceptance.find(shoot_id, event.person)) is None:
            raise PersonError("shoot_unknown")
        return shoot


def _in_private(event: Event) -> Event:
    """As if it had happened in the direct conversation: nothing may be said below what stands in a channel."""
    happened = event.happened
    if isinstance(happened, Pressed):
        happened = replace(happened, message="")
    return replace(event, conversation=event.direct, private=True, happened=happened)


def _brings_pictures(event: Event) -> bool:
    return bool(_files(event)) or (isinstance(event.happened, Filled) and any(event.happened.files.values()))


def _files(event: Event) -> tuple[Attachment, ...]:
    match event.happened:
        case Said() | Commanded():
            return event.happened.attachments
        case Filled(attachments=files, files=by_field):
            return (*files, *by_field.get(SELFIES, ()))
        case _:
            return ()
