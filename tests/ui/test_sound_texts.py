"""What a coordinator reads about a sound check: each problem with what to do, and never more than Discord accepts."""

from __future__ import annotations

from bot.audio.levels import Levels
from bot.domain.ids import UserId
from bot.domain.own_voice import MutedBy
from bot.services.sound.performer_sound import HeardVoice, PerformerSound
from bot.services.sound.sound_check import CheckBegun, SoundCheck
from bot.ui.texts.sound_check import LIMIT, begun_text, check_text

FIRST_USER = 912_345_678_901_234_000
GOOD = Levels(-6.0, -22.0, -65.0, 0.0)


def check(
    *performers: PerformerSound,
    unheard: frozenset[UserId] = frozenset(),
    deaf: float = 0.0,
    muted: dict[UserId, MutedBy] | None = None,
) -> str:
    return check_text(SoundCheck(performers, unheard, deaf, muted or {}))


def lines_about(user: int, text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(f"⚠️\N{NO-BREAK SPACE}<@{user}>")]


def test_those_who_sound_good_are_named_in_one_row():
    assert check(PerformerSound(UserId(1), GOOD, 0.0), PerformerSound(UserId(2), GOOD, None)) == (
        "**Sound check**\n✅ All good: <@1>, <@2>."
    )


def test_every_trouble_says_what_to_do():
    text = check(
        PerformerSound(UserId(1), None, None),
        PerformerSound(UserId(2), Levels(-40.0, -48.4, -70.0, 0.0), 0.0),
        PerformerSound(UserId(3), Levels(0.0, -8.0, -50.0, 0.12), 0.0),
        PerformerSound(UserId(4), Levels(-6.0, -20.0, -35.0, 0.0), 0.03),
        PerformerSound(UserId(5), GOOD, 0.0, (HeardVoice(UserId(6), -22.3, False), HeardVoice(UserId(7), -30.0, True))),
        PerformerSound(UserId(6), GOOD, 0.0),
    )
    assert lines_about(1, text) == ["⚠️\N{NO-BREAK SPACE}<@1>: not heard. Are they unmuted, with the right microphone?"]
    assert lines_about(2, text) == [
        "⚠️\N{NO-BREAK SPACE}<@2>: too quiet (−48 dB): move closer to the microphone, or turn it up."
    ]
    assert lines_about(3, text) == [
        "⚠️\N{NO-BREAK SPACE}<@3>: clipping (12% of what they say): turn the microphone down."
    ]
    (noisy,) = lines_about(4, text)
    assert "noise (−35 dB)" in noisy
    assert "3% lost on the way: use a cable" in noisy
    (hears,) = lines_about(5, text)
    assert "picks up <@6> (−22 dB) through speakers: use headphones." in hears
    assert "picks up <@7> (−30 dB) in the same room: sit further apart" in hears
    assert text.endswith("✅ All good: <@6>.")


def test_what_was_not_listened_to_is_told():
    assert "Not checked, because no consent was given: <@9>." in begun_text(
        CheckBegun(8, frozenset({UserId(1)}), frozenset({UserId(9)}))
    )
    text = check(PerformerSound(UserId(1), GOOD, 0.0), unheard=frozenset({UserId(9)}), deaf=1.24)
    assert "The bot heard no one for 1.2 s" in text
    assert "Not checked, because no consent was given: <@9>." in text
    assert "No one was left" in check()


def test_a_full_channel_fits_into_one_message():
    users = [UserId(FIRST_USER + number) for number in range(199)]
    users, others = users[:99], users[100:]
    leaks = tuple(HeardVoice(user, -20.0, False) for user in users[:5])
    bad = [PerformerSound(user, Levels(0.0, -50.0, -39.0, 0.5), 0.5, leaks) for user in users[:50]]
    good = [PerformerSound(user, GOOD, 0.0) for user in users[50:]]
    text = check(*bad, *good, unheard=frozenset(others), deaf=2)
    assert len(text) <= LIMIT
    shown = sum(line.startswith("⚠️\N{NO-BREAK SPACE}<@") for line in text.splitlines())
    assert shown >= 1
    assert f"… and {50 - shown} more." in text
    assert "All good" in text
    assert len(begun_text(CheckBegun(60, frozenset(users), frozenset(users)))) <= LIMIT


def test_if_no_one_was_heard_no_microphone_is_blamed():
    silent = [PerformerSound(UserId(number), None, None) for number in (1, 2)]
    text = check(*silent)
    assert "**No one was heard.**" in text
    assert "right microphone" not in text
    assert "<@1>" not in text
    # One person by themselves, or one of several, may well have the wrong microphone.
    assert "right microphone" in check(silent[0])
    assert "right microphone" in check(silent[0], PerformerSound(UserId(2), GOOD, 0.0))


def test_who_was_muted_is_told_as_muted():
    silent = [PerformerSound(UserId(number), None, None) for number in (1, 2)]
    text = check(*silent, PerformerSound(UserId(3), GOOD, 0.0), muted={UserId(1): MutedBy.SELF})
    assert lines_about(1, text) == ["⚠️\N{NO-BREAK SPACE}<@1>: muted, by their own microphone button."]
    assert lines_about(2, text) == ["⚠️\N{NO-BREAK SPACE}<@2>: not heard. Are they unmuted, with the right microphone?"]
    assert "No one was heard" not in text
