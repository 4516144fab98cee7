"""Cards: what people read and press. Pure builders, so each fact is seen in the message that it becomes."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.cards.answers import error_card, forgotten_card
from bot.cards.help import help_card
from bot.cards.phrasing import counted, listed, style_words, wait_words
from bot.cards.shoots import (
    STAGES,
    ack_card,
    cancelled_card,
    explanation_card,
    gallery_card,
    progress_card,
    ready_card,
    verdict_card,
)
from bot.cards.styles import styles_card
from bot.doorbell import Progress
from bot.ledger import KeptHeadshot, Standing
from bot.messages import Bar, Buttons, Items, Message, Picture, from_json, to_json
from bot.payloads import (
    GalleryEnding,
    HeadshotFacts,
    ScreeningPayload,
    SelfieRef,
    SelfieVerdict,
    ShootPayload,
    VariationPayload,
    VerdictEnding,
)
from bot.payloads import to_json as to_payload
from bot.shoots import Json, Kind, Place, Shoot, ShootOrder, ShootState
from engine.catalogue import StudioCatalogue
from engine.contract.errors import HeadroomError, PersonError
from tests.bot.scene import ANNA, buttons_of, text_of

ID = "1a2b3c4d" * 4
PARENT = "5e6f7a8b" * 4
REFS = (SelfieRef("a" * 32, "Photo 1"), SelfieRef("b" * 32, "Photo 2"))
RECIPE = {
    "shot": {
        "style": "linkedin-white",
        "crop": "square-tight",
        "backdrop": {"name": "pure-white"},
        "light": {"name": "loop"},
    }
}
SHOOT = to_payload(ShootPayload("linkedin-white", 8, REFS, "softer light"))
VARIATION = to_payload(VariationPayload("more-like-this", 4, 2, RECIPE, REFS))
SCREENING = to_payload(ScreeningPayload(REFS))


def ended(
    kind: Kind = "shoot",
    payload: Json = SHOOT,
    state: ShootState = ShootState.FINISHED,
    ending: Json = MappingProxyType({}),
) -> Shoot:
    """A shoot that is over."""
    order = ShootOrder(ID, ANNA, "e1", kind, payload, "D1", PARENT if kind == "variation" else None)
    return Shoot(order, state, "shoots", 8, 0.0, 1.0, "D1:1", ending)


def gallery(count: int = 8, unmet: tuple[str, ...] = (), **facts: object) -> tuple[Shoot, list[KeptHeadshot]]:
    """A gallery of so many."""
    kept = []
    for rank in range(1, count + 1):
        made = HeadshotFacts(rank, f"s{rank}", 1638, 2048, "jpeg", RECIPE, 0.8, 0.914, f"Reason {rank}.")
        kept.append(KeptHeadshot(ID, f"{rank:032x}", to_payload(replace(made, **facts)), 0.0))  # type: ignore[arg-type]
    ending = to_payload(GalleryEnding("linkedin-white", count, 20, unmet=unmet))
    return ended(ending=ending), kept


def standing(
    state: ShootState = ShootState.RUNNING, kind: Kind = "shoot", payload: Json = SHOOT, done: int = 0
) -> Standing:
    """A shoot whose placeholder stands there."""
    return Standing(ID, kind, ANNA, "D1:1", payload, state, 0.0, None, done)


def pictures(message: Message) -> list[Picture]:
    """Of the message."""
    return [part for part in message.parts if isinstance(part, Picture)]


def test_the_acknowledgement_says_what_was_understood() -> None:
    """So that somebody can object in time."""
    card = ack_card("shoot", SHOOT, ID, Place(2, 3, 1, 30), 52)
    assert "8 LinkedIn white headshots from 2 photos, with your wish “softer light”." in text_of(card)
    assert "2 ahead of you, about 50 s." in text_of(card)
    assert [each.label for each in buttons_of(card)] == ["Cancel"]


@pytest.mark.parametrize(
    ("ahead", "wait_s", "words"),
    [
        (0, 30.0, "You are next. Ready in about 30 s."),
        (1, None, "1 ahead of you."),
        (12, 300.0, "12 ahead of you, about 5 min."),
    ],
)
def test_the_place_in_line_is_told(ahead: int, wait_s: float | None, words: str) -> None:
    """With the time only where it is known."""
    card = progress_card(standing(ShootState.QUEUED), Place(ahead, 20, 1, 25), None, wait_s)
    assert words in text_of(card)


def test_stages_are_told_in_plain_words_and_never_run_backwards() -> None:
    """The bar says the same as the words; it grows from stage to stage."""
    shares = []
    for stage in STAGES:
        for done in (0, 5, 10):
            card = progress_card(standing(done=1), None, Progress(ID, stage, done, 10, 0.0), 20)
            (bar,) = [part for part in card.parts if isinstance(part, Bar)]
            assert "_" not in bar.label
            assert bar.label[0].isupper()
            shares.append(bar.share)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    card = progress_card(standing(done=3), None, Progress(ID, "finish", 3, 8, 0.0), 20)
    assert "3 of 8 headshots done. Ready in about 20 s." in text_of(card)


@pytest.mark.parametrize("progress", [None, Progress(ID, "polishing_lenses", 1, 2, 0.0)])
def test_progress_that_is_not_known_is_no_riddle(progress: Progress | None) -> None:
    """Redis may be away, or a worker of a later version speak of a stage that we have no words for."""
    text = text_of(progress_card(standing(), None, progress, None))
    assert "Starting" in text or "Working on it" in text


def test_a_gallery_shows_the_four_best_with_all_verbs() -> None:
    """Rank, likeness, a line of why, alternative text, and buttons that name their headshot."""
    shoot, kept = gallery()
    card = gallery_card(shoot, kept)
    shown = pictures(card)
    assert [picture.title for picture in shown] == [f"{rank} · likeness 0.91" for rank in (1, 2, 3, 4)]
    assert shown[0].text == "Reason 1."
    assert shown[1].alt == "Headshot 2: square tight crop, pure white backdrop, loop light"
    assert [each.label for each in shown[0].buttons] == [
        "Download", "More like this", "New light", "New backdrop", "Favourite", "New crop", "Share", "Delete",
    ]  # fmt: skip
    assert all("headshot 2" in each.hint.lower() for each in shown[1].buttons)
    assert [each.look for each in buttons_of(card)].count("primary") == 1
    assert "Show all 8" in [each.label for each in buttons_of(card)]
    assert "show 1a2b3c4d" in text_of(card)


def test_a_variation_names_its_parent() -> None:
    """In the thread of a day nobody would know otherwise."""
    _, kept = gallery(4)
    shoot = ended("variation", VARIATION, ending=to_payload(GalleryEnding("linkedin-white", 4, 8)))
    card = gallery_card(shoot, kept)
    assert card.summary == "More like headshot 2 of 5e6f7a8b: 4 headshots, the best first."
    assert "Show all 4" not in [each.label for each in buttons_of(card)]
    assert ready_card(shoot, kept).summary == "More like headshot 2: 4 headshots ready."


def test_what_is_less_than_hoped_for_is_said() -> None:
    """Wishes that could not be met, headshots that were not good enough, and notes; what all share, once."""
    shoot, kept = gallery(3, unmet=("wish_unmet_hair",), notes=("note_close",))
    text = text_of(gallery_card(shoot, kept))
    assert "Hair and beard stay as they are." in text
    assert "3 of 8: the other pictures were not good or different enough to show." in text
    assert text.count("The frame is close") == 1


def test_an_empty_gallery_says_so() -> None:
    """After the last one was deleted."""
    shoot, _ = gallery()
    card = gallery_card(shoot, [])
    assert "No headshot of this gallery is left." in text_of(card)


def test_verdicts_say_what_to_do_next() -> None:
    """Good, fair or bad with advice, a button to remove what is kept, and the one photo that would help most."""
    verdicts = (
        SelfieVerdict("a" * 32, "Photo 1", "x", "usable", "soft", "A little soft."),
        SelfieVerdict("b" * 32, "Photo 2", "y", "refused", "no_face", "No face was found."),
    )
    card = verdict_card(ended("screening", SCREENING, ending=to_payload(VerdictEnding(verdicts, "next_smile"))))
    (items,) = [part for part in card.parts if isinstance(part, Items)]
    assert [(item.outcome, item.title, item.text) for item in items.items] == [
        ("fair", "Photo 1", "A little soft."),
        ("bad", "Photo 2", "No face was found."),
    ]
    assert [len(item.buttons) for item in items.items] == [1, 0], "what is refused is destroyed already"
    assert "A photo with an open smile would help most." in text_of(card)
    assert "Make corporate headshots" in [each.label for each in buttons_of(card)]


def test_without_a_usable_photo_nothing_is_offered_but_advice() -> None:
    """A button that leads to an error is unkind."""
    verdicts = (SelfieVerdict("a" * 32, "Photo 1", "x", "refused", "no_face", "No face was found."),)
    payload = to_payload(ScreeningPayload(REFS[:1]))
    card = verdict_card(ended("screening", payload, ending=to_payload(VerdictEnding(verdicts, None))))
    assert card.summary.endswith("This photo cannot be used.")
    assert buttons_of(card) == []
    assert "head and shoulders" in text_of(card)


@pytest.mark.parametrize(
    ("code", "facts", "again"),
    [
        ("nothing_passed", {}, True),
        ("engine_crashed", {"reason": "signal"}, True),
        ("recipe_selfie_missing", {}, False),
        ("variation_at_limit", {}, False),
    ],
)
def test_explanations_offer_to_try_again_where_that_helps(code: str, facts: Json, again: bool) -> None:
    """And always say why."""
    card = explanation_card(ended(state=ShootState.EXPLAINED, ending={"code": code, "facts": facts}))
    assert ("Try again" in [each.label for each in buttons_of(card)]) is again
    assert len(text_of(card)) > 60


@pytest.mark.parametrize("ending", [{}, {"code": "of_a_later_version"}, {"code": "engine_crashed", "facts": {}}])
def test_an_ending_that_cannot_be_told_has_a_number(ending: Json) -> None:
    """Whatever stands in the row, the person is answered."""
    assert "1a2b3c4d" in text_of(explanation_card(ended(state=ShootState.EXPLAINED, ending=ending)))


def test_errors_are_sentences() -> None:
    """With the reference where there is one, once."""
    assert "Reference abc" in error_card(PersonError("shoot_unknown"), "abc").summary
    assert error_card(HeadroomError("went_wrong", reference="abc"), "abc").summary.count("abc") == 1
    assert "abc" in error_card(HeadroomError("nobody_knows"), "abc").summary


def every_card() -> dict[str, Message]:
    """One of each kind."""
    shoot, kept = gallery()
    return {
        "ack": ack_card("shoot", SHOOT, ID),
        "ack of photos": ack_card("screening", SCREENING, ID),
        "progress": progress_card(standing(), None, None, 5),
        "progress of photos": progress_card(standing(kind="screening", payload=SCREENING), None, None, None),
        "gallery": gallery_card(shoot, kept),
        "ready": ready_card(shoot, kept),
        "cancelled": cancelled_card(shoot),
        "styles": styles_card(StudioCatalogue().styles()),
        "help": help_card(),
        "forgotten": forgotten_card(8, 40, 1),
    }


@pytest.mark.parametrize("name", list(every_card()))
def test_every_card_is_complete_and_can_be_stored(name: str) -> None:
    """A summary for notifications, short labels, no row of more than five main buttons, alternative text; JSON and back."""
    card = every_card()[name]
    assert card.summary[0].isalnum()
    assert from_json(to_json(card)) == card
    assert all(len(each.label) <= 30 for each in buttons_of(card))
    assert all(len(part.buttons) <= 5 for part in card.parts if isinstance(part, Buttons))
    assert all(picture.alt for picture in pictures(card))


def test_small_phrases() -> None:
    """As people write them."""
    assert [wait_words(s) for s in (3, 22, 52, 94, 100, 60 * 59, 60 * 130)] == [
        "a few seconds", "about 20 s", "about 50 s", "about 90 s", "about 2 min", "about 59 min", "about 2 hours",
    ]  # fmt: skip
    assert (counted(1, "photo"), counted(2, "photo")) == ("1 photo", "2 photos")
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert style_words("linkedin-white") == "LinkedIn white"


def test_whoever_has_not_connected_their_profile_gets_a_button_that_opens_the_page() -> None:
    """The address is nothing to read, and stands in no summary that a notification shows."""
    card = error_card(PersonError("profile_not_connected", url="https://slack.example/authorize?state=1"))
    (row,) = (part for part in card.parts if isinstance(part, Buttons))

    assert [(button.label, button.link) for button in row.buttons] == [
        ("Connect my profile", "https://slack.example/authorize?state=1")
    ]
    assert "https" not in card.summary + text_of(card)
    assert from_json(to_json(card)) == card
