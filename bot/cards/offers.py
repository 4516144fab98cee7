"""Offers: somebody pointed at photos of another person. Only that person decides, and nothing is looked at before."""

from bot.cards.answers import told
from bot.cards.buttons import button
from bot.cards.phrasing import counted
from bot.messages import Buttons, Message, Text
from bot.verbs import Verb


def offer_card(key: str, photos: int) -> Message:
    """The question to whoever posted the photos; it does not say who would like it. `key`: of this message."""
    which = "a photo" if photos == 1 else counted(photos, "photo")
    said = f"Somebody here would like a headshot of you, made from {which} that you posted."
    return Message(
        said,
        (
            Text("A headshot of you?", "heading"),
            Text(said),
            Text(
                "Nothing has been opened or stored, and nothing happens unless you say so. If you do, the headshots come to you"
                " alone, here. Please say yes only if the photos show your own face."
            ),
            Buttons(
                (
                    button(Verb.OFFER, "Make my headshot", argument=key, look="primary"),
                    button(Verb.LEAVE, "No, thank you"),
                )
            ),
        ),
    )


def asked_card() -> Message:
    """Told to whoever pointed."""
    return told(
        "I have asked whoever posted it. If they agree, their headshots go to them; you hear nothing more from me."
    )


def left_card() -> Message:
    """After a no."""
    return told("That is fine. I have not opened those photos, and I leave them alone.")
