"""What happens without a session's buttons: consent forms, people who come and go, faults, restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from bot.voice.connection.events import ConnectionGivenUp
from tests.evening import PERFORMERS
from tools.storms.asked import Server
from tools.storms.exports import require_nothing_withdrawn
from tools.storms.storm import A_MOMENT_SECONDS, Storm
from tools.storms.story import Press

LONGEST_WAIT_SECONDS = 0.1
DISK_FAILS = (0.3, 0.7, 1.0)
DISCORD_FAILS = (0.0, 0.3)
CHANNEL_CLOSES = (0.0, 0.5)

Happens = Callable[[Storm, Server, Press], Awaitable[None]]


async def _send_form(storm: Storm, server: Server, press: Press) -> None:
    await asyncio.sleep(A_MOMENT_SECONDS)
    storm.send_form(server, press.who, press.wish)


async def _leave(storm: Storm, server: Server, press: Press) -> None:
    if press.who in server.people:
        server.people.discard(press.who)
        moved = (server.guild_id, press.who, server.channel_id, None)
        storm.services.errands.run(storm.services.presence.channel_changed(*moved), "leave")


async def _come(storm: Storm, server: Server, press: Press) -> None:
    if press.who not in server.people:
        server.people.add(press.who)
        moved = (server.guild_id, press.who, None, server.channel_id)
        storm.services.errands.run(storm.services.presence.channel_changed(*moved), "come")


async def _speak(storm: Storm, server: Server, press: Press) -> None:
    if booth := storm.recording_booth(server):
        booth.speak(press.of(PERFORMERS), 0.5, after=press.chance * 3)


async def _lose_connection(storm: Storm, server: Server, press: Press) -> None:
    if booth := storm.recording_booth(server):
        booth.lose_connection(0.5, 0.2)


async def _give_up_connection(storm: Storm, server: Server, press: Press) -> None:
    live, booths = storm.live(server), storm.booths(server)
    if live and live.booth and booths:
        booths[-1].left = True
        booths[-1].tell_connection(ConnectionGivenUp(monotonic(), "gone"))


async def _fail_disk(storm: Storm, server: Server, press: Press) -> None:
    storm.weather.disk = press.of(DISK_FAILS)


async def _heal_disk(storm: Storm, server: Server, press: Press) -> None:
    storm.weather.disk = 0.0


async def _fail_discord(storm: Storm, server: Server, press: Press) -> None:
    storm.weather.discord = press.of(DISCORD_FAILS)


async def _close_channel(storm: Storm, server: Server, press: Press) -> None:
    storm.weather.voice = press.of(CHANNEL_CLOSES)


async def _wait(storm: Storm, server: Server, press: Press) -> None:
    await asyncio.sleep(press.chance * LONGEST_WAIT_SECONDS)


async def _cancel(storm: Storm, server: Server, press: Press) -> None:
    if waiting := [task for task in storm.tasks if not task.done()]:
        storm.give_up(press.of(waiting))


async def _export(storm: Storm, server: Server, press: Press) -> None:
    await require_nothing_withdrawn(storm)


async def _restart(storm: Storm, server: Server, press: Press) -> None:
    await storm.restart(killed=press.chance < 0.5)


HAPPENINGS: Mapping[str, Happens] = {
    "form": _send_form,
    "leave": _leave,
    "come": _come,
    "speak": _speak,
    "outage": _lose_connection,
    "voice_ends": _give_up_connection,
    "disk_fails": _fail_disk,
    "disk_heals": _heal_disk,
    "discord_fails": _fail_discord,
    "channel_closes": _close_channel,
    "wait": _wait,
    "cancel": _cancel,
    "export": _export,
    "restart": _restart,
}
"""What happens, by its name in a story."""
