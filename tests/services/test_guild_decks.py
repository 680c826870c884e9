"""Imported decks, in cases that no screen shows."""

from __future__ import annotations

import pytest

from bot.domain.errors import DataFileInvalid
from bot.services.scene.decks import MOST_GUILD_DECKS
from tests.evening import GUILD, Evening

DECK = b'title = "D"\n[[prompts]]\nid = "p"\ntitle = "P"\ntext = "T"\nroles = ["a", "b"]\n'


async def test_a_forgotten_deck_is_no_servers_setting_any_more(evening: Evening):
    services = evening.services
    for filename in ("ours.toml", "everyday.toml"):
        await services.decks.import_deck(GUILD, filename, DECK)
    await services.guilds.change(GUILD, "deck", "ours")
    assert not await services.decks.forget(GUILD, "ours")
    assert (await services.guilds.settings_of(GUILD)).deck == "everyday"
    await services.guilds.change(GUILD, "deck", "everyday")
    assert await services.decks.forget(GUILD, "everyday"), "the installation's own deck stays"
    assert (await evening.open()).deck == "everyday"


async def test_a_forgotten_deck_is_not_the_setting_of_an_open_session_either(evening: Evening):
    await evening.services.decks.import_deck(GUILD, "ours.toml", DECK)
    session = await evening.open()
    await evening.services.guilds.change(GUILD, "deck", "ours")
    assert session.settings.deck == "ours"
    await evening.services.decks.forget(GUILD, "ours")
    assert session.settings.deck == "everyday"


async def test_a_server_keeps_so_many_decks_and_no_more(evening: Evening):
    for number in range(MOST_GUILD_DECKS):
        await evening.services.decks.import_deck(GUILD, f"deck {number}.toml", DECK)
    with pytest.raises(DataFileInvalid) as caught:
        await evening.services.decks.import_deck(GUILD, "one-more.toml", DECK)
    assert "/deck forget" in caught.value.problem
    assert (await evening.services.decks.import_deck(GUILD, "deck-7.toml", DECK)).replaced
    assert "one-more" not in await evening.services.decks.names(GUILD)
