"""A copy, a withdrawal and an erasure of what is held about oneself: two interactions at most, in direct messages."""

from __future__ import annotations

import io
import zipfile

from tests.rights.traces import account_bytes, found_below
from tests.theatre import Theatre, said


async def test_a_person_copies_withdraws_and_erases_in_direct_messages(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    person = theatre.performers[0].user
    home = theatre.bot.services.personal_copies.home

    copied = await person.slash("me export")
    assert "1 recording, and tables that explain it" in said(copied)
    assert copied.response is not None
    (file,) = copied.response.attachments
    with zipfile.ZipFile(io.BytesIO(await file.read())) as archive:
        assert {"README.txt", "tables/tracks.csv"} <= set(archive.namelist())
        assert sum(name.startswith("sound/") for name in archive.namelist()) == 1
    assert not list(home.unfinished.glob("*.zip"))

    told = said(await person.slash("me withdraw", consent="peer_rating"))
    assert told.startswith("Withdrawn on every server: Rate others and keep my answers.")

    offered = await person.slash("me erase")
    assert "1 recording (0:04)" in said(offered)
    assert offered.response is not None
    assert "is being erased" in said(await person.click(offered.response, label="Erase everything"))
    await theatre.bot.services.erasures.settled()
    assert list(found_below(home, account_bytes(person.id))) == []
    assert "nothing to erase" in said(await person.slash("me erase"))
    assert "nothing to copy" in said(await person.slash("me export"))
