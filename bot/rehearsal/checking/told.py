"""Claims about what people said and wrote, on the take's clock: turns and notes."""

from __future__ import annotations

from bot.rehearsal.checking.claims import Case, Claim, seconds

NOTE_SECONDS = 0.1

LEAST_FRAMES = 150
"""Three seconds of sound. A performer who said less in a take may have no turn."""


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
