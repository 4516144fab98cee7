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
    """Of a gallery, or of one headshot of it."""
    # A headshot of a gallery
    MORE_LIKE_THIS = "more-like-this"
    NEW_LIGHT = "new-light"
    NEW_BACKDROP = "new-backdrop"
    NEW_CROP = "new-crop"
    DOWNLOAD = "download"
    FAVOURITE = "favourite"
    """`argument`: on or off, so that a press that is handled twice changes nothing twice."""
    DELETE = "delete"
    SHARE = "share"
    """Opens the form in which a channel is chosen."""
    TAKE_BACK = "take-back"
    """Of a headshot that was shared. `argument`: the key of the message that shares it."""
    PROFILE = "profile"
    """Where the platform has profile photos."""
    # A gallery
    SHOW_ALL = "show-all"
    MORE = "more"
    STYLE = "style"
    # Photos that somebody else pointed at
    OFFER = "offer"
    """The yes of whoever posted them. `argument`: the key of the message that asks."""
    LEAVE = "leave"
    """Their no."""
    # What we keep, and what we can do
    STATUS = "status"
    HELP = "help"
    EXPORT = "export"
    FORGET = "forget"
    """Asks back."""
    FORGET_NOW = "forget-now"
