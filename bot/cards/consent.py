"""Consent: the question, and what follows from yes and no."""

from bot.cards.buttons import button, start_buttons
from bot.messages import Buttons, Message, Text
from bot.verbs import Verb

HOW_TO_SEND = (
    "Send me one to twelve photos of yourself: head and shoulders, facing the camera, in soft light. Two or three are enough"
    " to begin, and you can send them one by one."
)


def consent_card(text: str, *, photos_wait: bool = False) -> Message:
    """Asked before the first photo is opened. `photos_wait`: some have been sent and lie where they are."""
    waiting = ("Your photos have not been opened. I look at them as soon as you agree.",) if photos_wait else ()
    return Message(
        "Before I look at any photo, I need your consent.",
        (
            Text("Before I look at any photo", "heading"),
            *(Text(paragraph) for paragraph in text.split("\n\n")),
            *(Text(line) for line in waiting),
            Buttons(
                (
                    button(Verb.AGREE, "I agree", look="primary", hint="I agree that my photos are used in this way"),
                    button(Verb.DECLINE, "No thanks"),
                )
            ),
        ),
    )


def agreed_card(waiting: int) -> Message:
    """`waiting`: messages with photos that came before."""
    if waiting:
        said = "Thank you. I am looking at your photos now."
        return Message(said, (Text(said),))
    return Message("Thank you. Now send me photos of yourself.", (Text("Thank you."), Text(HOW_TO_SEND)))


def declined_card() -> Message:
    """A no is a no."""
    said = "That is fine. Nothing was opened, and I keep nothing of you. If you change your mind, just write to me."
    return Message(said, (Text(said),))


def photos_first_card() -> Message:
    """A shoot was asked for, and there is no photo."""
    return Message("I need photos of you first.", (Text("I need photos of you first."), Text(HOW_TO_SEND)))


def welcome_card() -> Message:
    """Somebody who has agreed, and sent nothing yet, says hello."""
    return Message("Send me photos of yourself.", (Text(HOW_TO_SEND), Buttons(start_buttons()[1:])))
