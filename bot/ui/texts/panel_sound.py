"""What the panel says about the sound: how performers sound, and what the bot itself did not hear."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import UserId
from bot.domain.own_voice import DEAF, MutedBy
from bot.domain.show import Phase
from bot.live.take.track_quality import LiveTrack, Problem
from bot.services.ports.panel_state import PanelState
from bot.ui.texts.language import phrase, say
from bot.ui.texts.words import decibels, signed
from bot.voice.connection.events import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored

MUTED: Mapping[MutedBy, str] = {
    MutedBy.SELF: phrase("muted, by their own microphone button"),
    MutedBy.SERVER: phrase("muted on this server: only a moderator can change that"),
}
"""What the panel says of someone whom Discord does not let be heard."""

_NO_ONE_HEARD = phrase(
    "⚠️ **No one has been heard for {seconds} s.** Everyone at once is rarely the microphones: if people are speaking, "
    "cut, and run **Sound check**. If it hears no one either, change the channel's region, or restart the bot."
)

TOLD_DEAF_SECONDS = 0.1
"""A shorter deafening cannot be heard."""

TOLD_HOLE_MS = 20
"""One frame: a shorter hole lost nothing."""

_PROBLEMS = {
    Problem.UNHEARD: phrase("no sound for {seconds} s"),
    Problem.CLIPPING: phrase("clipping"),
    Problem.TOO_QUIET: phrase("too quiet"),
    Problem.NOISY: phrase("noisy"),
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
        return "\n".join([say(_NO_ONE_HEARD, seconds=round(seconds)), *muted])
    return "\n".join(_track_text(user, track, state.muted.get(user)) for user, track in sorted(tracks.items()))


def holes_text(state: PanelState) -> str:
    """What the bot itself did not hear."""
    rows: list[str] = []
    if state.deaf_seconds >= TOLD_DEAF_SECONDS and not state.obstacles & DEAF:
        rows.append(
            say(
                "⚠️ The bot was deafened for {seconds} s of this take. This hole is marked in the tracks.",
                seconds=f"{state.deaf_seconds:.1f}",
            )
        )
    # Lost and restored on the way to another channel: that has its own words.
    if not (state.obstacles & DEAF and isinstance(state.connection, ConnectionRestored)):
        rows.append(_connection_text(state.connection))
    return "\n".join(row for row in rows if row)


def _track_text(user: UserId, track: LiveTrack, muted: MutedBy | None) -> str:
    if muted:
        return _muted_text(user, muted)
    if problems := track.problems():
        seconds = round(track.unheard_seconds)
        told = ", ".join(say(_PROBLEMS[problem], seconds=seconds) for problem in problems)
        return signed("⚠️", f"<@{user}>: {told}")
    level = decibels(track.levels.speech_dbfs) if track.levels else say("heard a moment ago")
    lost = say("{share} lost", share=f"{track.concealed_share:.1%}")
    return signed("🎙️", f"<@{user}>: {level}, {lost}" if track.concealed_share else f"<@{user}>: {level}")


def _muted_text(user: UserId, by: MutedBy) -> str:
    return signed("🔇", f"<@{user}>: {say(MUTED[by])}")


def _connection_text(event: ConnectionEvent | None) -> str:
    match event:
        case ConnectionLost(_, reason):
            return say(
                "⚠️ The bot cannot hear you at the moment: {reason}. It is reconnecting.", reason=_reason_text(reason)
            )
        case ConnectionRestored(_, hole_ms) if hole_ms >= TOLD_HOLE_MS:
            return say(
                "⚠️ The bot could not hear you for {seconds} s. This hole is marked in the tracks.",
                seconds=f"{hole_ms / 1000:.1f}",
            )
        case ConnectionGivenUp(_, reason):
            return say(
                "⚠️ The bot has left the voice channel: {reason}. Press **Bring me back**, or it rejoins for the next "
                "scene or take.",
                reason=_reason_text(reason),
            )
        case _:
            return ""


def _reason_text(reason: str) -> str:
    """Why the connection ended. The code behind the clause is the same in every language."""
    clause, bracket, code = reason.partition(" (")
    return f"{say(clause)}{bracket}{code}"
