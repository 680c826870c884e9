"""How each act of a history happens to the bot."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

from bot.domain.consent import TO_PERFORM, TO_RATE, Action, ConsentChange
from bot.domain.consent_terms import Representation, Scope, Terms
from bot.domain.ids import GuildId, UserId
from bot.services.consent.consent_requests import ConsentWish
from bot.services.session.sessions import SessionWishes
from bot.store.consents import append_consents, last_wording
from bot.store.people import find_person
from tests.evening import COORDINATOR
from tools.histories.channel import CHANNELS, GUILDS, USERS
from tools.histories.life import TROUBLED_ACTS, Life
from tools.histories.story import Act, Kind
from tools.histories.voices import talk
from tools.stops.disks import fill, is_filled, make_room

ACME, BETA = "Acme Voices", "Beta"
ALL: Final = TO_PERFORM | TO_RATE
WISHES: Final = (
    ALL,
    ALL | {Scope.TRAIN_RECOGNITION},
    ALL | {Scope.TRAIN_RECOGNITION, Scope.PUBLIC_RELEASE},
    frozenset[Scope](),
    TO_PERFORM | {Scope.TRAIN_RECOGNITION},
    TO_RATE,
)
WITHDRAWN: Final = (
    tuple(Scope),
    (Scope.TRAIN_RECOGNITION,),
    (Scope.RECORD,),
    (Scope.SHARE_WITH_CLIENT,),
    (Scope.STORE_AND_REVIEW, Scope.PUBLIC_RELEASE),
)
EXPORTS: Final = (
    (None, None),
    (Scope.TRAIN_RECOGNITION, None),
    (None, ACME),
    (Scope.TRAIN_RECOGNITION, ACME),
    (Scope.VOICE_CLONE_REPLICA, None),
    (Scope.PUBLIC_RELEASE, BETA),
)
TERM_SECONDS: Final = 12.0
WITH_TERMS: Final = frozenset({Scope.SHARE_WITH_CLIENT, Scope.VOICE_CLONE_REPLICA})

_TEXT = "---\nversion: {version}\nlocale: en\nasks_again: {asks}\n---\nA text of a history, corrected {number} times.\n"


async def _form(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    held = (await life.services.consents.stored(user, guild)).here & WITH_TERMS
    wanted = act.of(WISHES) | (held if act.pick & 16 else frozenset())
    everywhere = bool(act.pick & 8)
    life.services.consent_requests.ask_now(guild, user, ConsentWish(wanted, is_adult=True, everywhere=everywhere))
    version = life.services.library.consent_text().version
    life.note("form", user=user, guild=guild, wanted=sorted(wanted), everywhere=everywhere, version=version)
    await asyncio.sleep(0.01)


async def _withdraw(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    scopes = act.of(WITHDRAWN)
    life.services.withdrawals.ask_now(user, scopes)
    life.note("withdraw", user=user, scopes=list(scopes))
    await asyncio.sleep(0.01)


async def _erase(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    """Leave every channel, and ask to be erased: who is in a channel is known to the bot."""
    for server in range(len(GUILDS)):
        await _leave(life, Act(Kind.LEAVE, act.who, server), user, GUILDS[server])
    life.services.erasures.ask_now(user, ["Wilhelmina"])
    life.note("erase", user=user)
    await asyncio.sleep(0.01)


async def _cover(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    work = life.services.consent_requests.cover_earlier(guild, user)
    await life.wait_for(_granted(life, user, guild, list(Scope), work, covers=True))


async def _share(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    terms = Terms((act.of((ACME, BETA)),))
    work = life.services.consent_requests.grant_with_terms(guild, user, Scope.SHARE_WITH_CLIENT, terms)
    await life.wait_for(_granted(life, user, guild, [Scope.SHARE_WITH_CLIENT], work, terms))


async def _replica(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    terms = Terms((), life.clock.after(TERM_SECONDS), "one character of one game", Representation.UNION)
    work = life.services.consent_requests.grant_with_terms(guild, user, Scope.VOICE_CLONE_REPLICA, terms)
    await life.wait_for(_granted(life, user, guild, [Scope.VOICE_CLONE_REPLICA], work, terms))


async def _granted(
    life: Life,
    user: UserId,
    guild: GuildId,
    scopes: list[Scope],
    work: Coroutine[Any, Any, tuple[ConsentChange, ...]],
    terms: Terms | None = None,
    *,
    covers: bool = False,
) -> None:
    """Note that something is asked for that is not in force before it is stored, and what came of it."""
    terms, version = terms or Terms(), life.services.library.consent_text().version
    asked = life.note(
        "asked",
        user=user,
        guild=guild,
        scopes=scopes,
        covers=covers,
        version=version,
        recipients=terms.recipients,
        ends_at=terms.ends_at or "",
    )
    try:
        changed = await work
    except Exception:
        life.note("refused", asked=asked)
        raise
    if changed:
        life.note("granted", asked=asked, scopes=[one.scope for one in changed])
    else:
        life.note("refused", asked=asked)


async def _suspend(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    await life.wait_for(_log(life, act, Action.SUSPEND, user, guild))


async def _resume(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    await life.wait_for(_log(life, act, Action.RESUME, user, guild))


async def _log(life: Life, act: Act, action: Action, user: UserId, guild: GuildId) -> None:
    """Add to the log what no screen offers yet; only between takes, which learn of it from the store."""
    scope = act.of((Scope.RECORD, Scope.TRAIN_RECOGNITION))
    if life.lock or any(session.take for session in life.services.live):
        return
    await life.services.starting.promises.all_kept()
    async with life.database.transaction() as tx:
        person = await find_person(tx, user)
        wording = person and await last_wording(tx, person.person_id)
        if not person or not wording:
            return
        await append_consents(tx, person.person_id, [ConsentChange(scope, action, guild)], wording, life.clock.now())
    life.note(action.value, user=user, guild=guild, scope=scope)


async def _text(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    number = life.deeds.next_number
    old = life.services.library.consent_text()
    manner = act.pick % 4
    version, asks = (old.version, old.asks_again) if manner == 0 else (f"h-{number}", manner >= 2)
    life.places.text.write_text(_TEXT.format(version=version, asks=str(asks).lower(), number=number))
    life.note("text", version=version, asks_again=asks)


async def _leave(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    people, channel = life.stage.channels[CHANNELS[act.server]], CHANNELS[act.server]
    if user in people:
        people.discard(user)
        life.note("leave", user=user, channel=channel)
        await life.wait_for(life.services.presence.channel_changed(guild, user, channel, None))


async def _come(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    people, channel = life.stage.channels[CHANNELS[act.server]], CHANNELS[act.server]
    if user not in people:
        people.add(user)
        life.note("come", user=user, channel=channel)
        await life.wait_for(life.services.presence.channel_changed(guild, user, None, channel))


async def _take(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    life.note("take", guild=guild)
    await life.wait_for(_call(life, act, guild))


async def _call(life: Life, act: Act, guild: GuildId) -> None:
    services = life.services
    live = life.live(act.server)
    if live is None:
        live = await services.sessions.start(guild, CHANNELS[act.server], COORDINATOR, SessionWishes(seed=7))
    if live.is_paused:
        await services.pauses.resume(live)
    if live.take is None:
        await services.scenes.deal(live)
    await services.takes.start(live, life.clock.monotonic())
    if booth := life.booth(act.server):
        life.clock.go_to(booth.started_at)
        await asyncio.sleep(0.02)


async def _talk(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    if life.booth(act.server) is None:
        await _take(life, act, user, guild)
    booth = life.booth(act.server)
    if booth is None or booth.order is None or user not in booth.people:
        return
    folder = booth.order.folder.relative_to(life.places.home.folder).as_posix()
    number = life.note("talk", user=user, guild=guild, folder=folder)
    booth.say(act.who, talk(act.who, number))
    # The recording writes what it has every quarter of a second; what it has not written by then can be lost.
    await asyncio.sleep(0.3 if act.pick % 3 == 0 else 0)


async def _cut(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    if (live := life.live(act.server)) and live.take and live.take.is_running:
        life.note("cut", guild=guild)
        await life.wait_for(life.services.cuts.cut(live, life.clock.monotonic()))


async def _wait(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    life.clock.go_to(life.clock.monotonic() + act.pick / 4)
    await asyncio.sleep(0.02)


async def _export(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    await life.wait_for(life.export(*act.of(EXPORTS)))


async def _fill(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    if life.places.has_small_disk:
        fill(life.places.home.folder)
        life.acts_until_clear = TROUBLED_ACTS
        life.note("filled")


async def _make_room(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    if is_filled(life.places.home.folder):
        make_room(life.places.home.folder)
        life.note("made_room")


async def _lock(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    if life.lock is None:
        life.lock = sqlite3.connect(life.database.path, timeout=0, isolation_level=None)
        try:
            life.lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            life.release_lock()
            return
        life.acts_until_clear = TROUBLED_ACTS
        life.note("locked")


async def _unlock(life: Life, act: Act, user: UserId, guild: GuildId) -> None:
    life.release_lock()


_HAPPENS: Final[Mapping[Kind, Callable[[Life, Act, UserId, GuildId], Awaitable[None]]]] = {
    Kind.FORM: _form,
    Kind.WITHDRAW: _withdraw,
    Kind.COVER: _cover,
    Kind.SHARE: _share,
    Kind.REPLICA: _replica,
    Kind.SUSPEND: _suspend,
    Kind.RESUME: _resume,
    Kind.TEXT: _text,
    Kind.LEAVE: _leave,
    Kind.COME: _come,
    Kind.TAKE: _take,
    Kind.TALK: _talk,
    Kind.CUT: _cut,
    Kind.WAIT: _wait,
    Kind.ERASE: _erase,
    Kind.EXPORT: _export,
    Kind.FILL: _fill,
    Kind.MAKE_ROOM: _make_room,
    Kind.LOCK: _lock,
    Kind.UNLOCK: _unlock,
}


async def happen(life: Life, act: Act) -> None:
    """Let an act happen. A kill is not among them."""
    await _HAPPENS[act.kind](life, act, USERS[act.who], GUILDS[act.server])


async def end(life: Life) -> None:
    """Let everything end, and export once more for every purpose and recipient: this is what must hold now."""
    make_room(life.places.home.folder)
    await life.rest()
    for purpose, recipient in EXPORTS:
        await life.wait_for(life.export(purpose, recipient), 30.0)
    life.note("rested")
