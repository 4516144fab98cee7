"""Stage 3 records: a style is a named look. Read from one TOML file each; ranges stand beside the fields and are enforced on reading."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="sRGB as #rrggbb")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
BackdropKind = Literal["gradient", "canvas", "office", "bokeh", "brick", "shelves", "haze", "original", "picture"]
CropName = Literal["classic", "tight", "wide", "square", "square-tight", "three-four", "two-three", "banner"]
Wardrobe = Literal["own", "charcoal", "navy", "black", "white", "light-blue"]

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Rim:
    """A light from behind."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    azimuth_deg: Annotated[float, Field(ge=-180, le=180)]
    elevation_deg: Annotated[float, Field(ge=-20, le=80)]
    strength: Annotated[float, Field(ge=0, le=1)]
    temperature_k: Annotated[float, Field(ge=2500, le=12000)] = 5500.0


@dataclass(frozen=True, slots=True)
class Light:
    """Three-point light. Azimuth 0 = camera, positive = picture right; the renderer mirrors it to where the photo's light already is."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: Name
    key_azimuth_deg: Annotated[float, Field(ge=-90, le=90)] = 40.0
    key_elevation_deg: Annotated[float, Field(ge=0, le=75)] = 32.0
    ratio: Annotated[float, Field(ge=1, le=4, description="key plus fill to fill")] = 1.9
    softness: Annotated[float, Field(ge=0.1, le=1, description="0.5 is a big softbox, 1 an overcast sky")] = 0.5
    fill: Annotated[float, Field(ge=0, le=0.6, description="how much cast shadows are opened")] = 0.3
    falloff: Annotated[float, Field(ge=0, le=0.4, description="light lost towards the chest")] = 0.12
    temperature_k: Annotated[float, Field(ge=2500, le=12000, description="of the key; 5500 is neutral")] = 5500.0
    delight: Annotated[float, Field(ge=0, le=1, description="how much of the photo's own light is evened out")] = 0.45
    strength: Annotated[float, Field(ge=0, le=1.3)] = 0.9
    rims: tuple[Rim, ...] = (Rim(150, 25, 0.55), Rim(-150, 20, 0.35))


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What stands behind the sitter."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: Name
    kind: BackdropKind
    colours: Annotated[tuple[Colour, ...], Field(max_length=8)] = ()
    """gradient, canvas: centre and edge. brick: wall. bokeh: two grounds, then lamps. haze: two rows of four. Others may be empty."""
    scene: Literal["", "day", "warm", "city", "green", "evening"] = ""
    centre: tuple[Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]] = (0.5, 0.42)
    """Of a gradient, as shares of width and height."""
    radius: Annotated[float, Field(ge=0.2, le=2)] = 0.75
    """Of a gradient, as a share of the height."""
    blur: Annotated[float, Field(ge=0, le=0.08)] = 0.028
    """Lens blur radius as a share of the height: the depth of field."""
    light_side: Literal["none", "key"] = "none"
    """"key": the bright side (a window) stands where the key light is."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How the picture is printed."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: Name = "clean"
    exposure_ev: Annotated[float, Field(ge=-0.5, le=0.5)] = 0.0
    contrast: Annotated[float, Field(ge=0, le=0.5)] = 0.18
    saturation: Annotated[float, Field(ge=0, le=1.3)] = 1.0
    warmth: Annotated[float, Field(ge=-8, le=8, description="CIELAB b* added at white")] = 0.0
    shadow_tint: tuple[Annotated[float, Field(ge=-6, le=6)], Annotated[float, Field(ge=-6, le=6)]] = (0.0, 0.0)
    highlight_tint: tuple[Annotated[float, Field(ge=-6, le=6)], Annotated[float, Field(ge=-6, le=6)]] = (0.0, 0.0)
    vignette: Annotated[float, Field(ge=0, le=0.4)] = 0.12
    grain: Annotated[float, Field(ge=0, le=0.04)] = 0.010
    spill: Annotated[float, Field(ge=0, le=0.3, description="how much the backdrop's colour tints the edges")] = 0.10
    wrap: Annotated[float, Field(ge=0, le=0.5, description="light wrap around the edges")] = 0.22
    monochrome: bool = False


@dataclass(frozen=True, slots=True)
class PromptParts:
    """Photographic vocabulary of the style for text-conditioned renderers, most important first."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    subject: Annotated[tuple[str, ...], Field(min_length=1, max_length=8)]
    photography: Annotated[tuple[str, ...], Field(min_length=1, max_length=10)]
    negative: Annotated[tuple[str, ...], Field(max_length=12)] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """A named look. Lists hold the variations in order of preference; the plan walks through their combinations."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: Name
    title: Annotated[str, Field(min_length=2, max_length=40)]
    summary: Annotated[str, Field(min_length=10, max_length=160)]
    lights: Annotated[tuple[Light, ...], Field(min_length=1, max_length=6)]
    backdrops: Annotated[tuple[Backdrop, ...], Field(min_length=1, max_length=8)]
    grades: Annotated[tuple[Grade, ...], Field(min_length=1, max_length=6)]
    crops: Annotated[tuple[CropName, ...], Field(min_length=1, max_length=8)]
    prompt: PromptParts
    wardrobe: tuple[Wardrobe, ...] = ("own",)
    lens_mm: Annotated[float, Field(ge=24, le=200)] = 85.0
    aperture: Annotated[float, Field(ge=1.2, le=11)] = 2.8
    expression: Annotated[str, Field(max_length=60)] = "relaxed, friendly"
    palette: tuple[Colour, ...] = ()
    aliases: tuple[Name, ...] = ()
    side_light: bool = False
    """True: hard side light in the photo looks natural in this style."""
