"""Galleries: the best headshots by rank, each with likeness, a line of why and its buttons."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cards.asked import title_of, wanted_count
from bot.cards.buttons import ENOUGH, button, gallery_buttons, headshot_buttons
from bot.cards.phrasing import counted, headline, look_of, short_id
from bot.ledger import KeptHeadshot
from bot.messages import Album, Buttons, Message, Part, Picture, Text
from bot.payloads import GalleryEnding, HeadshotFacts, from_json
from bot.people import Person
from bot.profiles import HAVE_PROFILE_PHOTOS
from bot.shoots import Shoot
from bot.verbs import Verb
from engine.contract.sentences import SENTENCES

PAGE = 10
"""Headshots in one message of those that "show all" brings: as many as platforms show together."""
_PLAIN = (
    "Every headshot is made of your own pixels. Likeness, from 0 to 1, says how much it looks like you;"
    " trust your own eye first. Favourite or download what you want to keep longer."
)


def shown_of(headshots: Sequence[KeptHeadshot]) -> tuple[KeptHeadshot, ...]:
    """The headshots that a gallery shows at once."""
    return tuple(headshots[:ENOUGH])


def gallery_card(shoot: Shoot, headshots: Sequence[KeptHeadshot]) -> Message:
    """The gallery of a shoot or a variation. `headshots`: by rank, without those that were deleted."""
    title, shown = _title(shoot), shown_of(headshots)
    facts = [from_json(HeadshotFacts, kept.facts) for kept in headshots]
    shared = _shared(facts)
    parts: list[Part] = [Text(title, "heading"), *(Text(line) for line in _remarks(shoot, len(headshots)))]
    parts += [Text(_said(code), "small") for code in shared]
    parts += [to_picture(shoot.order.person, kept, shared, first=at == 0) for at, kept in enumerate(shown)]
    parts.append(Buttons(gallery_buttons(shoot.order.id, len(shown), len(headshots))))
    parts.append(Text(f"{_PLAIN} {_where(shoot)}", "small"))
    return Message(_summary(title, len(headshots)), tuple(parts))


def rest_cards(shoot: Shoot, headshots: Sequence[KeptHeadshot]) -> tuple[Message, ...]:
    """All headshots beyond those that the gallery shows, in albums."""
    rest = headshots[len(shown_of(headshots)) :]
    shared = _shared([from_json(HeadshotFacts, kept.facts) for kept in headshots])
    made = []
    for start in range(0, len(rest), PAGE):
        page = rest[start : start + PAGE]
        ranks = [from_json(HeadshotFacts, kept.facts).rank for kept in page]
        span = f"Headshot {ranks[0]}" if len(ranks) == 1 else f"Headshots {ranks[0]} to {ranks[-1]}"
        title = f"{span} of {title_of(shoot.order.kind, shoot.order.payload)}"
        pictures = [to_picture(shoot.order.person, kept, shared) for kept in page]
        album = Album(tuple(_with_more(shoot, *each) for each in zip(pictures, ranks, strict=True)))
        made.append(Message(title, (Text(title, "heading"), album)))
    return tuple(made)


def headshot_card(shoot: Shoot, kept: KeptHeadshot) -> Message:
    """One headshot by itself, with everything that can be done with it."""
    rank = from_json(HeadshotFacts, kept.facts).rank
    title = f"Headshot {rank} of {title_of(shoot.order.kind, shoot.order.payload)}"
    return Message(title, (Text(title, "heading"), to_picture(shoot.order.person, kept)))


def _with_more(shoot: Shoot, picture: Picture, rank: int) -> Picture:
    hint = f"Everything that can be done with headshot {rank}"
    return replace(picture, more=button(Verb.SHOW, "More…", shoot_id=shoot.order.id, rank=rank, hint=hint))


def to_picture(person: Person, kept: KeptHeadshot, shared: Sequence[str] = (), *, first: bool = False) -> Picture:
    """One headshot; `shared` notes are said elsewhere."""
    facts = from_json(HeadshotFacts, kept.facts)
    look = look_of(facts.recipe)
    alt = f"Headshot {facts.rank}"
    if look:
        alt = f"Headshot {facts.rank}: {look['crop']} crop, {look['backdrop']} backdrop, {look['light']} light"
    favourite, profile = "favourite" in kept.marks, person.platform in HAVE_PROFILE_PHOTOS
    return Picture(
        artifact=kept.artifact,
        owner=person.key,
        alt=alt,
        title=f"{facts.rank} · likeness {facts.likeness:.2f}{' · favourite' if favourite else ''}",
        text=" ".join([facts.why, *(_said(code) for code in facts.notes if code not in shared)]).strip(),
        buttons=headshot_buttons(kept.shoot_id, facts.rank, favourite=favourite, first=first, profile=profile),
        width_px=facts.width_px,
        height_px=facts.height_px,
        marked=favourite,
    )


def _title(shoot: Shoot) -> str:
    title = title_of(shoot.order.kind, shoot.order.payload)
    if shoot.order.kind == "variation":
        return f"{title} of {short_id(shoot.order.parent or '')}" if shoot.order.parent else title
    return "Your " + title.split(" ", 1)[-1]


def _summary(title: str, count: int) -> str:
    return f"{title}: {counted(count, 'headshot')}, the best first." if count else f"{title}: none is left."


def _remarks(shoot: Shoot, left: int) -> list[str]:
    """What is less than the person hoped for, said at once."""
    ending = from_json(GalleryEnding, shoot.ending)
    wanted = wanted_count(shoot.order.kind, shoot.order.payload)
    said = [_said(code) for code in ending.unmet]
    if ending.headshots < wanted:
        said.append(f"{ending.headshots} of {wanted}: the other pictures were not good or different enough to show.")
    if not left:
        said.append("No headshot of this gallery is left.")
    return said


def _where(shoot: Shoot) -> str:
    known = short_id(shoot.order.id)
    return headline(f"this is gallery {known}: “show {known}” brings it back.")


def _shared(facts: Sequence[HeadshotFacts]) -> tuple[str, ...]:
    """Notes that every headshot carries are said once."""
    if len(facts) < 2:
        return ()
    return tuple(note for note in facts[0].notes if all(note in other.notes for other in facts))


def _said(code: str) -> str:
    """The sentence of a note; one of a later version stays as it is."""
    return SENTENCES.get(code, code)
