"""The queue of raters: which clip a rater gets, and whether an answer that comes late still counts.

The only place in which the store's ratings and the rules of `domain/queue` meet. Held places are in memory: after a
restart, an answer counts as long as its turn has fewer than one more than are wanted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.errors import ClipsWithOthers, EnoughRatings
from bot.domain.ids import PersonId, SessionId, TurnId
from bot.domain.queue.checks import clips_left, next_check, references_among
from bot.domain.queue.leases import Leases
from bot.domain.queue.order import Known, Order, may_still_answer, next_turn, open_to
from bot.domain.states import TrialPurpose
from bot.live.ports import Clock
from bot.services.facts.consents import ConsentsInForce
from bot.services.rating.hidden_checks import Heard
from bot.services.rating.rated_session import RatedSession
from bot.store.database import Database
from bot.store.rated_labels import labels_of, peer_labels
from bot.store.ratings import RateableTurn
from bot.store.transaction import Transaction

Places = Leases[TurnId, PersonId]


@dataclass(frozen=True, slots=True)
class Picked:
    """The turn that a rater gets, what for, and how many clips are to come with this one.

    Hidden checks are among the clips to come, so that the number does not say which clip is one.
    """

    turn: RateableTurn
    remaining: int
    purpose: TrialPurpose = TrialPurpose.RATING


@dataclass(frozen=True, slots=True)
class Queue:
    """Gives turns to raters, so that no turn gets more than one rating too many, however many raters press at once."""

    database: Database
    clock: Clock
    consents: ConsentsInForce
    _places: defaultdict[SessionId, Places] = field(default_factory=lambda: defaultdict[SessionId, Places](Places))

    async def pick(
        self, session: RatedSession, rater: PersonId, unjudged: Sequence[RateableTurn], heard: Heard
    ) -> Picked | None:
        """What a rater gets: their own turn, otherwise the one that they hold, a check if one is due, or the next.

        `unjudged` are the turns that they may hear and have not judged. None if none of these wants a rating. Raises
        ClipsWithOthers if others hold all places that are left.
        """
        by_id = {turn.turn_id: turn for turn in unjudged}
        own = {turn.turn_id for turn in unjudged if turn.performer_id == rater}
        known = await self._known(session, rater, [turn for turn in by_id if turn not in own])
        # Nothing is awaited between here and the giving, so that no two raters get the same last place.
        left = {one.turn: one for one in open_to(known, session.ratings_wanted)}
        references = _references(session, known, heard)
        remaining = len(own) + clips_left(heard.given, len(references), len(left), session.seed, rater)
        order = Order(session.seed, rater)
        if own:
            return Picked(by_id[min(own, key=order.place)], remaining)
        if not left:
            _require_nothing_held(known, session.ratings_wanted)
            return None
        places, now = self._places[session.session_id], self.clock.monotonic()
        turn = places.turn_of(rater, now)
        if turn not in left:
            due = next_check(heard.given, references, session.seed, rater)
            if due and (checked := by_id.get(due.turn, heard.repeat)):
                return Picked(checked, remaining, due.purpose)
            turn = next_turn(left.values(), session.ratings_wanted, order)
        assert turn is not None, "one of the turns that are left is next"
        places.give(turn, rater, now)
        return Picked(by_id[turn], remaining)

    async def _known(self, session: RatedSession, rater: PersonId, turns: Iterable[TurnId]) -> list[Known[TurnId]]:
        """What is known of turns, at the moment of the return. What raters have withdrawn since then does not count."""
        counted_from = self.clock.monotonic()
        labels: defaultdict[TurnId, list[str]] = defaultdict(list)
        rated = await peer_labels(self.database, session.session_id)
        for one in await self.consents.may_be_kept(rated, session.guild_id):
            labels[one.turn_id].append(one.label)
        held = self._places[session.session_id].held_by_others(rater, self.clock.monotonic(), counted_from)
        return [Known(turn, labels.get(turn, ()), held[turn]) for turn in turns]

    def keep(self, session: RatedSession, turn_id: TurnId, rater: PersonId) -> None:
        """A rater opens the form: the place that they hold is kept from now on."""
        places, now = self._places[session.session_id], self.clock.monotonic()
        if places.holds(rater, turn_id, now):
            places.admit(turn_id, rater, now)

    async def admit(self, tx: Transaction, session: RatedSession, turn_id: TurnId, rater: PersonId) -> None:
        """Raise EnoughRatings if a rater holds no place any more, and the turn has or may get enough ratings."""
        places, now = self._places[session.session_id], self.clock.monotonic()
        if places.holds(rater, turn_id, now):
            # Until the answer is in the store, which may take longer than the place would have been kept.
            places.admit(turn_id, rater, now)
            return
        answers = await self.consents.may_be_kept(await labels_of(tx, turn_id), session.guild_id, tx)
        now = self.clock.monotonic()
        held = places.held_by_others(rater, now, now)[turn_id]
        if not may_still_answer(len(answers), held, session.ratings_wanted):
            raise EnoughRatings
        places.admit(turn_id, rater, now)

    def answered(self, session: RatedSession, turn_id: TurnId, rater: PersonId) -> None:
        """A rater's answer is in the store, which from now on counts it."""
        self._places[session.session_id].answered(turn_id, rater, self.clock.monotonic())


def _references(session: RatedSession, known: Sequence[Known[TurnId]], heard: Heard) -> Sequence[TurnId]:
    """Return the reference clips that a rater has not heard. One that still wants ratings is rated like any other."""
    rated_enough = {one.turn for one in known if len(one.labels) >= session.ratings_wanted}
    turns = dict.fromkeys([*(one.turn for one in known), *(one.turn for one in heard.given)])
    return [turn for turn in references_among(turns, session.seed) if turn in rated_enough]


def _require_nothing_held(known: Sequence[Known[TurnId]], wanted: int) -> None:
    if any(len(one.labels) < wanted for one in known):
        raise ClipsWithOthers
