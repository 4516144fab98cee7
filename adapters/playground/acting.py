"""What a page posts: photos, words, presses and forms. Answered once it is safe with the bot; the bot itself answers later.

A message is written into the history first, so that the bot's answer always stands below it. If the bot cannot take it then,
it is taken out again and the page offers to send it once more, with the same id.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from adapters.playground import inbound
from adapters.playground.answers import actor_of, not_here
from adapters.playground.cast import Actor
from adapters.playground.entries import Spoken
from adapters.playground.limits import PHOTOS_AT_ONCE, UPLOADS_AT_ONCE
from adapters.playground.places import TEAM, Place, channels_of, find_place
from adapters.playground.platform import PlaygroundChat, asked
from adapters.playground.uploads import keep_photo, receive_photo
from bot.artifacts import ArtifactStore
from bot.events import Attachment, Event, Said
from engine.contract.errors import HeadroomError, PersonError

Receive = Callable[[Event], Awaitable[bool]]


class Acting:
    """The posts of all pages."""

    def __init__(self, chat: PlaygroundChat, receive: Receive, pictures: ArtifactStore) -> None:
        self._chat = chat
        self._receive = receive
        self._pictures = pictures
        self._uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.post("/as/{user}/photos", self.upload),
            web.post("/as/{user}/messages", self.say),
            web.post("/as/{user}/presses", self.press),
            web.post("/as/{user}/forms", self.fill),
        ]

    async def upload(self, request: web.Request) -> web.Response:
        """One photo as the body; its id is named by the message that carries it."""
        actor = actor_of(request)
        async with self._uploads:
            attachment = await keep_photo(self._pictures, actor, await receive_photo(request))
        await asked(self._chat.history.note_upload, actor.user, attachment, self._chat.now())
        return web.json_response({"artifact": attachment.ref, "mediaType": attachment.media_type})

    async def say(self, request: web.Request) -> web.Response:
        """Words, a command, photos."""
        actor = actor_of(request)
        saying = inbound.Saying.model_validate_json(await request.read())
        place = await self._place(actor, saying.conversation)
        attachments = tuple([await self._upload(actor, each) for each in saying.attachments])
        if place is None or not (saying.text.strip() or attachments):
            return not_here()
        command = inbound.is_command(saying.text)
        only_to = actor.user if command and place.channel == TEAM else ""
        spoken = Spoken(saying.text.strip(), attachments)
        now = self._chat.now()
        added = await asked(self._chat.history.add, place, actor.user, saying.id, spoken, now, only_to)
        if added is None:
            return not_here()
        ref, new = added
        self._chat.visitors.ring()
        trigger = self._chat.triggers.issue(actor.user, saying.tab, place.name) if command else ""
        try:
            await self._hand_over(inbound.said(saying, actor, place, attachments, trigger), place, actor)
        except HeadroomError:
            if new:
                await asked(self._chat.history.withdraw, ref)
                self._chat.visitors.ring()
            raise
        return web.json_response({"ref": ref.name})

    async def press(self, request: web.Request) -> web.Response:
        """A button of a message that this person can see; whether they may, the bot decides."""
        actor = actor_of(request)
        press = inbound.Press.model_validate_json(await request.read())
        place = find_place(press.ref)
        entry = None if place is None else await asked(self._chat.history.find, place, actor.user)
        if entry is None:
            return not_here()
        trigger = self._chat.triggers.issue(actor.user, press.tab, entry.place.name)
        await self._hand_over(inbound.pressed(press, actor, entry.place, trigger), entry.place, actor)
        return web.json_response({})

    async def fill(self, request: web.Request) -> web.Response:
        """A form. What names a place in it has to be one that this person can read."""
        actor = actor_of(request)
        filling = inbound.Filling.model_validate_json(await request.read())
        place = await self._place(actor, filling.conversation)
        chosen = [found for value in filling.values.values() if (found := find_place(value)) is not None]
        too_many = any(len(files) > PHOTOS_AT_ONCE for files in filling.files.values())
        if place is None or too_many or any(each.channel not in channels_of(actor.user) for each in chosen):
            return not_here()
        files = {
            name: tuple([await self._upload(actor, each) for each in photos]) for name, photos in filling.files.items()
        }
        await self._hand_over(inbound.filled(filling, actor, place, files), place, actor)
        return web.json_response({})

    async def _hand_over(self, event: Event, place: Place, actor: Actor) -> None:
        if event.private or not isinstance(event.happened, Said):  # in a channel, people talk among themselves
            self._chat.visitors.tell(actor.user, "writing", {"channel": place.channel, "on": True})
        try:
            await self._receive(event)
        except HeadroomError:
            self._chat.visitors.tell(actor.user, "writing", {"channel": place.channel, "on": False})
            raise

    async def _place(self, actor: Actor, conversation: str) -> Place | None:
        """Where this person wants to write; None where they cannot."""
        place = find_place(conversation)
        if place is None or place.channel not in channels_of(actor.user):
            return None
        if place.number is not None and await asked(self._chat.history.find, place, actor.user) is None:
            return None
        return place

    async def _upload(self, actor: Actor, artifact: str) -> Attachment:
        found = await asked(self._chat.history.find_upload, actor.user, artifact)
        if found is None:
            raise PersonError("file_unavailable")
        return found
