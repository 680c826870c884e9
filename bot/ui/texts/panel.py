"""The panel's words: what its buttons say, and what everyone in the channel may read. A state in, paragraphs out."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import UserId
from bot.domain.show import Phase, Step
from bot.domain.states import CutReason, PauseCause, TakeStatus
from bot.live.take.track_quality import LiveTrack, Problem
from bot.services.ports.panel_state import PanelState
from bot.store.records import Take
from bot.ui.texts.words import absent_text, count, decibels, low_disk_text, mentions, minutes, signed
from bot.voice.connection.events import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored

LABELS: Mapping[Step, str] = {
    Step.SOUND_CHECK: "Sound check",
    Step.DEAL: "Deal scene",
    Step.REDEAL: "Re-deal",
    Step.START: "Start take",
    Step.CUE: "Cue",
    Step.CUT: "Cut",
    Step.RETAKE: "Retake",
    Step.STRIKE: "Strike",
    Step.NEXT: "Next scene",
    Step.NOTE: "Note",
    Step.PAUSE: "Pause",
    Step.RESUME: "Resume",
    Step.END: "End session",
}
"""What the coordinator's buttons say."""

RESTORE_BUTTON = "Restore"
"""What the Strike button says while the take is struck."""

CARD_BUTTON = "My card"
RATE_BUTTON = "Rate"
LINES_BUTTON = "Lines"
CONSENT_BUTTON = "Consent"
X_CARD_BUTTON = "Stop (X-card)"
X_CARD_SIGN = "✋"

TOLD_HOLE_MS = 20
"""One frame: a shorter hole lost nothing."""

_CUT_REASONS = {
    CutReason.TIME_LIMIT: " It reached its time limit.",
    CutReason.INTERRUPTED: " The bot was interrupted during the take.",
    CutReason.DISK: " ⚠️ It was cut: the recordings could not be written. Make room on the disk, then play it again.",
    CutReason.VOICE_LOST: " ⚠️ It was cut because the voice connection was lost.",
    CutReason.DROPOUT: " It was cut because a performer left.",
}
"""Why a take was cut, if no one cut it by hand."""

_PROBLEMS = {
    Problem.UNHEARD: "no sound for {seconds} s",
    Problem.CLIPPING: "clipping",
    Problem.TOO_QUIET: "too quiet",
    Problem.NOISY: "noisy",
}


def panel_texts(state: PanelState) -> list[str]:
    """The panel's paragraphs, without anything private."""
    head = f"## Session {state.session.session_id}\n"
    if state.phase is Phase.ENDED:
        return [f"{head}{_summary(state)}"]
    texts = [f"{head}Takes are recorded: one track per performer who consents."]
    if state.phase is Phase.PAUSED:
        texts.append(_paused_text(state))
    texts.append(_scene_text(state))
    if state.tracks and state.phase is not Phase.PAUSED:
        texts.append("\n".join(_track_text(user, track) for user, track in sorted(state.tracks.items())))
    texts += [text for text in (_connection_text(state.connection), _sealed_text(state), _people_text(state)) if text]
    if state.low_disk_bytes is not None:
        texts.append(low_disk_text(state.low_disk_bytes))
    counts = state.counts
    texts.append(
        f"-# {count(counts.takes, 'take')}, {count(counts.ratings, 'rating')} so far. **My card** shows your part."
    )
    return texts


def _summary(state: PanelState) -> str:
    counts = state.counts
    played = f"{count(counts.scenes, 'scene')}, {count(counts.takes, 'take')}"
    kept = f"{minutes(counts.recorded_samples)} of tracks, {count(counts.ratings, 'rating')}"
    return f"This session is over: {played}, {kept}. Thank you all."


def _paused_text(state: PanelState) -> str:
    if state.missing and state.session.pause_cause == CutReason.DROPOUT:
        return f"⏸️ **Paused: {mentions(state.missing)} dropped out.** The session resumes by itself when they are back."
    return "⏸️ **Paused.** Nothing is recorded until a coordinator presses **Resume**."


def _scene_text(state: PanelState) -> str:
    if state.was_stopped:
        return "✋ **The scene was stopped.** No one needs to say why. **Next:** a coordinator deals another scene."
    if state.scene is None:
        return "**Next:** everyone consents, then a coordinator deals a scene."
    place = f"\nPlace: {state.scene.place}." if state.scene.place else ""
    return (
        f"**Scene {state.scene.number}: {state.scene.prompt_title}**{place}\n{_cast_text(state)}\n{_take_text(state)}"
    )


def _cast_text(state: PanelState) -> str:
    if state.phase is not Phase.DEALT:
        return f"On stage: {mentions(casting.discord_user_id for casting in state.castings)}."
    read = [signed("✅" if one.card_seen_at else "✉️", f"<@{one.discord_user_id}>") for one in state.castings]
    return f"On stage: {', '.join(read)} (✅ has read their card)."


def _take_text(state: PanelState) -> str:
    take = state.take
    if take is None:
        return "**Next:** read your card, then a coordinator starts the take."
    if state.starts_at_unix is not None and state.ends_at_unix is not None:
        if state.phase is Phase.COUNTDOWN:
            return f"🟡 **Take {take.number} starts <t:{round(state.starts_at_unix)}:R>.**"
        if state.phase is Phase.PAUSED:
            return f"⏸️ Take {take.number} is on hold."
        return f"🔴 **Take {take.number} is recording**, until <t:{round(state.ends_at_unix)}:t> at the latest."
    return _ended_take_text(take)


def _ended_take_text(take: Take) -> str:
    why = _CUT_REASONS.get(take.cut_reason, "") if take.cut_reason else ""
    if take.struck_at is not None:
        struck = f"~~Take {take.number}~~ is struck: it is neither rated nor exported."
        return f"{struck}{why} **Next:** continue, or retake."
    if take.state is TakeStatus.CUT:
        kept = f"Take {take.number} is kept ({minutes(take.duration_samples or 0)})."
        return f"{kept}{why} **Next:** rate, then move on to the next scene, or retake."
    return f"Take {take.number} was not recorded.{why} **Next:** start another."


def _people_text(state: PanelState) -> str:
    rows: list[str] = []
    named_before = state.missing if state.session.pause_cause is PauseCause.DROPOUT else ()
    if absent := [user for user in state.absent if user not in named_before]:
        rows.append(absent_text(absent))
    if state.on_standby:
        rows.append(f"On standby, to rate this scene and play in the next: {mentions(state.on_standby)}.")
    if state.unrecorded_users:
        rows.append(f"Not recorded: {mentions(state.unrecorded_users)}.")
    return "\n".join(rows)


def _track_text(user: UserId, track: LiveTrack) -> str:
    if problems := track.problems():
        told = ", ".join(_PROBLEMS[problem] for problem in problems)
        return signed("⚠️", f"<@{user}>: {told.format(seconds=round(track.unheard_seconds))}")
    level = decibels(track.levels.speech_dbfs) if track.levels else "heard a moment ago"
    loss = f", {track.concealed_share:.1%} lost" if track.concealed_share else ""
    return signed("🎙️", f"<@{user}>: {level}{loss}")


def _sealed_text(state: PanelState) -> str:
    if not state.undecryptable:
        return ""
    who = mentions(state.undecryptable)
    return (
        f"⚠️ The bot cannot decrypt {who}: their sound arrives, so their microphone is fine. It is asking Discord for "
        "new keys. If this stays, they leave the voice channel and join it again."
    )


def _connection_text(event: ConnectionEvent | None) -> str:
    match event:
        case ConnectionLost(_, reason):
            return f"⚠️ The bot cannot hear you at the moment: {reason}. It is reconnecting."
        case ConnectionRestored(_, hole_ms) if hole_ms >= TOLD_HOLE_MS:
            return f"⚠️ The bot could not hear you for {hole_ms / 1000:.1f} s. This hole is marked in the tracks."
        case ConnectionGivenUp(_, reason):
            return f"⚠️ The bot has left the voice channel: {reason}. It rejoins for the next scene or take."
        case _:
            return ""
