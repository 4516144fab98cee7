"""Delivery by signed requests to the app's address, and requests that somebody else made up."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.slack.simulator.lines import Ack, Attempt
from tests.slack.simulator.records import Json

SIGNING_SECRET = "simulated-signing-secret"
TIMEOUTS = (ClientError, TimeoutError, OSError)


@dataclass(frozen=True)
class Sent:
    """A request as it went out: enough to send it once more."""

    body: bytes
    headers: dict[str, str]


class RequestLine:
    """To one request URL."""

    def __init__(self, session: ClientSession, url: str, secret: str = SIGNING_SECRET) -> None:
        self._session, self.url, self._secret = session, url, secret
        self.sent: list[Sent] = []

    async def send(self, kind: str, payload: Json, within_s: float, attempt: Attempt) -> Ack:
        """One signed request. `kind` as in Socket Mode."""
        headers = {}
        if attempt.number:
            headers = {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        request = self.sign(*to_body(kind, payload))
        sent = Sent(request.body, {**request.headers, **headers})
        began = time.monotonic()
        try:
            status, body = await self.post(sent, within_s)
        except TIMEOUTS:
            return Ack(False, {}, time.monotonic() - began, "http_timeout")
        took_s = time.monotonic() - began
        if status != 200:
            return Ack(False, {}, took_s, "http_error")
        return Ack(True, _answer(body), took_s)

    def sign(self, body: bytes, content_type: str, *, at: float | None = None, secret: str | None = None) -> Sent:
        """As Slack signs; or with another clock or secret."""
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new((secret or self._secret).encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest.hexdigest()}"}
        return Sent(body, {"Content-Type": content_type, **signed})

    async def post(self, sent: Sent, within_s: float = 10.0) -> tuple[int, bytes]:
        """Send it as it is, also for the second time: status and body of the answer."""
        self.sent.append(sent)
        timeout = ClientTimeout(within_s)
        async with self._session.post(self.url, data=sent.body, headers=sent.headers, timeout=timeout) as answer:
            return answer.status, await answer.read()

    async def verify(self, challenge: str = "3eZbrw1aB10FEMAGAZd4FyFQ") -> bool:
        """What Slack asks of a new request URL."""
        body = json.dumps({"type": "url_verification", "token": "old", "challenge": challenge}).encode()
        status, answer = await self.post(self.sign(body, "application/json"))
        return status == 200 and challenge in answer.decode()


def to_body(kind: str, payload: Json) -> tuple[bytes, str]:
    """The raw body, and its content type."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _answer(body: bytes) -> Json:
    try:
        told = json.loads(body or b"{}")
    except ValueError:
        return {"text": body.decode()}
    return told if isinstance(told, dict) else {}
