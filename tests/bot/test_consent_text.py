"""The consent: exact words, and which change makes another text."""

from datetime import timedelta

from bot.consent_text import consent_text, holds
from bot.consents import hash_of, next_consent
from bot.retention import Retention
from tests.bot.scene import ANNA

TEXT = consent_text("ACME", Retention())


def test_it_says_what_people_have_to_know() -> None:
    """What is taken and why, where it stays, how long, who sees it, that it is free, and how to take it back."""
    for words in (
        "ACME answers for what happens to them",
        "own face",
        "nothing but light and colours",
        "only if you are an adult",
        "biometric",
        "never stored",
        "train anything",
        "only where you share it",
        "unless you press “Share” or “Use as my photo”",
        "for which I ask you and you say yes",
        "encrypted",
        "24 hours after your last shoot",
        "after 7 days",
        "30 days after that",
        "voluntary",
        "no disadvantage",
        "type “forget”",
    ):
        assert words in TEXT


def test_it_reads_well_without_a_name() -> None:
    """Somebody who tries the studio at home has set nothing, and is asked in whole sentences all the same."""
    text = consent_text("", Retention())
    assert "Whoever set me up here answers for what happens to them." in text
    assert "on the machines of whoever set me up here, encrypted" in text


def test_another_span_or_operator_is_another_text() -> None:
    """Who agreed to seven days has not agreed to nine."""
    given = next_consent(ANNA, "given", hash_of(TEXT), 0.0, None)
    assert holds(given, TEXT)
    assert not holds(None, TEXT)
    assert not holds(given, consent_text("Another", Retention()))
    assert not holds(given, consent_text("ACME", Retention(unpicked=timedelta(days=5))))


def test_short_spans_are_told_truly() -> None:
    """An operator who keeps selfies for half an hour does not promise 0 hours."""
    assert "30 minutes after your last shoot" in consent_text("ACME", Retention(selfies=timedelta(minutes=30)))
    assert "36 hours" in consent_text("ACME", Retention(unpicked=timedelta(hours=36)))
