"""The pay ledger in SQLite: time once worked stays, and entries are only added."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.domain.currencies import plain_amount
from bot.domain.erasing import Asker, ErasureWish
from bot.domain.ids import GuildId, UserId
from bot.domain.pay import Rate
from bot.rights.asking import ask_erasure_of
from bot.rights.steps import do_all_steps
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


async def test_an_erasure_takes_no_time_from_those_who_rated_or_played(tmp_path: Path):
    troupe = await open_troupe(tmp_path / "home")
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(3)]
    await play_evening(troupe, performers, [])
    (session,) = troupe.sessions
    begun = ask_erasure_of(troupe.home, "spk_00000001", ErasureWish(Asker.OPERATOR, BEFORE))
    async with troupe.database.transaction() as tx:
        await pay.keep_work(tx, session)
        expected = await pay.work_in(tx, session)
        await tx.execute("DELETE FROM pay_work")
    assert sum(work.rating_ms for work in expected.values()) > 0
    assert begun is not None
    do_all_steps(troupe.home, begun.erasure_id, BEFORE)
    assert await pay.work_in(troupe.database, session) == expected
    lines = await Statements(troupe.database).of_sessions(GuildId(GUILD_ID), session)
    assert {line.line.work.stage_ms for line in lines} == {round(2000 * TAKE_S)}
    await troupe.database.close()


async def test_the_command_prints_statements_and_writes_them(tmp_path: Path):
    troupe = await open_troupe(tmp_path / "home")
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    await play_evening(troupe, performers, [])
    async with troupe.database.transaction() as tx:
        await pay.set_rate(tx, GuildId(GUILD_ID), Rate("EUR", 360_000, 0), since=BEFORE, now=BEFORE)
    await troupe.database.close()
    home, out = ["pay", "--home", str(tmp_path / "home")], tmp_path / "pay.csv"
    earned = round(200 * TAKE_S)

    async def told(*words: str) -> tuple[int, str]:
        done = await asyncio.to_thread(CliRunner().invoke, app, [*home, *words])
        return done.exit_code, done.output

    code, table = await told()
    assert code == 0, table
    assert table.count(str(FIRST_USER_ID)[:-2]) == 2
    assert f"Total: {plain_amount(2 * earned, 'EUR')} EUR." in table
    code, facts = await told("--json", "--session", "1")
    lines = json.loads(facts)["lines"]
    assert (code, [line["user_id"] for line in lines]) == (0, [FIRST_USER_ID + 1, FIRST_USER_ID + 2])
    assert (await told("--csv", str(out)))[0] == 0
    assert len(out.read_text().splitlines()) == 3
    assert out.stat().st_mode & 0o077 == 0
    assert "Total" not in (await told("--month", "1999-01"))[1]
    code, refusal = await told("--session", "99")
    assert code != 0
    assert "99" in refusal
