"""What the next scene is: drawn in a thread, because it takes a while for a crowd, and checked again before it counts.

People leave, withdraw and draw lines while a scene is drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.domain.casting.deal import Casting, Deal, Materials, deal
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import EmotionSet
from bot.domain.events.kinds import EventKind
from bot.domain.ids import PersonId, UserId
from bot.domain.limits import Limits
from bot.domain.states import CueCause, CuePolicy
from bot.live.ports import Booth
from bot.live.session import LiveSession
from bot.live.workers import Lane, Workers
from bot.services.access.guild_settings import GuildSettings
from bot.services.booth.booths import Booths
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.library import Library
from bot.services.facts.limits import LimitsInForce, lines_of, refused_by
from bot.services.scene.cards import CHARACTERS
from bot.services.scene.decks import Decks
from bot.store.database import Database
from bot.store.events import count_events
from bot.store.history import Played, history_of, read_played
from bot.store.people import people_among
from bot.store.records import Scene
from bot.store.scenes import CuePlan, Drawn
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Draw:
    """A scene that was drawn and is not stored yet.

    `people` are the accounts of those who were in the channel and consented to be recorded, by person.
    """

    drawn: Drawn
    people: Mapping[PersonId, UserId]
    booth: Booth

    @property
    def deal(self) -> Deal:
        """The prompt and its cast."""
        return self.drawn.deal

    @property
    def on_stage(self) -> tuple[UserId, ...]:
        """Who was dealt a part, in the order of the parts."""
        return tuple(self.people[casting.person_id] for casting in self.deal.castings)

    @property
    def on_standby(self) -> tuple[UserId, ...]:
        """Everyone else who could have been dealt a part, in a stable order."""
        return tuple(user for user in sorted(self.people.values()) if user not in self.on_stage)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What people do not play, as `deal` takes it, and the prompt that a coordinator chose."""

    lines: frozenset[str]
    refused: Mapping[PersonId, frozenset[str]]
    prompt_id: str | None


@dataclass(frozen=True, slots=True)
class Dealing:
    """Draws scenes. The code that stores one holds the session's lock all the time."""

    database: Database
    library: Library
    decks: Decks
    consents: ConsentsInForce
    limits: LimitsInForce
    booths: Booths
    workers: Workers

    async def draw(self, session: LiveSession, instead_of: Scene | None, wanted: str | Prompt | None) -> Draw:
        """Draw a scene for those in the channel who consent to be recorded, as if `instead_of` had never been dealt.

        `wanted` is the id of a prompt in the session's deck, or a prompt that is in none.
        Raises TooFewPerformers, NothingToDeal if those present can play no prompt, PromptUnknown.
        """
        booth = await self.booths.of(session)
        guild = session.settings
        occupants = booth.occupants()
        users = await self.consents.performers_among(occupants, session.guild_id)
        # Consent is about a person, so the people who gave it are known.
        people = {person: user for user, person in (await people_among(self.database, users)).items()}
        replaced = instead_of.scene_id if instead_of else None
        played = await read_played(self.database, session.guild_id, session.session_id, but_scene=replaced)
        # The seed contains the number of the deal, so that dealing again gives another result.
        deals = await count_events(self.database, session.session_id, (EventKind.SCENE_DEALT, EventKind.SCENE_REDEALT))
        seed = f"{session.seed}/{deals}"
        limits = await self.limits.among({*occupants, *people.values()})
        refused = {person: self._refused(guild, limits[user]) for person, user in people.items()}
        # People who only rate or listen hear the scene too, so their lines count.
        prompt_id = wanted.prompt_id if isinstance(wanted, Prompt) else wanted
        wishes = _Wishes(lines_of(limits), refused, prompt_id)
        materials = await self._materials(session, guild, wanted)
        dealt = await self.workers.run(Lane.DEALS, _deal, materials, people, played, seed, wishes)
        return Draw(Drawn(dealt, materials, seed, cue_plan(guild)), people, booth)

    async def still_holds(self, tx: Transaction, session: LiveSession, draw: Draw) -> bool:
        """Whether a scene can be played as it was drawn: its cast are there and consent, and no limit is crossed.

        People who came in the meantime are dealt a part in the next scene, but their lines count.
        """
        occupants = frozenset(draw.booth.occupants())
        limits = await self.limits.among({*occupants, *draw.on_stage}, tx)
        if not draw.deal.prompt.tags.isdisjoint(lines_of(limits)):
            return False
        off = self.off_stage(session, [limits[user] for user in draw.on_stage])
        if not off.isdisjoint(keys_of(draw.deal.castings, draw.drawn.materials.emotions)):
            return False
        consenting = await self.consents.performers_among(draw.on_stage, session.guild_id, tx)
        return occupants & consenting >= set(draw.on_stage)

    def off_stage(self, session: LiveSession, limits: Iterable[Limits]) -> frozenset[str]:
        """The keys of the emotions that no one is dealt while people with these limits are on stage."""
        return frozenset[str]().union(*(self._refused(session.settings, one) for one in limits))

    def _refused(self, guild: GuildSettings, limits: Limits) -> frozenset[str]:
        return refused_by(limits, self.library.opt_ins(), guild.opt_ins)

    async def _materials(self, session: LiveSession, guild: GuildSettings, wanted: str | Prompt | None) -> Materials:
        is_own = isinstance(wanted, Prompt)
        deck = (
            Deck("", "", (wanted,))
            if is_own
            else await self.decks.find(session.guild_id, session.deck, session.language)
        )
        return Materials(
            deck,
            self.library.in_language(session.language).emotion_set(session.emotion_set),
            self.library.in_language(session.language).character_set(CHARACTERS),
            arcs=0 if guild.cue_policy is CuePolicy.NONE else 1,
            tonight=session.dealt_emotions,
        )


def cue_plan(guild: GuildSettings) -> CuePlan:
    """How the arcs of a scene are cued on a server now."""
    # If the guild deals no arcs, an arc that a coordinator asks for is cued by the coordinator.
    return CuePlan(CueCause.TIME if guild.cue_policy is CuePolicy.TIME else CueCause.COORDINATOR, guild.scene_seconds)


def _deal(
    materials: Materials,
    people: Collection[PersonId],
    played: Played,
    seed: str,
    wishes: _Wishes,
) -> Deal:
    random = Random(seed)  # noqa: S311 - must be reproducible
    present = sorted(people)
    return deal(
        materials,
        present,
        history_of(played, present),
        random,
        lines=wishes.lines,
        refused=wishes.refused,
        prompt_id=wishes.prompt_id,
    )


def keys_of(castings: Sequence[Casting], emotions: EmotionSet) -> set[str]:
    """Return the keys of all emotions that are dealt in these parts, and those that open their directions."""
    known = {one.key: one for one in emotions.emotions}
    dealt = [(casting.target_emotion, casting.direction) for casting in castings]
    dealt += [(casting.arc.second_emotion, casting.arc.direction) for casting in castings if casting.arc]
    opened = {known[key].opened_by(number) for key, number in dealt if key in known}
    return {key for key, _ in dealt} | (opened - {""})
