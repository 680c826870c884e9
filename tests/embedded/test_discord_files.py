"""Files that people send along with commands."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.embedded.client.person import Refused
from bot.embedded.client.replies import SentFile
from bot.embedded.limits.messages import UPLOAD_BYTES
from tests.embedded.raw_bot import House

IMPORT = {
    "name": "import",
    "options": [{"name": "deck", "description": "a file of prompts", "type": 11, "required": True}],
}


async def sent(house: House, file: SentFile) -> dict[str, Any]:
    """Let a person send a file with /import; returns the interaction's data after an answer."""
    await house.bot.register(IMPORT)
    person = await house.person()
    sending = asyncio.create_task(person.slash(house.text_channel, "import", deck=file))
    interaction = await house.bot.event("INTERACTION_CREATE")
    await house.bot.callback(interaction, 4, {"content": "thanks"})
    await sending
    return interaction["data"]


async def download(house: House, url: str) -> tuple[int, bytes]:
    async with house.bot.http.get(url) as response:
        return response.status, await response.read()


async def test_the_bot_downloads_what_was_sent_byte_for_byte(house: House) -> None:
    data = await sent(house, SentFile("my deck.toml", b'title = "Ours"\n'))
    [(file_id, file)] = data["resolved"]["attachments"].items()
    assert data["options"][0]["value"] == file_id == file["id"]
    assert (file["filename"], file["size"], file["ephemeral"]) == ("my_deck.toml", 15, True)
    assert await download(house, file["url"]) == (200, b'title = "Ours"\n')


async def test_no_one_else_finds_the_file(house: House) -> None:
    data = await sent(house, SentFile("deck.toml", b"secret"))
    [file] = data["resolved"]["attachments"].values()
    assert (await download(house, file["url"].partition("?")[0]))[0] == 404
    assert "secret" not in str(house.journal())


async def test_a_file_over_10_mib_is_not_sent(house: House) -> None:
    await house.bot.register(IMPORT)
    person = await house.person()
    with pytest.raises(Refused, match="over 10 MiB"):
        await person.slash(house.text_channel, "import", deck=SentFile("deck.toml", bytes(UPLOAD_BYTES + 1)))


async def test_a_text_is_no_file(house: House) -> None:
    await house.bot.register(IMPORT)
    person = await house.person()
    with pytest.raises(Refused, match="takes a file"):
        await person.slash(house.text_channel, "import", deck="deck.toml")
