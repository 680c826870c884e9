"""A DAVE group of many people and the bot, formed in memory, and the packets that its people send.

Keys are real (davey for the bot, libdave for the founder, the rehearsal's group for the voice server), and so are the
packets: header extension, padding on some, transport and end-to-end encryption.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import dave
import davey

from bot.domain.ids import UserId
from bot.embedded.mls.events import CommitAccepted, ProposalsSent
from bot.embedded.mls.group import Group
from bot.embedded.mls.proposals import ExternalSender
from bot.wire.rtp import build_header
from bot.wire.transport import TransportCipher, cipher_for

CHANNEL: Final = 482915736028475133
BOT: Final = 900000000000000001
FIRST_PERSON: Final = 310000000000000000
FIRST_SSRC: Final = 1_000
KEY: Final = bytes(range(32))

OPUS_BYTES: Final = 160
"""64 kbit/s in frames of 20 ms: a voice channel's default bit rate."""

PADDED_SHARE: Final = 0.1
EXTENSION: Final = b"\x51\xff\xee\x00"


class BotKeys:
    """bot.voice.receiving.keys.DaveKeys over the bot's davey session. `is_clear`: frames in the clear are allowed."""

    is_clear = False

    def __init__(self, session: davey.DaveSession) -> None:
        self.session = session

    @property
    def generation(self) -> object:
        """Return epoch and status."""
        return self.session.epoch, self.session.status

    def may_be_clear(self, arrival: float) -> bool:
        """Whether a frame may have been sent in the clear."""
        return self.is_clear

    def decrypt(self, user_id: int, payload: bytes) -> bytes:
        """Return the Opus packet in a frame."""
        return self.session.decrypt(user_id, davey.MediaType.audio, payload)


class Founder:
    """The first person of the group, on libdave, which provides everyone's key ratchets.

    The packets of 400 people therefore need one member who follows the group, not 400 (minutes of MLS).
    """

    def __init__(self, user_ids: list[int], external_sender: bytes) -> None:
        self._user_ids = {str(user_id) for user_id in user_ids}
        self._keys = dave.SignatureKeyPair.generate(1)
        self._session = dave.Session(lambda source, reason: None)
        self._session.init(1, CHANNEL, str(FIRST_PERSON), self._keys)
        self._session.set_external_sender(external_sender)

    def key_package(self) -> bytes:
        """Return the body of op 26."""
        return self._session.get_marshalled_key_package() or b""

    def commit(self, proposals: bytes) -> bytes:
        """Take the body of op 27 and return that of op 28."""
        return self._session.process_proposals(proposals, self._user_ids) or b""

    def process_commit(self, commit: bytes) -> None:
        """Handle op 29."""
        if isinstance(self._session.process_commit(commit), dave.RejectType):
            raise RuntimeError("libdave refused its own commit.")

    def encryptor(self, user_id: int, ssrc: int) -> dave.Encryptor:
        """Return a user's encryptor."""
        encryptor = dave.Encryptor()
        encryptor.assign_ssrc_to_codec(ssrc, dave.Codec.opus)
        encryptor.set_key_ratchet(self._session.get_key_ratchet(str(user_id)))
        return encryptor


def form_group(count: int) -> tuple[Founder, davey.DaveSession]:
    """Form a group of `count` people and the bot. Returns the founder's side and the bot's."""
    sender = ExternalSender()
    group = Group(CHANNEL, sender)
    people = [FIRST_PERSON + number for number in range(count)]
    founder = Founder([*people, BOT], sender.package())
    bot = davey.DaveSession(1, BOT, CHANNEL)
    bot.set_external_sender(sender.package())
    events = group.offer(FIRST_PERSON, founder.key_package()) + group.offer(BOT, bot.get_serialized_key_package())
    for user_id in people[1:]:
        session = davey.DaveSession(1, user_id, CHANNEL)
        session.set_external_sender(sender.package())
        events += group.offer(user_id, session.get_serialized_key_package())
    while events:
        event = events.pop(0)
        if isinstance(event, ProposalsSent):
            if BOT in event.recipients:
                bot.process_proposals(davey.ProposalsOperationType.append, event.body[1:])
            events += group.commit(FIRST_PERSON, founder.commit(event.body))
        elif isinstance(event, CommitAccepted):
            founder.process_commit(event.announcement[2:])
            if BOT in event.recipients:
                bot.process_commit(event.announcement[2:])
            if BOT in event.welcomes:
                bot.process_welcome(event.welcomes[BOT][2:])
            if group.open_transition_id is not None:
                events += group.execute_overdue()
    if len(group.members()) != count + 1 or not bot.ready:
        raise RuntimeError("The group was not formed.")
    return founder, bot


@dataclass(slots=True)
class Speaker:
    """One person's sending side, with sequence numbers from a random start and varied packets."""

    user_id: UserId
    ssrc: int
    encryptor: dave.Encryptor
    cipher: TransportCipher
    chance: random.Random
    counter: Iterator[int]
    sequence: int = 0
    timestamp: int = 0

    def __post_init__(self) -> None:
        self.sequence = self.chance.randrange(1 << 16)
        self.timestamp = self.chance.randrange(1 << 32)

    def datagram(self, opus: bytes | None = None) -> bytes:
        """Return the next frame as it is sent: a random Opus packet unless one is given."""
        if opus is None:
            opus = b"\x78" + self.chance.randbytes(OPUS_BYTES - 1)
        padding = self.chance.randint(1, 16) if self.chance.random() < PADDED_SHARE else 0
        clear = build_header(
            sequence=self.sequence,
            timestamp=self.timestamp,
            ssrc=self.ssrc,
            padded=padding > 0,
            extension_words=1,
        )
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.timestamp = (self.timestamp + 960) & 0xFFFF_FFFF
        tail = bytes(padding - 1) + bytes([padding]) if padding else b""
        sealed = self.encryptor.encrypt(dave.MediaType.audio, self.ssrc, opus) or b""
        return self.cipher.seal(clear, EXTENSION + sealed + tail, next(self.counter))


def speakers_of(founder: Founder, count: int, mode: str, seed: int = 1) -> list[Speaker]:
    """Return everyone's sending side under one transport key, with SSRCs from 1,000 in the order of user ids."""
    cipher = cipher_for(mode, KEY)
    counter = iter(range(1, 1 << 32))
    speakers: list[Speaker] = []
    for number in range(count):
        user_id, ssrc = UserId(FIRST_PERSON + number), FIRST_SSRC + number
        chance = random.Random(seed * 100_003 + number)
        speakers.append(Speaker(user_id, ssrc, founder.encryptor(user_id, ssrc), cipher, chance, counter))
    return speakers
