"""Claims about what people were told and wrote, on the take's clock: cues, targets, notes."""

from __future__ import annotations

from bot.domain.ids import UserId
from bot.rehearsal.checking.claims import Case, Claim, seconds
from bot.rehearsal.checking.evidence import TurnLeft
from bot.rehearsal.checking.story import TakePlayed

CUE_SECONDS = 0.1
"""The largest difference between a cue and the moment at which its performer was told."""

NOTE_SECONDS = 0.1

LEAST_FRAMES = 150
"""Three seconds of sound. A performer who said less in a take may have no turn."""


def cues_are_when_told(case: Case) -> Claim:
    """The store has a cue for everyone who was told, and for no one else, with that emotion, within 100 ms."""
    claim = Claim("Every cue is in the store with its emotion, within 100 ms of when its performer was told.")
    for take in case.story.takes:
        left = case.take_left(take.scene, take.number)
        kept = {one.discord_user_id: one for one in case.left.cues if left and one.take_id == left.take_id}
        for user in sorted(take.cues.keys() | kept.keys()):
            claim.check(user in kept, f"{take}: the cue of {user} is not in the store")
            claim.check(user in take.cues, f"{take}: {user} was never told of their cue")
            if user in kept and user in take.cues:
                told, cue = take.cues[user], kept[user]
                off = seconds(cue.position_samples) - (told.at - take.started_at)
                claim.check_time(off, CUE_SECONDS, f"{take}: the cue of {user}")
                second = _second_emotion(case, take, user)
                claim.check(second == told.emotion, f"{take}: {user} was told {told.emotion}, but dealt {second}")
    return claim


def targets_are_in_force(case: Case) -> Claim:
    """Each turn's target is what its performer had last been told when they began to speak. It ends with a cue."""
    claim = Claim("Every turn has the target that was in force when it began, until a cue in it.")
    takes = {left.take_id: take for take in case.story.takes if (left := case.take_left(take.scene, take.number))}
    for turn in case.left.turns:
        take = takes.get(turn.take_id)
        if take is None or turn.discord_user_id not in take.cards:
            claim.check(False, f"turn {turn.turn_id} belongs to no one on stage")
            continue
        wanted = _target(case, take, turn)
        claim.check(
            turn.target_emotion == wanted,
            f"{take}: turn {turn.turn_id} of {turn.discord_user_id} has {turn.target_emotion}, in force: {wanted}",
        )
        cues = [
            cue.position_samples
            for cue in case.left.cues
            if (cue.take_id, cue.discord_user_id) == (turn.take_id, turn.discord_user_id)
        ]
        until = next((cue for cue in cues if turn.start_samples < cue < turn.end_samples), None)
        claim.check(
            turn.target_until_samples == until,
            f"{take}: the target of turn {turn.turn_id} ends at {turn.target_until_samples}, the cue came at {until}",
        )
    return claim


def turns_are_what_was_said(case: Case) -> Claim:
    """Performers who spoke in a take have turns, which do not overlap and end with the take."""
    claim = Claim("Performers who spoke have turns that do not overlap, within their take.")
    for take in case.story.takes:
        left = case.take_left(take.scene, take.number)
        for user in take.cards:
            turns = [one for one in case.left.turns if left and one.take_id == left.take_id]
            mine = [one for one in turns if one.discord_user_id == user]
            if case.story.spoke(user, take.started_at, take.ended_at) >= LEAST_FRAMES:
                claim.check(bool(mine), f"{take}: {user} spoke but has no turn")
            ends = 0
            for turn in sorted(mine, key=lambda one: one.start_samples):
                claim.check(ends <= turn.start_samples < turn.end_samples, f"{take}: the turns of {user} overlap")
                ends = turn.end_samples
            whole = (left.duration_samples if left else None) or 0
            claim.check(ends <= whole, f"{take}: a turn of {user} goes on after the take")
    return claim


def notes_are_kept(case: Case) -> Claim:
    """Each note is stored with its text, on the clock of its take, within 100 ms of the press."""
    claim = Claim("Every note is stored with the moment at which its coordinator pressed.")
    takes = {(take.scene, take.number): take for take in case.story.takes}
    for written in case.story.kinds["note_written"]:
        take = takes[written["scene"], written["take"]]
        left = case.take_left(take.scene, take.number)
        note = next(
            (one for one in case.left.notes if left and one.take_id == left.take_id and one.text == written["text"]),
            None,
        )
        claim.check(note is not None, f"{take}: the note is not in the store")
        if note is not None:
            off = seconds(note.position_samples or 0) - (written["t"] - take.started_at)
            claim.check_time(off, NOTE_SECONDS, f"{take}: the note")
    written, kept = len(case.story.kinds["note_written"]), len(case.left.notes)
    claim.check(written == kept, f"{written} notes were written, {kept} are in the store")
    return claim


def _second_emotion(case: Case, take: TakePlayed, user: UserId) -> str | None:
    for one in case.left.castings:
        if (one.scene, one.discord_user_id) == (take.scene, user):
            return one.second_emotion
    return None


def _target(case: Case, take: TakePlayed, turn: TurnLeft) -> str:
    """Return the target at a turn's start, by what its performer was told; near a cue, by the store's moment of it."""
    first, cue = take.cards[turn.discord_user_id].emotion, take.cues.get(turn.discord_user_id)
    if cue is None:
        return first
    after = seconds(turn.start_samples) - (cue.at - take.started_at)
    if abs(after) <= CUE_SECONDS:
        kept = [
            one.position_samples
            for one in case.left.cues
            if (one.take_id, one.discord_user_id) == (turn.take_id, turn.discord_user_id)
        ]
        return cue.emotion if any(turn.start_samples >= position for position in kept) else first
    return cue.emotion if after > 0 else first
