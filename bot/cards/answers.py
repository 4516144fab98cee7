"""Short answers: a headshot to take along, something removed, everything forgotten, and what went wrong."""

from collections.abc import Mapping

from bot.artifacts import Artifact
from bot.cards.asked import wanted_style
from bot.cards.buttons import button, start_buttons
from bot.cards.phrasing import counted, listed, span_words
from bot.catalogue import Change
from bot.messages import Button, Buttons, File, Item, Items, Message, Text
from bot.payloads import HeadshotFacts
from bot.people import Person
from bot.retention import Retention
from bot.shoots import Shoot
from bot.verbs import Verb
from engine.contract.errors import HeadroomError
from engine.contract.sentences import sentence

_SUFFIXES = {"jpeg": "jpg", "png": "png", "webp": "webp"}
_CODES_WITH_STYLES = {"style_unknown", "style_file_invalid", "variation_unknown"}
_CODES_WITH_HELP = {"button_unknown", "shoot_unknown"}


def told(text: str, *buttons: Button) -> Message:
    """One sentence."""
    return Message(text, (Text(text), *([Buttons(buttons)] if buttons else [])))


def download_card(person: Person, shoot: Shoot, artifact: str, facts: HeadshotFacts, retention: Retention) -> Message:
    """A headshot at full size, as a file."""
    style = wanted_style(shoot.order.kind, shoot.order.payload) or "headroom"
    suffix = _SUFFIXES.get(facts.file_format, "jpg")
    name = f"headshot-{style}-{facts.rank}.{suffix}"
    size = f"{facts.width_px} × {facts.height_px} pixels"
    said = f"Headshot {facts.rank} at full size, {size}. I keep it for {span_words(retention.picked)} from now."
    file = File(artifact, person.key, name, f"image/{facts.file_format}")
    return Message(said, (Text(said), file))


def left_out_card(change: Change) -> Message:
    """What was asked for together with a variation, and is not in it."""
    said = [sentence(code) for code in change.unmet]
    if change.left:
        quoted = [f"“{kind.replace('-', ' ')}”" for kind in (change.kind, *change.left)]
        rest = listed(quoted[1:])
        said.insert(0, f"I change one thing at a time, so this is {quoted[0]}. Type {rest} below it when it is there.")
    return told(" ".join(said))


def export_card(artifact: Artifact, retention: Retention) -> Message:
    """All that is kept of a person, as a file."""
    suffix = "zip" if artifact.media_type == "application/zip" else "json"
    said = f"This is everything that I keep of you. The file goes in {span_words(retention.exports)}."
    return Message(
        said, (Text(said), File(artifact.id, artifact.owner, f"headroom-export.{suffix}", artifact.media_type))
    )


def forget_card() -> Message:
    """Asked once before all is destroyed."""
    said = (
        "Shall I destroy your photos, all headshots and every record of them, your consent included? What you have not"
        " downloaded is gone for good, and what is under way stops."
    )
    return Message(
        said,
        (
            Text(said),
            Buttons(
                (
                    button(Verb.FORGET_NOW, "Forget everything", look="danger"),
                    button(Verb.EXPORT, "Export first"),
                )
            ),
        ),
    )


def forgotten_card(pictures: int, records: int, messages: int, remaining: int = 0) -> Message:
    """Proof of forgetting, in numbers. `remaining`: what was being written at that very moment."""
    if remaining:
        return told(
            "Nearly all is destroyed, but something was still being written. Type “forget” once more in a minute."
        )
    if not (pictures or records or messages):
        return told("There was nothing to forget: I keep nothing of you.")
    counts = [counted(pictures, "picture"), counted(records, "record"), counted(messages, "message")]
    return told(f"Forgotten: {listed(counts)}. The key to your pictures is destroyed, and I keep nothing of you.")


def unsaved_card(problems: Mapping[str, str]) -> Message:
    """Files that could not be taken: title → sentence."""
    items = tuple(Item("bad", title, text) for title, text in problems.items())
    if len(items) == 1:
        return told(f"{items[0].title}: {items[0].text}")
    said = f"{counted(len(items), 'file')} could not be used."
    return Message(said, (Text(said), Items(items)))


def error_card(error: HeadroomError, reference: str = "", only_to: str = "") -> Message:
    """What went wrong and what to do next. `reference`: what the operator can look for in the log."""
    try:
        said = sentence(error.code, **error.facts)
    except (KeyError, IndexError):
        said = sentence("went_wrong", reference=reference or error.code)
    else:
        said = f"{said} (Reference {reference})" if reference and reference not in said else said
    if error.code in _CODES_WITH_STYLES:
        buttons: tuple[Button, ...] = (button(Verb.STYLES, "Styles"),)
    elif error.code in _CODES_WITH_HELP:
        buttons = (button(Verb.STATUS, "Status"), button(Verb.HELP, "Help"))
    elif error.code == "selfie_expired":
        buttons = start_buttons()[1:]
    elif error.code == "profile_not_connected":
        buttons = (Button("", "Connect my profile", "primary", link=str(error.facts["url"])),)
    else:
        buttons = ()
    return Message(said, (Text(said), *([Buttons(buttons)] if buttons else [])), only_to)
