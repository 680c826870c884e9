"""`/me uses`, and the message that recordings were given to someone, also for those who have left the server."""

from __future__ import annotations

from bot.domain.ids import PersonId
from bot.store.uses import add_use
from bot.store.writing import writing
from tests.theatre import Theatre, said

TAKING_PART = ["record", "store_and_review"]


async def test_who_has_left_is_told_of_a_use_and_finds_it_in_direct_messages(theatre: Theatre):
    person = theatre.performers[0]
    await theatre.consent(person, TAKING_PART)
    assert said(await person.user.slash("me uses")).startswith("No dataset has your recordings.")
    theatre.guild.remove_member(person)
    with writing(theatre.settings.home.database) as tx:
        add_use(
            tx,
            purpose=None,
            recipient="Acme Voices",
            release_id=None,
            content_sha256="cd" * 32,
            sessions=["S0001"],
            clips={PersonId(1): 2},
            now="2027-01-02T03:04:05.000Z",
        )
    await theatre.bot.services.letters.send_due()
    *_, told = person.user.dm_channel.history()
    assert told.content.startswith("**Recordings of yours were given to Acme Voices**, as you directed. 2027-01-02: ")
    assert "2 clips of yours from S0001; hash `cdcdcdcdcdcdcdcd`" in said(await person.user.slash("me uses"))
