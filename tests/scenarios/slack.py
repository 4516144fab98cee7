"""Slack as a driver of scenarios: people before the simulated Slack, with the bot process at the other end of its socket."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from itertools import count

from adapters.slack.uploads import FILE_NAME
from bot.people import Person as Identity
from tests.scenarios.person import PATIENCE_S
from tests.scenarios.person import Person as Somebody
from tests.scenarios.seen import Seen, SeenForm
from tests.scenarios.slack_seen import clipped, form_of, ref_of, seen_of
from tests.scenarios.window import DIRECT, NO_PHOTOS, TEAM, Refused
from tests.slack.simulator.acts import Reply
from tests.slack.simulator.forms import Impossible
from tests.slack.simulator.person import Person
from tests.slack.simulator.records import Json, Message, View
from tests.slack.simulator.slack import Slack, open_slack

CHANNEL = "C1"
PEOPLE = ("alex", "sam", "gus")


class SlackWindow:
    """Slack's client, as one person has it open."""

    def __init__(self, slack: Slack, person: Person) -> None:
        self.history: list[Seen] = []
        self.forms: list[SeenForm] = []
        self.news = asyncio.Condition()
        self._slack, self.person = slack, person
        self._awaited: dict[str, Seen] = {}
        """Messages whose files have not come yet, by reference."""
        self._albums: dict[str, Seen] = {}
        """Pictures that stand above the message about them, by reference."""
        self._telling: set[asyncio.Task[None]] = set()
        slack.world.watchers.append(self.hear)

    async def say(self, place: str, text: str, photos: tuple[bytes, ...] = ()) -> None:
        """See `Window`."""
        channel, thread_ts = self._place(place)
        files = [(f"selfie-{number}.jpg", photo) for number, photo in enumerate(photos, 1)]
        await self.person.says(channel, text, files, thread_ts)

    async def command(self, place: str, text: str) -> None:
        """See `Window`."""
        channel, thread_ts = self._place(place)
        assert not thread_ts, "there are no commands in threads"
        await self._is_connected()
        _went_through(await self.person.slash("/headshot", text, channel))

    async def press(self, ref: str, action: str) -> None:
        """See `Window`. A button that does not stand there is pressed as a client would that somebody has changed."""
        message = self._find(ref)
        await self._is_connected()
        try:
            _went_through(await self.person.press(message, action))
        except Impossible:
            forged: Json = {"type": "button", "action_id": action.partition(":")[0], "value": action, "text": {}}
            _went_through(await self.person.acts_on(message, {}, forged))

    async def fill(
        self, form: SeenForm, values: Mapping[str, str], photos: Mapping[str, tuple[bytes, ...]] = NO_PHOTOS
    ) -> None:
        """See `Window`."""
        view = self._slack.world.views[form.token["view"]]
        changed = {name: value for name, value in values.items() if value != form.values.get(name)}
        changed = {name: CHANNEL if value == TEAM else value for name, value in changed.items()}
        files = {name: [(f"selfie-{at}.jpg", each) for at, each in enumerate(given)] for name, given in photos.items()}
        try:
            reply = await self.person.submit(view, changed, files)
        except Impossible as no:
            raise Refused(str(no)) from None
        _went_through(reply)

    async def save(self, ref: str) -> bytes | None:
        """See `Window`."""
        return self.person.opens(ref)

    # ---- what comes

    def hear(self, news: Message | View) -> None:
        """Something came or changed somewhere in Slack."""
        if isinstance(news, View):
            is_new = all(form.token["view"] != news.id for form in self.forms)
            if news.kind == "modal" and news.user == self.person.id and is_new:
                self._note(form_of(news))
        elif self._sees(news):
            for seen in self._together(seen_of(news, lambda file: self._slack.world.files[file].name)):
                if seen not in [each for each in self.history if each.ref == seen.ref][-1:]:
                    self._note(seen)

    def _sees(self, message: Message) -> bool:
        channel = self._slack.world.channels[message.channel]
        return self._slack.world.visible(channel, self.person.id) and message.only_to in ("", self.person.id)

    def _together(self, seen: Seen) -> Iterator[Seen]:
        """A message and the files that Slack shows below it, which are messages of their own, are one thing to a person."""
        if not seen.author and not seen.gone and clipped(seen):
            earlier = next((each for each in self.history if each.ref == seen.ref and each.files), None)
            if earlier is None:
                self._awaited[seen.ref] = seen
            else:
                yield replace(seen, files=earlier.files)
        elif not seen.author and seen.files and all(file.name == FILE_NAME for file in seen.files):
            self._albums.setdefault(seen.ref, seen)
        elif not seen.author and any(not picture.ref for picture in seen.pictures):
            yield self._with_album(seen)
        elif not seen.author and seen.files:
            yield from self._with_files(seen)
        else:
            self._awaited.pop(seen.ref, None)
            if not seen.gone or any(each.ref == seen.ref for each in self.history):
                yield seen

    def _with_files(self, share: Seen) -> Iterator[Seen]:
        names = [file.name for file in share.files]
        for ref, seen in list(self._awaited.items()):
            if seen.place == share.place and set(names) <= set(clipped(seen)):
                whole = replace(seen, files=(*seen.files, *share.files))
                self._awaited[ref] = whole
                if len(whole.files) == len(clipped(whole)):
                    del self._awaited[ref]
                    yield whole
                return
        yield share

    def _with_album(self, seen: Seen) -> Seen:
        """The lines of a message and the album above it, picture by picture."""
        size = len(seen.pictures)
        album = next(e for e in reversed(self._albums.values()) if e.place == seen.place and len(e.files) == size)
        pairs = zip(seen.pictures, album.files, strict=True)
        return replace(seen, pictures=tuple(replace(picture, ref=file.ref) for picture, file in pairs))

    def _note(self, note: Seen | SeenForm) -> None:
        if isinstance(note, Seen):
            self.history.append(note)
        else:
            self.forms.append(note)
        task = asyncio.get_running_loop().create_task(self._tell())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    # ---- how

    def _place(self, place: str) -> tuple[str, str]:
        """Channel and thread."""
        named = {DIRECT: self.person.im.id, TEAM: CHANNEL}.get(place, place)
        channel, _, thread_ts = named.partition("/")
        return channel, thread_ts

    def _find(self, ref: str) -> Message:
        channel = self._slack.world.channels.get(self._place(ref)[0])
        for message in self._slack.world.messages_for(channel, self.person.id) if channel else ():
            if ref_of(message) == ref:
                return message
        raise Refused("there is no such message")

    async def _is_connected(self) -> None:
        """Whoever presses while the app is away sees that it does not answer, and presses again."""
        await asyncio.wait_for(self._slack.sockets.connected.wait(), PATIENCE_S)


def _went_through(reply: Reply) -> None:
    assert not reply.error, f"Slack says: {reply.error} after {reply.ack.took_s:.1f} s"
    assert not reply.errors, f"the form says: {reply.errors}"


def client_of(somebody: Somebody) -> Person:
    """Slack's client of a person of the scenarios, for what other platforms have no word for."""
    assert isinstance(somebody.window, SlackWindow)
    return somebody.window.person


class Newcomers:
    """People who have just joined the workspace, with their windows: Slack holds a bot to a message a second in each
    conversation once it has said a few, so that those who talked before would have to be waited for.
    """

    def __init__(self, slack: Slack, number: int) -> None:
        self._slack = slack
        self._users = {name: f"U{number}{name.upper()}" for name in PEOPLE}
        for name, user in self._users.items():
            slack.add_user(user, name.capitalize(), is_guest=name == "gus")
            slack.world.channels[CHANNEL].members.add(user)
        self.windows = {name: SlackWindow(slack, slack.person(user)) for name, user in self._users.items()}
        self.keys = {name: Identity("slack", "T1", user).key for name, user in self._users.items()}

    def leave(self) -> None:
        """They look no more."""
        for name, user in self._users.items():
            self._slack.world.watchers.remove(self.windows[name].hear)
            self._slack.world.channels[CHANNEL].members.discard(user)

    def traces(self, user: str, shoots: Collection[str]) -> Counter[str]:
        """What stands in Slack of somebody: messages of the app that speak of their shoots, and files that it showed them."""
        world, found = self._slack.world, Counter[str]()
        channel = self._slack.person(self._users[user]).im
        for message in channel.messages.values():
            if message.by_bot and not message.gone:
                found["chat.messages"] += any(shoot_id in repr(message.blocks) for shoot_id in shoots)
        shown = {file for message in world.history if message.channel == channel.id for file in shown_in(message)}
        found["chat.shown"] = sum(not world.files[file].deleted for file in shown)
        return found


class SlackTown:
    """The simulated Slack, which the bot is connected to."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self._numbers = count(100)

    @contextmanager
    def newcomers(self) -> Iterator[Newcomers]:
        """Until the block ends."""
        people = Newcomers(self.slack, next(self._numbers))
        yield people
        people.leave()

    @property
    def environment(self) -> Mapping[str, str]:
        """For the bot."""
        return {
            "HEADROOM_SLACK_BOT_TOKEN": self.slack.bot_token,
            "HEADROOM_SLACK_APP_TOKEN": self.slack.app_token,
            "HEADROOM_SLACK_API_URL": self.slack.api_url,
            "HEADROOM_SLACK_FILE_HOSTS": self.slack.file_host,
        }

    async def is_up(self) -> None:
        """The bot listens."""
        await asyncio.wait_for(self.slack.sockets.connected.wait(), PATIENCE_S)


def shown_in(message: Message) -> Iterator[str]:
    """Ids of the files that the app brings or shows in a message."""
    if message.by_bot:
        yield from message.files
        yield from (block["slack_file"]["id"] for block in message.blocks if "slack_file" in block)


@asynccontextmanager
async def open_town() -> AsyncIterator[SlackTown]:
    """Until the block ends; by then nobody may have complained."""
    async with open_slack() as slack:
        yield SlackTown(slack)
        assert slack.world.complaints == []
        assert slack.world.leaks == []
