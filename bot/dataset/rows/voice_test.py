"""The table of the voice test: how well raters tell whether two clips are of the same character."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.dataset.model.contents import Contents
from bot.dataset.model.judged import Raters
from bot.dataset.rows.columns import Row
from bot.dataset.rows.figures import sensitivity_figures
from bot.domain.ids import PersonId, TurnId
from bot.domain.queue.pairs import SAME_CHARACTER, PairAnswer, PairKind, Voice, kind_of
from bot.domain.states import TrialKind
from bot.statistics.detection import Trial, sensitivities

EVERYTHING: Final = "all"
"""In place of a kind of pairs with different characters: both kinds."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What one rater answered about two clips."""

    one: Voice[TurnId]
    other: Voice[TurnId]
    kind: PairKind
    said_same: bool
    is_partner: bool

    @property
    def groups(self) -> set[Hashable]:
        """What it counts for: each performer as the character, and everything together (None)."""
        return {None, *((voice.performer, voice.character) for voice in (self.one, self.other))}


def voice_test_rows(contents: Contents) -> Iterator[Row]:
    """Yield the sensitivity for each character of each performer, and for all, against each kind of other character."""
    compared = list(_compared(contents))
    for raters in Raters:
        of_raters = [one for one in compared if raters is Raters.ALL or not one.is_partner]
        for against in (EVERYTHING, PairKind.OTHER_CHARACTER, PairKind.OTHER_PERFORMER):
            kept = [one for one in of_raters if against == EVERYTHING or one.kind in {PairKind.SAME, against}]
            yield from _rows(contents, kept, {"raters": str(raters), "against": str(against)})


def _rows(contents: Contents, compared: list[_Compared], names: Row) -> Iterator[Row]:
    found = sensitivities(
        Trial(group, one.kind is PairKind.SAME, one.said_same) for one in compared for group in one.groups
    )
    named = {_names(contents, group): figures for group, figures in found.items()}
    # The sum of everything comes first, then performers by their pseudonyms.
    for (speaker, character), figures in sorted(named.items(), key=lambda one: (one[0][0] or "", one[0][1] or "")):
        yield names | {"speaker_id": speaker, "character": character} | sensitivity_figures(figures)


def _names(contents: Contents, group: Hashable) -> tuple[str | None, str | None]:
    match group:
        case (int() as performer, str() as character):
            return contents.index.name(PersonId(performer)), character
        case _:
            return None, None


def _compared(contents: Contents) -> Iterator[_Compared]:
    """Yield the answers about pairs. Characters count as they are stored, so two clips can be no pair any more."""
    said = {
        one.trial_id: one.value == PairAnswer.SAME
        for one in contents.snapshot.answers
        if one.item == SAME_CHARACTER and one.value != PairAnswer.CANNOT_JUDGE
    }
    voices = {turn.turn_id: _voice(contents, turn.turn_id) for turn in contents.snapshot.turns}
    for trial in contents.snapshot.trials:
        if trial.kind is not TrialKind.PAIR or trial.other_turn_id is None or trial.trial_id not in said:
            continue
        one, other = voices.get(trial.turn_id), voices.get(trial.other_turn_id)
        if one and other and (kind := kind_of(one, other)):
            yield _Compared(one, other, kind, said[trial.trial_id], bool(trial.is_partner))


def _voice(contents: Contents, turn_id: TurnId) -> Voice[TurnId] | None:
    index = contents.index
    track = index.track(index.turn(turn_id).track_id)
    casting = index.casting(track)
    if casting is None or casting.character is None:
        return None
    return Voice(turn_id, index.take(track.take_id).scene_id, track.person_id, casting.character)
