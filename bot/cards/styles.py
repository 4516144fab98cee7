"""Styles to choose from, as a list and as a form."""

from collections.abc import Sequence

from bot.actions import Action, to_id
from bot.cards.buttons import FIRST_STYLE, button
from bot.messages import Blank, Form, Item, Items, Message, Option, Text
from bot.verbs import Verb
from engine.contract.requests import FEWEST, MOST
from engine.contract.styles import Style

COUNT = 8
"""Headshots when nobody says otherwise."""
POLISH = "0.4"
LONGEST_WISH = 120
_OPTIONS = (
    Option("0.1", "Faithful", "Every pore stays; only the light is new."),
    Option(POLISH, "Natural", "Small spots and shine go; pores, moles and lines stay."),
    Option("0.7", "Polished", "Smoother, as for print. You stay you."),
)
DIALS = frozenset(option.value for option in _OPTIONS)
"""How polished a headshot may be made: values of the form."""


def styles_card(styles: Sequence[Style]) -> Message:
    """All styles, each with a button."""
    items = tuple(
        Item(
            "open",
            style.title,
            style.summary,
            (button(Verb.MAKE, "Make", argument=style.name, hint=f"Make {style.title} headshots"),),
        )
        for style in styles
    )
    said = f"{len(styles)} styles. Press one, or type its name with a wish: “/headshot legal 8 white background”."
    return Message(said, (Text("Styles", "heading"), Text(said), Items(items)))


def shoot_form(styles: Sequence[Style], chosen: str = FIRST_STYLE) -> Form:
    """Style, number, wish and polish."""
    return Form(
        id=to_id(Action(Verb.ASK)),
        title="New headshots",
        submit="Make them",
        fields=(
            Blank(
                "style",
                "Style",
                "choice",
                value=chosen,
                options=tuple(Option(style.name, style.title, style.summary) for style in styles),
            ),
            Blank("count", "How many", "number", value=str(COUNT), least=FEWEST, most=MOST),
            Blank(
                "wish",
                "A wish",
                "text",
                hint="For example: white background, softer light",
                longest=LONGEST_WISH,
                optional=True,
            ),
            Blank("polish", "Polish", "choice", value=POLISH, options=_OPTIONS),
        ),
    )
