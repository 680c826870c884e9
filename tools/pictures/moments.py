"""Discord's timestamps, `<t:UNIX:STYLE>`, as a person reads them. Times of day are UTC, on a 24-hour clock."""

from __future__ import annotations

from datetime import UTC, datetime

from tools.pictures.names import NotInPicture

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))

_FORMATS = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%d/%m/%Y", "D": "%-d %B %Y", "f": "%-d %B %Y %H:%M"}


def moment_text(unix: int, style: str, now_unix: int) -> str:
    """Return a timestamp in one of Discord's styles, as seen at `now_unix`. Raises NotInPicture for other styles."""
    if style == "R":
        return _relative(unix - now_unix)
    if style not in _FORMATS:
        raise NotInPicture(f"No rule for timestamps of style {style!r}.")
    return datetime.fromtimestamp(unix, UTC).strftime(_FORMATS[style])


def _relative(seconds: int) -> str:
    size, unit = next((one for one in _UNITS if abs(seconds) >= one[0]), _UNITS[-1])
    number = abs(seconds) // size
    words = f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    if seconds == 0:
        return "now"
    return f"in {words}" if seconds > 0 else f"{words} ago"
