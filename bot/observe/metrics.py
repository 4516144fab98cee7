"""Figures for Prometheus. Labels are words of ours, such as codes and kinds, so that nothing of a person can become one."""

import re
import time
from collections.abc import Callable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.artifacts import Removed
from bot.ledger import Counts

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LABEL = re.compile(r"[a-z][a-z0-9_-]{0,47}")
_SHORT_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LONG_S = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 900)


class Metrics:
    """All figures of one process, the bot or a worker; each process fills in what it does."""

    def __init__(self, version: str = "", clock: Callable[[], float] = time.time) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(namespace="headroom", registry=registry)
        self._shoots = Gauge(
            "headroom_shoots", "Shoots and screenings in the ledger by how they stand.", ["state"], registry=None
        )
        self._lost = _gauge("headroom_lost", "Accepted, but neither finished, explained nor open. Must be 0.")
        self._queued = _gauge("headroom_oldest_queued_seconds", "How long the oldest shoot in line has waited.")
        self._outbox = _gauge("headroom_outbox_oldest_seconds", "How long the oldest message in the outbox has waited.")
        self._sweep_lag = _gauge("headroom_sweep_lag_seconds", "Time since expired pictures were last swept.")
        self._queue = _gauge("headroom_queue_up", "1 while Redis answers, 0 while it does not.")
        self._lag = _gauge("headroom_loop_lag_seconds", "How late the event loop last was.")
        counter = partial(Counter, registry=registry)
        self._swept = counter("headroom_swept_total", "What sweeps destroyed.", ["what"])
        self._deliveries = counter("headroom_deliveries_total", "Messages that reached a chat.", ["platform", "kind"])
        self._failures = counter("headroom_failures_total", "What went wrong, by our code.", ["code"])
        self._handled = counter("headroom_events_total", "Events that were handled.", ["platform", "kind"])
        self._event_s = Histogram(
            "headroom_event_seconds",
            "Time that handling an event took.",
            ["platform"],
            registry=registry,
            buckets=_SHORT_S,
        )
        self._stage_s = Histogram(
            "headroom_stage_seconds",
            "Time that a stage of a shoot took.",
            ["stage"],
            registry=registry,
            buckets=_LONG_S,
        )
        Gauge("headroom_info", "1; the label says which version runs.", ["version"], registry=registry).labels(
            version
        ).set(1)
        self._clock, self._last_sweep = clock, clock()
        self._sweep_lag.set_function(lambda: self._clock() - self._last_sweep)
        self._shown: set[Gauge] = set()

    def _show(self, *gauges: Gauge) -> None:
        """Show a gauge from its first value on: a process that does not look after something says nothing about it."""
        for gauge in gauges:
            if gauge not in self._shown:
                self._shown.add(gauge)
                self._registry.register(gauge)

    def books(self, counts: Counts) -> None:
        """The ledger's own books. Whoever keeps them also sweeps."""
        self._show(self._shoots, self._lost, self._queued, self._outbox, self._sweep_lag)
        for state in ("accepted", "finished", "explained", "open"):
            self._shoots.labels(state).set(getattr(counts, state))
        self._lost.set(counts.lost)
        self._queued.set(counts.oldest_queued_s)
        self._outbox.set(counts.oldest_message_s)

    def handled(self, platform: str, kind: str, seconds: float) -> None:
        """An event was handled."""
        self._handled.labels(_label(platform), _label(kind)).inc()
        self._event_s.labels(_label(platform)).observe(seconds)

    def delivered(self, platform: str, kind: str) -> None:
        """A message reached a chat."""
        self._deliveries.labels(_label(platform), _label(kind)).inc()

    def failed(self, code: str) -> None:
        """Something went wrong."""
        self._failures.labels(_label(code)).inc()

    def stage(self, stage: str, seconds: float) -> None:
        """A stage of a shoot is over."""
        self._stage_s.labels(_label(stage)).observe(seconds)

    def swept(self, removed: Removed) -> None:
        """A sweep of the picture store is over."""
        self._last_sweep = self._clock()
        for what in ("artifacts", "leftovers"):
            self._swept.labels(what).inc(getattr(removed, what))

    def queue(self, up: bool) -> None:
        """Redis answered, or did not."""
        self._show(self._queue)
        self._queue.set(up)

    def lag(self, seconds: float) -> None:
        """How late the event loop was."""
        self._show(self._lag)
        self._lag.set(seconds)

    def page(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self._registry)


def _gauge(name: str, means: str) -> Gauge:
    return Gauge(name, means, registry=None)


def _label(word: str) -> str:
    """A word of ours; whatever is none becomes "other"."""
    return word if _LABEL.fullmatch(word) else "other"
