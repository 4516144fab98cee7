"""What Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from bot.artifacts import Removed
from bot.ledger import Counts
from bot.observe.metrics import Metrics


def figures(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample by its name and the values of its labels by their names, read as Prometheus does."""
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.page().decode())
        for sample in family.samples
    }


def test_the_books_of_the_ledger_are_shown_with_what_is_missing() -> None:
    """headroom_lost is what an operator is called for at night: accepted − finished − explained − open."""
    metrics = Metrics()
    metrics.books(Counts(accepted=10, finished=5, explained=2, open=2, oldest_queued_s=7.5, oldest_message_s=1.5))

    shown = figures(metrics)
    assert shown["headroom_shoots", ("accepted",)] == 10
    assert shown["headroom_shoots", ("open",)] == 2
    assert shown["headroom_lost", ()] == 1
    assert shown["headroom_oldest_queued_seconds", ()] == 7.5
    assert shown["headroom_outbox_oldest_seconds", ()] == 1.5


def test_what_happened_is_counted_by_words_of_ours() -> None:
    """Dashboards split by platform, kind, code and stage."""
    metrics = Metrics("0.1.0")
    metrics.handled("playground", "said", 0.02)
    metrics.delivered("playground", "gallery")
    metrics.delivered("playground", "gallery")
    metrics.failed("records_busy")
    metrics.stage("render", 3)
    metrics.queue(up=True)
    metrics.lag(0.25)

    shown = figures(metrics)
    assert shown["headroom_events_total", ("said", "playground")] == 1
    assert shown["headroom_event_seconds_count", ("playground",)] == 1
    assert shown["headroom_deliveries_total", ("gallery", "playground")] == 2
    assert shown["headroom_failures_total", ("records_busy",)] == 1
    assert shown["headroom_stage_seconds_sum", ("render",)] == 3
    assert shown["headroom_queue_up", ()] == 1
    assert shown["headroom_loop_lag_seconds", ()] == 0.25
    assert shown["headroom_info", ("0.1.0",)] == 1


def test_the_sweep_lag_grows_until_the_next_sweep() -> None:
    """A sweep that stopped is seen before somebody's photos are kept for too long."""
    now = [1000.0]
    metrics = Metrics(clock=lambda: now[0])
    metrics.books(Counts(0, 0, 0, 0, 0.0, 0.0))
    now[0] += 600
    assert figures(metrics)["headroom_sweep_lag_seconds", ()] == 600

    metrics.swept(Removed(artifacts=3, leftovers=1))

    shown = figures(metrics)
    assert shown["headroom_sweep_lag_seconds", ()] == 0
    assert shown["headroom_swept_total", ("artifacts",)] == 3
    assert shown["headroom_swept_total", ("leftovers",)] == 1


def test_a_process_is_silent_about_what_it_does_not_look_after() -> None:
    """A worker keeps no books and sweeps nothing: a 0 of its would set off alarms, or hide that the bot's are missing."""
    metrics = Metrics()
    metrics.stage("render", 1)

    shown = {name for name, _ in figures(metrics)}
    silent = ("headroom_shoots", "headroom_lost", "headroom_oldest_queued_seconds", "headroom_outbox_oldest_seconds")
    assert shown & {*silent, "headroom_sweep_lag_seconds", "headroom_queue_up"} == set()


def test_no_words_of_a_person_become_a_label() -> None:
    """Whatever is not a word of ours is counted as other."""
    metrics = Metrics()
    for words in ("Anna Canary", "canary@example.com", "xoxb-1-CANARY", "https://canary", ""):
        metrics.failed(words)
        metrics.stage(words, 1)
        metrics.handled(words, words, 1)
        metrics.delivered(words, words)

    assert b"canary" not in metrics.page().lower()
    assert figures(metrics)["headroom_failures_total", ("other",)] == 5
