"""Every state that is pictured: a small function each, which plays up to it on a studio of its own.

To add one, write a function that returns a page and put it into `STATES`: its key is the file's name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from bot.audio.levels import Levels
from bot.services.track_quality import LiveTrack
from bot.voice.reconnection import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored
from pictures.acts import deal, gather, judge, open_form, play, press, record, start
from pictures.studio import COORDINATOR, PERFORMERS, Studio

State = Callable[[Studio], Awaitable[str]]


async def panel_gathering(studio: Studio) -> str:
    await gather(studio)
    return studio.panel()


async def panel_dealt(studio: Studio) -> str:
    await deal(studio)
    await studio.theatre.press(studio.theatre.performers[0], "My card")
    return studio.panel()


async def panel_countdown(studio: Studio) -> str:
    await start(studio)
    return studio.panel()


def _sounding(speech_dbfs: float, unheard_seconds: float = 0.4) -> LiveTrack:
    return LiveTrack(unheard_seconds, 0.0, Levels(-6.0, speech_dbfs, -62.0, 0.0))


async def _recorded(studio: Studio, *tracks: LiveTrack, event: ConnectionEvent | None = None) -> str:
    """The panel of a take whose tracks sound like this: on paper no file grows that could be listened to."""
    live = await record(studio)
    live.tracks.update(zip((one.id for one in studio.theatre.performers), tracks, strict=True))
    await (studio.lose_or_find(event) if event else studio.refresh())
    return studio.panel()


async def panel_recording(studio: Studio) -> str:
    return await _recorded(studio, _sounding(-21.0), _sounding(-26.0), LiveTrack(6.0, 0.0, None))


async def panel_unheard(studio: Studio) -> str:
    clipping = LiveTrack(0.4, 0.004, Levels(0.0, -8.0, -55.0, 0.05))
    return await _recorded(studio, clipping, LiveTrack(14.0, 0.0, None), _sounding(-24.0))


async def panel_connection_lost(studio: Studio) -> str:
    event = ConnectionLost(monotonic(), "the voice server closed the connection")
    return await _recorded(studio, _sounding(-21.0), _sounding(-26.0), _sounding(-24.0), event=event)


async def panel_hole(studio: Studio) -> str:
    event = ConnectionRestored(monotonic(), 1400.0)
    return await _recorded(studio, _sounding(-21.0), _sounding(-26.0), _sounding(-24.0), event=event)


async def panel_voice_lost(studio: Studio) -> str:
    await record(studio)
    await studio.lose_or_find(ConnectionGivenUp(monotonic(), "the call was ended (4022)"))
    return studio.panel()


async def panel_low_disk(studio: Studio) -> str:
    await deal(studio)
    studio.room["bytes"] = 310 * 1024**2
    await studio.refresh()
    return studio.panel()


async def panel_cut(studio: Studio) -> str:
    await play(studio)
    return studio.panel()


async def panel_struck(studio: Studio) -> str:
    await play(studio)
    await press(studio, "Strike")
    return studio.panel()


async def panel_paused(studio: Studio) -> str:
    await record(studio)
    await press(studio, "Pause")
    return studio.panel()


async def panel_dropout(studio: Studio) -> str:
    await record(studio)
    studio.theatre.booths[-1].people.discard(studio.theatre.performers[1].id)
    await studio.theatre.performers[1].leave_voice()
    return studio.panel()


async def panel_stopped(studio: Studio) -> str:
    await record(studio)
    await studio.theatre.press(studio.theatre.performers[0], "Stop (X-card)")
    return studio.panel()


async def panel_ended(studio: Studio) -> str:
    await play(studio)
    await studio.theatre.command(studio.theatre.coordinator, "session end")
    return studio.panel()


async def card(studio: Studio) -> str:
    await deal(studio)
    return studio.answer(await studio.theatre.press(studio.theatre.performers[1], "My card"))


async def card_cue(studio: Studio) -> str:
    await deal(studio)
    for performer in studio.theatre.performers:
        shown[performer.id] = await studio.theatre.press(performer, "My card")
    raise NotImplementedError


STATES: Mapping[str, State] = {
    "panel-gathering": panel_gathering,
    "panel-dealt": panel_dealt,
    "panel-countdown": panel_countdown,
    "panel-recording": panel_recording,
    "panel-unheard": panel_unheard,
    "panel-connection-lost": panel_connection_lost,
    "panel-hole": panel_hole,
    "panel-voice-lost": panel_voice_lost,
    "panel-low-disk": panel_low_disk,
    "panel-cut": panel_cut,
    "panel-struck": panel_struck,
    "panel-paused": panel_paused,
    "panel-dropout": panel_dropout,
    "panel-stopped": panel_stopped,
    "panel-ended": panel_ended,
    "card": card,
}
