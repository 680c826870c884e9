"""What the panel says and shows, as read on a phone: signs stay with their names, and only one button is red."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.audio.levels import Levels
from bot.domain.events.kinds import EventKind
from bot.domain.ids import CastingId, EventId, GuildId, PersonId, SceneId, SessionId, TakeId, UserId
from bot.domain.own_voice import MutedBy, OwnVoice
from bot.domain.show import STEPS, Phase
from bot.domain.states import PromptSource, TakeKind, TakeStatus
from bot.live.take.track_quality import LiveTrack
from bot.services.ports.panel_state import PanelState
from bot.services.scene.scenes import SceneDealt
from bot.services.take.takes import TakeCalled
from bot.store.events import Change
from bot.store.records import PerformerCasting, Scene, Session, Take
from bot.store.sessions import SessionCounts
from bot.ui.panel import build_panel
from bot.ui.texts.panel import panel_texts
from bot.ui.texts.replies import called_text, dealt_text
from bot.ui.texts.words import decibels
from bot.voice.connection.events import ConnectionLost

NOW = "2026-01-01T20:00:00.000Z"
FIRST, SECOND = UserId(912_345_678_901_234_001), UserId(912_345_678_901_234_002)
COUNTS = SessionCounts(2, 3, 9, 30, 40, 10, 48_000 * 600)
TAKE = Take(TakeId(1), SceneId(1), 1, TakeStatus.RECORDING, NOW, NOW, None, None, None, None, None)


def casting(user: UserId, card_seen_at: str | None) -> PerformerCasting:
    no_arc = (None, None, None, None)
    ids = (CastingId(user), SceneId(user), PersonId(user))
    no_words = (None, None, None, None, None, None, None, None, None, None)
    return PerformerCasting(*ids, "a role", None, "joy", 2, *no_arc, 0, card_seen_at, *no_words, user, "p")


def state(phase: Phase) -> PanelState:
    """A session with a scene for two performers, one of whom has read their card."""
    ended = NOW if phase is Phase.ENDED else None
    names, context = ("everyday", "basic", "core"), (None, None, None)
    session = Session(
        SessionId(1),
        GuildId(11),
        12,
        PersonId(1),
        *names,
        7,
        13,
        NOW,
        ended,
        None,
        None,
        *context,
        None,
        None,
        None,
        None,
    )
    prompt = ("p", "The cake", "A kitchen.")
    scene = Scene(
        SceneId(1),
        SessionId(1),
        1,
        *prompt,
        NOW,
        None,
        "a kitchen",
        None,
        "7/0",
        *context,
        None,
        PromptSource.DECK,
        TakeKind.SCENE,
        *(None,) * 7,
    )
    return PanelState(
        session=session,
        phase=phase,
        steps=STEPS[phase],
        change=Change(EventId(1), EventKind.SCENE_DEALT),
        counts=COUNTS,
        scene=scene,
        was_stopped=False,
        castings=(casting(FIRST, NOW), casting(SECOND, None)),
        take=None if phase is Phase.DEALT else TAKE,
        kept=None,
        starts_at_unix=1_800_000_000.0,
        ends_at_unix=1_800_000_300.0,
        unrecorded_users=(),
        on_standby=(),
        absent=(),
        missing=(),
        tracks={},
        low_disk_bytes=None,
        connection=None,
    )


def buttons(phase: Phase) -> list[discord.ui.Button[Any]]:
    return [item for item in build_panel(state(phase)).walk_children() if isinstance(item, discord.ui.Button)]


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.ENDED])
def test_the_x_card_is_the_only_red_button(phase: Phase):
    red = [button.label for button in buttons(phase) if button.style is discord.ButtonStyle.danger]
    assert red == ["Stop (X-card)"]


ORDER = {
    Phase.GATHERING: (
        "Consent, Lines, My card, Rate; Sound check, Deal scene, Calibrate; Warm-up, Try voices, Note, Pause, "
        "End session; Stop (X-card), Ease off"
    ),
    Phase.DEALT: (
        "My card, The prompt, Rate, Lines, Consent; Start take, Re-deal, Sound check; Next scene, Note, Pause, "
        "End session; Stop (X-card), Ease off"
    ),
    Phase.COUNTDOWN: "Cut, Pause; My card, The prompt, Rate, Lines, Consent; Stop (X-card), Ease off",
    Phase.RECORDING: "Cut, Cue, Note; Pause; My card, The prompt, Rate, Lines, Consent; Stop (X-card), Ease off",
    Phase.CUT: (
        "Rate, My card, Lines, Consent; Next scene, Play again, Play another way, Discard; Calibrate, Note, Pause, "
        "Debrief, End session; Stop (X-card), Ease off"
    ),
    Phase.INTERLUDE: "Finish, Pause, End session; My card, The prompt, Rate, Lines, Consent; Stop (X-card), Ease off",
    Phase.PAUSED: (
        "Resume, Cut, Note; End session; My card, The prompt, Rate, Lines, Consent; Stop (X-card), Ease off"
    ),
}
"""The panel as a screen reader says it, row by row: what comes next in an evening comes first, and the X-card last."""


@pytest.mark.parametrize("phase", ORDER)
def test_the_panel_reads_in_the_order_of_an_evening(phase: Phase):
    parts = build_panel(state(phase)).children
    rows = [part for part in parts if isinstance(part, discord.ui.ActionRow)]
    assert isinstance(parts[0], discord.ui.Container), "what is going on is said before what can be pressed"
    labels = [[str(part.label) for part in row.children if isinstance(part, discord.ui.Button)] for row in rows]
    said = "; ".join(map(", ".join, labels))
    assert said == ORDER[phase]


def test_no_row_breaks_between_a_sign_and_its_account():
    text = "\n".join(panel_texts(state(Phase.DEALT)))
    assert f"✅\N{NO-BREAK SPACE}<@{FIRST}>, ✉️\N{NO-BREAK SPACE}<@{SECOND}>" in text
    tracks = {
        FIRST: LiveTrack(0.4, 0.0, Levels(-6.0, -23.4, -62.0, 0.0)),
        SECOND: LiveTrack(14.2, 0.0, Levels(-6.0, -48.0, -62.0, 0.1)),
    }
    text = "\n".join(panel_texts(replace(state(Phase.RECORDING), tracks=tracks)))
    assert f"🎙️\N{NO-BREAK SPACE}<@{FIRST}>: −23 dB" in text
    assert f"⚠️\N{NO-BREAK SPACE}<@{SECOND}>: no sound for 14 s, clipping, too quiet" in text


def test_the_length_of_all_tracks_does_not_read_like_the_evenings():
    (summary,) = panel_texts(state(Phase.ENDED))
    assert "10:00 of tracks" in summary


def test_when_a_take_starts_is_said_once():
    called = TakeCalled(TAKE, 1_800_000_000.4, frozenset({FIRST}), frozenset(), frozenset(), None)
    assert called_text(called) == "Take 1 starts <t:1800000000:R>."


@pytest.mark.parametrize(("level_db", "shown"), [(-23.4, "−23 dB"), (-0.4, "0 dB"), (0.0, "0 dB"), (-90.0, "−90 dB")])
def test_a_level_has_a_minus_and_no_hyphen(level_db: float, shown: str):
    assert decibels(level_db) == shown


UNHEARD = LiveTrack(14.2, 0.0, None)
HEARD = LiveTrack(0.4, 0.0, Levels(-6.0, -23.4, -62.0, 0.0))


def sound_of(*tracks: LiveTrack, **more: Any) -> str:
    shown = replace(state(Phase.RECORDING), tracks=dict(zip((FIRST, SECOND), tracks, strict=False)), **more)
    return "\n".join(panel_texts(shown))


def test_one_person_who_is_not_heard_is_named():
    text = sound_of(HEARD, UNHEARD)
    assert f"<@{SECOND}>: no sound for 14 s" in text
    assert "No one has been heard" not in text


def test_if_no_one_is_heard_no_one_is_blamed():
    text = sound_of(UNHEARD, replace(UNHEARD, unheard_seconds=17.0))
    assert "**No one has been heard for 14 s.**" in text
    assert "no sound for" not in text


def test_who_is_muted_is_told_as_muted_and_not_as_silent():
    text = sound_of(UNHEARD, UNHEARD, muted={FIRST: MutedBy.SELF, SECOND: MutedBy.SERVER})
    assert f"<@{FIRST}>: muted, by their own microphone button" in text
    assert f"<@{SECOND}>: muted on this server: only a moderator can change that" in text
    assert "no sound for" not in text
    assert "No one has been heard" not in text


def test_a_bot_that_hears_no_one_says_nothing_about_anyones_sound():
    for own in (OwnVoice(12, is_deafened=True), OwnVoice(99)):
        text = sound_of(HEARD, UNHEARD, own_voice=own)
        assert "no sound for" not in text
        assert "dB" not in text
    lost = sound_of(HEARD, UNHEARD, connection=ConnectionLost(1.0, "the connection broke"))
    assert "no sound for" not in lost


def test_a_muted_bot_still_says_how_everyone_sounds():
    text = sound_of(HEARD, UNHEARD, own_voice=OwnVoice(12, is_muted=True))
    assert "muted on this server" in text
    assert "no sound for 14 s" in text


def test_a_bot_that_may_not_speak_is_told_of_once():
    own = OwnVoice(12, is_suppressed=True, lacking=("speak",))
    text = sound_of(HEARD, HEARD, own_voice=own)
    assert text.count("Manage Channels") == 1
    assert "lost permissions" not in text


def test_every_obstacle_fits_into_a_panel_with_a_full_cast():
    """Discord accepts 4,000 characters in all text displays of a message."""
    users = [UserId(912_345_678_901_234_000 + number) for number in range(20)]
    own = OwnVoice(99, is_deafened=True, is_muted=True, lacking=("view_channel", "connect", "send_messages"))
    shown = replace(
        state(Phase.RECORDING),
        tracks=dict.fromkeys(users, UNHEARD),
        muted=dict.fromkeys(users, MutedBy.SERVER),
        own_voice=own,
        absent=tuple(users),
        connection=ConnectionLost(1.0, "the voice server closed the connection (4014)"),
    )
    assert sum(map(len, panel_texts(shown))) <= 4_000
    assert sum(map(len, panel_texts(replace(shown, own_voice=None, connection=None)))) <= 4_000


@pytest.mark.parametrize("phase", list(Phase))
def test_a_crowd_fits_into_a_panel_and_into_the_answer_to_a_deal(phase: Phase):
    crowd = tuple(UserId(912_345_678_901_234_000 + number) for number in range(300))
    cast, standby, others = crowd[:4], crowd[4:150], crowd[150:]
    castings = tuple(casting(user, None) for user in cast)
    shown = replace(state(phase), castings=castings, on_standby=standby, unrecorded_users=others, absent=cast)
    assert sum(map(len, panel_texts(shown))) <= 4_000
    assert shown.scene
    assert len(dealt_text(SceneDealt(shown.scene, cast, standby))) <= 2_000


def test_whose_sound_cannot_be_decrypted_is_not_called_silent():
    text = sound_of(HEARD, UNHEARD, undecryptable=(SECOND,))
    assert "no sound for" not in text
    assert f"cannot decrypt <@{SECOND}>" in text
    assert f"<@{FIRST}>: −23 dB" in text


def test_a_deafening_that_is_over_does_not_hide_a_connection_that_is_lost():
    text = sound_of(HEARD, HEARD, deaf_seconds=3.0, connection=ConnectionLost(1.0, "the connection broke"))
    assert "was deafened for 3.0 s" in text
    assert "cannot hear you at the moment" in text
