"""The simulator's Block Kit: what the real Slack would refuse is refused, on both sides of every limit."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack.simulator.blockkit.surfaces import MESSAGE_BLOCKS, VIEW_BLOCKS, check_message, check_view
from tests.slack.simulator.records import File, Json

PICTURE = File("F00000001", "a.jpg", "a", "UB", "T1", b"x", "image/jpeg", "jpg", 0)
MOVIE = File("F00000002", "a.mp4", "a", "UB", "T1", b"x", "video/mp4", "mp4", 0)
LATE = File("F00000003", "a.jpg", "a", "UB", "T1", b"x", "image/jpeg", "jpg", 0, ready_at=9e12)
WEBP = File("F00000004", "a.webp", "a", "UB", "T1", b"x", "image/webp", "webp", 0)
FILES = {file.id: file for file in (PICTURE, MOVIE, LATE, WEBP)}


def plain(characters: int = 3) -> Json:
    """A plain text of so many characters."""
    return {"type": "plain_text", "text": "x" * characters}


def option(number: int = 1, **more: Any) -> Json:
    """One to choose from."""
    return {"text": plain(), "value": f"v{number}", **more}


def button(**more: Any) -> Json:
    """Something to press."""
    return {"type": "button", "text": plain(), "action_id": "a", **more}


def actions(*elements: Json) -> Json:
    """A row."""
    return {"type": "actions", "elements": list(elements)}


def asks(element: Json, **more: Any) -> Json:
    """An input."""
    return {"type": "input", "label": plain(), "element": element, **more}


def menu(count: int, **more: Any) -> Json:
    """A menu."""
    return {"type": "static_select", "action_id": "a", "options": [option(n) for n in range(count)], **more}


def confirm(**more: Any) -> Json:
    """A question before it counts."""
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **more}


def image(**more: Any) -> Json:
    """A picture."""
    return {"type": "image", "slack_file": {"id": PICTURE.id}, "alt_text": "a", **more}


Made = Callable[[int], Json]
_LIMITS: dict[str, tuple[int, int, Made]] = {
    "section text": (1, 3000, lambda n: {"type": "section", "text": plain(n)}),
    "section fields": (1, 10, lambda n: {"type": "section", "fields": [plain()] * n}),
    "section field": (1, 2000, lambda n: {"type": "section", "fields": [plain(n)]}),
    "header": (1, 150, lambda n: {"type": "header", "text": plain(n)}),
    "block id": (1, 255, lambda n: {"type": "divider", "block_id": "x" * n}),
    "context": (1, 10, lambda n: {"type": "context", "elements": [plain()] * n}),
    "actions": (1, 25, lambda n: actions(*(button(action_id=f"a{i}") for i in range(n)))),
    "button text": (1, 75, lambda n: actions(button(text=plain(n)))),
    "button value": (1, 2000, lambda n: actions(button(value="x" * n))),
    "button url": (1, 3000, lambda n: actions(button(url="x" * n))),
    "button label": (1, 75, lambda n: actions(button(accessibility_label="x" * n))),
    "action id": (1, 255, lambda n: actions(button(action_id="x" * n))),
    "confirm title": (1, 100, lambda n: actions(button(confirm=confirm(title=plain(n))))),
    "confirm text": (1, 300, lambda n: actions(button(confirm=confirm(text=plain(n))))),
    "confirm yes": (1, 30, lambda n: actions(button(confirm=confirm(confirm=plain(n))))),
    "confirm no": (1, 30, lambda n: actions(button(confirm=confirm(deny=plain(n))))),
    "image alt": (1, 2000, lambda n: image(alt_text="x" * n)),
    "image title": (1, 2000, lambda n: image(title=plain(n))),
    "overflow": (
        1,
        5,
        lambda n: actions({"type": "overflow", "action_id": "a", "options": [option(i) for i in range(n)]}),
    ),
    "menu": (1, 100, lambda n: actions(menu(n))),
    "option text": (1, 75, lambda n: actions({**menu(0), "options": [option(text=plain(n))]})),
    "option value": (1, 150, lambda n: actions({**menu(0), "options": [option(value="x" * n)]})),
    "option description": (1, 75, lambda n: actions({**menu(0), "options": [option(description=plain(n))]})),
    "placeholder": (1, 150, lambda n: actions(menu(1, placeholder=plain(n)))),
    "radio buttons": (
        1,
        10,
        lambda n: actions({"type": "radio_buttons", "action_id": "a", "options": [option(i) for i in range(n)]}),
    ),
    "input label": (1, 2000, lambda n: asks(menu(1), label=plain(n))),
    "input hint": (1, 2000, lambda n: asks(menu(1), hint=plain(n))),
    "markdown": (1, 12000, lambda n: {"type": "markdown", "text": "x" * n}),
    "context actions": (
        1,
        5,
        lambda n: {
            "type": "context_actions",
            "elements": [
                {"type": "icon_button", "icon": "trash", "text": plain(), "action_id": f"a{i}"} for i in range(n)
            ],
        },
    ),
    "card body": (1, 200, lambda n: {"type": "card", "body": plain(n)}),
    "carousel": (1, 10, lambda n: {"type": "carousel", "elements": [{"type": "card", "body": plain()}] * n}),
}


def complaints(*blocks: Any) -> list[str]:
    """About a message."""
    return check_message(list(blocks), FILES.get)


@pytest.mark.parametrize("name", _LIMITS)
def test_both_sides_of_a_limit(name: str) -> None:
    """The most that Slack takes passes, and one more does not; the same for the least."""
    least, most, made = _LIMITS[name]

    assert (complaints(made(least)), complaints(made(most))) == ([], [])
    assert complaints(made(least - 1))
    assert complaints(made(most + 1))


_SDK_KNOWS = [name for name in _LIMITS if name not in ("card body", "carousel", "markdown", "context actions")]


@pytest.mark.parametrize("name", _SDK_KNOWS)
def test_what_passes_also_passes_the_sdks_own_models(name: str) -> None:
    """The simulator invents no fields: Slack's SDK reads what passes here and finds nothing wrong with it."""
    _, most, made = _LIMITS[name]
    block = Block.parse(made(most))

    assert block is not None
    block.validate_json()


def test_a_message_has_at_most_fifty_blocks() -> None:
    """And may have none."""
    divider = {"type": "divider"}

    assert complaints(*[divider] * MESSAGE_BLOCKS) == complaints() == []
    assert complaints(*[divider] * (MESSAGE_BLOCKS + 1)) == ["no more than 50 items allowed [json-pointer:/blocks]"]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"type": "sectoin"}, "unsupported type: sectoin [json-pointer:/blocks/0/type]"),
        ({"type": "divider", "colour": 1}, "invalid additional property: colour [json-pointer:/blocks/0]"),
        ({"type": "section"}, "must have at least one of: text, fields"),
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported text type: mrkdwn"),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}, "additional property: emoji"),
        ({"type": "section", "text": "x"}, "must provide an object"),
        (image(image_url="https://example.com/a.jpg"), "exactly one of: image_url, slack_file"),
        ({"type": "image", "alt_text": "a"}, "exactly one of: image_url, slack_file"),
        ({"type": "image", "slack_file": {"id": PICTURE.id}}, "missing required field: alt_text"),
        (image(slack_file={"id": PICTURE.id, "url": "x"}), "exactly one of: id, url"),
        (image(slack_file={"id": "F09999999"}), "invalid slack file"),
        (image(slack_file={"id": MOVIE.id}), "invalid slack file"),
        (image(slack_file={"id": WEBP.id}), "invalid slack file"),
        (image(slack_file={"id": LATE.id}), "invalid slack file"),
        (actions(button(style="big")), "valid enum value"),
        (actions(button(), button()), "`action_id` already exists: a"),
        (actions(button(confirm={"title": plain()})), "missing required field: text"),
        (actions(image()), "unsupported element: image"),
        (actions({"type": "plain_text_input", "action_id": "a"}), "unsupported element: plain_text_input"),
        (actions(menu(2, initial_option=option(7))), "does not match any of the options"),
        (actions({**menu(1), "options": [option(), option()]}), "options with the same value"),
        (actions(menu(1, option_groups=[{"label": plain(), "options": [option()]}])), "options, option_groups"),
        (asks({"type": "file_input", "action_id": "a"}), "unsupported element: file_input"),
        ({"type": "alert", "text": plain()}, "unsupported type on this surface: alert"),
        ({"type": "context", "elements": [button()]}, "unsupported element: button"),
        ("divider", "must provide an object"),
    ],
)
def test_what_slack_would_refuse(block: Any, said: str) -> None:
    """Each says where, as Slack does."""
    found = complaints(block)

    assert any(said in each for each in found), found
    assert all("[json-pointer:/blocks/0" in each for each in found)


def test_block_ids_are_said_once_in_a_message_and_action_ids_once_in_a_block() -> None:
    """The same button may stand below each picture."""
    assert complaints(actions(button()), actions(button())) == []
    twice = {"type": "divider", "block_id": "x"}
    assert complaints(twice, twice) == ["`block_id` already exists: x [json-pointer:/blocks]"]


def modal(*blocks: Json, **more: Any) -> Json:
    """A form."""
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **more}


def of_view(view: Json) -> list[str]:
    """Complaints about a view."""
    return check_view(view, view["type"], FILES.get)


def typed(**more: Any) -> Json:
    """An input of text."""
    return asks({"type": "plain_text_input", "action_id": "a", **more})


def number(**more: Any) -> Json:
    """An input of a number."""
    return asks({"type": "number_input", "action_id": "a", "is_decimal_allowed": False, **more})


_VIEW_LIMITS: dict[str, tuple[int, int, Made]] = {
    "title": (1, 24, lambda n: modal({"type": "divider"}, title=plain(n))),
    "submit": (1, 24, lambda n: modal({"type": "divider"}, submit=plain(n))),
    "close": (1, 24, lambda n: modal({"type": "divider"}, close=plain(n))),
    "callback id": (1, 255, lambda n: modal({"type": "divider"}, callback_id="x" * n)),
    "blocks": (1, VIEW_BLOCKS, lambda n: modal(*[{"type": "divider"}] * n)),
    "files": (1, 10, lambda n: modal(asks({"type": "file_input", "action_id": "a", "max_files": n}))),
    "longest text": (1, 3000, lambda n: modal(typed(max_length=n))),
}


@pytest.mark.parametrize("name", _VIEW_LIMITS)
def test_both_sides_of_a_limit_of_forms(name: str) -> None:
    """As for messages; and Slack's SDK agrees."""
    least, most, made = _VIEW_LIMITS[name]

    assert (of_view(made(least)), of_view(made(most))) == ([], [])
    assert of_view(made(least - 1))
    assert of_view(made(most + 1))
    if name != "files":
        View(**made(most)).validate_json()


def test_private_metadata_of_a_form() -> None:
    """May be empty, and has 3000 characters at most."""
    for characters, passes in ((0, True), (3000, True), (3001, False)):
        assert (of_view(modal({"type": "divider"}, private_metadata="x" * characters)) == []) is passes


def _bad_views() -> Iterator[tuple[Json, str]]:
    yield {**modal(typed()), "submit": None}, "must provide an object"
    yield {name: value for name, value in modal(typed()).items() if name != "submit"}, "missing required field: submit"
    yield modal({"type": "markdown", "text": "x"}), "unsupported type on this surface: markdown"
    yield modal(typed(min_length=9, max_length=3)), "min_length must not be above max_length"
    yield modal(typed(initial_value="long", max_length=3)), "initial_value is longer than max_length"
    yield modal(number(min_value="9", max_value="3")), "min_value must not be above max_value"
    yield modal(number(initial_value=4)), "must provide a string"
    yield modal(asks({"type": "number_input", "action_id": "a"})), "missing required field: is_decimal_allowed"
    yield modal(typed(focus_on_load=True), typed(focus_on_load=True)), "only one element can have focus_on_load"
    yield {"type": "home", "blocks": [], "title": plain()}, "invalid additional property: title"
    yield {"type": "home", "blocks": [{"type": "divider"}] * 101}, "no more than 100 items"
    yield (
        {"type": "home", "blocks": [asks({"type": "file_input", "action_id": "a"})]},
        "unsupported element: file_input",
    )


@pytest.mark.parametrize(("view", "said"), list(_bad_views()))
def test_forms_and_homes_that_slack_would_refuse(view: Json, said: str) -> None:
    """Each says where."""
    found = of_view(view)

    assert any(said in each for each in found), found


def test_a_form_of_all_kinds_passes() -> None:
    """Everything that Headroom may want to ask for."""
    found = of_view(
        modal(
            {"type": "header", "text": plain()},
            asks(menu(3, initial_option=option(1), placeholder=plain()), optional=True, hint=plain()),
            asks({"type": "radio_buttons", "action_id": "a", "options": [option(1), option(2)]}),
            asks({"type": "checkboxes", "action_id": "a", "options": [option(1)], "initial_options": [option(1)]}),
            number(min_value="1", max_value="12", initial_value="4"),
            typed(multiline=True, max_length=200, placeholder=plain(), initial_value="soft"),
            asks({"type": "file_input", "action_id": "a", "filetypes": ["jpg"], "max_files": 10}),
            asks({"type": "conversations_select", "action_id": "a", "filter": {"include": ["public", "private"]}}),
            image(),
            callback_id="form:1",
            private_metadata="T1/@U1",
            notify_on_close=True,
        )
    )
    assert found == []
