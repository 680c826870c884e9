"""Giving and taking back consent."""

from __future__ import annotations

from bot.domain.consent import TO_PERFORM, Action, Scope, changes
from bot.domain.errors import ConsentIncomplete
from bot.services.desk import Desk
from bot.store.consents import append_consents, last_wording, scopes_in_force
from bot.store.events import log_event
from bot.store.people import ensure_person
from bot.store.sessions import open_session_of


async def set_consents(
    desk: Desk, guild_id: int, discord_user_id: int, wanted: frozenset[Scope], *, is_adult: bool
) -> list[tuple[Scope, Action]]:
    """Bring what is in force to what a person ticked; returns what changed.

    Withdrawing needs nothing, not even a readable text; granting needs the person to say that they are of age. A
    withdrawal that ends
    recording takes effect with the next packet, before anything is written to the store; a take or sound check that
    is being started at the same time reads the store once more before it goes on.
    """
    changed = changes(await scopes_in_force(desk.database, discord_user_id), wanted)
    if not is_adult and any(action is Action.GRANT for _, action in changed):
        raise ConsentIncomplete("age")
    if not wanted >= TO_PERFORM:
        _stop_recording(desk, discord_user_id)
    is_granting = any(action is Action.GRANT for _, action in changed)
    text = desk.library.consent_text() if is_granting else None
    session = await open_session_of(desk.database, guild_id)
    now = desk.now()
    async with desk.database.transaction() as tx:
        person = await ensure_person(tx, discord_user_id, now)
        wording = text or await last_wording(tx, person.person_id)
        if wording:
            await append_consents(tx, person.person_id, changed, wording, now)
        for scope, action in changed:
            await log_event(
                tx,
                "consent_granted" if action is Action.GRANT else "consent_withdrawn",
                now,
                session_id=session.session_id if session else None,
                person_id=person.person_id,
                scope=scope.value,
            )
    if not wanted >= TO_PERFORM:
        # A take that was called while this waited for the store may have read it before.
        _stop_recording(desk, discord_user_id)
    if session and changed:
        desk.stage.panel_changed(session.session_id)
    return changed


def _stop_recording(desk: Desk, discord_user_id: int) -> None:
    for live in (*desk.takes.values(), *desk.checks.values()):
        live.recordable.discard(discord_user_id)
