"""Settings: defaults that work, sentences that help, and nothing secret in them."""

import os
from pathlib import Path

import pytest

from bot.settings import environment, load_settings, pass_on, unknown_variables
from engine.contract.errors import SettingsError
from engine.contract.sentences import sentence
from engine.settings import models_dir


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without .env and an environment without our variables; what a test sets is taken back."""
    for name in [name for name in os.environ if name.startswith("HEADROOM_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return tmp_path


def test_nothing_has_to_be_set(clean: Path) -> None:
    """A laptop starts with everything below ./data."""
    settings = load_settings()

    assert settings.database == f"sqlite:///{clean / 'data' / 'ledger.db'}"
    assert settings.pictures == str(clean / "data" / "pictures")
    assert settings.install_key == clean / "data" / "install.key"
    assert settings.playground_host == settings.observe_host == "127.0.0.1"


def test_the_environment_counts_more_than_the_file_and_options_more_than_both(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As everybody expects."""
    (clean / ".env").write_text(
        "HEADROOM_PLAYGROUND_PORT=1001\nHEADROOM_OPERATOR='Example & Co'\nHEADROOM_REDIS_URL=\n"
    )
    assert (load_settings().playground_port, load_settings().operator) == (1001, "Example & Co")

    monkeypatch.setenv("HEADROOM_PLAYGROUND_PORT", "1002")
    assert load_settings().playground_port == 1002
    assert load_settings(playground_port=1003).playground_port == 1003


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLAYGROUND_PORT", "canary"),
        ("SELFIE_HOURS", "1000000007"),
        ("DATABASE_URL", "mysql://canary"),
        ("REDIS_URL", "canary:6379"),
        ("S3_ENDPOINT", "s3.example.com/canary"),
        ("LOG_LEVEL", "canary"),
    ],
)
def test_a_wrong_value_is_told_by_its_variable_and_not_repeated(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values may be secrets, and sentences end in logs."""
    monkeypatch.setenv(f"HEADROOM_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()

    told = sentence(caught.value.code, **caught.value.facts)
    assert f"HEADROOM_{name}" in told
    assert "canary" not in told
    assert value not in told


def test_the_secret_of_the_bucket_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in a repr nor in a dump."""
    monkeypatch.setenv("HEADROOM_S3_SECRET_ACCESS_KEY", "canary")

    assert "canary" not in repr(load_settings())
    assert "canary" not in str(load_settings().model_dump())


def test_what_the_engine_reads_by_itself_may_stand_in_the_file(clean: Path) -> None:
    """The engine knows nothing of .env; it is told by those who start it."""
    (clean / ".env").write_text("HEADROOM_MODELS_DIR=weights\nHEADROOM_BATCH=1\n")
    pass_on(load_settings())

    assert models_dir() == clean / "weights"
    assert os.environ["HEADROOM_BATCH"] == "1"
    assert "HEADROOM_ARCFACE_DIR" not in os.environ


def test_a_child_gets_our_environment_with_some_variables_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operator set stays, what an option changed does not."""
    monkeypatch.setenv("HEADROOM_OPERATOR", "Example")
    monkeypatch.setenv("HEADROOM_REDIS_URL", "redis://old")

    given = environment(redis_url="unix:///new")

    assert (given["HEADROOM_OPERATOR"], given["HEADROOM_REDIS_URL"]) == ("Example", "unix:///new")
    assert os.environ["HEADROOM_REDIS_URL"] == "redis://old"


def test_misspelled_variables_are_found(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting without effect is worse than a wrong one."""
    (clean / ".env").write_text("HEADROOM_SELFI_HOURS=1\nHEADROOM_OPERATOR=Example\nOTHER=1\n")
    monkeypatch.setenv("HEADROOM_DATABASE", "sqlite:///x")

    assert unknown_variables() == ("HEADROOM_DATABASE", "HEADROOM_SELFI_HOURS")


BOT, APP, SECRET = "xoxb-canary", "xapp-canary", "canary-secret"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"slack_bot_token": "xapp-canary"}, "HEADROOM_SLACK_BOT_TOKEN"),
        ({"slack_bot_token": BOT}, "HEADROOM_SLACK_APP_TOKEN"),
        ({"slack_bot_token": BOT, "slack_app_token": BOT}, "HEADROOM_SLACK_APP_TOKEN"),
        ({"slack_bot_token": BOT, "slack_mode": "http"}, "HEADROOM_SLACK_SIGNING_SECRET"),
        ({"slack_client_id": "1.2", "slack_app_token": APP}, "HEADROOM_SLACK_CLIENT_SECRET"),
        ({"slack_client_id": "1.2", "slack_client_secret": SECRET}, "HEADROOM_SLACK_PUBLIC_URL"),
        ({"slack_public_url": "http://canary.example.com"}, "HEADROOM_SLACK_PUBLIC_URL"),
        ({"slack_api_url": "slack.com/canary"}, "HEADROOM_SLACK_API_URL"),
    ],
)
def test_slack_is_set_up_as_a_whole_or_told_what_is_missing(given: dict[str, str], wrong: str) -> None:
    """Whoever swaps the two tokens, or forgets one, reads which variable to look at, and no token."""
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)

    told = sentence(caught.value.code, **caught.value.facts)
    assert wrong in told
    assert "canary" not in told


def test_slack_needs_two_tokens_or_a_token_and_a_secret() -> None:
    """Socket Mode is the default; without any token there is no Slack, and nothing is asked for."""
    by_socket = load_settings(slack_bot_token=BOT, slack_app_token=APP)
    by_http = load_settings(slack_bot_token=BOT, slack_mode="http", slack_signing_secret=SECRET)

    assert (by_socket.slack_mode, by_http.slack_mode) == ("socket", "http")
    assert "canary" not in repr(by_socket) + str(by_http.model_dump())
    assert not load_settings().slack_bot_token


def test_the_hosts_of_files_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one writes them, in any case and with spaces; addresses end with a slash, written or not."""
    monkeypatch.setenv("HEADROOM_SLACK_FILE_HOSTS", "Files.Slack.com, files.slack-gov.com,")
    monkeypatch.setenv("HEADROOM_SLACK_API_URL", "https://slack-gov.com/api")

    assert load_settings().slack_file_hosts == ("files.slack.com", "files.slack-gov.com")
    assert load_settings().slack_api_url == "https://slack-gov.com/api/"
    monkeypatch.delenv("HEADROOM_SLACK_FILE_HOSTS")
    assert load_settings().slack_file_hosts == ("files.slack.com",)
