"""A bot with a script in the place of the real one: it shows every kind of part, with public-domain pictures.

`python -m tests.playground.fake_bot` serves it on a free port, to look at the page while working on it.
"""

import asyncio
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from adapters.playground.platform import PlaygroundChat
from adapters.playground.server import Playground
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bot.actions import Action, read_action, to_id
from bot.events import Commanded, Event, Filled, Pressed
from bot.messages import Bar, Blank, Button, Buttons, File, Form, Item, Items, Message, Option, Picture, Text
from bot.people import Person
from engine.stages.style import example

SHOOT = "0123456789abcdef" * 2
SHEET = Path(__file__).parents[2] / "docs" / "images" / "sample-sheet.jpg"
PRINTS = ((80, 206, 396, 602), (428, 206, 823, 602), (855, 206, 1172, 602), (1204, 206, 1520, 602))
"""Boxes of the first four headshots of the sheet."""
STYLES = (
    ("corporate", "Corporate", "Even light on a grey backdrop; at home on every company page."),
    ("linkedin-white", "LinkedIn white", "Bright and plain, for a profile picture."),
    ("executive-dark", "Executive dark", "Dark backdrop, light from one side."),
    ("legal", "Legal", "Calm and formal, navy and grey."),
    ("outdoor", "Outdoor", "Daylight, trees far behind."),
    ("classic-bw", "Classic black and white", "Silver tones and a plain backdrop."),
)
WHYS = (
    "Chosen for the sharpest face of the gallery and soft light on the face.",
    "Chosen for the closest likeness of the gallery and a well-placed head.",
    "Chosen for being the only one on the graphite backdrop.",
    "Chosen for well-exposed skin and a clean outline.",
)
CONSENT = Message(
    "Before I look at any photo, I need your consent.",
    (
        Text("Before I look at any photo", "heading"),
        Text("Your photos are used to make headshots of you and for nothing else. They stay on this machine."),
        Buttons((Button("agree:1...", "I agree", "primary"), Button("decline:1...", "No thanks"))),
    ),
)


def _button(verb: str, label: str, rank: int = 0, **more: object) -> Button:
    button = Button(to_id(Action(verb, SHOOT, rank)), label)
    return replace(button, hint=f"{label}, headshot {rank}" if rank else "", **more)  # type: ignore[arg-type]


@dataclass
class FakeBot:
    """Give its `receive` to the playground, and the playground's chat to it."""

    pictures: Pictures
    prints: Sequence[bytes]
    pause_s: float = 0.05
    """Between two steps of the script."""
    events: list[Event] = field(default_factory=list)
    favourites: set[int] = field(default_factory=set)
    chat: PlaygroundChat = field(init=False)
    _gallery: str = ""
    _working: set["asyncio.Task[None]"] = field(default_factory=set)

    async def receive(self, event: Event) -> bool:
        """Kept first, answered later."""
        if event.id in {each.id for each in self.events}:
            return False
        self.events.append(event)
        task = asyncio.create_task(self._answer(event))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return True

    async def finish(self) -> None:
        """Until everything is answered."""
        await asyncio.gather(*self._working)

    async def _answer(self, event: Event) -> None:
        await asyncio.sleep(self.pause_s)
        match event.happened:
            case Commanded(text=""):
                await self.chat.open_form(event.happened.trigger, self._form())
            case Commanded() | Filled():
                await self._shoot(event)
            case Pressed():
                await self._pressed(event, event.happened)
            case _ if event.happened.attachments:
                await self._look(event)
            case _:
                await self._say(event, Message("Send me photos of yourself.", (Text("Send me photos of yourself."),)))

    async def _say(self, event: Event, message: Message, step: str = "") -> str:
        return await self.chat.send(event.conversation, message, event.id[:8] + event.id[-12:] + step)

    async def _look(self, event: Event) -> None:
        items = (
            Item("good", "Photo 1", "Sharp, well lit and facing the camera: a good base for headshots."),
            Item("fair", "Photo 2", "Your face is small in this photo, so headshots will be smaller."),
            Item("bad", "Photo 3", "Your eyes are closed here. Send a photo with open eyes."),
        )
        said = "I have looked at your photos."
        row = Buttons(
            (
                Button("make:1...corporate", "Make corporate headshots", "primary"),
                Button("styles:1...", "Choose a style"),
            )
        )
        next_photo = Text("A photo with your head turned a little to your left would help most.")
        await self._say(event, Message(said, (Text(said), Items(items), next_photo, row)))

    async def _shoot(self, event: Event) -> None:
        cancel = Buttons((_button("cancel", "Cancel"),))
        steps = [(0.02, "You are next in line"), (0.12, "Looking at your photos"), (0.35, "Developing headshot 3 of 12"),
                 (0.68, "Developing headshot 8 of 12"), (0.95, "Choosing the best")]  # fmt: skip
        head = Text("12 corporate headshots from 1 photo", "heading")
        ref = await self._say(
            event, Message("Your corporate headshots are on their way.", (head, Bar(0, "Starting"), cancel))
        )
        for share, label in steps:
            await asyncio.sleep(self.pause_s)
            await self.chat.edit(ref, Message(label, (head, Bar(share, f"{label} · about 20 seconds"), cancel)))
        await asyncio.sleep(self.pause_s)
        self._gallery = ref
        await self.chat.edit(ref, await self._shown(event.person))
        ready = "Your corporate headshots are ready. Write here what you would like to change."
        await self.chat.send(ref, Message(ready, (Text(ready),)), "ready" + event.id[:12])

    async def _shown(self, person: Person) -> Message:
        pictures = []
        for rank, (data, why) in enumerate(zip(self.prints, WHYS, strict=False), 1):
            with Image.open(io.BytesIO(data)) as opened:
                width, height = opened.size
            buttons = (
                _button("download", "Download", rank, look="primary" if rank == 1 else "plain"),
                _button("more-like-this", "More like this", rank),
                _button("new-light", "New light", rank),
                _button("new-backdrop", "New backdrop", rank),
                _button("favourite", "Unfavourite" if rank in self.favourites else "Favourite", rank),
                _button("new-crop", "New crop", rank),
                _button("delete", "Delete", rank, look="danger", confirm=f"Delete headshot {rank} for good?"),
            )
            title = f"{rank} · likeness 0.9{9 - rank}"
            artifact = await self.keep(person, data)
            alt = f"Headshot {rank}: grey backdrop, soft light"
            pictures.append(
                Picture(artifact, person.key, alt, title, why, buttons, width, height, rank in self.favourites)
            )
        row = Buttons((_button("show-all", "Show all 12"), _button("more", "More of these"), _button("style", "Another style"),
                       _button("forget", "Forget my photos", look="danger", confirm="Destroy your photos and all headshots?")))  # fmt: skip
        small = Text("Every headshot is made of your own pixels. Trust your own eye first.", "small")
        return Message("Your corporate headshots: 12 headshots, the best first.",
                       (Text("Your corporate headshots", "heading"), *pictures, row, small))  # fmt: skip

    async def _pressed(self, event: Event, pressed: Pressed) -> None:
        action = read_action(pressed.action)
        if action is None or action.verb == "agree":
            await self._say(event, Message("Thank you.", (Text("Thank you. Now send me photos of yourself."),)))
        elif action.verb == "favourite":
            self.favourites ^= {action.rank}
            await self.chat.edit(self._gallery, await self._shown(event.person))
        elif action.verb == "download":
            artifact = await self.keep(event.person, self.prints[action.rank - 1])
            file = File(artifact, event.person.key, f"headshot-corporate-{action.rank}.jpg", "image/jpeg")
            said = f"Headshot {action.rank} at full size."
            await self.chat.send(self._gallery, Message(said, (Text(said), file)), f"file{event.id[:18]}")
        elif action.verb in {"make", "more-like-this"}:
            await self._shoot(event)
        elif action.verb in {"style", "styles"}:
            await self.chat.open_form(pressed.trigger, self._form())
        else:
            await self._say(event, Message(f"You pressed {action.verb}.", (Text(f"You pressed {action.verb}."),)))

    def _form(self) -> Form:
        options = tuple(Option(*style, picture=style[0]) for style in STYLES)
        return Form("make:1...", "Your headshots", "Make them", (
            Blank("style", "Style", "choice", "corporate", options=options),
            Blank("count", "How many", "number", "12", "More take longer: about two seconds each.", least=1, most=24),
            Blank("wish", "A wish", "text", hint="Such as “white background, softer light”.", longest=200, optional=True),
            Blank("selfies", "More photos of you", "photos", hint="Ten at most.", most=10, optional=True),
        ))  # fmt: skip

    async def keep(self, person: Person, data: bytes) -> str:
        """In the picture store, as a worker does."""
        later = datetime.now(UTC) + timedelta(days=7)
        kept = await self.pictures.put(person.key, data, kind="headshot", media_type="image/jpeg", expires_at=later)
        return kept.id


def sample_prints(folder: Path | None = None) -> list[bytes]:
    """Four headshots of the sample sitter: of a folder that `headroom demo` made, or cut out of the sheet in the docs."""
    if folder is not None:
        return [path.read_bytes() for path in sorted(folder.glob("0*.jpg"))[:4]]
    prints = []
    with Image.open(SHEET) as sheet:
        for box in PRINTS:
            out = io.BytesIO()
            sheet.crop(box).save(out, "JPEG", quality=92)
            prints.append(out.getvalue())
    return prints


async def open_stage(folder: Path, prints: Sequence[bytes], pause_s: float = 0.05) -> tuple[Playground, FakeBot]:
    """A playground with the fake bot behind it, on a free port."""
    pictures = await open_pictures(folder_shelf(folder / "pictures"), bytes(range(32)), lambda: datetime.now(UTC))
    bot = FakeBot(pictures, prints, pause_s)
    playground = Playground(0, bot.receive, pictures, folder, lambda: [style[:2] for style in STYLES], examples=example)
    bot.chat = playground.chat
    await playground.start()
    return playground, bot


async def _serve() -> None:
    with tempfile.TemporaryDirectory() as folder:
        playground, _ = await open_stage(Path(folder), sample_prints(), 1.0)
        print(playground.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
