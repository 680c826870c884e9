"""The queue of raters: which clip a rater gets, and whether an answer that comes late still counts.

The only place in which the store's ratings and the rules of `domain/queue` meet. Held places are in memory: after a
restart, an answer counts as long as its turn has fewer than one more than are wanted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.errors import ClipsWithOthers, EnoughRatings
from bot.domain.ids import PersonId, SessionId, TurnId
from bot.domain.queue.leases import Leases
from bot.domain.queue.order import Known, Order, may_still_answer, next_turn, open_to
from bot.live.ports import Clock
from bot.services.rating.rated_session import RatedSession
from bot.store.database import Database
from bot.store.rated_labels import count_peers, peer_labels
from bot.store.ratings import RateableTurn
from bot.store.transaction import Transaction

Places = Leases[TurnId, PersonId]


@dataclass(frozen=True, slots=True)
class Picked:
    """The turn that a rater gets, and how many they could get now, with this one."""

    turn: RateableTurn
    remaining: int


@dataclass(frozen=True, slots=True)
class Queue:
    """Gives turns to raters, so that no turn gets more than one rating too many, however many raters press at once."""

    database: Database
    clock: Clock
    _places: defaultdict[SessionId, Places] = field(default_factory=lambda: defaultdict[SessionId, Places](Places))

    async def pick(self, session: RatedSession, rater: PersonId, waiting: Sequence[RateableTurn]) -> Picked:
        """One of the turns that a rater has not judged: their own first, then the one that they hold, then the next.

        Raises ClipsWithOthers if others hold all places that are left.
        """
        by_id = {turn.turn_id: turn for turn in waiting}
        own = {turn.turn_id for turn in waiting if turn.performer_id == rater}
        counted_from = self.clock.monotonic()
        labels = await peer_labels(self.database, session.session_id)
        # Nothing is awaited between here and the giving, so that no two raters get the same last place.
        places, now = self._places[session.session_id], self.clock.monotonic()
        held = places.held_by_others(rater, now, counted_from)
        known = [Known(turn, labels.get(turn, ()), held[turn]) for turn in by_id if turn not in own]
        left = open_to(known, session.ratings_wanted)
        order = Order(session.seed, rater)
        if own:
            return Picked(by_id[min(own, key=order.place)], len(own) + len(left))
        kept = places.turn_of(rater, now)
        turn = kept if kept in {one.turn for one in left} else next_turn(left, session.ratings_wanted, order)
        if turn is None:
            raise ClipsWithOthers
        places.give(turn, rater, now)
        return Picked(by_id[turn], len(left))

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
        answers = await count_peers(tx, turn_id)
        now = self.clock.monotonic()
        held = places.held_by_others(rater, now, now)[turn_id]
        if not may_still_answer(answers, held, session.ratings_wanted):
            raise EnoughRatings
        places.admit(turn_id, rater, now)

    def answered(self, session: RatedSession, turn_id: TurnId, rater: PersonId) -> None:
        """A rater's answer is in the store, which from now on counts it."""
        self._places[session.session_id].answered(turn_id, rater, self.clock.monotonic())
