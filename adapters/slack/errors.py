"""What Slack says when it says no, in our errors: one table. Whatever is not in it is unclear, and is tried again.

Sources: the lists of errors in docs.slack.dev/reference/methods/…, of every method that we call. Bodies of answers go nowhere.
"""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from engine.contract.errors import FileUnavailable, HeadroomError, PlatformError, RateLimited, Undeliverable

UNCLEAR = "platform_unclear"
_RETRY_AFTER_S = 1.0
"""Where Slack asks us to wait and does not say how long."""
_SERVER_ERROR = 500

_GONE = """
    message_not_found cant_update_message cant_delete_message edit_window_closed thread_not_found cannot_reply_to_message
    """
_CLOSED = """
    channel_not_found is_archived is_inactive not_in_channel user_not_in_channel user_not_found users_not_found user_not_visible user_disabled
    user_is_restricted cannot_dm_bot no_permission restricted_action restricted_action_read_only_channel
    restricted_action_thread_only_channel restricted_action_non_threadable_channel restricted_action_thread_locked
    thread_locked not_enabled method_not_supported_for_channel_type channel_type_not_supported
    invalid_channel channel_is_limited_access cannot_post_to_external_channel slack_connect_file_upload_sharing_blocked
    slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked
    posting_to_channel_denied invalid_users not_enough_users ekm_access_denied file_upload_size_restricted
    """
_TAB_OFF = "messages_tab_disabled"
"""Nobody can be written to: a switch of the app, which its manifest sets, is off."""
_REVOKED = """
    token_revoked token_expired account_inactive invalid_auth not_authed team_access_not_granted team_not_found
    org_login_required two_factor_setup_required not_allowed_token_type access_denied enterprise_is_restricted
    """
_FORBIDDEN = "missing_scope no_scopes_granted cant_delete_file not_allowed file_uploads_disabled"
_LATE = """
    expired_trigger_id trigger_expired invalid_trigger_id invalid_trigger exchanged_trigger_id trigger_exchanged
    """
_NO_FILE = "file_not_found file_deleted file_not_shared"
_BUSY = "ratelimited rate_limited message_limit_exceeded"
_LONG = "msg_blocks_too_long msg_too_long invalid_blocks"
_OURS = """
    invalid_blocks_format invalid_arguments invalid_arg_name invalid_array_arg invalid_charset invalid_form_data
    invalid_post_type missing_post_type missing_argument no_text too_many_attachments
    invalid_metadata_format invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app view_too_large
    duplicate_external_id push_limit_reached hash_conflict unknown_method invalid_json json_not_object invalid_cursor
    invalid_ts_oldest invalid_ts_latest invalid_limit invalid_thread_ts
    """

TABLE: Mapping[str, str] = {
    code: meaning
    for codes, meaning in (
        (_GONE, "message_gone"),
        (_CLOSED, "conversation_closed"),
        (_TAB_OFF, "messages_tab_disabled"),
        (_REVOKED, "install_revoked"),
        (_FORBIDDEN, "permission_missing"),
        (_LATE, "form_too_late"),
        (_NO_FILE, "file_unavailable"),
        (_BUSY, "platform_busy"),
        (_LONG, "too_long"),
        (_OURS, "ours"),
    )
    for code in codes.split()
}
"""Slack's code → ours; "ours": what we sent is wrong, and sending it again is no use; "too_long": unless it is said shorter."""


class TooLong(ValueError):
    """A message that Slack may take when it says less: what it finds too long is told nowhere, see `limits.WEIGHT`."""


def code_of(error: SlackApiError) -> str:
    """Slack's code; "" where the answer was none of its own."""
    return str(_data(error).get("error", ""))


def to_error(error: Exception) -> HeadroomError | ValueError:
    """Ours, for what slack_sdk or the line raised. ValueError: we made the mistake."""
    if not isinstance(error, SlackApiError):
        return PlatformError(UNCLEAR)
    answer: Any = error.response
    status = answer.status_code if isinstance(answer, AsyncSlackResponse) else answer.status
    code = code_of(error)
    if status == 429 or TABLE.get(code) == "platform_busy":
        return RateLimited(retry_after_s=_pause_s(answer.headers))
    if status >= _SERVER_ERROR:
        return PlatformError(UNCLEAR)
    if TABLE.get(code) in ("ours", "too_long") and _names_a_file(_data(error)):
        return PlatformError("picture_not_ready")
    return from_code(code)


def is_refusal(error: HeadroomError | ValueError) -> bool:
    """For certain the call had no effect."""
    settled = isinstance(error, RateLimited | Undeliverable | FileUnavailable | ValueError)
    return settled or (isinstance(error, PlatformError) and error.code == "picture_not_ready")


def from_code(code: str) -> HeadroomError | ValueError:
    """Ours, for Slack's code alone."""
    match TABLE.get(code, UNCLEAR):
        case "platform_busy":
            return RateLimited(retry_after_s=_RETRY_AFTER_S)
        case "file_unavailable":
            return FileUnavailable("file_unavailable")
        case "ours":
            return ValueError(f"Slack takes no such call: {code}")
        case "too_long":
            return TooLong(f"Slack does not take a message: {code}")
        case "platform_unclear":
            return PlatformError(UNCLEAR)
        case meaning:
            return Undeliverable(meaning)


def _data(error: SlackApiError) -> Mapping[str, Any]:
    """The answer; empty where it was no JSON."""
    answer = error.response
    return answer.data if isinstance(answer, AsyncSlackResponse) and isinstance(answer.data, dict) else {}


def _pause_s(headers: Mapping[str, str]) -> float:
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return max(float(said), 0.1) if said.replace(".", "", 1).isdecimal() else _RETRY_AFTER_S


def _names_a_file(data: Mapping[str, Any]) -> bool:
    """Slack refuses blocks with a file that it has not looked at yet, or that somebody deleted, like blocks that are wrong."""
    told = (data.get("response_metadata") or {}).get("messages") or ()
    return any("slack file" in str(each).lower() for each in (*told, *(data.get("errors") or ())))
