"""A chat in memory that obeys the port `ChatPlatform`, remembers all that happened, and is rude when it is told to be."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.events import Attachment
from bot.messages import Form, Message
from bot.people import Person
from engine.contract.errors import FileUnavailable, PersonError, PlatformError, RateLimited, Undeliverable

LONGEST_KEY = 25
Fault: TypeAlias = Literal["refused", "answer_lost", "busy", "gone"]
"""A 5xx before anything happened; it happened and the answer got lost; 429; never."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that took effect."""

    verb: Literal["sent", "edited", "deleted"]
    ref: str
    summary: str = ""
    key: str = ""


@dataclass
class FakeChat:
    """References are "C1:7": the seventh message of the chat, in conversation C1. A thread's is "C1:7:8"."""

    weather: Callable[[str], Fault | None] = lambda _verb: None
    """Asked before each call, with its verb; for faults at random."""
    busy_s: float = 3.0
    """What a refused caller is told to wait."""
    takes_s: Callable[[], float] = lambda: 0.0
    """Asked on the way there and on the way back: others get a turn, and whoever calls may be killed."""
    messages: dict[str, Message] = field(default_factory=dict)
    """What stands there now, by reference, in the order of posting."""
    conversations: dict[str, list[str]] = field(default_factory=dict)
    """References of all that was ever posted in a conversation or thread."""
    history: list[Call] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """Verbs of all calls, those that failed too."""
    forms: list[tuple[str, Form]] = field(default_factory=list)
    files: dict[str, tuple[Person, bytes]] = field(default_factory=dict)
    """By reference, with who sent them."""
    triggers: set[str] = field(default_factory=set)
    """Those that a form can still be opened with."""
    closed: set[str] = field(default_factory=set)
    """Conversations in which nobody may write any more."""
    _keys: dict[str, str] = field(default_factory=dict)
    _faults: deque[tuple[str, Fault]] = field(default_factory=deque)
    _number: int = 0

    # ---- the port

    async def send(self, conversation: str, message: Message, key: str, *, again: bool = False) -> str:
        """See `ChatPlatform`."""
        if not 0 < len(key) <= LONGEST_KEY:
            raise ValueError("a key has 1 to 25 characters")
        lost = await self._meets_fault("send")
        if (ref := self._keys.get(key)) is None:
            if conversation in self.closed or (":" in conversation and conversation not in self.messages):
                raise Undeliverable("conversation_closed")
            ref = f"{conversation}:{self._next()}"
            self._keys[key] = ref
            self.messages[ref] = message
            self.conversations.setdefault(conversation, []).append(ref)
            self.history.append(Call("sent", ref, message.summary, key))
        await self._answer(lost)
        return ref

    async def edit(self, ref: str, message: Message) -> None:
        """See `ChatPlatform`."""
        lost = await self._meets_fault("edit")
        if ref not in self.messages:
            raise Undeliverable("message_gone")
        self.messages[ref] = message
        self.history.append(Call("edited", ref, message.summary))
        await self._answer(lost)

    async def delete(self, ref: str) -> bool:
        """See `ChatPlatform`."""
        lost = await self._meets_fault("delete")
        stood = self.messages.pop(ref, None) is not None
        if stood:
            self.history.append(Call("deleted", ref))
        await self._answer(lost)
        return stood

    async def fetch(self, person: Person, attachment: Attachment, limit_bytes: int) -> bytes:
        """See `ChatPlatform`."""
        await self._answer(await self._meets_fault("fetch"))
        sender, data = self.files.get(attachment.ref, (None, b""))
        if sender != person:
            raise FileUnavailable("file_unavailable")
        if len(data) > limit_bytes:
            raise PersonError("photo_too_heavy", megabytes=len(data) // 10**6, limit=limit_bytes // 10**6)
        return data

    async def open_form(self, trigger: str, form: Form) -> None:
        """See `ChatPlatform`."""
        lost = await self._meets_fault("open_form")
        if trigger not in self.triggers:
            raise Undeliverable("form_too_late")
        self.triggers.discard(trigger)
        self.forms.append((trigger, form))
        await self._answer(lost)

    # ---- what people do, and knobs

    def uploads(self, person: Person, data: bytes, media_type: str = "image/jpeg") -> Attachment:
        """The person sends a file."""
        ref = f"F{self._next()}"
        self.files[ref] = (person, data)
        return Attachment(ref, media_type, len(data))

    def sets_off(self) -> str:
        """The person presses or types something that a form can be opened with."""
        trigger = f"trigger-{self._next()}"
        self.triggers.add(trigger)
        return trigger

    def fails(self, fault: Fault, times: int = 1, verb: str = "") -> None:
        """The next calls, or the next with this verb, meet this fault."""
        self._faults.extend([(verb, fault)] * times)

    def sent(self, key: str = "", conversation: str = "") -> list[str]:
        """References of what was posted, all or with this key or in this conversation, in order."""
        return [
            call.ref
            for call in self.history
            if call.verb == "sent" and key in ("", call.key) and conversation in ("", call.ref.rpartition(":")[0])
        ]

    def edits(self, ref: str) -> list[str]:
        """Summaries that were put in the place of a message, in order."""
        return [call.summary for call in self.history if call.verb == "edited" and call.ref == ref]

    def thread(self, ref: str) -> list[Message]:
        """What stands below a message."""
        return [self.messages[each] for each in self.conversations.get(ref, []) if each in self.messages]

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def _meets_fault(self, verb: str) -> bool:
        """True when the call works and its answer gets lost."""
        self.calls.append(verb)
        await asyncio.sleep(self.takes_s())
        fault = self.weather(verb)
        for index, (of, planned) in enumerate(self._faults):
            if of in ("", verb):
                del self._faults[index]
                fault = planned
                break
        if fault == "refused":
            raise PlatformError("platform_unclear")
        if fault == "busy":
            raise RateLimited("platform_busy", retry_after_s=self.busy_s)
        if fault == "gone":
            raise Undeliverable("message_gone" if verb == "edit" else "conversation_closed")
        return fault == "answer_lost"

    async def _answer(self, lost: bool) -> None:
        await asyncio.sleep(self.takes_s())
        if lost:
            raise PlatformError("platform_unclear")
