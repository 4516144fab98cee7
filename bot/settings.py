"""Settings of the bot and its workers: environment variables that start with HEADROOM_, or a file `.env`. Read at start only.

Every one has a default that works on a laptop. `.env.example` and docs/configuration.md list them all; a test says so.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.retention import Retention
from engine.contract.errors import SettingsError

PREFIX = "HEADROOM_"
DOTENV = ".env"
"""In the folder where the process starts; what stands in the environment counts more."""
READ_BY_ENGINE = {"models_dir", "arcface_dir", "batch"}
SCHEMES = {
    "database_url": ("sqlite:///", "postgresql://"),
    "redis_url": ("redis://", "rediss://", "unix://"),
    "s3_endpoint": ("https://", "http://"),
    "slack_api_url": ("https://", "http://"),
    "slack_public_url": ("https://",),
}
TOKENS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}
"""How Slack begins each kind of token."""


class Settings(BaseSettings):
    """What an operator can set. Read them with `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DOTENV, env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Path("data")
    """Folder of everything that is kept where no other place is named."""
    database_url: str = ""
    """sqlite:///file or postgresql://user:password@host/name; empty: a file in the data folder."""
    redis_url: str = ""
    """redis://, rediss:// or unix://; empty: the built-in server, which `headroom up` starts."""
    pictures_url: str = ""
    """s3://bucket/prefix, or a folder; empty: a folder in the data folder."""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key_id: str = ""
    s3_secret_access_key: SecretStr = SecretStr("")
    install_key_file: Path | None = None
    """Locks the pictures; empty: install.key in the data folder."""
    styles_dir: Path | None = None
    """Folder of a company's own styles."""
    operator: str = Field(default="", max_length=80)
    """Who answers for the photos; stands in the consent. Empty: whoever set it up, without a name."""
    allow_guests: bool = False
    playground: bool = True
    playground_host: str = "127.0.0.1"
    """The playground asks nobody who they are: whoever reaches this address can be any of its people."""
    playground_port: int = Field(default=8765, ge=1, le=65535)
    slack_mode: Literal["socket", "http"] = "socket"
    """socket: we call Slack and need no public address; http: Slack calls us, and signs what it says."""
    slack_bot_token: SecretStr = SecretStr("")
    """Of the one workspace that this install is for; xoxb-… Empty, and no `slack_client_id`: no Slack."""
    slack_client_id: str = ""
    """Without a bot token any workspace can add the app at `slack_public_url`; with one, people can connect their profiles."""
    slack_client_secret: SecretStr = Field(default=SecretStr(""), validate_default=True)
    slack_public_url: str = Field(default="", validate_default=True)
    slack_app_token: SecretStr = Field(default=SecretStr(""), validate_default=True)
    """For Socket Mode; xapp-…"""
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), validate_default=True)
    """What Slack signs its requests with."""
    slack_http_host: str = "127.0.0.1"
    """Where the requests of Slack arrive, behind whatever holds the certificate of the public address."""
    slack_http_port: int = Field(default=8770, ge=1, le=65535)
    slack_api_url: str = "https://slack.com/api/"
    slack_file_hosts: Annotated[tuple[str, ...], NoDecode] = ("files.slack.com",)
    """The only hosts that files of people are fetched from."""
    observe_host: str = "127.0.0.1"
    observe_port: int = Field(default=8766, ge=1, le=65534)
    """/livez, /readyz and /metrics of the bot; a worker of the engine takes the next port."""
    selfie_hours: float = Field(default=24, gt=0, le=24)
    unpicked_days: float = Field(default=7, gt=0, le=7)
    picked_days: float = Field(default=30, gt=0, le=30)
    record_days: float = Field(default=90, gt=0, le=365)
    engine_memory_gb: float = Field(default=2.5, gt=0.5)
    """What one engine process may hold."""
    batch: int = Field(default=2, ge=1, le=64)
    """Pictures in work at a time in one engine process."""
    models_dir: Path | None = None
    """Folder of the model files; empty: the user's cache. Read by the engine, see `pass_on`."""
    arcface_dir: Path | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"

    @field_validator("data_dir", "install_key_file", "styles_dir", "models_dir", "arcface_dir", mode="after")
    @classmethod
    def _whole(cls, place: Path | None) -> Path | None:
        return place and place.expanduser().absolute()

    @field_validator(*SCHEMES, mode="after")
    @classmethod
    def _known(cls, url: str, field: ValidationInfo) -> str:
        known = SCHEMES[field.field_name or ""]
        if url and not url.startswith(known):
            raise PydanticCustomError("scheme", f"it starts with {' or '.join(known)}")
        return url

    @field_validator("slack_api_url", "slack_public_url", mode="after")
    @classmethod
    def _folder(cls, url: str) -> str:
        return url and url.rstrip("/") + "/"

    @field_validator(*TOKENS, mode="after")
    @classmethod
    def _token(cls, token: SecretStr, field: ValidationInfo) -> SecretStr:
        begins = TOKENS[field.field_name or ""]
        if token and not token.get_secret_value().startswith(begins):
            raise PydanticCustomError("token", f"it starts with {begins}")
        return token

    @field_validator("slack_file_hosts", mode="before")
    @classmethod
    def _hosts(cls, hosts: str | tuple[str, ...]) -> tuple[str, ...]:
        named = hosts.split(",") if isinstance(hosts, str) else hosts
        return tuple(host.strip().lower() for host in named if host.strip())

    @field_validator("slack_client_secret", "slack_public_url", "slack_app_token", "slack_signing_secret", mode="after")
    @classmethod
    def _together(cls, value: Any, field: ValidationInfo) -> Any:
        """Slack is on with some settings only if others are there, too."""
        said, name = field.data, field.field_name
        many = bool(said.get("slack_client_id"))
        on = many or bool(said.get("slack_bot_token"))
        needed = {
            "slack_client_secret": many,
            "slack_public_url": many,
            "slack_app_token": on and said.get("slack_mode") == "socket",
            "slack_signing_secret": on and said.get("slack_mode") == "http",
        }
        if needed[name or ""] and not value:
            raise PydanticCustomError("missing", "Slack needs it, too; docs/configuration.md says where to find it")
        return value

    @property
    def database(self) -> str:
        """URL of the ledger."""
        return self.database_url or f"sqlite:///{self.data_dir / 'ledger.db'}"

    @property
    def pictures(self) -> str:
        """Place of the picture store."""
        return self.pictures_url or str(self.data_dir / "pictures")

    @property
    def install_key(self) -> Path:
        """File of the install key."""
        return self.install_key_file or self.data_dir / "install.key"

    @property
    def retention(self) -> Retention:
        """How long things are kept."""
        return Retention(
            selfies=timedelta(hours=self.selfie_hours),
            unpicked=timedelta(days=self.unpicked_days),
            picked=timedelta(days=self.picked_days),
            records=timedelta(days=self.record_days),
        )


def load_settings(**given: Any) -> Settings:
    """The settings of this process; what is `given` by field counts more than environment and `.env`.

    Raises SettingsError that names the first variable that is wrong, and never its value.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError("setting_wrong", name=name, reason=first["msg"][:1].lower() + first["msg"][1:]) from error


def pass_on(settings: Settings) -> None:
    """Put what the engine reads by itself into the environment, so that it counts there too when it stands in `.env`."""
    for field in READ_BY_ENGINE & settings.model_fields_set:
        os.environ[PREFIX + field.upper()] = str(getattr(settings, field))


def environment(**changed: str) -> Mapping[str, str]:
    """Environment of a process that we start: ours, with some variables changed, named without the prefix."""
    return {**os.environ, **{PREFIX + name.upper(): value for name, value in changed.items()}}


def unknown_variables() -> tuple[str, ...]:
    """Variables with our prefix, here or in `.env`, that nobody reads: most likely misspelled."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return tuple(sorted(n for n in {*os.environ, *dotenv_values(DOTENV)} if n.startswith(PREFIX) and n not in known))
