"""The port `ChatPlatform`: what the bot asks of Slack, Discord or the playground."""

from typing import Protocol

from bot.events import Attachment
from bot.messages import Form, Message
from bot.people import Person


class ChatPlatform(Protocol):
    """One platform. Conversations and references are in the words of its adapter; the bot only keeps and returns them.

    The reference of a message that stands in a channel is the conversation of the thread below it. All methods raise
    PlatformError: `RateLimited` (wait, then again), `Undeliverable` (never: the message or conversation is gone, or nobody may
    write there), or PlatformError itself (unclear: the call may have worked; it is repeated).
    """

    async def send(self, conversation: str, message: Message, key: str, *, again: bool = False) -> str:
        """Post a message and return its reference. The same `key`, at most 25 characters, is posted once, also after a
        failure of which nobody knows how far it came. `again`: an earlier process may have posted it, so that a platform
        which knows no keys has to look.
        """
        ...

    async def edit(self, ref: str, message: Message) -> None:
        """Put a message in the place of the one that stands there. Undeliverable "message_gone": somebody deleted it."""
        ...

    async def delete(self, ref: str) -> bool:
        """Take a message away with all its files; False when it was gone already."""
        ...

    async def fetch(self, person: Person, attachment: Attachment, limit_bytes: int) -> bytes:
        """The bytes of a file that this person sent. FileUnavailable; PersonError "photo_too_heavy" above the limit."""
        ...

    async def open_form(self, trigger: str, form: Form) -> None:
        """Show a form to whoever set the trigger off. Undeliverable "form_too_late" when that was too long ago."""
        ...
