"""Before the evening: the coordinator schedules it, in another time zone, and everyone says whether they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.embedded.client.screen import Message
from bot.rehearsal.cast.player import Player
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.house import House

ZONE = "Asia/Kolkata"
"""Half an hour off everyone else's, and without summer time."""

AHEAD = timedelta(minutes=45)
"""Near enough that the session that is opened is the scheduled one, and too near for reminders."""

COME, STANDBY = "I'll come", "Standby"
_ANSWERED = {COME: "You have a place", STANDBY: "on standby"}


async def schedule_and_sign_up(house: House, title: str = "The rehearsal") -> None:
    """Schedule the session. Performers take places, the audience is on standby.

    The journal gets `scheduled`, and `signed_up` of each. Raises RehearsalFailed if an answer is not as expected.
    """
    starts_at = (datetime.now(UTC) + AHEAD).replace(second=0, microsecond=0)
    local = starts_at.astimezone(ZoneInfo(ZONE))
    options = {"date": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}", "zone": ZONE, "title": title}
    places = {"channel": house.voice_channel_id, "performers": len(house.performers)}
    reply = await house.coordinator.slash(house.voice_channel_id, "session schedule", **options, **places)
    mark = f"<t:{int(starts_at.timestamp())}:F>"
    if "Scheduled" not in reply.text or mark not in reply.text:
        raise RehearsalFailed(reply.text or "The bot's answer was empty.")
    house.journal.write("scheduled", starts_at=starts_at.isoformat())
    for player in house.performers:
        await _sign_up(player, COME, mark)
    for player in house.audience:
        await _sign_up(player, STANDBY, mark)


async def _sign_up(player: Player, label: str, mark: str) -> None:
    """Press a button of the message that shows this time."""

    def is_it(message: Message) -> bool:
        return not message.is_ephemeral and mark in message.text and bool(message.buttons)

    message = await player.person.wait_for_message(is_it)
    reply = await player.person.click(message, label)
    if _ANSWERED[label] not in reply.text:
        raise RehearsalFailed(reply.text or "The bot's answer was empty.")
    player.note("signed_up", answer="coming" if label == COME else "standby")
