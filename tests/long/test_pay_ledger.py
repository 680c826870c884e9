"""The pay ledger in SQLite: time once worked stays, and entries are only added."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.domain.currencies import plain_amount
from bot.domain.ids import GuildId, UserId
from bot.domain.pay import Rate
from bot.services.pay.statements import Statements, statement_csv
from bot.store import pay
from tools.synthetic.session import FIRST_USER_ID, GUILD_ID, PERFORMER_SCOPES, TAKE_S, open_troupe, play_evening

BEFORE = "2000-01-01T00:00:00.000Z"


async def test_time_stays_paid_when_what_it_followed_from_is_gone(tmp_path: Path):
    troupe = await open_troupe(tmp_path / "home")
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    await play_evening(troupe, performers, [])
    (session,) = troupe.sessions
    statements = Statements(troupe.database)
    async with troupe.database.transaction() as tx:
        await pay.set_rate(tx, GuildId(GUILD_ID), Rate("EUR", 360_000, 0), since=BEFORE, now=BEFORE)
        await pay.add_correction(tx, session, performers[0], -50, "EUR", "=late", BEFORE)
    lines = await statements.of_sessions(GuildId(GUILD_ID), session)
    assert [line.line.work.stage_ms for line in lines] == [round(2000 * TAKE_S)] * 2
    assert [line.line.total for line in lines] == [round(200 * TAKE_S) - 50, round(200 * TAKE_S)]
    assert lines[0].line.work.rating_ms > 0
    first = statement_csv(lines).splitlines()[1]
    assert first.endswith(f"{plain_amount(lines[0].line.total, 'EUR')},'=late")
    async with troupe.database.transaction() as tx:
        await tx.execute("DELETE FROM trials")
        await tx.execute("UPDATE takes SET duration_samples = 0, struck_at = ?", BEFORE)
    assert await statements.of_sessions(GuildId(GUILD_ID), session) == lines
    assert await statements.of_person(UserId(FIRST_USER_ID + 1)) == lines[:1]
    await troupe.database.close()


async def test_entries_are_never_changed_but_words_about_a_person_can_be_erased(tmp_path: Path):
    troupe = await open_troupe(tmp_path / "home")
    person = await troupe.add_person(*PERFORMER_SCOPES)
    session = await troupe.add_session(person)
    async with troupe.database.transaction() as tx:
        await pay.add_correction(tx, session, person, 100, "EUR", "a cold", BEFORE)
        await pay.add_proceeds(tx, session, 100, "EUR", "sold", BEFORE)
        await pay.set_rate(tx, GuildId(GUILD_ID), Rate("EUR", 1, 1), since=BEFORE, now=BEFORE)
    for sql in (
        "UPDATE pay_corrections SET amount_minor = 5, reason = ''",
        "UPDATE pay_corrections SET reason = 'other'",
        "DELETE FROM pay_corrections",
        "UPDATE pay_proceeds SET amount_minor = 5",
        "DELETE FROM pay_proceeds",
        "UPDATE pay_rates SET stage_per_hour = 5",
        "DELETE FROM pay_rates",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            async with troupe.database.transaction() as tx:
                await tx.execute(sql)
    await troupe.database.close()
