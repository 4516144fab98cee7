"""Help: what can be typed, and what it does."""

from bot.cards.buttons import button, start_buttons
from bot.cards.consent import HOW_TO_SEND
from bot.messages import Buttons, Item, Items, Message, Text
from bot.verbs import Verb

COMMANDS = (
    ("/headshot", "choose style, number and wish in a form"),
    ("/headshot corporate 8", "8 headshots in that style; you can add a wish, such as “white background”"),
    ("styles", "all styles"),
    ("selfies", "your photos and what I think of them"),
    ("status", "what is under way, what you have and how long I keep it"),
    ("show 1a2b3c4d", "a gallery of yours again"),
    ("cancel", "stop what is under way"),
    ("export", "everything that I keep of you, as a file"),
    ("forget", "destroy everything that I keep of you"),
)
IN_THE_THREAD = "“warmer”, “more like 2”, “white background”, “new light for 3”, “show all”, “download 1”, “share 1”, “legal instead”"


def help_card() -> Message:
    """The long answer."""
    return Message(
        "How to get a headshot, and what you can type.",
        (
            Text("How to get a headshot", "heading"),
            Text(HOW_TO_SEND),
            Items(tuple(Item("open", name, text) for name, text in COMMANDS)),
            Text(f"Below a gallery you can type {IN_THE_THREAD}. Here the commands work without /headshot, too."),
            Buttons((*start_buttons(), button(Verb.STATUS, "Status"))),
        ),
    )


def puzzled_card(*, gallery: bool) -> Message:
    """The short answer to words that mean nothing to us. `gallery`: there is one to talk about."""
    known = IN_THE_THREAD if gallery else "“/headshot corporate”, “styles” or “status”"
    said = f"I did not understand that. Try {known}, or “help”."
    return Message(said, (Text(said), Buttons((button(Verb.HELP, "Help"),))))
