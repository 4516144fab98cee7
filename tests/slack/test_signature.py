"""Requests that are not from Slack, over real HTTP: all of them are refused, and nothing happens."""

import gzip
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from adapters.slack.limits import BODY_BYTES
from bot.events import Said
from tests.slack.running import Running, running
from tests.slack.simulator.records import Json
from tests.slack.simulator.requests import RequestLine, Sent
from tests.slack.simulator.slack import Slack

pytestmark = pytest.mark.asyncio
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


@dataclass
class Door:
    """Where Slack's requests arrive, and what Slack would send."""

    here: Running
    line: RequestLine

    def message(self, text: str = "hello") -> bytes:
        """An event of Anna's, as raw bytes."""
        slack = self.here.slack
        event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": text, "ts": "1.000001"}
        return json.dumps(slack.events.body("T1", event), separators=(",", ":")).encode()

    def signed(self, body: bytes | None = None, kind: str = JSON, **given: object) -> Sent:
        """As Slack signs it, or with another clock or secret."""
        return self.line.sign(self.message() if body is None else body, kind, **given)  # type: ignore[arg-type]

    def headers(self, sent: Sent, **changed: str | None) -> Sent:
        """With other headers; None = without that one."""
        named = {name.replace("_", "-"): value for name, value in changed.items()}
        headers = {**sent.headers, **named}
        return replace(sent, headers={name: value for name, value in headers.items() if value is not None})


@pytest_asyncio.fixture
async def door(slack: Slack, tmp_path: Path) -> AsyncIterator[Door]:
    """HTTP mode, started for real."""
    async with running(slack, tmp_path, slack_mode="http") as here:
        assert slack.requests is not None
        yield Door(here, slack.requests)


def reserialised(door: Door) -> Sent:
    """The same JSON with other spaces, as a proxy may write it that reads bodies."""
    sent = door.signed()
    return replace(sent, body=json.dumps(json.loads(sent.body)).encode())


def sorted_keys(door: Door) -> Sent:
    """The same JSON in another order."""
    sent = door.signed()
    return replace(sent, body=json.dumps(json.loads(sent.body), sort_keys=True, separators=(",", ":")).encode())


FORGED: dict[str, Callable[[Door], Sent]] = {
    "of six minutes ago": lambda d: d.signed(at=time.time() - 361),
    "of last year": lambda d: d.signed(at=time.time() - 3e7),
    "of the future": lambda d: d.signed(at=time.time() + 361),
    "signed with another secret": lambda d: d.signed(secret="another-secret"),
    "signed with nothing": lambda d: d.headers(d.signed(), **{SIGNATURE: "v0="}),
    "with a signature of another version": lambda d: d.headers(
        d.signed(), **{SIGNATURE: d.signed().headers[SIGNATURE].replace("v0=", "v1=")}
    ),
    "with half a signature": lambda d: d.headers(d.signed(), **{SIGNATURE: d.signed().headers[SIGNATURE][:40]}),
    "with a signature that is no ASCII": lambda d: d.headers(d.signed(), **{SIGNATURE: "v0=é"}),
    "with the signature of another body": lambda d: replace(d.signed(), body=d.message("other")),
    "with one byte more": lambda d: replace(d.signed(), body=d.signed().body + b" "),
    "with one byte less": lambda d: replace(d.signed(), body=d.signed().body[:-1]),
    "with a byte order mark": lambda d: replace(d.signed(), body=b"\xef\xbb\xbf" + d.signed().body),
    "serialised again": reserialised,
    "serialised in another order": sorted_keys,
    "with a newer time stamp": lambda d: d.headers(d.signed(at=time.time() - 400), **{STAMP: str(int(time.time()))}),
    "without a signature": lambda d: d.headers(d.signed(), **{SIGNATURE: None}),
    "without a time stamp": lambda d: d.headers(d.signed(), **{STAMP: None}),
    "without either": lambda d: d.headers(d.signed(), **{SIGNATURE: None, STAMP: None}),
    "with words for a time stamp": lambda d: d.headers(d.signed(), **{STAMP: "now"}),
    "with a negative time stamp": lambda d: d.headers(d.signed(), **{STAMP: "-1"}),
    "with an endless time stamp": lambda d: d.headers(d.signed(), **{STAMP: "9" * 5000}),
    "with a fraction for a time stamp": lambda d: d.headers(d.signed(), **{STAMP: f"{time.time():.3f}"}),
    "with bytes that are no text": lambda d: d.signed(b"\xff\xfe{}"),
    "with no body": lambda d: replace(d.signed(), body=b""),
    "of an unsigned ssl_check": lambda d: Sent(b"ssl_check=1&token=old", {"Content-Type": FORM}),
    "of an unsigned challenge": lambda d: Sent(
        b'{"type":"url_verification","challenge":"abc"}', {"Content-Type": JSON}
    ),
    "in another alphabet": lambda d: replace(
        d.headers(d.signed(), Content_Type=f"{JSON}; charset=utf-16"), body=d.signed().body.decode().encode("utf-16")
    ),
    "packed": lambda d: d.headers(replace(d.signed(), body=gzip.compress(d.message("other"))), Content_Encoding="gzip"),
    "that are too large": lambda d: d.signed(b"{" + b" " * BODY_BYTES + b"}"),
    "that are too large once they are unpacked": lambda d: d.headers(
        replace(d.signed(), body=gzip.compress(b"{" + b" " * (30 * BODY_BYTES) + b"}")), Content_Encoding="gzip"
    ),
}


@pytest.mark.parametrize("name", FORGED)
async def test_what_slack_did_not_sign_just_now_is_refused(door: Door, name: str) -> None:
    """Whoever knows the address of the bot can say nothing in the name of anybody: no event, no call, no answer to read."""
    calls = len(door.here.slack.world.calls)
    status, answer = await door.line.post(FORGED[name](door))

    assert status in (400, 401, 413), answer
    assert b"challenge" not in answer
    assert b"abc" not in answer
    assert door.here.desk.asked == 0
    assert len(door.here.slack.world.calls) == calls


async def test_what_slack_signed_is_taken(door: Door) -> None:
    """Else the tests above would prove nothing; also a little late, or early, as clocks are."""
    for late_s in (0, 290, -290):
        status, _ = await door.line.post(door.signed(door.message(f"{late_s}"), at=time.time() - late_s))
        assert status == 200

    assert door.here.desk.happened == [Said("0"), Said("290"), Said("-290")]


async def test_a_signed_request_that_is_sent_again_is_one_event(door: Door) -> None:
    """Somebody recorded it on the way, or Slack tries again: it is acknowledged, and it happened once."""
    sent = door.signed()
    answers = [await door.line.post(sent) for _ in range(5)]

    assert {status for status, _ in answers} == {200}
    assert door.here.desk.happened == [Said("hello")]


async def test_a_recorded_command_does_nothing_again(door: Door) -> None:
    """The same for what is no event: its trigger names it."""
    command = {"command": "/headshot", "text": "corporate", "user_id": "U1", "team_id": "T1", "channel_id": "C1"}
    command |= {"channel_name": "team", "trigger_id": "1.2.3", "is_enterprise_install": "false"}
    sent = door.signed(urlencode(command).encode(), FORM)
    for _ in range(3):
        assert (await door.line.post(sent))[0] == 200

    assert len(door.here.desk.events) == 1


@pytest.mark.parametrize("reason", ["http_timeout", "http_error"])
async def test_a_retry_may_be_the_first_that_arrives(door: Door, reason: str) -> None:
    """Slack says that it tries for the third time; we have never heard of it."""
    sent = door.signed()
    retry = {"X-Slack-Retry-Num": "3", "X-Slack-Retry-Reason": reason}
    status, _ = await door.line.post(replace(sent, headers={**sent.headers, **retry}))

    assert status == 200
    assert door.here.desk.happened == [Said("hello")]


async def test_slack_can_verify_the_address(door: Door) -> None:
    """As it does when an operator enters the request URL."""
    assert await door.line.verify()
    assert door.here.desk.asked == 0


@pytest.mark.parametrize(
    "told",
    [
        {"type": "event_callback", "event": {"type": "team_join"}, "event_id": "Ev1", "team_id": "T1"},
        {"type": "view_closed", "user": {"id": "U1"}, "team": {"id": "T1"}, "view": {"type": "modal"}},
        {"type": "block_suggestion", "user": {"id": "U1"}, "team": {"id": "T1"}, "value": "c"},
        {"type": "something_new", "team": {"id": "T1"}},
        {"command": "/other", "user_id": "U1", "team_id": "T1", "channel_name": "team", "trigger_id": "1"},
    ],
)
async def test_what_does_not_concern_us_is_acknowledged(door: Door, told: Json) -> None:
    """Else Slack sends it again, and switches an app off that fails too often."""
    status, _ = await door.line.post(door.signed(json.dumps(told).encode()))

    assert status == 200
    assert door.here.desk.asked == 0


@pytest.mark.parametrize(("method", "path"), [("GET", "/slack/events"), ("GET", "/slack/install"), ("POST", "/")])
async def test_there_is_nothing_else_behind_the_door(door: Door, method: str, path: str) -> None:
    """With the token of one workspace there is nothing to install."""
    async with door.line._session.request(method, f"{door.here.adapter.url}{path}") as answer:
        assert answer.status in (404, 405)


async def test_in_socket_mode_nothing_listens(slack: Slack, tmp_path: Path) -> None:
    """What can be reached can be attacked."""
    async with running(slack, tmp_path) as here:
        assert here.adapter.url == ""
