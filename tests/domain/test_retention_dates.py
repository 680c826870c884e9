"""Sound is never deleted before its date, nor before everyone had two weeks to ask for a copy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import GuildId, SessionId
from bot.domain.retention import ANNOUNCED_DAYS, FEWEST_DAYS, KeptSession, RetentionStep

END = datetime(2027, 1, 1, tzinfo=UTC)
DAYS = st.one_of(st.none(), st.integers(FEWEST_DAYS, 400))


@given(st.lists(st.tuples(st.integers(0, 40), DAYS), min_size=1, max_size=40))
def test_whatever_the_server_chooses_and_however_long_the_bot_was_away(looks: list[tuple[int, int | None]]):
    now, told_at, told = END, None, None
    for later, days in looks:
        now += timedelta(days=later)
        kept = KeptSession(SessionId(1), GuildId(1), END.isoformat(), days, told)
        match kept.step(now):
            case RetentionStep.ANNOUNCE:
                at = kept.deletes_at(now)
                assert at is not None
                told_at, told = now, at.isoformat()
            case RetentionStep.DELETE:
                assert told_at is not None
                assert days is not None
                assert now >= max(told_at + timedelta(days=ANNOUNCED_DAYS), END + timedelta(days=days))
                return
            case RetentionStep.NOTHING:
                told_at, told = (None, None) if days is None else (told_at, told)
