"""The control panel: one message in the voice channel's own chat (Components V2)."""

from __future__ import annotations

import discord

from bot.services.panel import PanelState
from bot.services.track_quality import LiveTrack
from bot.ui.custom_ids import CARD, CUT, DEAL, RATE, READ_CONSENT, START, ButtonId
from bot.ui.words import count, low_disk_text, mentions, minutes
from bot.voice.reconnection import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored

_COLOURS = {"countdown": discord.Colour.gold(), "recording": discord.Colour.red()}
TOLD_HOLE_MS = 20
"""One frame: a shorter hole took nothing away."""

_PRIMARY = discord.ButtonStyle.primary
_PLAIN = discord.ButtonStyle.secondary


def build_panel(state: PanelState) -> discord.ui.LayoutView:
    """The panel for a state; it never times out, since its buttons carry all they need in their ids."""
    view = discord.ui.LayoutView(timeout=None)
    colour = _COLOURS.get(state.take.state if state.take else "", discord.Colour.blurple())
    texts = [discord.ui.TextDisplay[discord.ui.LayoutView](text) for text in panel_texts(state)]
    view.add_item(discord.ui.Container(*texts, accent_colour=colour))
    if state.session.is_open:
        view.add_item(_row(state, (DEAL, "Deal scene", _PLAIN), (START, "Start take", _PRIMARY), (CUT, "Cut", _CUT)))
        view.add_item(
            _row(state, (CARD, "My card", _PRIMARY), (RATE, "Rate", _PRIMARY), (READ_CONSENT, "Consent", _PLAIN))
        )
    return view


def panel_texts(state: PanelState) -> list[str]:
    """The panel's paragraphs, without anything private."""
    counts = state.counts
    head = f"## Session {state.session.session_id}\n"
    if not state.session.is_open:
        played = f"{count(counts.scenes, 'scene')}, {count(counts.takes, 'take')}"
        kept = f"{minutes(counts.recorded_samples)} recorded, {count(counts.ratings, 'rating')}"
        return [f"{head}This session is over: {played}, {kept}. Thank you all."]
    texts = [f"{head}Takes of this session are recorded, one track for each performer who consents."]
    texts.append(_scene_text(state))
    if state.tracks:
        texts.append("\n".join(_track_text(user, track) for user, track in sorted(state.tracks.items())))
    if connection := _connection_text(state.connection):
        texts.append(connection)
    if state.low_disk_bytes is not None:
        texts.append(low_disk_text(state.low_disk_bytes))
    if state.unrecorded_users:
        texts.append(f"Not being recorded: {mentions(state.unrecorded_users)}.")
    texts.append(
        f"-# {count(counts.takes, 'take')}, {count(counts.ratings, 'rating')} so far. **My card** shows your part."
    )
    return texts


def _scene_text(state: PanelState) -> str:
    if state.scene is None:
        return "**Next:** everybody consents, then a coordinator deals a scene."
    cast = mentions(casting.discord_user_id for casting in state.castings)
    head = f"**Scene {state.scene.number}: {state.scene.prompt_title}**\nOn stage: {cast}."
    return f"{head}\n{_take_text(state)}"


def _take_text(state: PanelState) -> str:
    take = state.take
    if take is None:
        return "**Next:** read your card, then a coordinator starts the take."
    if state.starts_at_unix is not None and state.ends_at_unix is not None:
        if take.state == "countdown":
            return f"🟡 **Take {take.number} starts <t:{round(state.starts_at_unix)}:R>.**"
        return f"🔴 **Take {take.number} is recording**, until <t:{round(state.ends_at_unix)}:t> at the latest."
    why = _CUT_REASONS.get(take.cut_reason or "", "")
    if take.state == "cut":
        kept = f"Take {take.number} is kept ({minutes(take.duration_samples or 0)})."
        return f"{kept}{why} **Next:** rate, then deal or retake."
    return f"Take {take.number} came to nothing.{why} **Next:** start another."


def _track_text(user: int, track: LiveTrack) -> str:
    if problems := track.problems():
        return f"⚠️ <@{user}>: {', '.join(problems)}"
    level = f"{track.levels.speech_dbfs:.0f} dB" if track.levels else "heard a moment ago"
    loss = f", {track.concealed_share:.1%} lost" if track.concealed_share else ""
    return f"🎙️ <@{user}>: {level}{loss}"


def _connection_text(event: ConnectionEvent | None) -> str:
    match event:
        case ConnectionLost(_, reason):
            return f"⚠️ I cannot hear you at the moment: {reason}. I am trying to come back."
        case ConnectionRestored(_, hole_ms) if hole_ms >= TOLD_HOLE_MS:
            return f"⚠️ I could not hear you for {hole_ms / 1000:.1f} s; the hole is marked in the tracks."
        case ConnectionGivenUp(_, reason):
            return f"⚠️ I am out of the voice channel: {reason}. I join again with the next scene or take."
        case _:
            return ""


_CUT_REASONS = {
    "time_limit": " It reached its time limit.",
    "interrupted": " The bot was interrupted while it ran.",
    "disk": " ⚠️ It was cut: the recordings could not be written. Make room on the disk, then play it again.",
    "voice_lost": " ⚠️ It was cut because the voice connection was lost.",
}
"""Why a take was cut, where nobody pressed for it."""

_CUT = discord.ButtonStyle.danger


def _row(
    state: PanelState, *buttons: tuple[ButtonId, str, discord.ButtonStyle]
) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    row = discord.ui.ActionRow[discord.ui.LayoutView]()
    for button_id, label, style in buttons:
        numbers = dict.fromkeys(button_id.fields, state.session.session_id)
        row.add_item(discord.ui.Button(label=label, style=style, custom_id=button_id.build(**numbers)))
    return row
