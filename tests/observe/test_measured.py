"""A measured conversation: the same answers and errors, and a figure for each event."""

import pytest

from bot.conversation.answers import Answer
from bot.events import Event, Said
from bot.observe.measured import Measured
from bot.observe.metrics import Metrics
from bot.people import Person
from engine.contract.errors import PersonError
from tests.observe.test_metrics import figures

EVENT = Event("e1", Person("playground", "w", "anna"), "c1", "d1", Said("hello"))


class Talker:
    """Answers, or fails as told; remembers what it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked: list[tuple[Event, bool]] = []

    async def handle(self, event: Event, *, again: bool = False) -> Answer:
        self.asked.append((event, again))
        if self.error:
            raise self.error
        return Answer(aside=True)


@pytest.mark.asyncio
async def test_an_answer_comes_through_and_is_counted() -> None:
    """By platform and kind of event."""
    talker, metrics = Talker(), Metrics()

    assert await Measured(talker, metrics).handle(EVENT, again=True) == Answer(aside=True)

    assert talker.asked == [(EVENT, True)]
    assert figures(metrics)["headroom_events_total", ("said", "playground")] == 1
    assert b"headroom_failures_total{" not in metrics.page()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("error", "code"), [(PersonError("shoot_unknown"), "shoot_unknown"), (ValueError("canary"), "went_wrong")]
)
async def test_an_error_goes_on_and_is_counted_by_its_code(error: Exception, code: str) -> None:
    """Mistakes of ours, too, and never by their text."""
    metrics = Metrics()
    with pytest.raises(type(error)):
        await Measured(Talker(error), metrics).handle(EVENT)

    assert figures(metrics)["headroom_failures_total", (code,)] == 1
    assert figures(metrics)["headroom_event_seconds_count", ("playground",)] == 1
