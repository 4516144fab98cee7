"""The bot's side of the wire to `tests.chaos.chat`: the port `ChatPlatform` over HTTP on a Unix socket."""

from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.events import Attachment
from bot.messages import Form, Message, form_to_json, to_json
from bot.people import Person
from engine.contract.errors import FileUnavailable, PersonError, PlatformError, RateLimited, Undeliverable
from tests.chaos.journal import Journal

ANSWER_S = 3.0
PLACES = ("send-call", "send-answered", "edit-call", "edit-answered", "fetch-answered")


class WireChat:
    """Whatever is unclear about a call is a PlatformError: it is repeated."""

    def __init__(self, session: ClientSession, journal: Journal) -> None:
        self._session = session
        self._journal = journal

    async def send(self, conversation: str, message: Message, key: str, *, again: bool = False) -> str:
        """See `ChatPlatform`."""
        told = await self._call("send", {"conversation": conversation, "message": to_json(message), "key": key})
        return str(told["ref"])

    async def edit(self, ref: str, message: Message) -> None:
        """See `ChatPlatform`."""
        await self._call("edit", {"ref": ref, "message": to_json(message)})

    async def delete(self, ref: str) -> bool:
        """See `ChatPlatform`."""
        return bool((await self._call("delete", {"ref": ref}))["stood"])

    async def fetch(self, person: Person, attachment: Attachment, limit_bytes: int) -> bytes:
        """See `ChatPlatform`."""
        data: bytes = await self._call("fetch", {"ref": attachment.ref, "person": person.key})
        if len(data) > limit_bytes:
            raise PersonError("photo_too_heavy", megabytes=len(data) // 10**6, limit=limit_bytes // 10**6)
        return data

    async def open_form(self, trigger: str, form: Form) -> None:
        """See `ChatPlatform`."""
        await self._call("form", {"trigger": trigger, "form": form_to_json(form)})

    async def _call(self, verb: str, asked: dict[str, Any]) -> Any:
        self._journal.reach(f"{verb}-call")
        try:
            async with self._session.post(f"http://chat/{verb}", json=asked, timeout=ClientTimeout(ANSWER_S)) as answer:
                match answer.status:
                    case 200:
                        told = await (answer.read() if verb == "fetch" else answer.json())
                    case 403:
                        raise FileUnavailable("file_unavailable")
                    case 404:
                        raise Undeliverable((await answer.json())["code"])
                    case 429:
                        raise RateLimited("platform_busy", retry_after_s=float(answer.headers["Retry-After"]))
                    case _:
                        raise PlatformError("platform_unclear")
        except (ClientError, OSError, TimeoutError) as error:
            raise PlatformError("platform_unclear") from error
        self._journal.reach(f"{verb}-answered")
        if verb == "send":
            self._journal.stored()
        return told
