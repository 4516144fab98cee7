"""The verbs of our buttons and forms: one word per thing that can be pressed. Old ones stay, because buttons never expire."""

from enum import StrEnum


class Verb(StrEnum):
    """What a press asks for; see `bot.actions.Action`."""

    # Consent
    AGREE = "agree"
    DECLINE = "decline"
    # Selfies
    REMOVE_SELFIE = "remove-selfie"
    """`argument`: the id of the stored selfie."""
    # Asking for a shoot
    MAKE = "make"
    """`argument`: the name of a style."""
    STYLES = "styles"
    SELFIES = "selfies"
    ASK = "ask"
    """The form in which style, count, wish and polish are chosen."""
    # A shoot
    CANCEL = "cancel"
    TRY_AGAIN = "try-again"
    SHOW = "show"
    # A headshot of a gallery
    MORE_LIKE_THIS = "more-like-this"
    NEW_LIGHT = "new-light"
    NEW_BACKDROP = "new-backdrop"
    NEW_CROP = "new-crop"
    DOWNLOAD = "download"
    FAVOURITE = "favourite"
    """`argument`: on or off, so that a press that is handled twice changes nothing twice."""
    DELETE = "delete"
    # A gallery
    SHOW_ALL = "show-all"
    MORE = "more"
    STYLE = "style"
    # What we keep, and what we can do
    STATUS = "status"
    HELP = "help"
    EXPORT = "export"
    FORGET = "forget"
    """Asks back."""
    FORGET_NOW = "forget-now"
