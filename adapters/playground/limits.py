"""Numbers of the playground. They are our own: a page could show more, and nobody would want to read it."""

PHOTO_BYTES = 25_000_000
"""Of one uploaded file; the intake of the engine draws the same line."""
PHOTOS_AT_ONCE = 20
"""Files in one message."""
UPLOADS_AT_ONCE = 4
"""Received side by side, because each is held in memory until it is locked away."""
PHOTO_KEPT_S = 3600
"""An uploaded photo that the bot does not keep is gone after so long."""
BODY_BYTES = 64_000
"""Of every other request."""

TYPED = 4000
"""Characters that a person can send at once."""
KEY = 25
"""Characters of the key of a message; Discord's limit, which the port promises for all."""
ACTION = 100
"""Characters of a button's id; Discord's limit, too."""

SUMMARY = 300
HEADING = 150
TEXT = 4000
LABEL = 75
CONFIRM = 300
PARTS = 60
BUTTONS = 25
ITEMS = 100
OPTIONS = 100
FIELDS = 20
FILE_NAME = 80

PAGE_OF_MESSAGES = 60
MESSAGES_KEPT_S = 90 * 24 * 3600

TRIGGER_S = 60
"""How long after a press a form can still be opened."""
HEARTBEAT_S = 15
"""Between two signs of life on a quiet line of live updates."""

PREVIEW_WIDTHS = (480, 960, 1600)
PREVIEW_MEGAPIXELS = 60
PREVIEWS_KEPT_BYTES = 24_000_000
