"""What happens when the engine crashes, hangs, eats memory, is cancelled, or loses its parent: one policy each, no neighbour harmed."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from functools import partial
from pathlib import Path

import pytest

from engine.child.events import Done, Event, Finished, Stepped, Stopped
from engine.child.process import ChildLimits, EngineChild
from engine.contract.errors import Cancelled, EngineError, ModelUnavailable, OutOfMemory, PersonError, RenderFailed
from engine.contract.selfies import Photo
from engine.contract.shots import ShootRequest
from tests.rules.source import ROOT

pytestmark = [pytest.mark.asyncio, pytest.mark.slow, pytest.mark.timeout(60)]
PHOTOS = (Photo("me.jpg", b"not a picture"),)
POLITE, SLOW = "tests.child.studios:open_polite", "tests.child.studios:open_slow"


def a_child(factory: str = POLITE, **limits: float) -> EngineChild:
    """A child of a test's studio."""
    return EngineChild(factory, allowed=(factory,), limits=ChildLimits(**{"start_s": 40.0, "step_s": 20.0, **limits}))


def a_shoot(wish: str = "", count: int = 2) -> ShootRequest:
    """The wish says how it goes wrong."""
    return ShootRequest(PHOTOS, count=count, wish=wish)


async def each(events: AsyncIterator[Event], do: Callable[[Event], object]) -> None:
    """What a worker does: something at every event."""
    async for event in events:
        do(event)


async def all_of(events: AsyncIterator[Event]) -> list[Event]:
    """Everything up to the last."""
    return [event async for event in events]


async def serves_the_next(child: EngineChild) -> bool:
    """Whether a neighbour gets a whole gallery."""
    events = await all_of(child.shoot(a_shoot()))
    return [e.rank for e in events if isinstance(e, Finished)] == [1, 2] and isinstance(events[-1], Done)


def gone(pid: int) -> bool:
    """Whether the process has ended; one that only waits for its parent to look counts."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] in "ZX"


async def until(true: Callable[[], bool], within_s: float = 10.0) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + within_s
    while not true() and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    return true()


async def test_a_crash_is_an_error_with_its_signal_and_the_next_job_gets_a_fresh_process() -> None:
    """A segmentation fault in a native library costs one job; what was finished before has already been handed over."""
    async with a_child() as child:
        first = child.pid
        events: list[Event] = []
        with pytest.raises(EngineError, match="engine_crashed") as failed:
            await each(child.shoot(a_shoot("crash")), events.append)

        assert failed.value.facts["reason"] == "SIGSEGV"
        assert failed.value.stage == "finish"
        assert [e.rank for e in events if isinstance(e, Finished)] == [1]
        assert await serves_the_next(child)
        assert child.pid != first


async def test_a_kill_from_outside_in_the_middle_is_a_crash() -> None:
    """The system may kill the process at any moment (kill -9, its own lack of memory)."""
    async with a_child(SLOW) as child:
        pid = child.pid or 0
        with pytest.raises(EngineError, match="engine_crashed") as failed:
            await each(child.shoot(a_shoot(count=9)), lambda _: os.kill(pid, signal.SIGKILL))

        assert failed.value.facts["reason"] == "SIGKILL"
        assert await serves_the_next(child)


async def test_a_process_killed_between_two_jobs_is_replaced() -> None:
    """Nobody has to notice that it was gone."""
    async with a_child() as child:
        first = child.pid or 0
        os.kill(first, signal.SIGKILL)
        assert await until(lambda: child.pid is None)

        assert await serves_the_next(child)


@pytest.mark.parametrize("way", ["hang", "spin"])
async def test_a_job_without_steps_is_killed_after_the_limit(way: str) -> None:
    """Whether native code sleeps or Python spins: a thread could not be stopped, a process can."""
    async with a_child(step_s=1.0) as child:
        pid, began = child.pid or 0, time.monotonic()
        with pytest.raises(EngineError, match="engine_hung") as failed:
            await all_of(child.shoot(a_shoot(way)))

        assert time.monotonic() - began < 8
        assert failed.value.facts["seconds"] == 1.0
        assert failed.value.stage == "finish"
        assert await until(lambda: gone(pid))
        assert await serves_the_next(child)


async def test_a_stopped_process_counts_as_hanging() -> None:
    """SIGSTOP, a debugger or a suspended driver: no step comes, so it is killed."""
    async with a_child(SLOW, step_s=1.0) as child:
        pid = child.pid or 0
        with pytest.raises(EngineError, match="engine_hung"):
            await each(
                child.shoot(a_shoot(count=9)), lambda e: isinstance(e, Finished) and os.kill(pid, signal.SIGSTOP)
            )

        assert await until(lambda: gone(pid))


async def test_a_process_that_does_not_listen_cannot_block_us() -> None:
    """Stopped while idle, then given a job larger than the pipe: the limit holds for the asking, too."""
    async with a_child(step_s=1.0) as child:
        os.kill(child.pid or 0, signal.SIGSTOP)
        with pytest.raises(EngineError, match="engine_hung"):
            await all_of(child.check((Photo("large.jpg", bytes(8_000_000)),)))

        assert await serves_the_next(child)


async def test_models_that_never_load_are_given_up() -> None:
    """A start has its own limit, and leaves nothing behind."""
    with pytest.raises(EngineError, match="engine_hung") as failed:
        await a_child("tests.child.studios:open_never", start_s=2.0).__aenter__()

    assert failed.value.stage == "start"


async def test_an_eater_is_stopped_below_the_limit_while_we_live() -> None:
    """Out of memory is an answer, not a dead machine, and the next job gets a fresh process."""
    async with a_child(memory_gb=0.5) as child:
        pid, peak_kb = child.pid or 0, 0

        async def watch() -> None:
            nonlocal peak_kb
            while not gone(pid):
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
                peak_kb = max([peak_kb, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
                await asyncio.sleep(0.005)

        watching = asyncio.create_task(watch())
        with pytest.raises(OutOfMemory, match="engine_out_of_memory") as failed:
            await all_of(child.shoot(a_shoot("eat")))
        watching.cancel()

        assert await until(lambda: gone(pid))
        assert failed.value.retryable
        assert failed.value.stage == "finish"
        assert 400_000 < peak_kb < 1.0 * 2**20
        assert await serves_the_next(child)


async def test_cancel_stops_within_a_step_and_keeps_the_process_warm() -> None:
    """A person who presses cancel has the device free at once for the next person, models loaded."""
    async with a_child(SLOW) as child:
        pid = child.pid
        events: list[Event] = []

        def cancel(event: Event) -> None:
            events.append(event)
            child.cancel()

        with pytest.raises(Cancelled):
            await each(child.shoot(a_shoot(count=50)), cancel)

        assert len(events) <= 2
        assert await serves_the_next(child)
        assert child.pid == pid


async def test_a_job_that_does_not_heed_cancel_is_killed_after_the_grace() -> None:
    """Native code that does not come back to a step cannot hold the device."""
    async with a_child(cancel_s=0.3) as child:
        pid, began = child.pid or 0, time.monotonic()
        hanging = partial(asyncio.get_running_loop().call_later, 1, child.cancel)  # before that it would still heed
        with pytest.raises(Cancelled):
            await each(child.shoot(a_shoot("hang")), lambda event: isinstance(event, Finished) and hanging())

        assert time.monotonic() - began < 60  # the job itself would take ten minutes
        assert await until(lambda: gone(pid))
        assert await serves_the_next(child)


async def test_cancel_without_a_job_harms_nobody() -> None:
    """A button pressed too late does not stop the next person's shoot."""
    async with a_child() as child:
        child.cancel()
        assert await serves_the_next(child)
        child.cancel()
        assert await serves_the_next(child)


async def test_winding_up_finishes_the_headshot_in_work_and_begins_no_other() -> None:
    """A deploy costs nobody a headshot: the one in work is delivered, the rest is resumed elsewhere."""
    async with a_child(SLOW) as child:
        events: list[Event] = []
        async for event in child.shoot(a_shoot(count=50)):
            events.append(event)
            if isinstance(event, Stepped) and event.step.stage == "finish" and event.step.done == 1:
                child.wind_up()

        assert [e.rank for e in events if isinstance(e, Finished)] == [1, 2]
        assert isinstance(events[-1], Stopped)
        assert await all_of(child.shoot(a_shoot())) == [Stopped()]


async def test_sigterm_to_the_process_itself_does_the_same() -> None:
    """Service managers send it to every process of a group. The host is not stopping then, so the next job is served."""
    async with a_child(SLOW) as child:
        events: list[Event] = []
        async for event in child.shoot(a_shoot(count=50)):
            events.append(event)
            if isinstance(event, Finished) and event.rank == 1:
                os.kill(child.pid or 0, signal.SIGTERM)

        assert len([e for e in events if isinstance(e, Finished)]) in (1, 2)
        assert isinstance(events[-1], Stopped)
        assert await serves_the_next(child)


async def test_an_idle_process_that_was_told_to_stop_says_so_or_is_replaced() -> None:
    """Also in the moment before anybody sees that it is gone: never a crash, for nothing broke."""
    for moment_s in (0.0, 0.001, 0.01, 0.1):
        async with a_child() as child:
            os.kill(child.pid or 0, signal.SIGTERM)
            await asyncio.sleep(moment_s)
            events = await all_of(child.shoot(a_shoot()))

            assert isinstance(events[-1], Done | Stopped)
            assert await serves_the_next(child)


async def test_winding_up_does_not_wait_for_ever() -> None:
    """A host that must stop stops, hanging engine or not."""
    async with a_child(wind_up_s=0.3) as child:
        events: list[Event] = []
        async for event in child.shoot(a_shoot("hang")):
            events.append(event)
            if isinstance(event, Finished):
                child.wind_up()

        assert isinstance(events[-1], Stopped)


async def test_leaving_in_the_middle_frees_the_device() -> None:
    """A worker that loses its lease stops iterating; nothing goes on in secret."""
    async with a_child(SLOW) as child:
        pid = child.pid or 0
        async with aclosing(child.shoot(a_shoot(count=50))) as events:  # type: ignore[type-var]
            async for _ in events:
                break

        assert await until(lambda: gone(pid))
        assert await serves_the_next(child)


async def test_a_rest_gives_the_memory_back_until_the_next_job() -> None:
    """Room for a shoot that must be alone."""
    async with a_child() as child:
        pid = child.pid or 0
        await child.rest()

        assert child.pid is None
        assert gone(pid)
        assert await serves_the_next(child)


async def test_the_engine_lets_others_go_first() -> None:
    """On a laptop with two processors, people are answered in time while their headshots are made."""
    async with a_child() as child:
        assert os.getpriority(os.PRIO_PROCESS, child.pid or 0) > os.getpriority(os.PRIO_PROCESS, 0)


async def test_one_job_at_a_time() -> None:
    """Two that come together are done one after the other, by the same process."""
    async with a_child(SLOW) as child:
        both = await asyncio.gather(all_of(child.shoot(a_shoot())), all_of(child.shoot(a_shoot())))

        assert [type(events[-1]) for events in both] == [Done, Done]


async def test_a_persons_error_stays_one_and_keeps_the_process_warm() -> None:
    """It is answered kindly with its facts; nothing was wrong with the engine."""
    async with a_child() as child:
        pid = child.pid
        with pytest.raises(PersonError, match="photo_too_heavy") as refused:
            await all_of(child.shoot(a_shoot("blame_person")))

        assert refused.value.facts == {"megabytes": 30, "limit": 25}
        assert await serves_the_next(child)
        assert child.pid == pid


async def test_an_error_of_the_engine_keeps_its_class_stage_and_facts() -> None:
    """The worker decides by class, operators search by code."""
    async with a_child() as child:
        with pytest.raises(RenderFailed, match="nothing_rendered") as failed:
            await all_of(child.shoot(a_shoot("fail_to_render")))

        assert (failed.value.stage, failed.value.facts) == ("render", {"shot": "shot-1"})
        assert await serves_the_next(child)


async def test_a_bug_is_reported_by_place_and_number_without_its_text() -> None:
    """Texts of unexpected errors may quote what a person sent, so they stay inside."""
    async with a_child() as child:
        with pytest.raises(EngineError, match="engine_failed") as failed:
            await all_of(child.shoot(a_shoot("stumble")))

        assert failed.value.facts["kind"] == "KeyError"
        assert failed.value.facts["where"].startswith("studios.py:")
        assert len(failed.value.facts["reference"]) == 8
        assert "Ada" not in str(failed.value)
        assert await serves_the_next(child)


async def test_stray_prints_do_not_reach_the_pipe() -> None:
    """Libraries print; events stay readable."""
    async with a_child() as child:
        events = await all_of(child.shoot(a_shoot("babble")))

        assert isinstance(events[-1], Done)


async def test_a_missing_model_is_told_at_the_start() -> None:
    """With its own class and facts."""
    with pytest.raises(ModelUnavailable, match="weights_missing") as failed:
        await a_child("tests.child.studios:open_broken").__aenter__()

    assert failed.value.facts == {"name": "face", "folder": "models"}


async def test_the_process_sees_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens of the bot are out of reach of whatever a selfie may do; what is meant for it arrives."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    factory = "tests.child.studios:environment"
    with pytest.raises(ModelUnavailable) as failed:
        await EngineChild(factory, allowed=(factory,), environment={"CUDA_VISIBLE_DEVICES": "1"}).__aenter__()

    assert "SLACK_BOT_TOKEN" not in failed.value.facts["name"]
    assert "CUDA_VISIBLE_DEVICES" in failed.value.facts["name"]


async def test_only_named_studios_are_opened() -> None:
    """The name of a factory is a name to import: it is settled where the parts are joined, never by a message."""
    with pytest.raises(ValueError, match="not among the studios"):
        EngineChild("os:system")


PARENT = """
import asyncio, sys
sys.path.insert(0, {root!r})
from tests.child.test_policies import a_child, a_shoot
async def main():
    async with a_child() as child:
        async for event in child.shoot(a_shoot({wish!r})):
            print(child.pid, flush=True)
asyncio.run(main())
"""


@pytest.mark.parametrize("wish", ["hang", "spin"])
async def test_a_killed_parent_leaves_no_orphan(wish: str) -> None:
    """kill -9 of the worker frees the device at once, whatever the engine is doing."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT.format(root=str(ROOT), wish=wish), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    try:
        async with asyncio.timeout(40):
            lines = [await parent.stdout.readline() for _ in range(4)]  # the fourth event is the first headshot
    finally:
        parent.kill()
        await parent.wait()

    assert await until(lambda: gone(int(lines[0])))
