"""Discord's refusals: HTTP status, JSON code and message, in Discord's form.

Codes and messages: Discord's documentation, "Opcodes and Status Codes" > "JSON Error Codes"; the form of `errors`:
"Reference" > "Error Messages".
"""

from __future__ import annotations

from typing import Any

Path = tuple[str | int, ...]


class DiscordError(Exception):
    """A refusal of a REST request."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """The JSON body of the response."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return body | {"errors": self.errors} if self.errors else body


def unauthorized() -> DiscordError:
    """A missing or wrong token."""
    return DiscordError(401, 0, "401: Unauthorized")


def not_found() -> DiscordError:
    """Nothing at this address."""
    return DiscordError(404, 0, "404: Not Found")


def unknown_channel() -> DiscordError:
    """No channel has this id."""
    return DiscordError(404, 10003, "Unknown Channel")


def unknown_guild() -> DiscordError:
    """The bot is in no guild of this id."""
    return DiscordError(404, 10004, "Unknown Guild")


def unknown_member() -> DiscordError:
    """No member of the guild has this id."""
    return DiscordError(404, 10007, "Unknown Member")


def unknown_message() -> DiscordError:
    """No message of this id can be reached this way (ephemeral ones only through their interaction)."""
    return DiscordError(404, 10008, "Unknown Message")


def unknown_user() -> DiscordError:
    """No user has this id."""
    return DiscordError(404, 10013, "Unknown User")


def unknown_webhook() -> DiscordError:
    """The interaction's token is unknown, or the interaction has no answer yet."""
    return DiscordError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> DiscordError:
    """The interaction is unknown, or its 3 seconds are over."""
    return DiscordError(404, 10062, "Unknown interaction")


def unknown_command() -> DiscordError:
    """No application command has this id."""
    return DiscordError(404, 10063, "Unknown application command")


def unknown_voice_state() -> DiscordError:
    """The member is in no voice channel."""
    return DiscordError(404, 10065, "Unknown Voice State")


def unknown_scheduled_event() -> DiscordError:
    """The guild has no scheduled event of this id."""
    return DiscordError(404, 10070, "Unknown Guild Scheduled Event")


def too_many_scheduled_events() -> DiscordError:
    """More events that are not over than a guild can have."""
    return DiscordError(400, 30038, "Maximum number of uncompleted guild scheduled events reached (100)")


def finished_event() -> DiscordError:
    """A change of a scheduled event that was cancelled or is over."""
    return DiscordError(400, 180000, "Cannot update a finished event")


def already_acknowledged() -> DiscordError:
    """A second first answer to one interaction."""
    return DiscordError(400, 40060, "Interaction has already been acknowledged.")


def too_large() -> DiscordError:
    """An upload over the limit."""
    return DiscordError(413, 40005, "Request entity too large")


def missing_access() -> DiscordError:
    """The bot cannot see the channel."""
    return DiscordError(403, 50001, "Missing Access")


def wrong_author() -> DiscordError:
    """Another user wrote the message."""
    return DiscordError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> DiscordError:
    """A message without anything to show."""
    return DiscordError(400, 50006, "Cannot send an empty message")


def dms_closed() -> DiscordError:
    """The person does not accept direct messages from the bot."""
    return DiscordError(403, 50007, "Cannot send messages to this user")


def missing_permissions() -> DiscordError:
    """The bot may see the channel but not do this."""
    return DiscordError(403, 50013, "Missing Permissions")


def expired_token() -> DiscordError:
    """An interaction's token after its 15 minutes."""
    return DiscordError(401, 50027, "Invalid Webhook Token")


def unavailable() -> DiscordError:
    """Discord cannot take the request at the moment."""
    return DiscordError(503, 0, "503: Service Unavailable")


def invalid_json() -> DiscordError:
    """A body that is not JSON."""
    return DiscordError(400, 50109, "The request body contains invalid JSON.")


class RateLimited(DiscordError):
    """Too many requests; the next one passes after `retry_after_s`. No header of the answer says so."""

    def __init__(self, retry_after_s: float, code: int = 0, message: str = "You are being rate limited.") -> None:
        super().__init__(429, code, message)
        self.retry_after_s = retry_after_s

    def body(self) -> dict[str, Any]:
        """The JSON body of the response."""
        return {**super().body(), "retry_after": round(self.retry_after_s, 3), "global": False}


def too_many_old_edits(retry_after_s: float) -> RateLimited:
    """Too many edits of messages that are more than an hour old."""
    message = "Maximum number of edits to messages older than 1 hour reached. Try again later"
    return RateLimited(retry_after_s, 30046, message)


class Form:
    """Collects the faults of a request body, by path, and refuses it after all checks (50035)."""

    def __init__(self) -> None:
        self.found: list[tuple[Path, str, str]] = []

    def refuse(self, path: Path, code: str, message: str) -> None:
        """Record one fault; `path` leads to the field from the body's root."""
        self.found.append((path, code, message))

    def text(self, path: Path, value: object, low: int, high: int) -> None:
        """Require a text of `low` to `high` characters. If `low` is 0, it can be absent, null or empty."""
        if value is None or (low and value == ""):
            if low:
                self.required(path)
        elif not isinstance(value, str):
            self.refuse(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
        elif len(value) > high and not low:
            self.refuse(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        elif not low <= len(value) <= high:
            self.length(path, low, high)

    def amount(self, path: Path, items: object, low: int, high: int) -> bool:
        """Require a list of `low` to `high` items. Returns whether it is a list at all."""
        if not isinstance(items, list):
            self.refuse(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return False
        if not low <= len(items) <= high:
            self.length(path, low, high)
        return True

    def length(self, path: Path, low: int, high: int) -> None:
        """Record a wrong length."""
        self.refuse(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")

    def required(self, path: Path) -> None:
        """Record a missing field."""
        self.refuse(path, "BASE_TYPE_REQUIRED", "This field is required")

    def choices(self, path: Path, allowed: tuple[object, ...]) -> None:
        """Record a value that is not among its choices."""
        listed = ", ".join(map(str, allowed))
        self.refuse(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")

    def errors(self) -> dict[str, Any]:
        """Return the faults as Discord nests them."""
        root: dict[str, Any] = {}
        for path, code, message in self.found:
            node = root
            for step in path:
                node = node.setdefault(str(step), {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        return root

    def settle(self) -> None:
        """Raise 50035 if there are faults."""
        if self.found:
            raise DiscordError(400, 50035, "Invalid Form Body", self.errors())
