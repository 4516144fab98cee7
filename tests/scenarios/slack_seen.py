"""What stands in Slack, as what a person sees. Pure, but for the names of files."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.scenarios.seen import Seen, SeenButton, SeenFile, SeenForm, SeenPicture
from tests.slack.simulator.forms import elements_of, state_of
from tests.slack.simulator.records import Json, Message, View

CLIP = "📎 "
"""Stands before the name of a file that is handed over beside a message."""
_SIGNS = "✅⚠️❌⭐ "
_TITLE = re.compile(r"^(\S+ )?\*([^*\n]+)\*(?:\n| – )?", re.MULTILINE)
_LINE = re.compile(r"\D*(\d+) · likeness")
"""Says what can be done with one headshot of the album above."""
_EMPTY = "-"
"""What an empty choice stands as."""


@dataclass
class _Drawn:
    """A message, block by block."""

    words: list[str] = field(default_factory=list)
    buttons: list[SeenButton] = field(default_factory=list)
    pictures: list[SeenPicture] = field(default_factory=list)
    headshot: int = 0
    """Of the picture just above, whose buttons come next."""


def place_of(message: Message) -> str:
    """The channel, or the message above the thread."""
    return f"{message.channel}/{message.thread_ts}" if message.thread_ts else message.channel


def ref_of(message: Message) -> str:
    """Its own, and that of the thread below it."""
    return f"{message.channel}/{message.ts}"


def seen_of(message: Message, name_of: Callable[[str], str]) -> Seen:
    """A message. `name_of`: of a file."""
    drawn = _Drawn([reader(message.text)])
    for block in message.blocks:
        _draw(block, drawn)
    return Seen(
        ref=ref_of(message),
        place=place_of(message),
        author="" if message.by_bot else message.user,
        text="\n".join(drawn.words),
        buttons=tuple(drawn.buttons),
        pictures=tuple(drawn.pictures),
        files=tuple(SeenFile(name_of(file), file) for file in message.files if message.by_bot),
        only_me=bool(message.only_to),
        gone=message.gone,
    )


def form_of(view: View) -> SeenForm:
    """A modal: the values that stand there, by field."""
    values = {block["block_id"]: _value(element) for block, element in elements_of(view.body["blocks"])}
    return SeenForm(view.body["title"]["text"], values, {"view": view.id})


def clipped(seen: Seen) -> list[str]:
    """Names of the files that a message says come with it."""
    return [line.removeprefix(CLIP) for line in seen.text.splitlines() if line.startswith(CLIP)]


def reader(text: str) -> str:
    """mrkdwn as it is read: a title in bold and what follows it make a line."""
    lines = _TITLE.sub(lambda found: f"{found[2]}: " if found[0][-1] in "\n " else found[2], text)
    return lines.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\u2060", "")


def _draw(block: Json, drawn: _Drawn) -> None:
    words = [_words(text) for text in _texts(block)]
    drawn.words += words
    match block["type"]:
        case "image":
            drawn.pictures.append(_picture(block))
            drawn.headshot = drawn.pictures[-1].headshot
        case "context" if drawn.headshot and not drawn.pictures[-1].title:
            last, caption = drawn.pictures[-1], words[0]
            title = caption.split(":")[0].strip(_SIGNS)
            drawn.pictures[-1] = SeenPicture(last.headshot, title, last.alt, last.ref, "favourite" in title)
        case "actions":
            drawn.buttons += [button for each in block["elements"] for button in _buttons(each, drawn.headshot)]
            drawn.headshot = 0
        case "section" if (found := _LINE.match(words[0])) is not None:
            number, title = int(found[1]), words[0].split(":")[0].strip(_SIGNS)
            drawn.pictures.append(SeenPicture(number, title, title, "", "favourite" in title))
            drawn.buttons += _buttons(block["accessory"], number)
        case _:
            drawn.headshot = 0
            if accessory := block.get("accessory"):
                drawn.buttons += _buttons(accessory, 0)


def _texts(block: Json) -> Iterator[Json]:
    for holder in (block, *block.get("elements", [])):
        if isinstance(text := holder.get("text"), dict) and holder.get("type") not in ("button", "overflow"):
            yield text
        elif holder.get("type") in ("plain_text", "mrkdwn"):
            yield holder


def _words(text: Json) -> str:
    return reader(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def _picture(block: Json) -> SeenPicture:
    found = re.match(r"Headshot (\d+)", block["alt_text"])
    return SeenPicture(int(found[1]) if found else 0, "", block["alt_text"], block["slack_file"]["id"])


def _buttons(element: Json, headshot: int) -> Iterator[SeenButton]:
    if element["type"] == "overflow":
        for option in element["options"]:
            yield SeenButton(option["text"]["text"], option["value"], "", headshot)
    elif "value" in element:
        hint = element.get("accessibility_label", "")
        yield SeenButton(element["text"]["text"], element["value"], hint, headshot)


def _value(element: Json) -> str:
    """What stands there; "" for nothing."""
    state = state_of(element)
    told = next((value for name, value in state.items() if name != "type"), None)
    if isinstance(told, dict):
        return "" if told["value"] == _EMPTY else str(told["value"])
    return told if isinstance(told, str) else ""
