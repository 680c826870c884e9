"""The consent form: purposes to tick one by one, and the age."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord

from bot.domain.consent import TO_PERFORM, TO_RATE, Consented
from bot.domain.consent_terms import Scope, digest_of
from bot.domain.ids import GuildId
from bot.services.consent.consent_requests import ConsentOutcome, ConsentWish
from bot.ui.answers import NO_PINGS, show, tell, wait_please
from bot.ui.consent_more import view_after
from bot.ui.custom_ids import CHOOSE_CONSENT, CHOOSE_CONSENT_OF, CONSENT_FORM, CONSENT_FORM_OF, Numbers, OfServer
from bot.ui.form_values import FormValues
from bot.ui.press import Press
from bot.ui.receipts import send_receipt_soon
from bot.ui.texts import consent as texts
from bot.ui.texts.errors import sentence_of
from bot.ui.texts.language import say

PATIENCE_SECONDS = 5.0
_MOST_BUTTONS = 25
"""Five rows of five: what a message holds."""

_NAMED = "#"
"""Between a scope and the number of the recipients whom its box names."""

_TAKING_PART = [scope for scope in Scope if scope in TO_PERFORM | TO_RATE]
_USES = [scope for scope in Scope if scope not in TO_PERFORM | TO_RATE]


def consent_view() -> discord.ui.View:
    """What is below the text: one button, which works as long as the message exists."""
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.Button(
            label=say(texts.CHOOSE_BUTTON), style=discord.ButtonStyle.primary, custom_id=CHOOSE_CONSENT.build(Numbers())
        )
    )
    return view


def consent_view_of(servers: Sequence[tuple[GuildId, str]]) -> discord.ui.View:
    """What is below the text in direct messages: one button per server, by its id and name."""
    view = discord.ui.View(timeout=None)
    for guild_id, name in servers[:_MOST_BUTTONS]:
        custom_id = CHOOSE_CONSENT_OF.build(OfServer(guild_id))
        label = texts.choose_for_text(name)
        view.add_item(discord.ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=custom_id))
    return view


def consent_form(
    consented: Consented, named_guild: GuildId | None = None, recipients: Sequence[str] = (), *, is_shared: bool = False
) -> discord.ui.Modal:
    """The form as one person finds it: what is in force is ticked; for a newcomer, nothing is.

    Consent is an affirmative act; a box that is ticked in advance is not consent (GDPR, recital 32). In direct
    messages, the form's id says which server it is about. Recordings can be shared only with the `recipients`, by name;
    `is_shared`: what is in force names them.
    """
    ticked = consented.here if is_shared else consented.here - {Scope.SHARE_WITH_CLIENT}
    uses = [scope for scope in _USES if recipients or scope is not Scope.SHARE_WITH_CLIENT]
    own_id = CONSENT_FORM.build(Numbers()) if named_guild is None else CONSENT_FORM_OF.build(OfServer(named_guild))
    form = discord.ui.Modal(title=say(texts.FORM_TITLE), custom_id=own_id)
    form.add_item(discord.ui.Label(text=say(texts.TAKING_PART), component=_boxes("taking_part", _TAKING_PART, ticked)))
    form.add_item(
        discord.ui.Label(
            text=say(texts.USES),
            description=say(texts.USES_EXPLAINED),
            component=_boxes("uses", uses, ticked, recipients),
        )
    )
    adult = discord.ui.Checkbox[discord.ui.Modal](custom_id="adult", default=bool(ticked))
    form.add_item(discord.ui.Label(text=say(texts.ADULT), component=adult))
    everywhere = discord.ui.Checkbox[discord.ui.Modal](custom_id="everywhere", default=bool(consented.everywhere))
    form.add_item(
        discord.ui.Label(text=say(texts.EVERYWHERE), description=say(texts.EVERYWHERE_EXPLAINED), component=everywhere)
    )
    return form


async def submit_consent(press: Press, values: FormValues, _: Numbers) -> None:
    """Store what is ticked and say what that means. To untick is to withdraw."""
    ticked = [value.partition(_NAMED) for value in (*values.many("taking_part"), *values.many("uses"))]
    wanted = frozenset(Scope(scope) for scope, _, _ in ticked)
    shares = next((int(digest) for _, _, digest in ticked if digest), 0)
    wish = ConsentWish(wanted, values.ticked("adult"), values.ticked("everywhere"), shares)
    # What is withdrawn counts from here on, before Discord or the store knows.
    promise = press.services.consent_requests.ask_now(press.guild_id, press.user_id, wish)
    await wait_please(press.interaction)
    await asyncio.wait({promise.kept}, timeout=PATIENCE_SECONDS)
    if promise.kept.done():
        outcome: ConsentOutcome = promise.kept.result()
        if view := view_after(press, outcome):
            await show(press.interaction, content=_told(wish, outcome), view=view, allowed_mentions=NO_PINGS)
        else:
            await tell(press.interaction, _told(wish, outcome))
        send_receipt_soon(press)
    else:
        await tell(press.interaction, texts.not_stored_text(wish.wanted))


def _told(wish: ConsentWish, outcome: ConsentOutcome) -> str:
    if outcome.refusal:
        return texts.refused_text(outcome.changed, sentence_of(outcome.refusal))
    return texts.outcome_text(wish.wanted, outcome.changed, outcome.earlier, outcome.lacks)


def _boxes(
    custom_id: str, scopes: Sequence[Scope], ticked: frozenset[Scope], recipients: Sequence[str] = ()
) -> discord.ui.CheckboxGroup[discord.ui.Modal]:
    return discord.ui.CheckboxGroup(
        custom_id=custom_id,
        required=False,
        min_values=0,
        max_values=len(scopes),
        options=[
            discord.CheckboxGroupOption(
                label=texts.box_text(scope, recipients), value=_value(scope, recipients), default=scope in ticked
            )
            for scope in scopes
        ],
    )


def _value(scope: Scope, recipients: Sequence[str]) -> str:
    """The value of a box. One that names recipients says by a number which."""
    is_named = scope is Scope.SHARE_WITH_CLIENT
    return f"{scope.value}{_NAMED}{digest_of(recipients)}" if is_named else scope.value
