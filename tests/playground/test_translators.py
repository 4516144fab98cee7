"""Payload → event and message → page: pure, and nothing gets lost or too long."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from pydantic import ValidationError

from adapters.playground import inbound, limits
from adapters.playground.cast import CAST
from adapters.playground.entries import Entry, Spoken, pictures_of
from adapters.playground.outbound import entry_for_page, form_for_page, parts_for_page, shrink
from adapters.playground.places import Place, find_place
from bot.events import Attachment, Commanded, Filled, Pressed, Said
from bot.messages import Album, Bar, Blank, Button, Buttons, File, Form, Item, Items, Message, Option, Picture, Text
from bot.people import Person

ALEX = CAST["alex"]
PHOTO = Attachment("a" * 32, "image/jpeg", 10)
ID, TAB = str(uuid4()), str(uuid4())


def saying(text: str, conversation: str = "dm-alex") -> inbound.Saying:
    """As a page posts it."""
    return inbound.Saying.model_validate({"id": ID, "tab": TAB, "conversation": conversation, "text": text})


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("/headshot", ""),
        ("/headshot corporate 8", "corporate 8"),
        ("  /HEADSHOT   legal ", "legal"),
        ("/headshot\nhelp", "help"),
    ],
)
def test_a_slash_and_headshot_is_a_command(typed: str, asked: str) -> None:
    """What follows arrives as the other platforms send it, with what a form can be opened with."""
    event = inbound.said(saying(typed), ALEX, Place("dm-alex"), (), "trigger")

    assert event.happened == Commanded(asked, (), "trigger")


@pytest.mark.parametrize("typed", ["headshot corporate", "/headshots", "please /headshot corporate", "/other"])
def test_anything_else_is_words(typed: str) -> None:
    """The conversation makes of it what it can."""
    assert inbound.said(saying(typed), ALEX, Place("dm-alex"), (), "").happened == Said(typed)


def test_an_event_says_who_where_and_how_private() -> None:
    """The same id stays the same event; a guest is a guest; a thread of a direct conversation is as private as that."""
    there = inbound.said(saying("warmer"), ALEX, Place("dm-alex", 7), (PHOTO,), "")
    here = inbound.said(saying("hello"), CAST["gus"], Place("team", 9), (), "")

    assert (there.id, there.conversation, there.direct, there.private, there.guest) == (
        ID,
        "dm-alex:7",
        "dm-alex",
        True,
        False,
    )
    assert there.person == Person("playground", "local", "alex")
    assert there.happened == Said("warmer", (PHOTO,))
    assert (here.conversation, here.direct, here.private, here.guest) == ("team:9", "dm-gus", False, True)


def test_presses_and_forms_carry_what_they_were_made_with() -> None:
    """So that the bot knows what is meant, a month later too."""
    press = inbound.Press.model_validate({"id": ID, "tab": TAB, "ref": "team:3", "action": "agree:1..."})
    filling = inbound.Filling.model_validate(
        {"id": ID, "tab": TAB, "trigger": "t", "conversation": "team", "form": "make:1...", "values": {"count": "4"}}
    )
    files = {"selfies": (PHOTO,)}

    assert inbound.pressed(press, ALEX, Place("team"), "t").happened == Pressed("agree:1...", "t", "team:3")
    filled = inbound.filled(filling, ALEX, Place("team"), files)
    assert filled.happened == Filled("make:1...", {"count": "4"}, files=files)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "../../etc"},
        {"id": ""},
        {"tab": "x" * 400},
        {"text": "x" * 4001},
        {"attachments": ["a" * 32] * 21},
        {"attachments": ["not an id"]},
        {"person": "sam"},
    ],
)
def test_what_no_page_of_ours_would_post_is_refused(wrong: dict[str, object]) -> None:
    """Before anything of it is used."""
    with pytest.raises(ValidationError):
        inbound.Saying.model_validate({"id": ID, "tab": TAB, "conversation": "dm-alex", "text": "hi", **wrong})


@pytest.mark.parametrize("name", ["", "dm-nobody", "dm-", "team:", "team:0", "team:1:2", "dm-alex/..", "TEAM", "team:1x", "team:99999999999999999999"])  # fmt: skip
def test_other_names_are_no_places(name: str) -> None:
    """A conversation is named exactly or not at all."""
    assert find_place(name) is None


def every_part() -> tuple[Text | Buttons | Picture | File | Items | Bar, ...]:
    """One of each."""
    button = Button("more:1...", "More", "primary", "Sure?", "More of headshot 1")
    return (
        Text("Title", "heading"),
        Buttons((button,)),
        Picture("b" * 32, ALEX.person.key, "A headshot", "1", "Chosen.", (button,), 640, 800, True),
        File("c" * 32, ALEX.person.key, "headshot.jpg", "image/jpeg"),
        Items((Item("good", "Photo 1", "Sharp.", (button,)),)),
        Bar(0.5, "Half way"),
    )


def test_every_part_is_drawn_and_no_key_of_a_person_leaves() -> None:
    """Whose picture it is, is looked up on the server; the page needs only its id."""
    drawn = parts_for_page(every_part())

    assert [part["part"] for part in drawn] == ["text", "buttons", "picture", "file", "items", "bar"]
    assert drawn[2]["buttons"][0] == {
        "action": "more:1...",
        "label": "More",
        "look": "primary",
        "confirm": "Sure?",
        "hint": "More of headshot 1",
    }
    assert ALEX.person.key not in json.dumps(drawn)


def test_pictures_of_an_album_are_drawn_like_others_and_can_be_opened() -> None:
    """On the page all that follow one another stand side by side; whoever sees the message may fetch each."""
    picture = Picture("b" * 32, ALEX.person.key, "Headshot 5", "5")
    album = Album((picture, replace(picture, artifact="c" * 32, title="6")))

    assert [part["title"] for part in parts_for_page((Text("Headshots"), album))[1:]] == ["5", "6"]
    assert [each["artifact"] for each in pictures_of("", Message("Headshots", (album,)))] == ["b" * 32, "c" * 32]


def test_what_is_too_long_is_cut_and_what_is_too_much_is_counted() -> None:
    """A message never fails for its length."""
    button = Button("a:1...", "word " * 100, confirm="c" * 1000)
    many = (
        Text("t" * 9000),
        Buttons((button,) * 99),
        Items((Item("open", "x"),) * 300),
        Bar(7.0, ""),
        *(Text("more"),) * 100,
    )
    drawn = parts_for_page(many)

    assert len(drawn[0]["text"]) == limits.TEXT
    assert drawn[0]["text"].endswith("…")
    assert len(drawn[1]["buttons"]) == limits.BUTTONS
    assert len(drawn[1]["buttons"][0]["label"]) <= limits.LABEL
    assert drawn[2]["items"][-1]["title"] == "… and 200 more."
    assert drawn[3]["share"] == 1.0
    assert drawn[-1]["text"] == "… and 44 more."
    assert shrink("a few words, cut here", 13) == "a few words…"


def test_a_form_is_drawn_with_all_its_fields() -> None:
    """A choice, a number, a line of text, photos, and the one channel that there is."""
    form = Form("make:1...", "Yours", "Go", (
        Blank("style", "Style", "choice", "a", options=(Option("a", "A", "about"),)),
        Blank("count", "How many", "number", "4", least=1, most=9),
        Blank("wish", "A wish", "text", longest=80, optional=True),
        Blank("selfies", "Photos", "photos", most=10, optional=True),
        Blank("where", "Channel", "channel"),
    ))  # fmt: skip
    drawn = form_for_page(form, "trigger")

    assert (drawn["form"], drawn["trigger"], drawn["submit"]) == ("make:1...", "trigger", "Go")
    assert [field["kind"] for field in drawn["fields"]] == ["choice", "number", "text", "photos", "channel"]
    assert drawn["fields"][4]["options"] == [{"value": "team", "label": "team", "text": "", "picture": ""}]
    assert drawn["fields"][0]["options"] == [{"value": "a", "label": "A", "text": "about", "picture": ""}]


def test_only_the_author_learns_the_id_that_their_page_made() -> None:
    """It tells their page that what it sent has arrived; to others it is nothing."""
    entry = Entry(3, Place("team"), "alex", ID, "", Spoken("hi", (PHOTO,)), 1.0, None, 9)

    assert entry_for_page(entry, ALEX)["id"] == ID
    assert entry_for_page(entry, CAST["sam"])["id"] == ""
    assert entry_for_page(entry, ALEX)["photos"] == [{"artifact": "a" * 32, "mediaType": "image/jpeg"}]


def test_a_removed_message_shows_nothing() -> None:
    """Only that there was one."""
    gone = entry_for_page(Entry(3, Place("team"), "", "k", "", None, 1.0, None, 9, 2), ALEX)

    assert (gone["gone"], gone["parts"], gone["replies"]) == (True, [], 2)
    assert entry_for_page(Entry(3, Place("team"), "", "k", "alex", Message("x"), 1.0, 2.0, 9), ALEX)["onlyYou"] is True
