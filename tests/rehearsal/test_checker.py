"""The checker: a small evening that is correct, and what the checker says if one thing in it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.ids import (
    CastingId,
    EventId,
    PersonId,
    SceneId,
    ScheduledId,
    SessionId,
    TakeId,
    TrackId,
    TurnId,
    UserId,
)
from bot.domain.states import CueAnswer, CueCause, CutReason, FoundBy, HoleCause, SignUpAnswer, TakeStatus, TargetClaim
from bot.rehearsal.checking.checker import CHECKS, check
from bot.rehearsal.checking.claims import Case
from bot.rehearsal.checking.cued import cues_are_when_told, targets_are_in_force, who_pressed_nothing_was_asked
from bot.rehearsal.checking.evidence import CastingLeft, CueLeft, EventLeft, Evidence, TakeLeft, TrackLeft, TurnLeft
from bot.rehearsal.checking.in_sight import x_cards_are_in_sight
from bot.rehearsal.checking.played import (
    cast_kept_pace,
    castings_are_the_cards,
    countdowns_were_heard,
    dropouts_are_holes,
    late_ones_play_later,
    takes_are_those_played,
    takes_have_their_tracks,
)
from bot.rehearsal.checking.private import cards_are_private, x_card_names_nobody
from bot.rehearsal.checking.rated import rating_goes_on
from bot.rehearsal.checking.signed_up import answers_are_kept
from bot.rehearsal.checking.story import Story
from bot.rehearsal.checking.told import notes_are_kept, turns_are_what_was_said
from bot.store.records import Hole, Note, SignUp

ADA, BEN, EVE, AUDIENCE, COORDINATOR = UserId(11), UserId(12), UserId(13), UserId(14), UserId(15)
WALL_AHEAD = 1_700_000_000.0
SECOND = 48_000
MISSING = "Signed up, but not in the channel:"
Log = list[dict[str, Any]]


def entry(kind: str, t: float, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "t": t, "wall": t + WALL_AHEAD, **fields}


def card(user: int, scene: int, emotion: str, t: float, message_id: int) -> Log:
    text = f"**You are** a {emotion} sailor.\n**You feel** {emotion}, clearly. Go on."
    return [
        seen(user, message_id, text, t, is_ephemeral=True),
        entry("card_read", t, user_id=user, scene=scene, message_id=message_id, emotion=emotion, role=role(emotion)),
    ]


def role(emotion: str) -> str:
    return f"a {emotion} sailor"


def seen(user: int, message_id: int, text: str, t: float, *, is_ephemeral: bool = False) -> dict[str, Any]:
    return entry("message_seen", t, user_id=user, message_id=message_id, text=text, is_ephemeral=is_ephemeral)


def x_card(user: int, t: float, *, is_in_sight: bool, is_own: bool = False) -> dict[str, Any]:
    return entry("x_card_seen", t, user_id=user, is_in_sight=is_in_sight, is_own=is_own)


def speech(user: int, since: float, until: float, spurt: int) -> Log:
    count = round((until - since) / 0.02)
    voice = {"user_id": user, "ssrc": user, "spurt": spurt, "silence": False}
    return [entry("frame_sent", since + frame * 0.02, **voice) for frame in range(count)]


def a_log() -> Log:
    """Two scenes. In the first, Ada is told to shift from joy to fear, which she acknowledges a second later, and Eve
    comes late; it has a note and is struck by mistake. The second is dealt again, Ben drops out for two seconds, and
    Eve stops it. The audience rates a turn between the scenes, and one after the end.
    """
    log = [entry("signed_up", 40, user_id=user, answer="coming") for user in (ADA, BEN, EVE)]
    log += [entry("signed_up", 41, user_id=AUDIENCE, answer="standby")]
    log += [entry("joined_voice", 50 + user, user_id=user) for user in (ADA, BEN, AUDIENCE)]
    log += [entry("commanded", 80, command="session start", answer=f"It is open.\n{MISSING} <@{EVE}>.")]
    log += [entry("scene_dealt", 90, scene=1), *card(ADA, 1, "joy", 91, 1), *card(BEN, 1, "anger", 91, 2)]
    log += [entry("take_called", 100, scene=1, take=1, countdown_seconds=3)]
    log += [entry("bot_heard", 100.2, user_id=user) for user in (ADA, BEN, AUDIENCE)]
    log += [entry("joined_voice", 104, user_id=EVE), *speech(ADA, 102, 112, 1), *speech(BEN, 102, 112, 1)]
    cue = "## **Now:** fear, clearly\nSomething is wrong."
    log += [seen(ADA, 3, cue, 108, is_ephemeral=True)]
    told = {"user_id": ADA, "scene": 1, "take": 1}
    log += [entry("cue_told", 108, **told, way="card", emotion="fear", text=cue, message_id=3)]
    log += [entry("cue_acknowledged", 109, **told)]
    log += [entry("note_written", 109, scene=1, take=1, text="Keep it.")]
    log += [entry("take_cut", 113, scene=1, take=1)]
    log += [entry("take_struck", 115, scene=1, take=1), entry("take_taken_back", 116, scene=1, take=1)]
    log += [entry("scene_dealt", 120, scene=2), *card(ADA, 2, "anger", 121, 4), *card(EVE, 2, "fear", 121, 5)]
    log += [entry("scene_dealt", 122, scene=2), *card(BEN, 2, "fear", 123, 6), *card(EVE, 2, "joy", 123, 7)]
    log += [entry("take_called", 125, scene=2, take=1, countdown_seconds=3)]
    log += [entry("bot_heard", 125.2, user_id=user) for user in (ADA, BEN, AUDIENCE, EVE)]
    log += [*speech(BEN, 127, 130, 2), *speech(EVE, 127, 140, 1)]
    log += [entry("left_voice", 130, user_id=BEN), entry("joined_voice", 132, user_id=BEN)]
    log += [entry("x_card_pressed", 138, user_id=EVE, scene=2, take=1)]
    users = (ADA, BEN, EVE, AUDIENCE, COORDINATOR)
    log += [x_card(user, 80, is_in_sight=True) for user in users]
    log += [x_card(ADA, 105, is_in_sight=False), x_card(ADA, 106.5, is_in_sight=True)]
    log += [seen(user, 8, "**Scene 1: The last train**", 91) for user in (ADA, BEN, AUDIENCE, COORDINATOR)]
    log += [entry("rated", 118, user_id=AUDIENCE), entry("session_ended", 150), entry("rated", 155, user_id=AUDIENCE)]
    log += [entry("rating_refused", 156, user_id=COORDINATOR, answer="You were not in <#2> during session 1.")]
    return log


def moment(t: float) -> str:
    return datetime.fromtimestamp(t + WALL_AHEAD, UTC).isoformat(timespec="milliseconds")


def take(
    take_id: int,
    scene: int,
    number: int,
    *,
    reason: CutReason,
    struck_at: str | None = None,
    state: TakeStatus = TakeStatus.CUT,
) -> TakeLeft:
    called = moment(100 if scene == 1 else 125)
    started, length = (moment(103 if scene == 1 else 128), 10 * SECOND) if state is TakeStatus.CUT else (None, None)
    return TakeLeft(
        TakeId(take_id), SceneId(scene), number, state, called, started, None, reason, length, struck_at, None, scene
    )


def track(take_id: int, user: UserId) -> TrackLeft:
    path, unmeasured = f"{take_id}/{user}.opus", (None, None, None, None, None)
    ids = (TrackId(take_id * 100 + user), TakeId(take_id))
    found = ("silero-1", 1, None, None)
    return TrackLeft(PersonId(user), path, 10 * SECOND, 500, 0, 0, 9 * SECOND, 0, *unmeasured, *ids, *found, user)


def casting(scene: int, user: UserId, part: str, emotion: str, second: str | None = None) -> CastingLeft:
    arc = (second, 2, CueCause.COORDINATOR, None) if second else (None, None, None, None)
    performer = (user, f"spk_{user:08x}")
    ids = (CastingId(scene * 100 + user), SceneId(scene), PersonId(user))
    no_words = (None, None, None, None, None, None, None, None, None, None)
    return CastingLeft(*ids, part, None, emotion, 2, *arc, 0, None, *no_words, *performer, scene)


def cue(take_id: int, user: UserId, position_samples: int) -> CueLeft:
    ids, sent = (TakeId(take_id), CastingId(take_id * 100 + user)), (position_samples, position_samples, None)
    acknowledged = position_samples + SECOND
    return CueLeft(1, *ids, CueCause.COORDINATOR, *sent, acknowledged, None, None, None, user)


def turn(turn_id: int, take_id: int, user: UserId, start: int, end: int, emotion: str | None) -> TurnLeft:
    ids = (TurnId(turn_id), TrackId(take_id * 100 + user))
    found = (1, FoundBy.VOICE, "silero-1")
    claim = TargetClaim.UNCERTAIN if emotion is None else TargetClaim.FIRST
    return TurnLeft(*ids, turn_id, start, end, start, end, *found, TakeId(take_id), user, claim, emotion, None)


def shifted(turn_id: int, take_id: int, user: UserId, start: int, end: int, emotion: str) -> TurnLeft:
    return replace(turn(turn_id, take_id, user, start, end, emotion), claim=TargetClaim.SECOND)


def hole(take_id: int, start: int, end: int) -> Hole:
    return Hole(1, TakeId(take_id), HoleCause.PAUSE, start, end, None)


def note(take_id: int, position_samples: int, text: str) -> Note:
    return Note(1, SessionId(1), SceneId(take_id), TakeId(take_id), position_samples, text, moment(109))


def event(event_id: int, kind: str, user: UserId | None, at: float) -> EventLeft:
    person = None if user is None else PersonId(user)
    return EventLeft(EventId(event_id), SessionId(1), None, None, person, kind, "{}", moment(at), user)


def sign_up(number: int, user: UserId, answer: SignUpAnswer) -> SignUp:
    return SignUp(ScheduledId(1), user, answer, number, moment(40))


def an_evidence() -> Evidence:
    """What the bot should have stored of it."""
    return Evidence(
        takes=[
            take(1, 1, 1, reason=CutReason.COORDINATOR),
            take(2, 2, 1, reason=CutReason.X_CARD, struck_at=moment(138)),
        ],
        tracks=[track(1, ADA), track(1, BEN), track(2, BEN), track(2, EVE)],
        castings=[
            casting(1, ADA, role("joy"), "joy", "fear"),
            casting(1, BEN, role("anger"), "anger"),
            casting(2, BEN, role("fear"), "fear"),
            casting(2, EVE, role("joy"), "joy", "anger"),
        ],
        cues=[cue(1, ADA, 5 * SECOND + 480)],
        turns=[
            turn(1, 1, ADA, 0, 5 * SECOND + 480, "joy"),
            turn(5, 1, ADA, 5 * SECOND + 5000, 6 * SECOND, None),
            shifted(2, 1, ADA, 6 * SECOND + 5000, 9 * SECOND, "fear"),
            turn(3, 1, BEN, 0, 9 * SECOND, "anger"),
            turn(4, 2, EVE, 0, 10 * SECOND, "joy"),
        ],
        holes=[hole(2, 2 * SECOND, 4 * SECOND + 2000)],
        notes=[note(1, 6 * SECOND, "Keep it.")],
        events=[
            event(1, "performer_dropped_out", BEN, 130),
            event(2, "scene_stopped", None, 138.2),
            event(3, "turn_rated", AUDIENCE, 118),
            event(4, "session_ended", None, 150),
            event(5, "turn_rated", AUDIENCE, 155),
        ],
        sign_ups=[
            *(sign_up(number, user, SignUpAnswer.COMING) for number, user in enumerate((ADA, BEN, EVE))),
            sign_up(3, AUDIENCE, SignUpAnswer.STANDBY),
        ],
    )


VIEWERS: dict[int, UserId | None] = {1: ADA, 2: BEN, 3: ADA, 4: ADA, 5: EVE, 6: BEN, 7: EVE, 8: None}


def a_case(
    log: Log | None = None, left: Evidence | None = None, viewers: dict[int, UserId | None] | None = None
) -> Case:
    return Case(Story(log or a_log()), left or an_evidence(), viewers or VIEWERS)


@pytest.mark.parametrize("claimed", CHECKS, ids=lambda one: one.__name__)
def test_an_evening_as_it_should_be_has_no_faults(claimed: Callable[[Case], Any]) -> None:
    claim = claimed(a_case())
    assert claim.faults == []
    assert claim.checked > 0


def changed(name: str, index: int, **changes: Any) -> Callable[[Evidence], Evidence]:
    """The evidence, with one of its rows changed."""

    def change(left: Evidence) -> Evidence:
        rows = list(getattr(left, name))
        rows[index] = replace(rows[index], **changes)
        return replace(left, **{name: rows})

    return change


def without(name: str, index: int) -> Callable[[Evidence], Evidence]:
    def change(left: Evidence) -> Evidence:
        rows = list(getattr(left, name))
        del rows[index]
        return replace(left, **{name: rows})

    return change


def with_more(name: str, row: object) -> Callable[[Evidence], Evidence]:
    return lambda left: replace(left, **{name: [*getattr(left, name), row]})


WRONG_EVIDENCE: list[tuple[Any, Callable[[Evidence], Evidence], str]] = [
    (takes_are_those_played, without("takes", 0), "Take 1 of scene 1 is not in the store"),
    (
        takes_are_those_played,
        changed("takes", 0, cut_reason=CutReason.TIME_LIMIT),
        "cut by time_limit, not by coordinator",
    ),
    (takes_are_those_played, changed("takes", 0, duration_samples=9 * SECOND), "off by 1000 ms"),
    (takes_are_those_played, changed("takes", 0, struck_at=moment(115)), "struck at"),
    (takes_are_those_played, changed("takes", 1, struck_at=None), "struck at None"),
    (
        takes_are_those_played,
        with_more("takes", take(3, 1, 2, reason=CutReason.DISK, state=TakeStatus.VOID)),
        "no one called take 2 of scene 1",
    ),
    (takes_have_their_tracks, without("tracks", 0), f"{ADA} spoke and has no track"),
    (takes_have_their_tracks, with_more("tracks", track(1, AUDIENCE)), "was not on stage"),
    (takes_have_their_tracks, changed("tracks", 1, duration_samples=9 * SECOND), f"track of {BEN} is cut short"),
    (castings_are_the_cards, changed("castings", 0, target_emotion="anger"), f"{ADA} read ('joy'"),
    (castings_are_the_cards, changed("castings", 2, role="a baker"), "'a baker'"),
    (castings_are_the_cards, with_more("castings", casting(2, ADA, "a", "joy")), f"{ADA} read None"),
    (castings_are_the_cards, without("castings", 3), "but the store has None"),
    (cues_are_when_told, without("cues", 0), f"the cue of {ADA} is not in the store"),
    (cues_are_when_told, changed("cues", 0, position_samples=5 * SECOND + 5300), "off by 110 ms"),
    (cues_are_when_told, changed("cues", 0, position_samples=0), f"the cue of {ADA} came 5.0 s after its sending"),
    (cues_are_when_told, changed("cues", 0, card_sent_samples=None), f"the cue under the card of {ADA} came at 108"),
    (cues_are_when_told, changed("cues", 0, dm_sent_samples=8 * SECOND), f"the cue by message of {ADA} came at None"),
    (cues_are_when_told, changed("cues", 0, acknowledged_samples=None), f"the acknowledgement of {ADA} came at 109"),
    (
        cues_are_when_told,
        changed("cues", 0, acknowledged_samples=7 * SECOND),
        "acknowledgement of 11 is off by 1000 ms",
    ),
    (
        who_pressed_nothing_was_asked,
        changed("cues", 0, answer=CueAnswer.SAW),
        f"{ADA} answered None, the store has saw",
    ),
    (cues_are_when_told, with_more("cues", cue(2, EVE, SECOND)), f"{EVE} was never told"),
    (cues_are_when_told, changed("castings", 0, second_emotion="anger"), "was told fear, but dealt anger"),
    (targets_are_in_force, changed("turns", 2, target_emotion="joy"), "has joy (second), in force: fear (second)"),
    (targets_are_in_force, changed("turns", 1, target_emotion="fear"), "has fear (uncertain), in force: None"),
    (
        targets_are_in_force,
        changed("turns", 1, claim=TargetClaim.SECOND),
        "has None (second), in force: None (uncertain)",
    ),
    (targets_are_in_force, changed("turns", 0, target_emotion="fear"), "has fear (first), in force: joy (first)"),
    (targets_are_in_force, changed("turns", 4, target_emotion="anger"), "has anger (first), in force: joy (first)"),
    (
        targets_are_in_force,
        changed("turns", 0, end_samples=6 * SECOND),
        "the target of turn 1 ends at None, the cue came at",
    ),
    (targets_are_in_force, changed("turns", 3, discord_user_id=AUDIENCE), "belongs to no one on stage"),
    (takes_are_those_played, changed("takes", 0, state=TakeStatus.VOID), "is kept as void"),
    (turns_are_what_was_said, without("turns", 3), f"{BEN} spoke but has no turn"),
    (turns_are_what_was_said, lambda left: replace(left, turns=[]), f"{ADA} spoke but has no turn"),
    (turns_are_what_was_said, with_more("turns", turn(9, 1, BEN, 0, SECOND, "anger")), f"turns of {BEN} overlap"),
    (turns_are_what_was_said, changed("turns", 3, end_samples=11 * SECOND), f"turn of {BEN} goes on after the take"),
    (notes_are_kept, with_more("notes", note(1, SECOND, "Made up")), "1 notes were written, 2 are in the store"),
    (dropouts_are_holes, with_more("holes", hole(1, SECOND, 2 * SECOND)), "0 dropped out, 1 pauses"),
    (notes_are_kept, without("notes", 0), "the note is not in the store"),
    (notes_are_kept, changed("notes", 0, text="Keep"), "the note is not in the store"),
    (notes_are_kept, changed("notes", 0, position_samples=7 * SECOND), "off by 1000 ms"),
    (x_card_names_nobody, changed("events", 1, discord_user_id=EVE), f"names {EVE}"),
    (x_card_names_nobody, changed("events", 1, detail=f'{{"by": {EVE}}}'), "names who pressed"),
    (x_card_names_nobody, with_more("events", event(3, "x", EVE, 138.4)), "(x) names who pressed"),
    (x_card_names_nobody, without("events", 1), "1 X-cards were pressed, 0 scenes stopped"),
    (late_ones_play_later, without("castings", 3), f"{EVE} was never dealt a part"),
    (
        late_ones_play_later,
        with_more("castings", casting(1, EVE, "a", "joy")),
        f"{EVE} was dealt a part before they came",
    ),
    (dropouts_are_holes, without("holes", 0), "1 dropped out, 0 pauses"),
    (dropouts_are_holes, changed("holes", 0, cause="connection"), "1 dropped out, 0 pauses"),
    (dropouts_are_holes, changed("holes", 0, start_samples=3 * SECOND), f"the pause for {BEN} is off by 1000 ms"),
    (rating_goes_on, without("events", 3), "the session has no end"),
    (rating_goes_on, without("events", 4), f"{AUDIENCE} rated 1 after the end, stored are 0"),
    (
        rating_goes_on,
        with_more("events", event(6, "turn_self_rated", COORDINATOR, 156)),
        f"{COORDINATOR} rated and was never in the channel",
    ),
    (answers_are_kept, without("sign_ups", 0), f"{ADA} answered coming, the store has None"),
    (answers_are_kept, changed("sign_ups", 3, answer=SignUpAnswer.COMING), f"{AUDIENCE} answered standby, the store"),
    (dropouts_are_holes, changed("holes", 0, end_samples=6 * SECOND), f"the return of {BEN} is off by 2000 ms"),
]


@pytest.mark.parametrize(("claimed", "change", "fault"), WRONG_EVIDENCE, ids=[one[2] for one in WRONG_EVIDENCE])
def test_what_the_store_has_wrong_is_said(
    claimed: Callable[[Case], Any], change: Callable[[Evidence], Evidence], fault: str
) -> None:
    claim = claimed(a_case(left=change(an_evidence())))
    assert not claim.is_true
    assert any(fault in one for one in claim.faults), claim.faults


WRONG_LOG: list[tuple[Any, Callable[[Log], Log], str]] = [
    (
        cards_are_private,
        lambda log: [*log, seen(BEN, 1, "**You are** a joy sailor.\n**You feel** joy, clearly.", 92)],
        f"{BEN} saw what was for {ADA}",
    ),
    (cards_are_private, lambda log: [*log, seen(AUDIENCE, 9, "Ada plays Joy.", 92)], f"{AUDIENCE} saw a secret"),
    (cards_are_private, lambda log: [*log, seen(BEN, 9, "**You feel** calm, a bit.", 92)], "a card or cue that no one"),
    (
        cards_are_private,
        lambda log: [*log, entry("form_seen", 92, user_id=BEN, title="Rate", text="Was it A JOY SAILOR?")],
        f"{BEN} saw a secret",
    ),
    (
        x_card_names_nobody,
        lambda log: [*log, seen(ADA, 20, f"✋ The scene was stopped by <@{EVE}>.", 138.3)],
        f"{ADA} saw who pressed",
    ),
    (
        x_cards_are_in_sight,
        lambda log: [*log, x_card(BEN, 106, is_in_sight=False), x_card(BEN, 108.1, is_in_sight=True)],
        f"the X-card of {BEN} is off by 2100 ms",
    ),
    (
        x_cards_are_in_sight,
        lambda log: [*log, x_card(BEN, 106, is_in_sight=False, is_own=True), x_card(BEN, 107, is_in_sight=True)],
        f"an answer took the X-card of {BEN} away for 1.0 s",
    ),
    (x_cards_are_in_sight, lambda log: [*log, x_card(EVE, 135, is_in_sight=False)], f"the X-card of {EVE} is off by"),
    (
        x_cards_are_in_sight,
        lambda log: [*log, x_card(AUDIENCE + 5, 120, is_in_sight=True)],
        f"{AUDIENCE + 5} had not seen an X-card",
    ),
    (countdowns_were_heard, lambda log: [one for one in log if one["kind"] != "bot_heard"], "heard no countdown"),
    (cues_are_when_told, lambda log: [one for one in log if one["kind"] != "cue_told"], f"{ADA} was never told"),
    (targets_are_in_force, lambda log: [one for one in log if one["kind"] != "cue_told"], "in force: joy (first)"),
    (
        targets_are_in_force,
        lambda log: [one for one in log if one["kind"] != "cue_acknowledged"],
        "has fear (second), in force: None (uncertain)",
    ),
    (
        who_pressed_nothing_was_asked,
        lambda log: [one for one in log if one["kind"] != "cue_acknowledged"],
        f"{ADA} was asked 0 times about their cue",
    ),
    (
        who_pressed_nothing_was_asked,
        lambda log: [*log, entry("cue_asked", 114, user_id=ADA, scene=1, take=1, message_id=9)],
        f"{ADA} was asked 1 times about their cue",
    ),
    (rating_goes_on, lambda log: [one for one in log if one["t"] < 155], "no one rated after the end"),
    (
        rating_goes_on,
        lambda log: [one for one in log if one["kind"] != "rating_refused"],
        "no one who was not there asked for a clip",
    ),
    (
        rating_goes_on,
        lambda log: [*log, entry("rating_refused", 157, user_id=COORDINATOR, answer="Listen, then rate.")],
        f"{COORDINATOR} was told 'Listen, then rate.'",
    ),
    (
        cast_kept_pace,
        # The first frame is on time, the others are 0.3 s late.
        lambda log: [
            *log,
            *speech(AUDIENCE, 200, 200.02, 9),
            *(one | {"t": one["t"] + 0.3} for one in speech(AUDIENCE, 200, 201, 9)[1:]),
        ],
        "off by 300 ms",
    ),
]


@pytest.mark.parametrize(("claimed", "change", "fault"), WRONG_LOG, ids=[one[2] for one in WRONG_LOG])
def test_what_the_cast_saw_and_heard_is_held_against_it(
    claimed: Callable[[Case], Any], change: Callable[[Log], Log], fault: str
) -> None:
    claim = claimed(a_case(log=change(a_log())))
    assert any(fault in one for one in claim.faults), claim.faults


@pytest.mark.parametrize("viewer", [BEN, None])
def test_a_card_that_discord_sent_to_others_is_said(viewer: UserId | None) -> None:
    claim = cards_are_private(a_case(viewers=VIEWERS | {3: viewer}))
    assert claim.faults == [f"Discord sent what was for {ADA} to others"]


def test_right_at_a_cue_the_stores_own_moment_decides() -> None:
    early = {"position_samples": 5 * SECOND - 2400, "acknowledged_samples": 6 * SECOND - 2400}
    turns = [
        turn(1, 1, ADA, 0, 5 * SECOND - 2400, "joy"),
        turn(2, 1, ADA, 5 * SECOND - 2400, 6 * SECOND - 2400, None),
        shifted(3, 1, ADA, 6 * SECOND - 2400, 9 * SECOND, "fear"),
    ]
    left = changed("cues", 0, **early)(an_evidence())
    assert targets_are_in_force(a_case(left=replace(left, turns=turns))).is_true


LATER: list[tuple[dict[str, Any], list[Any]]] = [
    ({"answer": "saw"}, [(4, "joy", "first"), (6, None, "uncertain"), (9.1, None, "uncertain")]),
    ({"answer": "not_seen"}, [(4, "joy", "first"), (6, "joy", "first"), (9.1, "joy", "first")]),
    ({"answer": "unsure"}, [(4, "joy", "first"), (6, None, "uncertain"), (9.1, None, "uncertain")]),
    ({}, [(4, "joy", "first"), (6, None, "uncertain"), (9.1, None, "uncertain")]),
]


@pytest.mark.parametrize(("said", "claimed"), LATER, ids=["saw", "not seen", "unsure", "nothing"])
def test_after_the_cut_what_was_answered_decides(said: dict[str, Any], claimed: list[Any]) -> None:
    log = [one for one in a_log() if one["kind"] != "cue_acknowledged"]
    log += [entry("cue_asked", 114, user_id=ADA, scene=1, take=1, message_id=9)]
    log += [entry("cue_answered", 115, user_id=ADA, scene=1, take=1, **said)] if said else []
    turns = [
        replace(turn(number, 1, ADA, round(at * SECOND), round((at + 0.5) * SECOND), emotion), claim=TargetClaim(claim))
        for number, (at, emotion, claim) in enumerate(claimed)
    ]
    answer = CueAnswer(said["answer"]) if said else None
    left = changed("cues", 0, acknowledged_samples=None, answer=answer)(an_evidence())
    case = a_case(log, replace(left, turns=turns))
    assert targets_are_in_force(case).faults == who_pressed_nothing_was_asked(case).faults == []
    for number, (_, emotion, claim) in enumerate(claimed):
        is_claimed = (emotion, claim) == ("joy", "first")
        other = ("fear", TargetClaim.SECOND) if is_claimed else ("joy", TargetClaim.FIRST)
        wrong = changed("turns", number, target_emotion=other[0], claim=other[1])(replace(left, turns=turns))
        assert not targets_are_in_force(a_case(log, wrong)).is_true


@pytest.mark.parametrize(
    ("answer", "said"),
    [("It is open.", f"[{EVE}] were missing, [] were named"), (f"{MISSING} <@{EVE}>, <@{ADA}>.", f"[{ADA}, {EVE}]")],
)
def test_who_is_named_as_missing_was_not_there(answer: str, said: str) -> None:
    log = [one | {"answer": answer} if one["kind"] == "commanded" else one for one in a_log()]
    assert said in answers_are_kept(a_case(log)).faults[0]


def test_a_performer_who_kept_silent_needs_no_track() -> None:
    log = [one for one in a_log() if (one["kind"], one.get("user_id"), one.get("spurt")) != ("frame_sent", BEN, 1)]
    assert takes_have_their_tracks(a_case(log, without("tracks", 1)(an_evidence()))).is_true


def test_all_claims_come_each_with_its_sentence() -> None:
    claims = check(a_case())
    assert len({claim.sentence for claim in claims}) == len(claims) == len(CHECKS)
    told = {claim.sentence: claim.worst_ms for claim in claims}
    assert round(next(ms for sentence, ms in told.items() if sentence.startswith("Every cue")) or 0) == 10


def test_an_evening_in_which_nothing_happened_proves_nothing() -> None:
    nothing = Evidence(takes=[], tracks=[], castings=[], cues=[], turns=[], holes=[], notes=[], events=[])
    claims = check(Case(Story([entry("joined_voice", 50, user_id=ADA)]), nothing, {}))
    assert [claim.sentence for claim in claims if claim.is_true] == [
        "Every note is stored with the moment at which its coordinator pressed.",
        "The X-card stopped the scene, and neither the store nor a screen says who pressed it.",
        "Half a minute before the limit, performers and no one else were told, and no take had a sound in it.",
        "Ease off reached everyone on stage, and neither the store nor a screen says who pressed it.",
        "Side-coaching was read by its performer alone, and is stored with its moment.",
        "Suggestions are stored as such, and each rating says whether its rater knew the prompt.",
    ]
