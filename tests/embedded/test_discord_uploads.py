"""How much Discord accepts as an upload: an interaction says so itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.embedded.guild.world import World
from tests.embedded.raw_bot import open_house

MIB = 1024 * 1024


async def test_answers_take_what_their_interaction_says_and_channels_take_ten_mebibytes(
    world: World, tmp_path: Path
) -> None:
    async with open_house(replace(world, interaction_upload_bytes=25 * MIB), tmp_path) as house:
        await house.bot.register({"name": "hello"})
        await house.bot.connect()
        interaction, reply = await house.interaction(await house.person())
        assert interaction["attachment_size_limit"] == 25 * MIB
        await house.bot.callback(interaction, 5)
        original = house.bot.webhook(interaction, "/messages/@original")
        for size, status in ((25 * MIB + 1, 413), (25 * MIB, 200)):
            done = await house.bot.upload("PATCH", original, {"content": "file"}, {"set.zip": b"\0" * size})
            assert done.status == status
        assert (await reply).text == "file"
        path = f"/channels/{house.text_channel}/messages"
        assert (await house.bot.upload("POST", path, {}, {"set.zip": b"\0" * (10 * MIB + 1)})).status == 413
