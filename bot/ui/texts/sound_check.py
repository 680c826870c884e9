"""What a coordinator reads about a sound check: what to do now, and afterwards how each performer sounds."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ids import UserId
from bot.domain.own_voice import MutedBy
from bot.services.sound.performer_sound import HeardVoice, PerformerSound
from bot.services.sound.sound_check import CheckBegun, SoundCheck
from bot.ui.texts.language import phrase, say
from bot.ui.texts.panel_sound import MUTED, TOLD_DEAF_SECONDS
from bot.ui.texts.words import decibels, mentions, signed

LIMIT = 2000
"""Discord's limit for a message, in characters."""

_NO_ONE_HEARD = phrase(
    "⚠️ **No one was heard.** Everyone at once is rarely the microphones. Did everyone speak? Then check again; if that "
    "does not help, change the region in the voice channel's settings, or end the session and start another."
)

_ROOM_FOR_THE_REST = 1150
"""Left for those who sound good, those who were not listened to, and the number of rows that did not fit."""


def begun_text(begun: CheckBegun) -> str:
    """What everyone should do now."""
    asked = say(
        "🎙️ Everyone, please speak for {seconds} seconds, in turn or together: say your name and what you had for "
        "breakfast. The bot asks you to do this in the channel, too.",
        seconds=begun.seconds,
    )
    return f"{asked}{_unheard(begun.unheard_users)}"


def check_text(check: SoundCheck) -> str:
    """How it went: one row per performer with a problem, and what to do; then those who sound good."""
    no_one = _is_no_one_heard(check)
    told = [one for one in check.performers if not (no_one and one.discord_user_id not in check.muted)]
    rows = [row for performer in told if (row := _problem_row(performer, check.muted))]
    shown: list[str] = [say(_NO_ONE_HEARD)] if no_one else []
    while rows and sum(map(len, shown)) + len(shown) + len(rows[0]) <= LIMIT - _ROOM_FOR_THE_REST:
        shown.append(rows.pop(0))
    if rows:
        shown.append(say("… and {number} more. Fix these first, then check again.", number=len(rows)))
    if check.deaf_seconds >= TOLD_DEAF_SECONDS:
        shown.append(
            say(
                "⚠️ The bot heard no one for {seconds} s, because the connection was lost. Check again.",
                seconds=f"{check.deaf_seconds:.1f}",
            )
        )
    rows = [say("**Sound check**"), *shown, *_good_rows(check)]
    return "\n".join(rows) + _unheard(check.unheard_users)


def _is_no_one_heard(check: SoundCheck) -> bool:
    """Whether all of several people who were not muted were silent: then microphones are the last thing to suspect."""
    unmuted = [one for one in check.performers if one.discord_user_id not in check.muted]
    return len(unmuted) > 1 and all(one.levels is None for one in unmuted)


def _good_rows(check: SoundCheck) -> list[str]:
    well = [one.discord_user_id for one in check.performers if not _problems(one, check.muted)]
    if not check.performers:
        return [say("No one was left to check.")]
    return [say("✅ All good: {who}.", who=mentions(well))] if well else []


def _problem_row(performer: PerformerSound, muted: Mapping[UserId, MutedBy]) -> str:
    problems = _problems(performer, muted)
    return signed("⚠️", f"<@{performer.discord_user_id}>: {' '.join(problems)}") if problems else ""


def _problems(performer: PerformerSound, muted: Mapping[UserId, MutedBy]) -> list[str]:
    levels = performer.levels
    if levels is None and (by := muted.get(performer.discord_user_id)):
        return [f"{say(MUTED[by])}."]
    if levels is None:
        return [say("not heard. Are they unmuted, with the right microphone?")]
    found: list[str] = []
    if performer.is_too_quiet:
        level = decibels(levels.speech_dbfs)
        found.append(say("too quiet ({level}): move closer to the microphone, or turn it up.", level=level))
    if performer.is_clipping:
        share = f"{levels.clipped_share:.0%}"
        found.append(say("clipping ({share} of what they say): turn the microphone down.", share=share))
    if performer.is_noisy:
        level = decibels(levels.noise_dbfs)
        found.append(say("noise ({level}): close the window, and turn off anything that hums.", level=level))
    found += [_hears(voice) for voice in performer.hears]
    if performer.is_losing:
        share = f"{performer.lost_share:.0%}"
        found.append(say("{share} lost on the way: use a cable instead of Wi-Fi, or another network.", share=share))
    return found


def _hears(voice: HeardVoice) -> str:
    who, level = f"<@{voice.discord_user_id}>", decibels(voice.level_db)
    if voice.is_same_room:
        return say(
            "picks up {who} ({level}) in the same room: sit further apart, or in separate rooms.", who=who, level=level
        )
    return say("picks up {who} ({level}) through speakers: use headphones.", who=who, level=level)


def _unheard(users: frozenset[UserId]) -> str:
    return f"\n{say('Not checked, because no consent was given: {who}.', who=mentions(users))}" if users else ""
