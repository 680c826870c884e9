"""One member of the cast, with a Discord client and a voice in the channel."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from random import Random

import numpy as np

from bot.domain.instrument import NOT_JUDGED
from bot.embedded.client.person import Person
from bot.embedded.client.replies import Modal
from bot.embedded.client.screen import Message
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.guild.world import Profile
from bot.embedded.journal import Journal
from bot.rehearsal.cast.calibration_cards import read_calibration
from bot.rehearsal.cast.cards import read_card, read_cue
from bot.rehearsal.cast.cue_manners import ANSWERS, GOT_IT, CueManner
from bot.rehearsal.cast.ears import Ears
from bot.rehearsal.cast.judging import Nature, judge
from bot.rehearsal.cast.parts import Part, learn, learn_interruptions, marker

FEW_SECONDS = 12.0
"""How much is prepared at a cue: little, so that its performer is silent only for a moment."""


READING_SECONDS = 0.8
"""How long a player reads a cue before they press the button under it."""

QUESTION_PATIENCE_SECONDS = 15.0
"""How long a player waits for the question after the cut; the take must be kept first."""


def is_cue_question(message: Message) -> bool:
    """Whether a message asks about a cue and has not been answered."""
    return {button.label for button in message.buttons} == set(ANSWERS.values())


def _is_cue(message: Message) -> bool:
    return read_cue(message.text) is not None and any(button.label == GOT_IT for button in message.buttons)


class Player:
    """A profile of the world, a client, a voice and ears.

    `consents` is what they gave, by scope, `nature` how they judge, which is noted as `judge`.
    """

    def __init__(self, profile: Profile, person: Person, place: int, journal: Journal, seed: int, ears: Ears) -> None:
        self.profile = profile
        self.person = person
        self.voice: VoiceParticipant | None = None
        self.consents: list[str] = []
        self.part: Part | None = None
        self._place = place
        self._journal = journal
        self._chance = Random(f"{seed}/{profile.user_id}/player")
        self._noise = np.random.default_rng([seed, profile.user_id])
        self._ears = ears
        self._judging = Random(f"{seed}/{profile.user_id}/judge")
        self.nature = Nature.drawn(self._judging)
        self.note("judge", **self.nature.as_fields())
        self._emotion = ""
        self._talk: asyncio.Task[None] | None = None

    @property
    def user_id(self) -> int:
        """The account's id."""
        return self.profile.user_id

    def read_card(self, scene: int, card: Message) -> None:
        """Read the dealt card and note it. Raises ValueError if it is not a card."""
        dealt = read_card(card.text)
        self.note("card_read", scene=scene, message_id=card.message_id, **dealt.as_fields())
        self._emotion = dealt.emotion or ""

    def read_calibration(self, scene: int, card: Message | None) -> None:
        """Read a part of a calibration and note it. Raises ValueError if it is none."""
        dealt = read_calibration(card.text) if card else None
        if card is None or dealt is None:
            raise ValueError(f"This is no part of a calibration: {card.text[:200] if card else None!r}.")
        self.note("card_read", scene=scene, message_id=card.message_id, **dealt.as_fields())
        self._emotion = "neutral"

    async def mark(self, seconds: float) -> None:
        """Send a tone that must not be found anywhere."""
        if self.voice is None:
            raise RuntimeError("A player can be heard only in the voice channel.")
        line = marker(seconds, self._noise)
        await self.voice.speak(line.packets, line.as_fields())

    async def learn_lines(self, seconds: float) -> None:
        """Prepare lines that last `seconds`, in the card's emotion. Remaining ones are used first."""
        if self.part and self.part.emotion == self._emotion and self.part.seconds_left >= seconds:
            return
        self.part = await asyncio.to_thread(learn, self._emotion, self._place, seconds, self._noise)

    async def note_cues(self, scene: int, take: int, since: float) -> None:
        """Note each message with a cue when it appears, whether or not this player looks. This never returns."""
        noted: set[int] = set()

        def is_new(message: Message) -> bool:
            return _is_cue(message) and message.message_id not in noted

        while True:
            cue = await self.person.wait_for_message(is_new, timeout=math.inf, since=since)
            noted.add(cue.message_id)
            told = {"emotion": read_cue(cue.text), "text": cue.text, "message_id": cue.message_id}
            way = "card" if cue.is_ephemeral else "dm"
            self.note("cue_told", t=cue.seen_at, scene=scene, take=take, way=way, **told)

    async def follow_cue(self, scene: int, take: int, since: float, manner: CueManner) -> None:
        """Wait for a cue and do what the manner says: press, and continue in it. Without a cue, this never returns."""

        def is_noticed(message: Message) -> bool:
            return _is_cue(message) and (manner.looks or message.is_direct)

        cue = await self.person.wait_for_message(is_noticed, timeout=math.inf, since=since)
        if manner.presses:
            await asyncio.sleep(READING_SECONDS)
            pressed_at = time.monotonic()
            await self.person.click(cue, GOT_IT)
            self.note("cue_acknowledged", t=pressed_at, scene=scene, take=take)
        if manner.plays:
            emotion = read_cue(cue.text) or ""
            self.part = await asyncio.to_thread(learn, emotion, self._place, FEW_SECONDS, self._noise)

    async def answer_about_cue(self, scene: int, take: int, since: float, manner: CueManner) -> None:
        """After the cut, wait for the question about the cue, and answer it or not."""
        question = await self.person.wait_for_message(is_cue_question, timeout=QUESTION_PATIENCE_SECONDS, since=since)
        self.note("cue_asked", t=question.seen_at, scene=scene, take=take, message_id=question.message_id)
        if manner.answer is not None:
            await self.person.click(question, ANSWERS[manner.answer])
            self.note("cue_answered", scene=scene, take=take, answer=manner.answer)

    async def prepare_interruptions(self, seconds: float) -> None:
        """Prepare the bystander's part: talk with tones in between."""
        if self.part is None or self.part.seconds_left < seconds:
            self.part = await asyncio.to_thread(learn_interruptions, self._place, seconds, self._noise)

    def begin_to_talk(self, talking: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        """Say the part until `stop` is set. The current line is finished."""
        self._talk = talking.create_task(self.talk_until(stop))

    def fall_silent(self) -> None:
        """Stop in mid-word, as if the client were gone."""
        if self._talk:
            self._talk.cancel()

    async def talk_until(self, stop: asyncio.Event) -> None:
        """Say the part with its pauses until `stop` is set or nothing is left. The current line is finished."""
        if self.voice is None or self.part is None:
            raise RuntimeError("A player can talk only in the voice channel and with a part.")
        while not stop.is_set() and (line := self.part.next_line()):
            await self.voice.speak(line.packets, line.as_fields())
            await asyncio.sleep(self.part.pause_ms / 1000 * self._chance.uniform(0.9, 1.3))

    async def judge(self, clip: bytes, form: Modal) -> dict[str, str]:
        """Listen to a clip and return an answer to each field of a form with choices. What was heard is noted.

        What the form asks and this judge cannot hear is answered at random.
        """
        heard = await asyncio.to_thread(self._ears.listen, clip)
        emotions = [value for _, value in form.field("emotion").options if value not in NOT_JUDGED]
        judged = judge(heard.difference, self.nature, emotions, self._judging)
        self.note("heard", place=heard.place, is_careless=judged.is_careless, **heard.difference.as_fields())
        choices = {field.custom_id: [value for _, value in field.options] for field in form.fields if field.options}
        return {key: judged.answers.get(key) or self._judging.choice(values) for key, values in choices.items()}

    async def compare(self, clips: Sequence[bytes]) -> bool:
        """Listen to clips and say whether all seem to be of the same voice."""
        heard = [await asyncio.to_thread(self._ears.listen, clip) for clip in clips]
        return len({one.place for one in heard}) == 1

    def note(self, kind: str, **fields: object) -> None:
        """Write into the cast's journal what this player did or was told."""
        self._journal.write(kind, user_id=self.user_id, **fields)
