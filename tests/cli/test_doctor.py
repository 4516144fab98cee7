"""`headroom doctor`: says what is wrong and how to mend it, and changes nothing."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from adapters.cli.__main__ import main
from adapters.queue.embedded import EmbeddedServer
from adapters.records.ledger import open_ledger
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import open_pictures
from adapters.storage.shelf import folder_shelf
from tests.storage.places import Clock, bucket_place, s3_server


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where nothing is set, on ports that nobody uses."""
    for name in [name for name in os.environ if name.startswith("HEADROOM_") and name != "HEADROOM_MODELS_DIR"]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.chdir(tmp_path)
    for name in ("PLAYGROUND", "OBSERVE"):
        with socket.create_server(("127.0.0.1", 0)) as free:
            monkeypatch.setenv(f"HEADROOM_{name}_PORT", str(free.getsockname()[1]))
    return tmp_path


def doctor(*, code: int, **variables: str) -> Mapping[str, Mapping[str, Any]]:
    """Findings by name."""
    done: Result = CliRunner().invoke(
        main, ["doctor", "--json"], env={f"HEADROOM_{name.upper()}": value for name, value in variables.items()}
    )
    assert done.exit_code == code, done.output
    document = json.loads(done.stdout)
    assert document["ok"] is (code == 0)
    return {check["name"]: check for check in document["checks"]}


def test_a_fresh_machine_is_well_and_stays_as_it_is(empty: Path) -> None:
    """Whoever has just installed Headroom is told to go on, and finds no folder made."""
    found = doctor(code=0)

    assert {name for name, each in found.items() if each["outcome"] != "good"} <= {"workers", "memory", "python"}
    assert "made at the first start" in found["records"]["told"]
    assert "headroom up" in found["workers"]["advice"]
    assert list(empty.iterdir()) == []


def test_it_reads_as_a_table_with_advice(empty: Path) -> None:
    """A mark, a name, what is the case, and what to do about it."""
    (empty / ".env").write_text("HEADROOM_SELFI_HOURS=1\n")
    done = CliRunner().invoke(main, ["doctor"])

    assert done.exit_code == 0
    assert "HEADROOM_SELFI_HOURS" in done.stdout
    assert "Check the spelling" in done.stdout
    assert "All is well." in done.stdout


def test_a_wrong_setting_is_named() -> None:
    """Nothing else can be looked at then."""
    found = doctor(code=1, playground_port="many")

    assert list(found) == ["settings"]
    assert "HEADROOM_PLAYGROUND_PORT" in found["settings"]["advice"]


def test_what_was_made_is_recognised(empty: Path) -> None:
    """Records, key and pictures of a Headroom that has run."""
    data = empty / "data"
    asyncio.run(_made(data))
    (data / "install.key").chmod(0o644)

    found = doctor(code=0)

    assert found["records"]["told"].startswith("sqlite, revision ")
    assert found["pictures"]["told"].endswith("written, read, removed")
    assert found["install key"]["outcome"] == "note"
    assert "chmod 600" in found["install key"]["advice"]


def test_a_lost_and_a_wrong_install_key_are_found_before_the_start(empty: Path) -> None:
    """Starting would make a new key, and nobody could see their pictures again."""
    key = empty / "data" / "install.key"
    asyncio.run(_made(empty / "data"))
    key.rename(empty / "copy")

    lost = doctor(code=1)["install key"]
    assert (lost["outcome"], key.exists()) == ("bad", False)
    assert "copy of the install key" in lost["advice"]

    key.write_text("00" * 32)
    assert doctor(code=1)["install key"]["told"] == "install key wrong"


async def _made(data: Path) -> None:
    data.mkdir()
    await open_pictures(folder_shelf(data / "pictures"), load_install_key(data / "install.key"), Clock())
    await (await open_ledger(f"sqlite:///{data / 'ledger.db'}", lambda: 0.0)).close()


def test_what_does_not_answer_is_found() -> None:
    """Each of the three, with the variable that may be wrong."""
    found = doctor(
        code=1,
        database_url="postgresql://nobody@127.0.0.1:1/none",
        redis_url="redis://127.0.0.1:1/0",
        pictures_url="s3://bucket/office",
        s3_endpoint="http://127.0.0.1:1",
        s3_access_key_id="who",
        s3_secret_access_key="secret",
    )

    assert {name for name, each in found.items() if each["outcome"] == "bad"} == {
        "records", "records' clock", "install key", "pictures", "redis",
    }  # fmt: skip
    assert "HEADROOM_DATABASE_URL" in found["records"]["advice"]
    assert "HEADROOM_S3_" in found["pictures"]["advice"]
    assert "secret" not in json.dumps(found)


def test_a_bucket_and_a_redis_that_work_are_well(empty: Path) -> None:
    """And nothing is left in the bucket."""
    with s3_server() as url, EmbeddedServer(empty / "valkey") as server:
        bucket, place = bucket_place(url)
        found = doctor(
            code=0,
            redis_url=server.url,
            pictures_url=f"s3://{bucket.name}/office",
            s3_endpoint=url,
            s3_access_key_id="who",
            s3_secret_access_key="secret",
        )
        left = place.thief.everything()

    assert left == {}
    assert found["redis"]["told"] == "answers, and throws nothing away"
    assert found["workers"]["outcome"] == "note"


def test_missing_models_are_told_with_the_command(empty: Path) -> None:
    """The commonest thing to forget."""
    found = doctor(code=1, models_dir=str(empty / "models"))

    assert found["model files"]["advice"] == "Run `headroom models pull`."


def test_a_port_of_somebody_else_is_told() -> None:
    """With the setting that moves ours."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = doctor(code=1, playground_port=str(other.getsockname()[1]))

    assert "HEADROOM_PLAYGROUND_PORT" in found["ports"]["advice"]


def test_an_open_playground_is_pointed_out() -> None:
    """It is allowed, and rarely wanted."""
    assert "who they are" in doctor(code=0, playground_host="0.0.0.0")["exposure"]["advice"]


@pytest.mark.parametrize("command", ["up", "doctor"])
def test_without_the_bot_it_says_what_to_install(command: str) -> None:
    """`pip install headroom` alone brings the studio; its commands work, and these two say what they need."""
    block = "import sys; sys.modules.update(dict.fromkeys(('pydantic_settings', 'arq', 'sqlalchemy', 'structlog')))"
    run = "from adapters.cli.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", f"{block}; sys.argv[1:] = ['{command}']; {run}"], capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "headroom[bot]" in done.stderr
    assert "Traceback" not in done.stderr
