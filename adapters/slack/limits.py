"""Numbers of Slack, each with its source. Characters are counted as in `escape.width`, which is never less than Slack counts.

Sources: [R] docs.slack.dev/reference/block-kit/…, the page of that block, element or object; [S] slack_sdk.models, which
repeats most of them as validators; [V] docs.slack.dev/reference/views; [M] docs.slack.dev/reference/methods/…; [I] measured by
others and told in public issues. What an action id may hold at most is ours: see `bot.actions.LONGEST`.
"""

# A message
BLOCKS = 50
"""[R blocks] Blocks of a message."""
WEIGHT = 12_000
"""[I slackapi/bolt-js#2509, #2867] Slack refuses a message as a whole (`msg_blocks_too_long`) at some 13 200 characters, and
does not say what it counts: others measured all text and some 130 for each block. We count all of our JSON, which is more.
"""
LIGHTER = (8_000, 5_000)
"""Ours: what is tried next, one after the other, where Slack refuses a message nevertheless."""
SUMMARY_BYTES = 3_800
"""[I] `text` of a message, escaped, in UTF-8: `chat.update` refuses more than 4 000 bytes (`msg_too_long`), though
`chat.postMessage` takes 40 000 characters [M chat.postMessage]; and what was posted must be editable.
"""

# A view: a form or the page of the app
VIEW_BLOCKS = 100
"""[V] [S View.blocks_max_length] Blocks of a modal or a home tab."""
VIEW_TITLE = 24
"""[V] [S View.title_max_length] Also its submit and its close."""
PRIVATE_METADATA = 3_000
"""[V] [S View.private_metadata_max_length]"""
CALLBACK_ID = 255
"""[V] [S View.callback_id_max_length]"""

# Texts
SECTION = 3_000
"""[R section-block] [S SectionBlock.text_max_length] Also the most that any text object may hold [R text-object]."""
HEADER = 150
"""[R header-block] [S HeaderBlock.text_max_length]"""
CONTEXT = 2_000
"""Not told; what a field of a section may hold [R section-block], to be safe."""
CONTEXT_ELEMENTS = 10
"""[R context-block] [S ContextBlock.elements_max_length]"""
ALT = 2_000
"""[R image-block] [S ImageBlock.alt_text_max_length]"""
IMAGE_TITLE = 2_000
"""[R image-block] [S ImageBlock.title_max_length]"""

# Things to press
ACTIONS = 25
"""[R actions-block] [S ActionsBlock.elements_max_length]"""
BUTTON = 75
"""[R button-element] [S ButtonElement.text_max_length] Text and accessibility label; a button shows about 30."""
BUTTON_VALUE = 2_000
"""[R button-element] [S ButtonElement.value_max_length]"""
ID = 255
"""[R button-element] [S InteractiveElement.action_id_max_length] Action ids and block ids."""
OVERFLOW = 5
"""[R overflow-menu-element] [S OverflowMenuElement.options_max_length] At least one."""
CONFIRM_TITLE = 100
"""[R confirmation-dialog-object] [S ConfirmObject.title_max_length]"""
CONFIRM_TEXT = 300
"""[R confirmation-dialog-object] [S ConfirmObject.text_max_length]"""
CONFIRM_BUTTON = 30
"""[R confirmation-dialog-object] [S ConfirmObject.confirm_max_length, deny_max_length]"""

# Things to fill in
LABEL = 2_000
"""[R input-block] [S InputBlock.label_max_length]"""
HINT = 2_000
"""[R input-block] [S InputBlock.hint_max_length]"""
PLACEHOLDER = 150
"""[R plain-text-input-element and others] [S InputInteractiveElement.placeholder_max_length]"""
TYPED = 3_000
"""[R plain-text-input-element] The most that `max_length` may be."""
OPTIONS = 100
"""[R select-menu-element] [S StaticSelectElement.options_max_length]"""
RADIO_OPTIONS = 10
"""[R radio-button-group-element]"""
OPTION = 75
"""[R option-object] [S Option.label_max_length] Its text, and its description."""
OPTION_VALUE = 150
"""[R option-object] [S Option.value_max_length]"""
FILES = 10
"""[R file-input-element] Files of one `file_input`, at least 1; each of at most 10 MB."""

ALBUM = 10
"""[I slackapi/python-slack-sdk#1653] Files that one call shares: with 15 of them `files.completeUploadExternal` fails; people may
attach 10 to a message.
"""

# Pace
POST_EVERY_S = 1.0
"""[docs.slack.dev/apis/web-api/rate-limits] `chat.postMessage`: a message a second in each channel, short bursts are tolerated."""
POST_BURST = 5
"""Ours: how many pass at once."""
HISTORY_PAGE = 200
"""[M conversations.history] Messages that one call brings: at most 999, recommended are no more than 200."""

# Files that we put up
PICTURE_PX = 1600
"""Ours: longest side of a picture in a message. Slack shows it at 360 px, and in full when it is opened."""
PICTURE_QUALITY = 90
UPLOADS_AT_ONCE = 3
"""Ours: each is held in memory."""
READY_S = 18.0
"""Ours: how long we wait until Slack has looked at new files. Others saw some seconds, seldom more [I java-slack-sdk#1349]; what
takes longer is asked about again when the message is tried again.
"""
FIRST_LOOK_S = 0.25
"""Ours: until the first question whether a file is ready; each pause is half as long again as the one before."""
SHARED_S = 3.0
"""Ours: how long after that a file that was shared may take to stand in its channel."""

# Ours
KEY = 25
"""Characters of the key of a message; Discord's limit, which the port promises for all."""
BODY_BYTES = 1_000_000
"""Of a request that says it is from Slack. The largest of them bring a message of ours along, see `WEIGHT`, or the list of files of one."""
