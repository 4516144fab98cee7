"""Sharing a headshot: where to, what everybody sees there, and what its owner is told."""

from bot.actions import Action, to_id
from bot.cards.answers import told
from bot.cards.buttons import button
from bot.cards.phrasing import look_of
from bot.messages import Blank, Form, Message, Picture, Text
from bot.payloads import HeadshotFacts
from bot.people import Person
from bot.verbs import Verb

CHANNEL = "channel"
"""The field with the channel."""
_BY = "Shared by the person in the picture."


def share_form(shoot_id: str, rank: int) -> Form:
    """Where one headshot goes."""
    hint = f"Everybody there sees headshot {rank}, and nothing else of you. You can take it back."
    return Form(
        id=to_id(Action(Verb.SHARE, shoot_id, rank)),
        title="Share a headshot",
        submit="Share it",
        fields=(Blank(CHANNEL, "Channel", "channel", hint=hint),),
    )


def where_card(shoot_id: str, rank: int) -> Message:
    """For who asked in words, which no form can be opened with."""
    choose = button(Verb.SHARE, "Choose a channel", shoot_id=shoot_id, rank=rank, look="primary")
    return told(f"Where shall headshot {rank} go? Nobody sees it until you have chosen.", choose)


def shared_card(person: Person, artifact: str, facts: HeadshotFacts) -> Message:
    """What stands in the channel: the picture and whose doing it is. No score, no name, no button."""
    look = look_of(facts.recipe)
    alt = "A headshot"
    if look:
        alt = f"A headshot: {look['crop']} crop, {look['backdrop']} backdrop, {look['light']} light"
    picture = Picture(artifact, person.key, alt, width_px=facts.width_px, height_px=facts.height_px)
    return Message("Somebody shared a headshot of themselves.", (picture, Text(_BY, "small")))


def sharing_card(shoot_id: str, rank: int, key: str) -> Message:
    """Told to the owner at once. `key`: of the message in the channel."""
    back = button(
        Verb.TAKE_BACK,
        "Take it back",
        shoot_id=shoot_id,
        rank=rank,
        argument=key,
        hint=f"Take headshot {rank} out of there",
    )
    said = f"I post headshot {rank} in the channel that you chose, for everybody there to see. If I cannot, I tell you here."
    return told(said, back)


def unshared_card(shoot_id: str, rank: int) -> Message:
    """Told when nothing could be posted."""
    said = (
        f"I could not post headshot {rank} there, so nobody has seen it. I can only write in channels that I am a member of:"
        " invite me to that one, then share it again. Where people of other companies read along, I show nobody's face."
    )
    return told(said, button(Verb.SHARE, "Share again", shoot_id=shoot_id, rank=rank))


def taken_back_card(rank: int, *, stood: bool) -> Message:
    """`stood`: it was there until now."""
    if stood:
        return told(f"Headshot {rank} is taken back: it stands there no more.")
    return told(f"Headshot {rank} does not stand there. If it appears after all, press “Take it back” once more.")
