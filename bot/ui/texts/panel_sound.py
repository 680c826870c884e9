"""What the panel says about the sound: how performers sound, and what the bot itself did not hear."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import UserId
from bot.domain.own_voice import DEAF, MutedBy
from bot.domain.show import Phase
from bot.live.take.track_quality import LiveTrack, Problem
from bot.services.ports.panel_state import PanelState
from bot.ui.texts.words import decibels, signed
from bot.voice.connection.events import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored

MUTED: Mapping[MutedBy, str] = {
    MutedBy.SELF: "muted, by their own microphone button",
    MutedBy.SERVER: "muted on this server: only a moderator can change that",
}
"""What the panel says of someone whom Discord does not let be heard."""

_NO_ONE_HEARD = (
    "⚠️ **No one has been heard for {seconds} s.** Everyone at once is rarely the microphones: if people are speaking, "
    "cut, and run **Sound check**. If it hears no one either, change the channel's region, or restart the bot."
)

TOLD_DEAF_SECONDS = 0.1
"""A shorter deafening cannot be heard."""

TOLD_HOLE_MS = 20
"""One frame: a shorter hole lost nothing."""

_PROBLEMS = {
    Problem.UNHEARD: "no sound for {seconds} s",
    Problem.CLIPPING: "clipping",
    Problem.TOO_QUIET: "too quiet",
    Problem.NOISY: "noisy",
}


def tracks_text(state: PanelState) -> str:
    """How everyone sounds; while the bot itself hears no one, this says nothing about anyone."""
    is_lost = isinstance(state.connection, ConnectionLost)
    # Whose sound arrives and cannot be decrypted is told of elsewhere: there is nothing wrong with their microphone.
    tracks = {user: track for user, track in state.tracks.items() if user not in state.undecryptable}
    if not tracks or state.phase is Phase.PAUSED or state.obstacles & DEAF or is_lost:
        return ""
    unmuted = [track for user, track in tracks.items() if user not in state.muted]
    if len(unmuted) > 1 and all(Problem.UNHEARD in track.problems() for track in unmuted):
        seconds = min(track.unheard_seconds for track in unmuted)
        muted = [
            _track_text(user, track, state.muted.get(user)) for user, track in tracks.items() if user in state.muted
        ]
        return "\n".join([_NO_ONE_HEARD.format(seconds=round(seconds)), *muted])
    return "\n".join(_track_text(user, track, state.muted.get(user)) for user, track in sorted(tracks.items()))


def holes_text(state: PanelState) -> str:
    """What the bot itself did not hear."""
    rows: list[str] = []
    if state.deaf_seconds >= TOLD_DEAF_SECONDS and not state.obstacles & DEAF:
        rows.append(
            f"⚠️ The bot was deafened for {state.deaf_seconds:.1f} s of this take. This hole is marked in the tracks."
        )
    # Lost and restored on the way to another channel: that has its own words.
    if not (state.obstacles & DEAF and isinstance(state.connection, ConnectionRestored)):
        rows.append(_connection_text(state.connection))
    return "\n".join(row for row in rows if row)


def _track_text(user: UserId, track: LiveTrack, muted: MutedBy | None) -> str:
    if muted:
        return _muted_text(user, muted)
    if problems := track.problems():
        told = ", ".join(_PROBLEMS[problem] for problem in problems)
        return signed("⚠️", f"<@{user}>: {told.format(seconds=round(track.unheard_seconds))}")
    level = decibels(track.levels.speech_dbfs) if track.levels else "heard a moment ago"
    loss = f", {track.concealed_share:.1%} lost" if track.concealed_share else ""
    return signed("🎙️", f"<@{user}>: {level}{loss}")


def _muted_text(user: UserId, by: MutedBy) -> str:
    return signed("🔇", f"<@{user}>: {MUTED[by]}")


def _connection_text(event: ConnectionEvent | None) -> str:
    match event:
        case ConnectionLost(_, reason):
            return f"⚠️ The bot cannot hear you at the moment: {reason}. It is reconnecting."
        case ConnectionRestored(_, hole_ms) if hole_ms >= TOLD_HOLE_MS:
            return f"⚠️ The bot could not hear you for {hole_ms / 1000:.1f} s. This hole is marked in the tracks."
        case ConnectionGivenUp(_, reason):
            left = f"⚠️ The bot has left the voice channel: {reason}."
            return f"{left} Press **Bring me back**, or it rejoins for the next scene or take."
        case _:
            return ""
