"""Connections to Redis, and its errors as ours. Every wait has an end: redis-py by itself waits for ever for a hung server."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from adapters.queue.keys import RING_EXPIRES_S
from adapters.queue.wire import pack_job, unpack_job
from engine.contract.errors import QueueError

CALL_S = 1.0
"""Bound of a call that a person or the GPU loop waits for. Slack wants its acknowledgement within 3 s."""
FAULTS = (RedisError, OSError, TimeoutError)
"""All that redis-py raises when the server is away, hung, full or hostile."""

T = TypeVar("T")
log = logging.getLogger(__name__)


def connect(url: str, *, attempts: int = 1, answer_s: float = CALL_S) -> ArqRedis:
    """A client that connects on first use. URL: redis://, rediss:// or unix://, with user and password inside.

    Every command is tried again up to `attempts` times, 50 ms to 1 s apart; each answer may take `answer_s`.
    """
    pool: ConnectionPool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=min(answer_s, CALL_S),
        socket_timeout=answer_s,
        retry=Retry(ExponentialBackoff(cap=1, base=0.05), attempts),
        retry_on_error=[RedisConnectionError, RedisTimeoutError, OSError],
        retry_on_timeout=True,
        **({"ssl_check_hostname": True} if url.startswith("rediss://") else {}),  # off by default in redis-py 5
    )
    client = ArqRedis(pool, pack_job, unpack_job, expires_extra_ms=RING_EXPIRES_S * 1000)
    client.auto_close_connection_pool = True
    return client


async def within_a_second(call: Callable[[], Awaitable[T]]) -> T:
    """The answer of Redis; raises QueueError after `CALL_S` at the latest."""
    try:
        async with asyncio.timeout(CALL_S):
            return await call()
    except FAULTS as error:
        raise to_queue_error(error) from error


async def heard(call: Callable[[], Awaitable[bool]]) -> bool:
    """Whether the call got through within `CALL_S`. Never raises for a fault of Redis: that costs nothing but time."""
    try:
        return await within_a_second(call)
    except QueueError as error:
        log.warning("%s", error.code)
        return False


def to_queue_error(error: BaseException) -> QueueError:
    """What redis-py raised, by code. While it connects it hides a refused login in a ConnectionError; its cause says more."""
    hidden = error.__cause__ or error.__context__
    match error:
        case AuthenticationError() | NoPermissionError():
            return QueueError("queue_login_refused")
        case RedisConnectionError() if isinstance(hidden, AuthenticationError | NoPermissionError):
            return QueueError("queue_login_refused")
        case OutOfMemoryError() | ReadOnlyError():
            return QueueError("queue_full")
        case ResponseError() if str(error).startswith(("OOM", "MISCONF")):
            return QueueError("queue_full")
        case ResponseError():
            return QueueError("queue_refused")
        case _:
            return QueueError("queue_unreachable")
