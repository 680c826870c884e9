"""A person's phone plays MP3 and nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from bot.embedded.client.link import Refused
from bot.embedded.client.listening import listen_to
from tests.embedded.conftest import House


def sound(kind: str, encoding: str) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, np.zeros(48_000, np.float32), 48_000, format=kind, subtype=encoding)
    return buffer.getvalue()


async def heard(house: House, name: str, data: bytes) -> bytes:
    person = await house.person()
    path = f"/channels/{house.text_channel}/messages"
    await house.bot.upload("POST", path, {"content": "hear"}, {name: data})
    [file] = (await person.wait_for_message(lambda each: each.text == "hear")).attachments
    return await listen_to(person, file)


async def test_mp3_is_played(house: House) -> None:
    mp3 = sound("MP3", "MPEG_LAYER_III")
    assert await heard(house, "clip.mp3", mp3) == mp3


@pytest.mark.parametrize("name", ["clip.ogg", "clip.flac", "clip.xyz"])
async def test_what_phones_only_offer_for_download_is_refused(house: House, name: str) -> None:
    with pytest.raises(Refused, match="does not play"):
        await heard(house, name, sound("OGG", "OPUS"))


async def test_a_name_does_not_make_it_mp3(house: House) -> None:
    with pytest.raises(Refused, match="is not MP3"):
        await heard(house, "clip.mp3", sound("OGG", "OPUS"))
