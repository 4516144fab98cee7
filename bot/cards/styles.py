"""Styles to choose from, as a list and as a form."""

from collections.abc import Mapping, Sequence

from bot.actions import Action, to_id
from bot.cards.buttons import FIRST_STYLE, button
from bot.messages import Blank, Form, Item, Items, Message, Option, Text
from bot.verbs import Verb
from engine.contract.requests import FEWEST, MOST
from engine.contract.styles import Style

COUNT = 8
"""Headshots when nobody says otherwise."""
POLISH = "0.4"
LONGEST_WISH = 76
"""What the longest backdrop and tone leave of a wish in words."""
SELFIES = "selfies"
"""The field with photos."""
REFERENCE = "reference"
"""The field with a picture whose look is wanted."""
MOST_FILES = 10
"""Photos in a form: as many as Slack takes in one field."""
_POLISHES = (
    Option("0.1", "Faithful", "Every pore stays; only the light is new."),
    Option(POLISH, "Natural", "Small spots and shine go; pores, moles and lines stay."),
    Option("0.7", "Polished", "Smoother, as for print. You stay you."),
)
_BACKDROPS = (
    Option("", "As the style has it"),
    Option("white background", "White"),
    Option("light grey background", "Light grey"),
    Option("dark grey background", "Dark grey"),
    Option("black background", "Black"),
    Option("navy background", "Navy"),
    Option("cream background", "Cream"),
    Option("green background", "Green"),
    Option("office", "Office"),
    Option("outdoors", "Outdoors"),
    Option("library", "Library"),
    Option("brick wall", "Brick wall"),
    Option("my own background", "Your own"),
)
"""Value: the words that ask for it, which the catalogue reads like any other wish; so below."""
_CLOTHES = (
    Option("", "As in your photos"),
    Option("charcoal clothes", "Charcoal"),
    Option("navy clothes", "Navy"),
    Option("black clothes", "Black"),
    Option("white clothes", "White"),
    Option("light blue clothes", "Light blue"),
)
DIALS = frozenset(option.value for option in _POLISHES)
"""How polished a headshot may be made: values of the form."""
_WISHES = {"backdrop": frozenset(o.value for o in _BACKDROPS), "clothes": frozenset(o.value for o in _CLOTHES)}


def polish_label(polish: str) -> str:
    """Its name in the form; "Natural" for a value of an earlier version."""
    return next((option.label for option in _POLISHES if option.value == polish), "Natural")


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


def shoot_form(styles: Sequence[Style], chosen: str = FIRST_STYLE, count: int = COUNT, polish: str = POLISH) -> Form:
    """Everything that can be chosen, with what is likely filled in."""
    looks = tuple(Option(style.name, style.title, style.summary, picture=style.name) for style in styles)
    return Form(
        id=to_id(Action(Verb.ASK)),
        title="New headshots",
        submit="Make them",
        fields=(
            Blank("style", "Style", "choice", value=chosen, options=looks),
            Blank("count", "How many", "number", value=str(count), least=FEWEST, most=MOST),
            Blank("backdrop", "Backdrop", "choice", options=_BACKDROPS),
            Blank("clothes", "Tone of your clothes", "choice", hint="Their colour; their cut stays.", options=_CLOTHES),
            Blank("polish", "Polish", "choice", value=polish, options=_POLISHES),
            Blank(
                "wish",
                "A wish",
                "text",
                hint="For example: softer light, closer crop",
                longest=LONGEST_WISH,
                optional=True,
            ),
            Blank(
                REFERENCE,
                "In the look of",
                "photos",
                hint="One picture whose light and colours you like. Whoever is in it is not looked at.",
                most=1,
                optional=True,
            ),
            Blank(
                SELFIES,
                "More photos of you",
                "photos",
                hint="Those that I have already are used anyway.",
                most=MOST_FILES,
                optional=True,
            ),
        ),
    )


def asked_in(values: Mapping[str, str]) -> tuple[str, float]:
    """What a form that was filled in asks for, in words as somebody would type them; and the polish."""
    chosen = [values[name] for name, known in _WISHES.items() if values.get(name, "") in known and values.get(name)]
    wish = ", ".join(filter(None, [*chosen, values.get("wish", "").strip()]))
    polish = values.get("polish", "")
    words = " ".join(filter(None, [values.get("style", ""), values.get("count", ""), wish]))
    return words, float(polish if polish in DIALS else POLISH)
