"""`SlackChat`: the port `ChatPlatform` on Slack's Web API."""

import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TypeVar

from adapters.slack.albums import Albums
from adapters.slack.audience import Audience
from adapters.slack.calls import Calls, Json
from adapters.slack.channels import Channels
from adapters.slack.downloads import Downloads
from adapters.slack.errors import TooLong
from adapters.slack.examples import Examples
from adapters.slack.filenotes import FileNotes
from adapters.slack.files import Patience, SlackFiles
from adapters.slack.handing import Handing
from adapters.slack.installs import Installs
from adapters.slack.limits import KEY
from adapters.slack.line import Line
from adapters.slack.liveness import Liveness
from adapters.slack.modals import to_view
from adapters.slack.outbound import Posted, shorter_and_shorter, to_home
from adapters.slack.pace import BEFORE_PROGRESS, Pace
from adapters.slack.places import Place, direct, find_place
from adapters.slack.posting import Posting
from adapters.slack.removing import Removing
from adapters.slack.stash import Stash
from adapters.slack.sweeping import Sweeping
from adapters.slack.uploads import Uploads
from bot.artifacts import ArtifactStore
from bot.events import Attachment
from bot.messages import Album, Bar, File, Form, Message, Picture, Text, pictures_of
from bot.people import Person
from bot.vault import Vault
from engine.contract.errors import PlatformError, Undeliverable

_PATIENCE = Patience()
_CLEARED = Message("Nothing is here.", (Text("Nothing is here."),))
"""What stands on a page of which everything was taken away."""
T = TypeVar("T")
log = logging.getLogger(__name__)


class SlackChat:
    """One for all workspaces of this process."""

    def __init__(
        self,
        installs: Installs,
        line: Line,
        pictures: ArtifactStore,
        vault: Vault,
        example: Callable[[str], bytes | None],
        now: Callable[[], float] = time.time,
        pace: Pace | None = None,
        patience: Patience = _PATIENCE,
    ) -> None:
        """`example`: see `bot.catalogue.Catalogue`."""
        self.calls = Calls(installs, pace or Pace())
        self._line = line
        self._channels, self._audience = Channels(self.calls), Audience(self.calls)
        self._posting = Posting(self.calls, self._channels, now)
        files, notes = SlackFiles(self.calls, line), FileNotes(vault, now)
        stash = Stash(files, notes, pictures)
        self._uploads = Uploads(files, stash, notes, pictures, patience)
        self._albums = Albums(files, stash, notes, self._uploads, self._channels, patience)
        self._handing = Handing(files, stash, notes, pictures, self._channels, patience)
        self._liveness = Liveness(self.calls, self._channels)
        self._removing = Removing(self._posting, files, stash, self._uploads, notes)
        self.sweeping = Sweeping(self._removing, notes)
        self._downloads = Downloads(self.calls, line)
        self.examples = Examples(files, vault, example)

    async def close(self) -> None:
        """Nothing more can be said."""
        await self._handing.stop()
        await self._albums.stop()
        await self.examples.stop()
        await self._line.close()

    async def send(self, conversation: str, message: Message, key: str, *, again: bool = False) -> str:
        """See `ChatPlatform`. A message that only one person may see, in a conversation that others read, is gone when they reload."""
        if not 0 < len(key) <= KEY:
            raise ValueError(f"a key has 1 to {KEY} characters")
        place = _place(conversation, "conversation_closed")
        if place.is_home:
            await self._publish(place, message)
            return str(place)
        files = _parts(message, File)
        if not (ref := self._posting.known(key)):
            self.calls.pace.check(place.workspace, "chat.postMessage")
            await self._handing.check(files, key)
            ref = await self._say(place, message, key, again=again)
        if files:
            await self._handing.hand(_handed_in(place, message), files, key)
        return ref

    async def _say(self, place: Place, message: Message, key: str, *, again: bool) -> str:
        if whispers(place, message):
            _, drawn = await self._drawn(place, message, key)
            return await _as_much_as_fits(
                drawn, lambda posted: self._posting.whisper(place, posted, message.only_to, key)
            )
        if found := await self._posting.find(place, key, again=again):
            return found
        await self._may_show(place, message)
        shown, drawn = await self._drawn(place, message, key)
        owner = "" if place.user else next((picture.owner for picture in pictures_of(message)), "")
        with self._looking_again(shown):
            return await _as_much_as_fits(drawn, lambda posted: self._posting.post(place, posted, key, owner))

    async def edit(self, ref: str, message: Message) -> None:
        """See `ChatPlatform`. What only one person sees cannot be changed: they get a new one."""
        place = _place(ref, "message_gone")
        if place.is_home:
            await self._publish(place, message)
        elif whispers(place, message):
            _, drawn = await self._drawn(place, message, place.ts)
            await _as_much_as_fits(drawn, lambda posted: self._posting.whisper(_above(place), posted, message.only_to))
        elif _parts(message, Bar):
            self.calls.pace.check(place.workspace, *BEFORE_PROGRESS)
            await self._replace(place, message)
            await self._liveness.show(place)
        else:
            await self._replace(place, message)
            await self._liveness.hide(place)
            if place.user:  # a headshot that was deleted goes from Slack when the gallery shows it no longer
                with suppress(Undeliverable):
                    await self._removing.orphans_of(place)
        if files := _parts(message, File):
            await self._handing.hand(replace(place, inner=""), files, place.ts)

    async def _replace(self, place: Place, message: Message) -> None:
        await self._may_show(place, message)
        shown, drawn = await self._drawn(place, message, place.ts)
        with self._looking_again(shown):
            await _as_much_as_fits(drawn, lambda posted: self._posting.update(place, posted))

    async def _may_show(self, place: Place, message: Message) -> None:
        """Faces stay in the workspace. Undeliverable."""
        if not place.user and (_parts(message, File) or next(pictures_of(message), None)):
            await self._audience.check(place)

    @contextmanager
    def _looking_again(self, files: Collection[str]) -> Iterator[None]:
        """When Slack does not know a file, all of them are asked about before the next try."""
        try:
            yield
        except PlatformError as error:
            if error.code == "picture_not_ready":
                self._uploads.forget(files)
            raise

    async def delete(self, ref: str) -> bool:
        """See `ChatPlatform`; what goes with it, see `removing`."""
        place = _place(ref, "message_gone")
        if place.is_home:
            await self._publish(place, _CLEARED)
            return True
        return await self._removing.message(place)

    async def fetch(self, person: Person, attachment: Attachment, limit_bytes: int) -> bytes:
        """See `ChatPlatform`."""
        return await self._downloads.fetch(person, attachment, limit_bytes)

    async def open_form(self, trigger: str, form: Form) -> None:
        """See `ChatPlatform`. A trigger is `T1|<Slack's id>|<conversation>`."""
        workspace, _, rest = trigger.partition("|")
        trigger_id, _, conversation = rest.partition("|")
        if not trigger_id or find_place(conversation) is None:
            raise Undeliverable("form_too_late")
        examples = self.examples.of(workspace, form)
        try:
            await self._open(workspace, trigger_id, to_view(form, conversation, examples))
        except PlatformError as error:
            if error.code != "picture_not_ready":
                raise
            self.examples.forget(workspace)  # somebody deleted one; what was refused did not use the trigger up
            await self._open(workspace, trigger_id, to_view(form, conversation, {}))

    async def _open(self, workspace: str, trigger_id: str, view: Json) -> None:
        await self.calls(workspace, "views.open", lambda client: client.views_open(trigger_id=trigger_id, view=view))

    async def _drawn(self, place: Place, message: Message, use: str) -> tuple[Collection[str], Iterator[Posted]]:
        """The files that it shows, and how it is said, shorter and shorter. Albums stand above it by then; one that Slack does
        not share is shown in the message, as well as that goes.
        """
        pictures = _parts(message, Picture)
        in_albums = [picture for album in _parts(message, Album) for picture in album.pictures]
        if in_albums and not await self._albums.share(_handed_in(place, message), in_albums, use):
            pictures += in_albums
        files = await self._uploads.of(place.workspace, pictures)
        return files.values(), shorter_and_shorter(message, files)

    async def _publish(self, place: Place, message: Message) -> None:
        files = await self._uploads.of(place.workspace, pictures_of(message))
        view = to_home(message, files)
        with self._looking_again(files.values()):
            await self.calls(
                place.workspace, "views.publish", lambda client: client.views_publish(user_id=place.user, view=view)
            )


async def _as_much_as_fits(drawn: Iterator[Posted], say: Callable[[Posted], Awaitable[T]]) -> T:
    """Say it, and less of it while Slack finds it too long. Raises what `say` raises."""
    posted = next(drawn)
    while True:
        try:
            return await say(posted)
        except TooLong:
            if (shorter := next(drawn, None)) is None:
                raise
            posted = shorter
            log.warning("slack_message_shortened")


def whispers(place: Place, message: Message) -> bool:
    """Only one person may see it, and others read along."""
    return message.only_to not in ("", place.user)


def _handed_in(place: Place, message: Message) -> Place:
    """Where files of a message go: nobody can be handed one in a channel without all others seeing it."""
    return direct(place.workspace, message.only_to) if whispers(place, message) else place


def _parts(message: Message, kind: type[T]) -> list[T]:
    return [part for part in message.parts if isinstance(part, kind)]


def _above(place: Place) -> Place:
    """The conversation that a message stands in."""
    return replace(place, inner="") if place.inner else replace(place, top="")


def _place(address: str, otherwise: str) -> Place:
    if (place := find_place(address)) is None:
        raise Undeliverable(otherwise)
    return place
