"""The words of scenarios: what somebody does, and what they see then. Knows no platform."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import count

from tests.scenarios.seen import Seen, SeenButton, SeenForm
from tests.scenarios.window import DIRECT, TEAM, Window

PATIENCE_S = 20.0
"""For what takes a moment on a machine that does nothing else."""
_numbers = count(1)


def selfie(*faults: str) -> bytes:
    """A photo, each time another one. The quick studio refuses what says that it is "blurred"."""
    return b"\xff\xd8\xff a photo, number %d %s" % (next(_numbers), " ".join(faults).encode())


@dataclass
class Person:
    """Somebody before a window. They look at what came since the last thing they did."""

    name: str
    window: Window
    key: str
    """Of them on their platform; see `bot.people.Person`."""
    chat_traces: Callable[[Collection[str]], Counter[str]]
    """What the platform itself holds of them: messages of Headroom that speak of these shoots, and what it shows them."""
    _since: int = field(default=0, init=False)
    _forms_since: int = field(default=0, init=False)

    # ---- what they do

    async def drops(self, *photos: bytes, text: str = "") -> None:
        """Photos, in the conversation with Headroom."""
        self._look_up()
        await self.window.say(DIRECT, text, photos)

    async def says(self, text: str, below: Seen | None = None) -> None:
        """Words, in the conversation with Headroom or in the thread below a message."""
        self._look_up()
        await self.window.say(below.ref if below else DIRECT, text)

    async def says_in_team(self, text: str) -> None:
        """Words that everybody reads."""
        self._look_up()
        await self.window.say(TEAM, text)

    async def commands(self, text: str = "", *, in_team: bool = False) -> None:
        """`/headshot` and what follows it."""
        self._look_up()
        await self.window.command(TEAM if in_team else DIRECT, text)

    async def sees_in_team(self, words: str) -> Seen:
        """What Headroom says where everybody reads."""
        return await self._until(lambda seen: seen.says(words) and not seen.only_me, f"“{words}” in the channel")

    async def presses(self, label: str, headshot: int = 0, on: Seen | None = None) -> None:
        """The newest button with this label, or that of one message."""
        ref, button = self.button(label, headshot, on)
        self._look_up()
        await self.window.press(ref, button.action)

    async def forges(self, action: str, on: Seen) -> None:
        """Press what is no button of this message: an id from elsewhere."""
        self._look_up()
        await self.window.press(on.ref, action)

    async def fills(self, form: SeenForm, *selfies: bytes, look: bytes | None = None, **values: str) -> None:
        """Change these fields and send it off, with photos and a picture whose look is wanted where it asks for them."""
        self._look_up()
        photos = {"selfies": selfies} if selfies else {}
        given = photos if look is None else {**photos, "reference": (look,)}
        await self.window.fill(form, {**form.values, **values}, given)

    async def is_forgotten(self) -> None:
        """Headroom knows nothing of them any more; at once when they did nothing."""
        if self._since:
            await self.says("forget")
            await self.presses("Forget everything", on=await self.sees("Shall I destroy"))
            await self.sees("I keep nothing of you")
            self._since = 0

    async def is_known(self, *photos: bytes) -> None:
        """Has agreed, and has photos here that were looked at."""
        await self.says("I agree")
        await self.sees("Thank you.")
        await self.drops(*(photos or (selfie(), selfie())))
        await self.sees("can be used")

    async def has_gallery(self, words: str = "corporate 4") -> Seen:
        """The gallery, after all that it takes, and after the line below it."""
        await self.is_known()
        await self.commands(words)
        await self.sees("ready, the best first")
        return await self.sees_gallery()

    # ---- what they see

    async def sees(self, words: str, below: Seen | None = None, *, button: str = "") -> Seen:
        """A message of Headroom with these words that came or changed since."""

        def fits(seen: Seen) -> bool:
            right_place = below is None or seen.place == below.ref
            return right_place and seen.says(words) and (not button or button in seen.labels)

        return await self._until(fits, f"“{words}”" + (f" with a button {button}" if button else ""))

    async def sees_gallery(self, words: str = "") -> Seen:
        """A message with pictures."""
        return await self._until(lambda seen: bool(seen.pictures) and seen.says(words), f"a gallery {words}")

    async def sees_change(self, of: Seen, words: str = "") -> Seen:
        """Another version of this message."""
        return await self._until(lambda seen: seen.ref == of.ref and seen.says(words), f"a change: {words}")

    async def sees_form(self, title: str) -> SeenForm:
        """A form opens."""
        async with asyncio.timeout(PATIENCE_S), self.window.news:
            await self.window.news.wait_for(lambda: len(self.window.forms) > self._forms_since)
        form = self.window.forms[-1]
        assert form.title == title
        return form

    async def saves(self, seen: Seen) -> bytes:
        """The one file of a message."""
        (file,) = seen.files
        data = await self.window.save(file.ref)
        assert data is not None, f"{file.name} cannot be saved"
        return data

    def button(self, label: str, headshot: int = 0, on: Seen | None = None) -> tuple[str, SeenButton]:
        """Where it stands now, and the button."""
        for seen in reversed(self.messages()):
            if (on is None or seen.ref == on.ref) and (button := seen.button(label, headshot)):
                return seen.ref, button
        raise AssertionError(f"{self.name} has no button {label}\n{self._told(self.messages()[-5:])}")

    def messages(self) -> list[Seen]:
        """All that stands there now, in the order in which it came."""
        now = {seen.ref: seen for seen in self.window.history}
        return [seen for seen in now.values() if not seen.gone]

    def replies(self, below: Seen) -> list[Seen]:
        """What stands in the thread below a message now."""
        return [seen for seen in self.messages() if seen.place == below.ref]

    def versions(self, of: Seen) -> list[Seen]:
        """Everything that ever stood in this place, oldest first."""
        return [seen for seen in self.window.history if seen.ref == of.ref]

    # ---- how

    def _look_up(self) -> None:
        self._since, self._forms_since = len(self.window.history), len(self.window.forms)

    async def _until(self, fits: Callable[[Seen], bool], wanted: str) -> Seen:
        """The latest that fits."""

        def found() -> Seen | None:
            news = self.window.history[self._since :]
            return next((seen for seen in reversed(news) if not seen.author and not seen.gone and fits(seen)), None)

        try:
            async with asyncio.timeout(PATIENCE_S), self.window.news:
                await self.window.news.wait_for(lambda: found() is not None)
        except TimeoutError:
            told = self._told(self.window.history[self._since :])
            raise AssertionError(f"{self.name} does not see {wanted}, but:\n{told}") from None
        seen = found()
        assert seen is not None
        return seen

    def _told(self, messages: list[Seen]) -> str:
        return (
            "\n".join(f"  [{seen.ref} in {seen.place}] {seen.text} {seen.labels}" for seen in messages) or "  nothing"
        )
