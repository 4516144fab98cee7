"""Message → blocks: each part as people should read it, and whatever is too much shrinks."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import limits
from adapters.slack.escape import units, width
from adapters.slack.outbound import to_blocks, to_home
from bot.actions import Action, to_id
from bot.messages import Album, Bar, Button, Buttons, File, Item, Items, Message, Part, Picture, Text
from tests.slack.oracles import message_complaints, pressed, texts, view_complaints
from tests.slack.simulator.records import Json
from tests.slack.test_escape import WORDS

ALL = {f"{n:032x}": f"F{n}" for n in range(200)}
VERBS = ("download", "more-like-this", "new-light", "new-backdrop", "favourite", "new-crop", "use", "share")


def button(verb: str = "download", label: str = "Download", **more: str) -> Button:
    """One of ours."""
    return Button(to_id(Action(verb, "1a2b3c4d" * 4, 1)), label, **more)  # type: ignore[arg-type]


def picture(number: int = 0, buttons: tuple[Button, ...] = (), **more: object) -> Picture:
    """One that Slack has a file of."""
    fields = {"alt": f"Headshot {number}", "title": f"{number} · likeness 0.91", "text": "Sharp eyes.", **more}
    return Picture(f"{number:032x}", "owner", buttons=buttons, **fields)  # type: ignore[arg-type]


def drawn(*parts: Part) -> list[Json]:
    """Blocks that everybody takes."""
    posted = to_blocks(Message("What it is.", parts), ALL)
    assert message_complaints(posted.text, posted.blocks) == []
    return posted.blocks


def said(blocks: list[Json]) -> list[str]:
    """All texts, in order."""
    return [text["text"] for block in blocks for text in texts(block)]


def kinds(blocks: list[Json]) -> list[str]:
    """Types of blocks, in order."""
    return [block["type"] for block in blocks]


def test_texts_are_a_header_a_paragraph_or_small_print() -> None:
    """Plain, so that nothing in them does anything."""
    blocks = drawn(Text("Styles", "heading"), Text("*Choose* one <!here>."), Text("By the way.", "small"), Text(" "))

    assert kinds(blocks) == ["header", "section", "context"]
    assert said(blocks) == ["Styles", "*Choose* one <!here>.", "By the way."]
    assert {text["type"] for block in blocks for text in texts(block)} == {"plain_text"}


def test_a_long_paragraph_is_not_folded() -> None:
    """Nobody consents to what stands behind “see more”."""
    assert "expand" not in drawn(Text("Short."))[0]
    assert drawn(Text("What you agree to. " * 30))[0]["expand"] is True


def test_a_picture_has_its_caption_and_its_buttons_below() -> None:
    """A favourite has a star; the text for those who cannot see it is Slack's own."""
    blocks = drawn(picture(3, (button(hint="Download headshot 3"),), marked=True))

    assert blocks[0] == {"type": "image", "slack_file": {"id": "F3"}, "alt_text": "Headshot 3"}
    assert said(blocks) == ["⭐ *3 · likeness 0.91*\nSharp eyes.", "Download"]
    assert blocks[2]["elements"][0] == {
        "type": "button",
        "text": {"type": "plain_text", "text": "Download", "emoji": False},
        "action_id": "download-1",
        "value": "download:1.1a2b3c4d1a2b3c4d1a2b3c4d1a2b3c4d.1.",
        "accessibility_label": "Download headshot 3",
    }


def test_a_picture_that_is_gone_is_a_quiet_line() -> None:
    """It has expired, or somebody deleted the file; the message must not fail for it."""
    gone = replace(picture(1, (button(),)), artifact="f" * 32)

    assert said(drawn(gone)) == ["Headshot 1 (no longer here)"]


def test_six_buttons_are_seen_and_more_stand_in_a_menu() -> None:
    """A row that wraps three times hides what matters. What asks back stays a button, last and without
    shouting in red.
    """
    delete = button("delete", "Delete", look="danger", confirm="Delete headshot 1 for good?")
    row = drawn(picture(1, (*(button(verb, verb) for verb in VERBS), delete)))[2]["elements"]

    assert [each["type"] for each in row] == ["button"] * 6 + ["overflow", "button"]
    assert [each.get("text", {}).get("text", "…") for each in row] == [*VERBS[:6], "…", "Delete"]
    assert [option["value"] for option in row[6]["options"]] == [button(verb).action for verb in VERBS[6:]]
    assert "confirm" not in row[6]
    assert "style" not in row[7]
    assert row[7]["confirm"]["style"] == "danger"
    assert [row[7]["confirm"][name]["text"] for name in ("title", "text", "confirm", "deny")] == [
        "Delete", "Delete headshot 1 for good?", "Delete", "Go back"
    ]  # fmt: skip


def test_what_asks_back_goes_into_the_menu_when_it_is_alone_there() -> None:
    """The menu asks its question then, and for nothing else."""
    delete = button("delete", "Delete", look="danger", confirm="For good?")
    row = drawn(picture(1, (button(), delete)))[2]["elements"]

    assert [each["type"] for each in row] == ["button", "overflow"]
    assert [option["value"] for option in row[1]["options"]] == [delete.action]
    assert row[1]["confirm"]["text"]["text"] == "For good?"


def test_a_menu_of_one_is_a_button() -> None:
    """One press instead of two."""
    row = drawn(picture(1, tuple(button(verb) for verb in VERBS[:7])))[2]["elements"]

    assert [each["type"] for each in row] == ["button"] * 7


def test_an_address_is_opened_by_a_button() -> None:
    """It says nothing when it is pressed, wherever it stands."""
    link = Button("", "Connect", "primary", link="https://headroom.example/connect?state=1")
    rows = drawn(Buttons((link,)), picture(1, (*(button(verb) for verb in VERBS), link)))
    elements = [each for each in pressed(rows) if "url" in each]

    assert [(each["action_id"], each["url"], "value" in each) for each in elements] == [
        ("link-1", link.link, False),
        ("link-2", link.link, False),
    ]


def test_only_one_button_has_the_colour_of_the_first_choice() -> None:
    """With two nobody knows which one is meant."""
    blocks = drawn(Buttons((button(look="primary"), button(look="danger"))), Buttons((button(look="primary"),)))

    assert [each.get("style") for each in pressed(blocks)] == ["primary", "danger", None]


def test_items_stand_alone_where_one_can_do_something_with_them() -> None:
    """With a sign that says as much as the colour would, and the button of one beside it."""
    items = Items((
        Item("good", "Photo 1", "Sharp.", (button("remove-selfie", "Remove"),)),
        Item("bad", "Photo 2", "No face."),
        Item("fair", "Photo 3", "", (button("show", "Show"), button("cancel", "Cancel"))),
    ))  # fmt: skip
    blocks = drawn(items)

    assert kinds(blocks) == ["section", "section", "section", "actions"]
    assert [block["text"]["text"] for block in blocks[:3]] == [
        "✅ *Photo 1*\nSharp.",
        "❌ *Photo 2*\nNo face.",
        "⚠️ *Photo 3*",
    ]
    assert blocks[0]["accessory"]["text"]["text"] == "Remove"


def test_items_without_buttons_are_lines_of_a_paragraph() -> None:
    """As many as it holds; nobody wants nine blocks of a line each."""
    few = drawn(Items((Item("open", "/headshot", "the form"), Item("open", "help", "this"))))
    many = drawn(Items(tuple(Item("open", f"{n}", "word " * 100) for n in range(13))))

    assert said(few) == ["*/headshot* – the form\n*help* – this"]
    assert [text.count("\n") + 1 for text in said(many)] == [5, 5, 3]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (-1.0, "▱▱▱▱▱▱▱▱▱▱ 0%"),
        (0.3, "▰▰▰▱▱▱▱▱▱▱ 30%"),
        (0.999, "▰▰▰▰▰▰▰▰▰▱ 99%"),
        (1.0, "▰▰▰▰▰▰▰▰▰▰ 100%"),
        (7.0, "▰▰▰▰▰▰▰▰▰▰ 100%"),
    ],
)
def test_progress_is_told_in_words_first(share: float, shown: str) -> None:
    """And it is full when it is done, not before."""
    assert said(drawn(Bar(share, "Taking pictures, 3 of 8"))) == [f"Taking pictures, 3 of 8\n{shown}"]


def test_files_are_named() -> None:
    """The file itself is shared beside the message."""
    assert said(drawn(File("c" * 32, "owner", "headshot.jpg", "image/jpeg"))) == ["📎 headshot.jpg"]


def test_a_message_without_parts_is_its_summary() -> None:
    """Somebody who sees no notification sees it, too."""
    assert said(drawn()) == ["What it is."]
    assert to_blocks(Message("<!here> & co"), {}).text == "&lt;!here&gt; &amp; co"
    assert to_blocks(Message(" "), {}).text == "…"


LENGTHS: dict[str, tuple[int, Callable[[str], Part], Callable[[list[Json]], str]]] = {
    "header": (limits.HEADER, lambda t: Text(t, "heading"), lambda b: b[0]["text"]["text"]),
    "section": (limits.SECTION, Text, lambda b: b[0]["text"]["text"]),
    "context": (limits.CONTEXT, lambda t: Text(t, "small"), lambda b: b[0]["elements"][0]["text"]),
    "alt": (limits.ALT, lambda t: picture(1, alt=t), lambda b: b[0]["alt_text"]),
    "label": (limits.BUTTON, lambda t: Buttons((button(label=t),)), lambda b: b[0]["elements"][0]["text"]["text"]),
    "hint": (limits.BUTTON, lambda t: Buttons((button(hint=t),)), lambda b: b[0]["elements"][0]["accessibility_label"]),
    "question": (
        limits.CONFIRM_TEXT,
        lambda t: Buttons((button(confirm=t),)),
        lambda b: b[0]["elements"][0]["confirm"]["text"]["text"],
    ),
    "menu": (
        limits.OPTION,
        lambda t: picture(1, tuple(button(verb, t) for verb in VERBS)),
        lambda b: b[2]["elements"][6]["options"][0]["text"]["text"],
    ),
    "lines": (
        limits.SECTION - len("*a* – "),
        lambda t: Items((Item("open", "a", t),)),
        lambda b: b[0]["text"]["text"][6:],
    ),
    "caption": (
        limits.CONTEXT - len("*a*\n"),
        lambda t: picture(1, title="a", text=t),
        lambda b: b[1]["elements"][0]["text"][4:],
    ),
}


@pytest.mark.parametrize("name", list(LENGTHS))
def test_what_just_fits_stays_and_a_character_more_is_cut(name: str) -> None:
    """At the limit itself, in Slack's own judgement: `drawn` asks for it."""
    longest, part, read = LENGTHS[name]
    fits = "word " * (longest // 5) + "x" * (longest % 5)
    fits = fits[: longest - 1] + "x"

    assert read(drawn(part(fits))) == fits
    cut = read(drawn(part(fits + "y")))
    assert cut.endswith("…")
    assert longest - 10 < len(cut) <= longest


def test_a_character_counts_as_much_as_slack_may_find() -> None:
    """An ampersand is escaped there, and a face has two halves in JavaScript."""
    (header,) = drawn(Text("&" * 150, "heading"))
    (other,) = drawn(Text("🙂" * 150, "heading"))

    assert width(header["text"]["text"]) <= 150
    assert units(other["text"]["text"]) <= 150


@pytest.mark.parametrize(("count", "more"), [(50, None), (51, 2), (400, 351)])
def test_the_last_paragraphs_go_when_there_are_too_many(count: int, more: int | None) -> None:
    """A line says how many, and takes a place itself."""
    blocks = drawn(*(Text(f"{n}") for n in range(count)))

    assert len(blocks) == min(count, limits.BLOCKS)
    assert said(blocks)[-1] == (f"… and {more} more" if more else "49")


def test_actions_hold_twenty_five_buttons() -> None:
    """More of them stand in a second row."""
    assert [len(block["elements"]) for block in drawn(Buttons((button(),) * 25))] == [25]
    assert [len(block["elements"]) for block in drawn(Buttons((button(),) * 26))] == [25, 1]


def test_pictures_come_before_prose() -> None:
    """Whoever asked for headshots wants to see them; the page of the app has more room."""
    parts = (
        Text("Title", "heading"),
        *(Text(f"Remark {n}. " * 9) for n in range(40)),
        *(picture(n, (button(),)) for n in range(14)),
        Text("Small print.", "small"),
    )
    blocks = drawn(*parts)
    home = to_home(Message("x", parts), ALL)

    assert kinds(blocks).count("image") == 14
    assert kinds(blocks)[0] == "header"
    assert any(text.startswith("… and ") for text in said(blocks))
    assert "Small print." not in said(blocks)
    assert kinds(home["blocks"]).count("image") == 14
    assert len(home["blocks"]) == 1 + 40 + 3 * 14 + 1


def test_buttons_move_into_menus_before_anything_is_left_out() -> None:
    """Slack takes a message as a whole only up to a size that it does not tell."""
    buttons = tuple(button(verb, f"{verb} this one", hint="A long hint for those who cannot see it") for verb in VERBS)
    few, many = (drawn(*(picture(n, buttons) for n in range(count))) for count in (4, 7))

    assert [len(block["elements"]) for block in few if block["type"] == "actions"] == [7] * 4
    assert [len(block["elements"]) for block in many if block["type"] == "actions"] == [4] * 7
    assert kinds(many).count("image") == 7


def test_below_an_album_each_picture_has_a_line_and_a_menu() -> None:
    """The pictures stand above, as files that Slack shares together. What has no room in a menu is one press away."""
    buttons = tuple(button(verb, verb) for verb in VERBS)
    more = button("show", "More…")
    album = Album(tuple(replace(picture(n, buttons, more=more), marked=n == 6) for n in (5, 6)))
    lines = to_blocks(Message("Two", (album,)), {}).blocks

    assert [line["text"]["text"] for line in lines] == [
        "*5 · likeness 0.91*\nSharp eyes.",
        "⭐ *6 · likeness 0.91*\nSharp eyes.",
    ]
    for line in lines:
        labels = [option["text"]["text"] for option in line["accessory"]["options"]]
        assert labels == ["download", "more-like-this", "new-light", "new-backdrop", "More…"]


def test_a_menu_that_holds_all_says_nothing_of_more() -> None:
    """And what asks back never stands in it: everything in a menu would ask the same."""
    few, more = (button("download", "Download"), button("share", "Share")), button("show", "More…")
    risky = replace(button("use", "Delete"), confirm="Really?")

    def labels(album: Album) -> list[str]:
        (line,) = to_blocks(Message("One", (album,)), {}).blocks
        return [option["text"]["text"] for option in line.get("accessory", {"options": []})["options"]]

    assert labels(Album((picture(5, few, more=more),))) == ["Download", "Share"]
    assert labels(Album((picture(5, (*few, risky), more=more),))) == ["Download", "Share", "More…"]
    assert labels(Album((picture(5, (risky,)),))) == []


BUTTON = st.builds(
    lambda verb, rank, argument, label, look, confirm, hint: Button(
        to_id(Action(verb, "1a2b3c4d" * 4, rank, argument)), label, look, confirm, hint
    ),
    st.sampled_from(VERBS),
    st.integers(0, 999),
    st.text("abc0-", max_size=8),
    WORDS,
    st.sampled_from(("plain", "primary", "danger")),
    st.one_of(st.just(""), WORDS),
    WORDS,
)
BUTTONS = st.lists(BUTTON, max_size=9, unique_by=lambda made: made.action).map(tuple)
ITEM = st.builds(Item, st.sampled_from(("good", "fair", "bad", "open")), WORDS, WORDS, BUTTONS)
PICTURE = st.builds(
    Picture,
    st.sampled_from([*ALL]),
    st.just("o"),
    WORDS,
    WORDS,
    WORDS,
    BUTTONS,
    st.just(1),
    st.just(1),
    st.booleans(),
    st.one_of(st.none(), BUTTON),
)
PART = st.one_of(
    st.builds(Text, WORDS, st.sampled_from(("heading", "plain", "small"))),
    st.builds(Buttons, BUTTONS),
    PICTURE,
    st.builds(Album, st.lists(PICTURE, max_size=12).map(tuple)),
    st.builds(File, st.just("c" * 32), st.just("o"), st.just("headshot.jpg"), st.just("image/jpeg")),
    st.builds(Items, st.lists(ITEM, max_size=4).map(tuple)),
    st.builds(Bar, st.floats(-1, 2), WORDS),
)


@settings(deadline=None, max_examples=40)
@given(st.builds(Message, WORDS, st.lists(PART, max_size=12).map(tuple)), st.sampled_from((1, 3, 9)), st.booleans())
def test_whatever_the_message_slack_takes_it(message: Message, times: int, with_files: bool) -> None:
    """Nothing mentions, nothing exceeds, nothing is said twice by the same name; as a message and as a page."""
    much = replace(message, parts=message.parts * times)
    files = ALL if with_files else {}
    posted = to_blocks(much, files)

    assert message_complaints(posted.text, posted.blocks) == []
    assert view_complaints(to_home(much, files)) == []
