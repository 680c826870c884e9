"""Sound of one performer that arrives but cannot be decrypted: a hole in their track alone, and no one else's."""

from __future__ import annotations

from bot.dataset.model.index import Index
from bot.dataset.rows.holes import hole_facts
from bot.domain.ids import UserId
from bot.samples import SAMPLE_RATE_HZ, Span
from bot.store.exporting import read_snapshot
from bot.ui.texts.panel import panel_texts
from tests.evening import PERFORMERS, Evening

SECOND = SAMPLE_RATE_HZ


async def played(evening: Evening) -> UserId:
    """Play a take in which the bot loses the connection, and cannot decrypt one performer before and after that."""
    session = await evening.in_a_take()
    evening.everyone_speaks(3.0)
    evening.booth.lose_connection(1.0, 0.5)
    evening.booth.sealed[PERFORMERS[0]] = [Span(SECOND // 2, 2 * SECOND)]
    await evening.services.cuts.cut(session, evening.booth.started_at + 4.0)
    return PERFORMERS[0]


async def test_the_hole_is_in_the_store_with_whom_it_is_about(evening: Evening):
    sealed = await played(evening)
    rows = await evening.database.fetch_all(
        "SELECT cause, discord_user_id, end_samples - start_samples AS samples FROM holes "
        "LEFT JOIN people USING (person_id) ORDER BY start_samples"
    )
    causes = [(row["cause"], row["discord_user_id"]) for row in rows]
    assert causes == [("undecryptable", sealed), ("connection", None), ("undecryptable", sealed)]
    assert abs(sum(row["samples"] for row in rows) - 1.5 * SECOND) < 10


async def test_it_is_exported_with_a_pseudonym_and_only_with_the_performers_track(evening: Evening):
    sealed = await played(evening)
    name = await evening.value(f"SELECT pseudonym FROM people WHERE discord_user_id = {sealed}")
    session_id = evening.live.session_id
    snapshot = read_snapshot(evening.settings.home.database, [session_id])
    index = Index(snapshot)
    told = [hole_facts(hole, index)["speaker_id"] for hole in index.holes]
    assert sorted(told, key=str) == sorted([name, None, name], key=str)
    person = await evening.value(f"SELECT person_id FROM people WHERE discord_user_id = {sealed}")
    snapshot.tracks[:] = [track for track in snapshot.tracks if track.person_id != person]
    assert [hole.person_id for hole in Index(snapshot).holes] == [None]


async def test_the_panel_names_whom_the_bot_cannot_decrypt_and_blames_no_microphone(evening: Evening):
    session = await evening.in_a_take()
    evening.booth.undecryptable = frozenset({PERFORMERS[1]})
    told = "\n".join(panel_texts(await evening.panel(session)))
    assert f"cannot decrypt <@{PERFORMERS[1]}>: their sound arrives, so their microphone is fine" in told
