"""Decks that servers brought along, where screens do not reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from evening import GUILD, an_evening

from bot.domain.errors import DataFileInvalid
from bot.services.decks import MOST_GUILD_DECKS, deck_names, forget_deck, import_deck
from bot.services.guild_settings import change_setting, settings_of

DECK = b'title = "D"\n[[prompts]]\nid = "p"\ntitle = "P"\ntext = "T"\nroles = ["a", "b"]\n'


async def test_a_forgotten_deck_is_no_servers_setting_any_more(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        desk = evening.desk
        for filename in ("ours.toml", "everyday.toml"):
            await import_deck(desk, GUILD, filename, DECK)
        await change_setting(desk, GUILD, "deck", "ours")
        assert not await forget_deck(desk, GUILD, "ours")
        assert (await settings_of(desk, GUILD)).deck == "everyday"
        await change_setting(desk, GUILD, "deck", "everyday")
        assert await forget_deck(desk, GUILD, "everyday"), "the installation's stays"
        assert (await evening.open()).deck == "everyday"


async def test_a_server_keeps_so_many_decks_and_no_more(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        for number in range(MOST_GUILD_DECKS):
            await import_deck(evening.desk, GUILD, f"deck {number}.toml", DECK)
        with pytest.raises(DataFileInvalid) as caught:
            await import_deck(evening.desk, GUILD, "one-more.toml", DECK)
        assert "/deck forget" in caught.value.problem
        assert (await import_deck(evening.desk, GUILD, "deck-7.toml", DECK)).replaced
        assert "one-more" not in await deck_names(evening.desk, GUILD)
