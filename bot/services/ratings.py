"""Peer ratings, blind to the target, and what performers felt themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.audio.sound import read, write_ogg_opus
from bot.domain.consent import TO_RATE
from bot.domain.errors import AlreadyRated, NoSuchTurn, NothingToRate, SelfRatingAsPeer, SelfRatingOfAnother
from bot.domain.instrument import read_answers
from bot.home.places import Home
from bot.live.workers import Lane
from bot.services.consents import may_perform, require_consent
from bot.services.desk import Desk
from bot.services.guild_settings import settings_of
from bot.store.events import log_event
from bot.store.people import Person, find_person, get_person
from bot.store.ratings import (
    RateableTurn,
    add_rating,
    add_self_rating,
    count_raters,
    find_rateable_turn,
    has_rated,
    unrated_turns,
    was_on_stage,
)
from bot.store.sessions import Session
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Clip:
    """One turn to judge, as a file every client plays. `remaining` counts this one."""

    turn_id: int
    path: Path
    is_own: bool
    remaining: int


async def next_clip(desk: Desk, session: Session, discord_user_id: int) -> Clip:
    """What a person should judge next: their own turns first, then the others' in an order of their own.

    Clips that as many have rated as the guild wants are not brought any more. Raises ConsentMissing without consent
    to rate, NothingToRate when all is done.
    """
    person = await _rater(desk, session, discord_user_id)
    waiting = await unrated_turns(desk.database, session.session_id, person.person_id)
    raters = await count_raters(desk.database, session.session_id)
    wanted = (await settings_of(desk, session.guild_id)).ratings_wanted
    waiting = [
        turn
        for turn in waiting
        if (turn.performer_id == person.person_id or raters.get(turn.turn_id, 0) < wanted)
        and await _may_be_heard(desk, turn)
    ]
    if not waiting:
        raise NothingToRate
    turn = min(waiting, key=lambda one: (one.performer_id != person.person_id, _place(session, person, one)))
    path = await _cut_clip(desk, turn)
    desk.clips_given[turn.turn_id, person.person_id] = desk.now()
    return Clip(turn.turn_id, path, turn.performer_id == person.person_id, len(waiting))


async def check_may_judge(desk: Desk, session: Session, turn_id: int, discord_user_id: int, *, as_self: bool) -> None:
    """Raise what `record_rating` or `record_self_rating` would, before a form is filled in for nothing."""
    person, turn = await _judge_of(desk, session, turn_id, discord_user_id)
    _check_side(person, turn, as_self=as_self)
    if await has_rated(desk.database, turn_id, person.person_id):
        raise AlreadyRated


async def record_rating(
    desk: Desk, session: Session, turn_id: int, discord_user_id: int, given: Mapping[str, str]
) -> None:
    """Keep a peer's judgement. Raises SelfRatingAsPeer, AlreadyRated, AnswerInvalid, EmotionUnknown, NoSuchTurn."""
    person, turn = await _judge_of(desk, session, turn_id, discord_user_id)
    _check_side(person, turn, as_self=False)
    answers = read_answers(given, desk.library.emotion_set(session.emotion_set))
    is_partner = await was_on_stage(desk.database, turn.take_id, person.person_id)
    async with desk.database.transaction() as tx:
        if await has_rated(tx, turn_id, person.person_id):
            raise AlreadyRated
        asked_at, now = desk.clips_given.get((turn_id, person.person_id)), desk.now()
        await add_rating(tx, turn_id, person.person_id, answers, is_partner=is_partner, asked_at=asked_at, now=now)
        await _log(tx, now, "turn_rated", session, turn, person)
    desk.clips_given.pop((turn_id, person.person_id), None)


async def record_self_rating(
    desk: Desk, session: Session, turn_id: int, discord_user_id: int, given: Mapping[str, str]
) -> None:
    """Keep what a performer felt in their own turn. Raises SelfRatingOfAnother, else as `record_rating`."""
    person, turn = await _judge_of(desk, session, turn_id, discord_user_id)
    _check_side(person, turn, as_self=True)
    answers = read_answers(given, desk.library.emotion_set(session.emotion_set))
    async with desk.database.transaction() as tx:
        if await has_rated(tx, turn_id, person.person_id):
            raise AlreadyRated
        now = desk.now()
        await add_self_rating(tx, turn_id, person.person_id, answers, now=now)
        await _log(tx, now, "turn_self_rated", session, turn, person)
    desk.clips_given.pop((turn_id, person.person_id), None)


async def _judge_of(desk: Desk, session: Session, turn_id: int, discord_user_id: int) -> tuple[Person, RateableTurn]:
    person = await _rater(desk, session, discord_user_id)
    turn = await find_rateable_turn(desk.database, turn_id)
    if turn is None or turn.session_id != session.session_id or not await _may_be_heard(desk, turn):
        raise NoSuchTurn
    return person, turn


async def _rater(desk: Desk, session: Session, discord_user_id: int) -> Person:
    # Reads only: a form must be opened within Discord's three seconds, whoever is writing.
    await require_consent(desk, discord_user_id, session.guild_id, TO_RATE)
    person = await find_person(desk.database, discord_user_id)
    assert person is not None, "consent is given by people in the store"
    return person


def _check_side(person: Person, turn: RateableTurn, *, as_self: bool) -> None:
    is_own = turn.performer_id == person.person_id
    if is_own and not as_self:
        raise SelfRatingAsPeer
    if as_self and not is_own:
        raise SelfRatingOfAnother


async def _may_be_heard(desk: Desk, turn: RateableTurn) -> bool:
    live = desk.live.find(turn.session_id)
    if live and live.has_stopped(turn.scene_id):
        return False
    performer = await get_person(desk.database, turn.performer_id)
    return await may_perform(desk, performer.discord_user_id, turn.guild_id)


def _place(session: Session, person: Person, turn: RateableTurn) -> float:
    # Random for each rater, and the same whenever this rater asks again.
    return Random(f"{session.seed}/{person.person_id}/{turn.turn_id}").random()  # noqa: S311


async def _cut_clip(desk: Desk, turn: RateableTurn) -> Path:
    path = desk.settings.home.clip(turn.track_path, turn.start_samples, turn.end_samples)
    if not path.exists():
        await desk.workers.run(Lane.CLIPS, _write_clip, desk.settings.home, path, turn)
    return path


def _write_clip(home: Home, path: Path, turn: RateableTurn) -> None:
    # Several raters may ask for the same clip at once: each writes its own file, and the last one stays.
    unfinished = home.half_made(path)
    for folder in (path.parent, unfinished.parent):
        folder.mkdir(parents=True, exist_ok=True)
    write_ogg_opus(unfinished, read(home.track(turn.track_path), turn.start_samples, turn.end_samples))
    unfinished.replace(path)


async def _log(tx: Transaction, now: str, kind: str, session: Session, turn: RateableTurn, person: Person) -> None:
    await log_event(
        tx,
        kind,
        now,
        session_id=session.session_id,
        take_id=turn.take_id,
        person_id=person.person_id,
        turn_id=turn.turn_id,
    )
