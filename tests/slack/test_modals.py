"""Forms as modals, and what was filled in: what one makes, the other reads."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import limits
from adapters.slack.filling import Filling, read_view
from adapters.slack.modals import FORM, to_view, with_examples
from bot.cards.styles import shoot_form
from bot.messages import Blank, Form, Option
from engine.catalogue import StudioCatalogue
from tests.slack.oracles import view_complaints
from tests.slack.simulator.records import Json
from tests.slack.test_escape import WORDS

HERE = "T1/@U1/1700000000.000100"
STYLES = StudioCatalogue().styles()
EXAMPLES = {style.name: f"F{at}" for at, style in enumerate(STYLES)}
TWO = (Option("a", "A", "About a", "a"), Option("b", "B & C", "About b", "b"))


def modal(*blanks: Blank, examples: dict[str, str] | None = None, **more: str) -> Json:
    """One that everybody takes."""
    form = Form(**{"id": "ask:1...", "title": "New headshots", "submit": "Make them", "fields": blanks, **more})  # type: ignore[arg-type]
    view = to_view(form, HERE, examples or {})
    assert view_complaints(view) == []
    return view


def told(view: Json, **states: Json) -> Json:
    """As Slack tells of a modal: texts are escaped, defaults are filled in, and there is what was filled in by field."""
    escaped = json.loads(json.dumps(view["blocks"]).replace("&", "&amp;"))
    state = {"values": {name: {name: entry} for name, entry in states.items()}}
    return {
        **view,
        "blocks": escaped,
        "id": "V1",
        "hash": "1.2",
        "team_id": "T1",
        "state": state,
        "clear_on_close": False,
    }


def chosen(value: str, kind: str = "static_select") -> Json:
    """The state of a choice."""
    return {"type": kind, "selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}


def elements(view: Json) -> dict[str, Json]:
    """By field."""
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def test_the_form_for_headshots_has_all_its_fields() -> None:
    """With what is likely filled in, and an example of the style."""
    view = to_view(shoot_form(STYLES), HERE, EXAMPLES)

    assert view_complaints(view) == []
    assert {name: element["type"] for name, element in elements(view).items()} == {
        "style": "static_select",
        "count": "number_input",
        "backdrop": "static_select",
        "clothes": "static_select",
        "polish": "radio_buttons",
        "wish": "plain_text_input",
        "reference": "file_input",
        "selfies": "file_input",
    }
    assert elements(view)["style"]["initial_option"]["value"] == "corporate"
    assert (view["callback_id"], view["blocks"][1]["slack_file"]) == (FORM, {"id": EXAMPLES["corporate"]})
    assert view["blocks"][1]["alt_text"] == "Example of Corporate"
    assert len(view["private_metadata"]) < limits.PRIVATE_METADATA / 2


def test_what_was_filled_in_comes_back_by_field() -> None:
    """With the form that it was and the conversation that it was asked for in; nothing of it is kept by us."""
    view = to_view(shoot_form(STYLES), HERE, EXAMPLES)
    filled = told(
        view,
        style=chosen("legal"),
        count={"type": "number_input", "value": "8"},
        backdrop=chosen("-"),
        clothes={"type": "static_select", "selected_option": None},
        polish=chosen("0.4", "radio_buttons"),
        wish={"type": "plain_text_input", "value": " softer & warmer "},
        selfies={"type": "file_input", "files": [{"id": "F1"}, {"id": "F2"}]},
    )

    assert read_view(filled) == Filling(
        shoot_form(STYLES).id,
        HERE,
        {"style": "legal", "count": "8", "backdrop": "", "clothes": "", "polish": "0.4", "wish": "softer & warmer"},
        {"selfies": ({"id": "F1"}, {"id": "F2"})},
    )


def test_an_option_that_says_nothing_can_be_chosen() -> None:
    """“As the style has it” is the empty wish, and Slack takes no empty value."""
    options = (Option("", "As it is"), Option("white", "White"))
    view = modal(Blank("backdrop", "Backdrop", "choice", options=options))

    assert elements(view)["backdrop"]["initial_option"]["value"] == "-"
    filling = read_view(told(view, backdrop=chosen("-")))
    assert filling is not None
    assert filling.values == {"backdrop": ""}


def test_a_channel_comes_back_as_its_address() -> None:
    """In the workspace where the form was asked for."""
    view = modal(Blank("channel", "Where", "channel"))
    picked: Json = {"type": "conversations_select", "selected_conversation": "C7"}
    filled, empty = (read_view(told(view, channel={**picked, "selected_conversation": each})) for each in ("C7", None))

    assert elements(view)["channel"]["filter"] == {
        "include": ["public", "private"],
        "exclude_external_shared_channels": True,
        "exclude_bot_users": True,
    }
    assert filled is not None
    assert empty is not None
    assert (filled.values, empty.values) == ({"channel": "T1/C7"}, {"channel": ""})


@pytest.mark.parametrize(
    "view",
    [
        {},
        {"callback_id": "other", "private_metadata": json.dumps({"form": "a", "conversation": HERE})},
        {"callback_id": FORM, "private_metadata": ""},
        {"callback_id": FORM, "private_metadata": "[1]"},
        {"callback_id": FORM, "private_metadata": json.dumps({"form": "a", "conversation": "somewhere"})},
        {
            "callback_id": FORM,
            "private_metadata": json.dumps({"form": "a", "conversation": HERE}),
            "state": {"values": 7},
        },
    ],
)
def test_a_view_that_is_no_form_of_ours_is_none(view: Json) -> None:
    """Of a version to come, or of somebody else."""
    assert read_view(view) is None


def test_the_example_follows_the_choice() -> None:
    """The fields keep their ids, so what was typed stays; Slack's escaping of what it tells is taken back."""
    view = modal(
        Blank("style", "Style", "choice", "a", options=TWO),
        Blank("wish", "A wish", "text", optional=True),
        examples={"a": "F1", "b": "F2"},
    )
    other = with_examples(told(view, style=chosen("b")))

    assert view["blocks"][0]["dispatch_action"] is True
    assert "dispatch_action" not in view["blocks"][2]
    assert other is not None
    assert view_complaints(other) == []
    assert other["blocks"][1]["slack_file"] == {"id": "F2"}
    assert other["blocks"][1]["title"]["text"] == "B & C: About b"
    assert elements(other) == elements(view)
    assert {name: other[name] for name in other if name != "blocks"} == {n: view[n] for n in view if n != "blocks"}


def test_nothing_is_shown_anew_when_the_example_is_the_same() -> None:
    """Slack tells of each choice, also of one that was made before."""
    view = modal(Blank("style", "Style", "choice", "a", options=TWO), examples={"a": "F1"})

    assert with_examples(told(view, style=chosen("a"))) is None
    gone = with_examples(told(view, style=chosen("b")))
    assert gone is not None
    assert [block["type"] for block in gone["blocks"]] == ["input"]


def test_examples_that_do_not_fit_are_left_out() -> None:
    """What the modal must know comes first."""
    many = tuple(Option(f"{at:040}", f"{at}", picture=f"{at}") for at in range(100))
    view = modal(Blank("style", "Style", "choice", options=many), examples={f"{at}": f"F{at}" for at in range(100)})

    assert json.loads(view["private_metadata"]) == {"form": "ask:1...", "conversation": HERE, "examples": {}}
    assert "dispatch_action" not in view["blocks"][0]


def test_radio_buttons_are_for_few_options_with_something_to_say() -> None:
    """Five of them; more, or bare ones, are a menu."""
    five, six = (tuple(Option(f"{n}", f"{n}", "About it") for n in range(count)) for count in (5, 6))
    kinds = [
        elements(modal(Blank("a", "A", "choice", options=options)))["a"]["type"]
        for options in (five, six, (Option("1", "1"),))
    ]

    assert kinds == ["radio_buttons", "static_select", "static_select"]


def test_a_choice_without_options_is_left_out() -> None:
    """Nobody could fill it in."""
    assert list(elements(modal(Blank("a", "A", "choice"), Blank("b", "B", "text")))) == ["b"]


@pytest.mark.parametrize(
    ("blank", "expected"),
    [
        (Blank("n", "N", "number", "8", least=1, most=24), {"initial_value": "8", "min_value": "1", "max_value": "24"}),
        (Blank("n", "N", "number", "25", least=1, most=24), {"min_value": "1", "max_value": "24"}),
        (Blank("n", "N", "number", "many"), {}),
        (Blank("t", "T", "text", "abc", longest=2), {"initial_value": "ab", "max_length": 2, "multiline": False}),
        (Blank("t", "T", "text", longest=9000), {"max_length": 3000, "multiline": True}),
        (Blank("p", "P", "photos", most=3), {"max_files": 3}),
        (Blank("p", "P", "photos", most=30), {"max_files": 10}),
    ],
)
def test_what_cannot_be_is_not_asked(blank: Blank, expected: Json) -> None:
    """A number out of its range, a text that is too long, more photos than Slack takes."""
    element = elements(modal(blank))[blank.name]

    assert {name: element[name] for name in expected} == expected
    assert not ({"initial_value", "min_value"} - expected.keys()) & element.keys()


LENGTHS: dict[str, tuple[int, Callable[[str], Json], Callable[[Json], Any]]] = {
    "title": (limits.VIEW_TITLE, lambda t: modal(Blank("a", "A", "text"), title=t), lambda v: v["title"]["text"]),
    "submit": (limits.VIEW_TITLE, lambda t: modal(Blank("a", "A", "text"), submit=t), lambda v: v["submit"]["text"]),
    "label": (limits.LABEL, lambda t: modal(Blank("a", t, "text")), lambda v: v["blocks"][0]["label"]["text"]),
    "hint": (limits.HINT, lambda t: modal(Blank("a", "A", "text", hint=t)), lambda v: v["blocks"][0]["hint"]["text"]),
    "option": (
        limits.OPTION,
        lambda t: modal(Blank("a", "A", "choice", options=(Option("a", t),))),
        lambda v: v["blocks"][0]["element"]["options"][0]["text"]["text"],
    ),
    "description": (
        limits.OPTION,
        lambda t: modal(Blank("a", "A", "choice", options=(Option("a", "a", t),))),
        lambda v: v["blocks"][0]["element"]["options"][0]["description"]["text"],
    ),
}


@pytest.mark.parametrize("name", list(LENGTHS))
def test_what_just_fits_stays_and_a_character_more_is_cut(name: str) -> None:
    """At the limit itself; `modal` asks the judges."""
    longest, made, read = LENGTHS[name]

    assert read(made("x" * longest)) == "x" * longest
    assert read(made("x" * (longest + 1))) == "x" * (longest - 1) + "…"


def test_a_hundred_options_and_a_hundred_fields_fit() -> None:
    """More are left out, and options that cannot be told apart, too."""
    options = tuple(Option(f"{at}", f"{at}") for at in range(101))
    assert len(elements(modal(Blank("a", "A", "choice", options=options)))["a"]["options"]) == 100
    assert len(modal(*(Blank(f"{at}", "A", "text") for at in range(101)))["blocks"]) == 100
    twice = (Option("a", "First"), Option("a", "Second"), Option("b" * 151, "Long"))
    (option,) = elements(modal(Blank("a", "A", "choice", options=twice)))["a"]["options"]
    assert option["text"]["text"] == "First"


OPTION = st.builds(
    Option, st.text(max_size=20).filter(lambda v: v != "-"), WORDS, WORDS, st.sampled_from(("", "a", "b"))
)
BLANK = st.builds(
    Blank,
    st.uuids().map(str),
    WORDS,
    st.sampled_from(("choice", "text", "number", "photos", "channel")),
    st.one_of(WORDS, st.integers().map(str)),
    WORDS,
    st.lists(OPTION, max_size=8).map(tuple),
    st.integers(-5, 50),
    st.integers(-5, 50),
    st.integers(0, 5000),
    st.booleans(),
)


@settings(deadline=None, max_examples=100)
@given(WORDS, WORDS, st.lists(BLANK, min_size=1, max_size=6, unique_by=lambda blank: blank.name))
def test_whatever_the_form_slack_takes_it(title: str, submit: str, blanks: list[Blank]) -> None:
    """And reads it back as a form of ours."""
    view = to_view(Form("ask:1...", title, submit, tuple(blanks)), HERE, {"a": "F1", "b": "F2"})

    if view["blocks"]:
        assert view_complaints(view) == []
    assert read_view(view) == Filling("ask:1...", HERE)
