"""docker-compose.yml: hardened, healthy, closed to the outside, and made of settings that exist."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from adapters.cli.up import ENGINE_GRACE_S
from bot.settings import Settings, load_settings
from tests.deployment.images import SECRETS, TARGETS, compose, compose_text, instructions, services

OWN = ("bot", "engine", "engine-gpu")
ALL = ("bot", "engine", "engine-gpu", "valkey", "postgres", "pictures")


@pytest.fixture(params=ALL)
def service(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """Each service."""
    found: Mapping[str, Any] = dict(services())[request.param]
    return found


def test_these_are_all_services() -> None:
    """The tests below look at every one."""
    assert sorted(dict(services())) == sorted(ALL)


def test_every_service_is_hardened(service: Mapping[str, Any]) -> None:
    """Whoever breaks into one finds a read-only system without rights."""
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "user" in service or "build" in service  # our images set theirs


def test_every_service_comes_back_and_tells_how_it_is(service: Mapping[str, Any]) -> None:
    """After a crash and after a restart of the host."""
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert {"interval", "timeout", "retries"} <= set(service["healthcheck"])
    assert service["logging"]["options"]["max-size"]


def test_images_have_versions_and_no_registry(service: Mapping[str, Any]) -> None:
    """Official or well-known names, pinned to a version, so that an update is a decision."""
    if "build" in service:
        assert service["build"]["target"] in TARGETS
        assert instructions(service["build"]["target"])
    else:
        name, _, tag = service["image"].partition(":")
        assert "." not in name.partition("/")[0]
        assert re.match(r"\d", tag)


def test_ports_are_open_on_this_host_alone(service: Mapping[str, Any]) -> None:
    """Nothing answers to the network that the operator has not put there."""
    assert [port for port in service.get("ports", []) if not port.startswith("127.0.0.1:")] == []


def test_only_the_bot_reaches_the_world() -> None:
    """Faces are handled in a network without a way out."""
    document = compose(SECRETS | {"HEADROOM_OPERATOR": "Example"})

    assert document["networks"]["inside"] == {"internal": True}
    assert {name for name, each in document["services"].items() if each["networks"] != ["inside"]} == {"bot"}


def test_what_is_kept_lies_in_volumes() -> None:
    """An update of an image loses nothing."""
    document = compose(SECRETS | {"HEADROOM_OPERATOR": "Example"})
    used = {volume.partition(":")[0] for each in document["services"].values() for volume in each.get("volumes", [])}

    assert used == set(document["volumes"])


@pytest.mark.parametrize("name", [*SECRETS, "HEADROOM_OPERATOR"])
def test_what_must_be_set_is_asked_for_before_anything_starts(name: str) -> None:
    """No default password, and nobody agrees to a text without a name in it."""
    given = {k: v for k, v in (SECRETS | {"HEADROOM_OPERATOR": "Example"}).items() if k != name}
    with pytest.raises(KeyError) as caught:
        compose(given)

    assert caught.value.args[0] == name
    assert f"set {name} in .env" in caught.value.args[1]


def test_every_variable_of_headroom_exists() -> None:
    """A misspelled one would have no effect."""
    known = {f"HEADROOM_{field.upper()}" for field in Settings.model_fields}

    assert set(re.findall(r"HEADROOM_[A-Z0-9_]+", compose_text())) - known == set()


@pytest.mark.parametrize("name", OWN)
def test_what_a_service_is_given_can_be_used(name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing but the four lines that are asked for; and the playground is closed."""
    monkeypatch.chdir(tmp_path)
    for variable, value in dict(services())[name]["environment"].items():
        monkeypatch.setenv(variable, str(value))
    settings = load_settings()

    assert settings.database.startswith("postgresql://headroom:postgres1@postgres/")
    assert settings.pictures == "s3://headroom"
    assert settings.selfie_hours == 24
    assert (settings.playground, settings.operator) == (
        (False, "Example") if name == "bot" else (True, settings.operator)
    )


def test_servers_and_clients_share_their_secrets() -> None:
    """Each password reaches both sides."""
    found = dict(services())

    assert found["postgres"]["environment"]["POSTGRES_PASSWORD"] == SECRETS["POSTGRES_PASSWORD"]
    assert SECRETS["VALKEY_PASSWORD"] in found["valkey"]["command"]
    assert found["pictures"]["environment"]["AWS_SECRET_ACCESS_KEY"] == SECRETS["PICTURES_SECRET"]
    assert (
        found["pictures"]["environment"]["AWS_ACCESS_KEY_ID"]
        == found["bot"]["environment"]["HEADROOM_S3_ACCESS_KEY_ID"]
    )
    assert "-bucket=headroom" in found["pictures"]["command"]


def test_engines_may_finish_the_headshot_in_work() -> None:
    """Docker kills after ten seconds unless it is told otherwise."""
    for name in ("engine", "engine-gpu"):
        grace = dict(services())[name]["stop_grace_period"]
        assert int(grace.removesuffix("s")) >= ENGINE_GRACE_S


def test_engines_can_be_multiplied() -> None:
    """--scale needs services without a fixed name or port."""
    for name in ("engine", "engine-gpu"):
        assert not {"container_name", "ports", "hostname"} & set(dict(services())[name])
    assert [dict(services())[name]["profiles"] for name in ("engine", "engine-gpu")] == [["cpu"], ["gpu"]]
