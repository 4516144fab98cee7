"""What Slack takes as the manifest of an app, as far as ours goes: names, lengths and choices.

Written after Slack's own schema, slackapi/manifest-schema, schemas/manifest.schema.1.0.0.json as of 2026-07-21. What is not here is
refused, as it is there; parts that we do not use are left out.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Nothing else is allowed beside what it names."""

    model_config = ConfigDict(extra="forbid", strict=True)


def text(most: int, least: int = 1) -> type[str]:
    """So many characters."""
    return Annotated[str, Field(min_length=least, max_length=most)]  # type: ignore[return-value]


class Metadata(Part):
    major_version: int
    minor_version: int


class Display(Part):
    name: text(35)  # type: ignore[valid-type]
    description: text(140)  # type: ignore[valid-type]
    long_description: text(4000, 175)  # type: ignore[valid-type]
    background_color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$")]


class AppHome(Part):
    home_tab_enabled: bool
    messages_tab_enabled: bool
    messages_tab_read_only_enabled: bool


class BotUser(Part):
    display_name: text(80)  # type: ignore[valid-type]
    always_online: bool


class Shortcut(Part):
    name: text(24)  # type: ignore[valid-type]
    type: Literal["message", "global"]
    callback_id: text(255)  # type: ignore[valid-type]
    description: text(150)  # type: ignore[valid-type]


class Command(Part):
    command: Annotated[str, Field(min_length=2, max_length=32, pattern="^/")]
    description: text(2000)  # type: ignore[valid-type]
    usage_hint: text(1000)  # type: ignore[valid-type]


class Features(Part):
    app_home: AppHome
    bot_user: BotUser
    shortcuts: Annotated[list[Shortcut], Field(min_length=1, max_length=10)]
    slash_commands: Annotated[list[Command], Field(min_length=1, max_length=50)]


Scopes = Annotated[list[text(50)], Field(max_length=255)]  # type: ignore[valid-type]


class ScopeLists(Part):
    bot: Scopes
    bot_optional: Scopes
    user: Scopes
    user_optional: Scopes


class OAuth(Part):
    scopes: ScopeLists


class Subscriptions(Part):
    bot_events: Annotated[list[text(50)], Field(max_length=100)]  # type: ignore[valid-type]


class Interactivity(Part):
    is_enabled: bool


class AppSettings(Part):
    event_subscriptions: Subscriptions
    interactivity: Interactivity
    org_deploy_enabled: bool
    socket_mode_enabled: bool
    token_rotation_enabled: bool


class Manifest(Part):
    """The whole of it."""

    metadata: Metadata = Field(alias="_metadata")
    display_information: Display
    features: Features
    oauth_config: OAuth
    settings: AppSettings
