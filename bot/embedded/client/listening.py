"""What a phone plays in place: a person hears an attachment only if it is in a format that every client plays."""

from __future__ import annotations

from bot.embedded.client.link import Refused
from bot.embedded.client.person import Person
from bot.embedded.client.screen import Attachment

PLAYED_EVERYWHERE = "audio/mpeg"
"""iOS and Android offer other files, such as Ogg, only for download; MP3 plays everywhere."""


async def listen_to(person: Person, attachment: Attachment) -> bytes:
    """Return the bytes of a sound that a person plays. Raises Refused if a phone would not play it."""
    if attachment.content_type != PLAYED_EVERYWHERE:
        raise Refused(f"A phone does not play {attachment.filename} ({attachment.content_type or 'unknown'}).")
    sound = await person.download(attachment)
    if not _is_mp3(sound):
        raise Refused(f"{attachment.filename} is not MP3, whatever its name says.")
    return sound


def _is_mp3(sound: bytes) -> bool:
    """Whether this begins with an ID3 tag or a frame of layer III (ISO 11172-3, 2.4.2.3: sync word, layer)."""
    return sound[:3] == b"ID3" or (len(sound) > 1 and sound[0] == 0xFF and sound[1] & 0xE6 == 0xE2)
