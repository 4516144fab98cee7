"""Words: commands after a slash, and whatever is typed in a direct conversation or below a gallery."""

from dataclasses import replace

from bot.actions import Action
from bot.cards.answers import left_out_card
from bot.cards.consent import welcome_card
from bot.cards.help import puzzled_card
from bot.conversation.answers import Answer, answer
from bot.conversation.asking import ask
from bot.conversation.ports import Ports
from bot.conversation.pressing import ON_THEIR_OWN, Press, press
from bot.conversation.selfies import remove_by_number
from bot.conversation.showing import cancel_by_word, show_by_id
from bot.conversation.sittings import sitting_of
from bot.conversation.varying import vary
from bot.conversation.words import Heard, asks_for_a_shoot, hear, plain, style_words, without_rank
from bot.events import Event
from bot.shoots import Shoot
from bot.verbs import Verb
from engine.contract.errors import PersonError


async def command(ports: Ports, event: Event, text: str, trigger: str) -> Answer:
    """What follows `/headshot`."""
    words = plain(text)
    heard = hear(words)
    if heard is not None:
        return await _obey(ports, event, heard, trigger)
    return await ask(ports, event, words, trigger)


async def talk(ports: Ports, event: Event, text: str) -> Answer:
    """Anything else: a phrase, a change to a headshot, a style. Never silence."""
    words = plain(text)
    if not words:
        return await command(ports, event, "", "") if text.strip().startswith("/") else Answer()
    if text.lstrip().startswith("/"):
        return await command(ports, event, words, "")
    if (heard := hear(words)) is not None:
        return await _obey(ports, event, heard, "")
    gallery = await _gallery(ports, event)
    style, certain = style_words(words, ports.catalogue.styles()) or (None, False)
    if gallery is not None and not certain:
        rank, rest = without_rank(words)
        if (change := ports.catalogue.variation(rest)) is not None:
            made = await vary(ports, event, gallery, rank, change.kind)
            if not (change.left or change.unmet):
                return made
            return replace(made, replies=(*made.replies, *answer(event, left_out_card(change)).replies))
    if style is not None:
        return await ask(ports, event, style)
    try:
        if not words.isdigit() and asks_for_a_shoot(words, ports.catalogue.asked(words)):
            return await ask(ports, event, words)
    except PersonError as error:
        if error.code != "style_unknown":
            raise
    if gallery is None and not await sitting_of(ports, event.person):
        return answer(event, welcome_card())
    return answer(event, puzzled_card(gallery=gallery is not None))


async def _obey(ports: Ports, event: Event, heard: Heard, trigger: str) -> Answer:
    match heard.verb:
        case Verb.CANCEL:
            return await cancel_by_word(ports, event)
        case Verb.SHOW:
            return await show_by_id(ports, event, heard.argument)
        case Verb.REMOVE_SELFIE:
            return await remove_by_number(ports, event, heard.rank)
    argument = "on" if heard.verb is Verb.FAVOURITE else heard.argument
    asked = Press(ports, event, Action(heard.verb, "", heard.rank, argument), trigger)
    if heard.verb in ON_THEIR_OWN:
        return await press(asked, None)
    if (gallery := await _gallery(ports, event)) is None:
        raise PersonError("no_gallery_yet")
    return await press(asked, gallery)


async def _gallery(ports: Ports, event: Event) -> Shoot | None:
    """The one of this thread, or the newest of all."""
    here = await ports.galleries.latest(event.person, event.conversation)
    return here or await ports.galleries.latest(event.person)
