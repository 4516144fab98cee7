"""Messages and forms of the real bot about made-up shoots of one person in Slack: what snapshots are taken of."""

from dataclasses import replace

from bot.cards.answers import download_card, error_card
from bot.cards.consent import consent_card
from bot.cards.galleries import gallery_card, rest_cards
from bot.cards.help import help_card
from bot.cards.home import Belongings, GalleryRow, Habit, home_page, stranger_page
from bot.cards.sharing import share_form, shared_card
from bot.cards.shoots import explanation_card, progress_card, ready_card
from bot.cards.status import Selfie, Waiting
from bot.cards.styles import shoot_form, styles_card
from bot.cards.verdicts import verdict_card
from bot.consent_text import consent_text
from bot.doorbell import Progress
from bot.ledger import KeptHeadshot, Standing
from bot.messages import Form, Message
from bot.payloads import (
    GalleryEnding,
    HeadshotFacts,
    ScreeningPayload,
    SelfieRef,
    SelfieVerdict,
    ShootPayload,
    VerdictEnding,
    from_json,
    to_json,
)
from bot.people import Person
from bot.retention import Retention
from bot.shoots import Json, Kind, Place, Shoot, ShootOrder, ShootState
from engine.catalogue import StudioCatalogue
from engine.contract.errors import PersonError
from engine.contract.sentences import SENTENCES

ANNA = Person("slack", "T1", "U1")
ID, OTHER = "1a2b3c4d" * 4, "5e6f7a8b" * 4
STYLES = StudioCatalogue().styles()
_REFS = (SelfieRef("a" * 32, "Photo 1"), SelfieRef("b" * 32, "Photo 2"), SelfieRef("c" * 32, "Photo 3"))
_SHOOT = to_json(ShootPayload("corporate", 12, _REFS, "softer light & <white> background"))
_WHYS = (
    "Chosen for eyes in sharp focus and soft, even light.",
    "Chosen for a natural smile and a well balanced frame.",
    "Chosen for variety: split light on the slate backdrop, framed square tight.",
)
_LOOKS = (("loop", "slate"), ("clamshell", "pure-white"), ("split", "slate"), ("butterfly", "warm-grey"))


def ended(kind: Kind, payload: Json, ending: Json, state: ShootState = ShootState.FINISHED) -> Shoot:
    """A shoot of Anna's."""
    order = ShootOrder(ID, ANNA, "e1", kind, payload, "T1/@U1")
    return Shoot(order, state, "shoots", 12, 0.0, 1.0, "T1/@U1/1700000000.000100", ending)


def gallery(count: int = 12) -> tuple[Shoot, list[KeptHeadshot]]:
    """The second headshot is a favourite."""
    kept = []
    for at in range(count):
        light, backdrop = _LOOKS[at % len(_LOOKS)]
        shot = {
            "style": "corporate",
            "crop": "head-and-shoulders",
            "backdrop": {"name": backdrop},
            "light": {"name": light},
        }
        why, notes = _WHYS[at % len(_WHYS)], ("note_likeness_modest",) if at == 3 else ()
        facts = HeadshotFacts(at + 1, f"s{at}", 1638, 2048, "jpeg", {"shot": shot}, 0.8, 0.94 - at / 50, why, notes)
        marks = frozenset({"favourite"} if at == 1 else ())
        kept.append(KeptHeadshot(ID, f"{at + 1:032x}", to_json(facts), 0.0, marks))  # type: ignore[arg-type]
    return ended("shoot", _SHOOT, to_json(GalleryEnding("corporate", count, 20, unmet=("wish_tone_only",)))), kept


def verdicts() -> Message:
    """Good, fair, and not to be used."""
    seen = (("accepted", "accepted_front"), ("usable", "soft"), ("refused", "no_face"))
    made = tuple(
        SelfieVerdict(ref.artifact, ref.name, ref.name, outcome, code, SENTENCES[code])  # type: ignore[arg-type]
        for ref, (outcome, code) in zip(_REFS, seen, strict=True)
    )
    return verdict_card(
        ended("screening", to_json(ScreeningPayload(_REFS)), to_json(VerdictEnding(made, "next_smile")))
    )


def progress(state: ShootState = ShootState.RUNNING) -> Message:
    """The placeholder: in line, or a third of the way."""
    standing = Standing(ID, "shoot", ANNA, "T1/@U1/1700000000.000100", _SHOOT, state, 0.0, None, 3)
    if state is ShootState.QUEUED:
        return progress_card(standing, Place(2, 3, 1, 30.0), None, 52)
    return progress_card(standing, None, Progress(ID, "render", 4, 12, 0.0), 41)


def home() -> Message:
    """Of somebody who has made something of everything."""
    done, kept = gallery()
    other = replace(done, order=replace(done.order, id=OTHER))
    seen = SelfieVerdict("a" * 32, "Photo 1", "x", "accepted", "accepted_front", SENTENCES["accepted_front"])
    selfies = (Selfie("a" * 32, "Photo 1", 80_000, seen), Selfie("b" * 32, "Photo 2", 80_000, None))
    rows = (GalleryRow(done, len(kept), (2,)), GalleryRow(other, 4, ()))
    waiting = (Waiting(replace(done, state=ShootState.QUEUED), Place(2, 3, 1, 30.0)),)
    return home_page(Belongings(1_700_000_000.0, Habit("corporate", 12, "0.4"), waiting, selfies, rows))


def messages() -> dict[str, Message]:
    """By name."""
    done, kept = gallery()
    consent = consent_text("ACME & Sons", Retention())
    lost = ended("shoot", _SHOOT, {"code": "nothing_passed", "facts": {}}, ShootState.EXPLAINED)
    facts = from_json(HeadshotFacts, kept[0].facts)
    return {
        "consent": consent_card(consent, photos_wait=True),
        "stranger": stranger_page(consent, known=True),
        "help": help_card(),
        "styles": styles_card(STYLES),
        "verdicts": verdicts(),
        "in-line": progress(ShootState.QUEUED),
        "progress": progress(),
        "gallery": gallery_card(done, kept),
        "gallery-rest": rest_cards(done, kept)[0],
        "ready": ready_card(done, kept),
        "explanation": explanation_card(lost),
        "download": download_card(ANNA, done, kept[0].artifact, facts, Retention()),
        "shared": shared_card(ANNA, kept[0].artifact, facts),
        "connect": error_card(
            PersonError("profile_not_connected", url="https://headroom.example/slack/install?state=1")
        ),
    }


def forms() -> dict[str, Form]:
    """By name."""
    return {"form-headshots": shoot_form(STYLES), "form-share": share_form(ID, 2)}
