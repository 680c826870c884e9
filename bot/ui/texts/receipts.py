"""A receipt of consent: a text file that can be read without this bot, and the message that it comes with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.domain.consent import Action
from bot.domain.consent_terms import Representation, Scope, Terms
from bot.domain.ids import GuildId
from bot.domain.standing import Standing
from bot.services.ports.post import Receipt, ReceiptPlace
from bot.store.records import ConsentRow, ConsentTextRow
from bot.ui.texts.consent import ADVICE, SCOPE_LABELS
from bot.ui.texts.language import phrase, say
from bot.ui.texts.operator import operator_lines

RECEIPT_COMES = phrase(
    "Your consent has changed. This file says what changed, what holds now, and whom to ask: keep it. You can change "
    "your mind at any time with `/consent` or `/me withdraw`, here as well."
)
RECEIPT_HERE = phrase(
    "You accept no direct messages from this bot, so your receipt is here: what changed, what holds now, and whom to "
    "ask. Save the file; `/me receipt` gives it to you again."
)
RECEIPT_AGAIN = phrase("Everything that you ever consented to or withdrew, and what holds now.")
NO_RECEIPT = phrase("You have never consented to anything here, so there is nothing to give a receipt for.")

_ACTIONS: Mapping[Action, str] = {
    Action.GRANT: phrase("Given: {scope}"),
    Action.WITHDRAW: phrase("Withdrawn: {scope}"),
    Action.EXPIRE: phrase("Expired: {scope}"),
    Action.SUSPEND: phrase("Suspended: {scope}"),
    Action.RESUME: phrase("Resumed: {scope}"),
}

_RIGHTS = phrase(
    "You can change your mind at any time, without giving a reason: in Discord with /consent (choose again) or "
    "/me withdraw, also in a direct message to the bot and after you have left the server, or through the contact "
    "above. /me export sends you everything that is held about you, /me erase deletes it."
)


def receipt_name(receipt: Receipt) -> str:
    """What the file is called."""
    return f"consent-receipt-{receipt.made_at[:19].replace(':', '')}.txt"


def receipt_file(receipt: Receipt, name_of: Callable[[GuildId], str]) -> str:
    """The whole receipt, as plain text."""
    about = [
        say("Receipt of consent").upper(),
        "",
        say("Discord account: {account}", account=receipt.user_id),
        say("Name in datasets: {name}", name=receipt.pseudonym),
        say("Made: {when} (UTC)", when=_when(receipt.made_at)),
    ]
    changes = [_change_line(change, name_of) for change in receipt.changes]
    places = [line for place in receipt.places for line in _place_lines(place, name_of)]
    texts = [line for text in receipt.texts for line in _text_lines(text)]
    sections = (
        (say("What changed"), changes),
        (say("What holds now"), places),
        (say("Your rights"), [say(_RIGHTS)]),
        (say("The text that this refers to"), texts or [_unknown_texts(receipt)]),
    )
    return "\n".join([*about, *(line for head, lines in sections for line in ("", head.upper(), "", *lines)), ""])


def _change_line(change: ConsentRow, name_of: Callable[[GuildId], str]) -> str:
    told = [say(_ACTIONS[change.action], scope=say(SCOPE_LABELS[change.scope]))]
    told += [say("also for what was recorded before you withdrew")] if change.covers_earlier else []
    told += list(_terms(change.event.terms))
    where = _server(change.guild_id, name_of) if change.guild_id else say("every server of this bot")
    return f"- {_when(change.happened_at)} - {'; '.join(told)} ({where})"


def _place_lines(place: ReceiptPlace, name_of: Callable[[GuildId], str]) -> Iterator[str]:
    yield _server(place.operator.guild_id, name_of)
    for scope in Scope:
        standing = place.holds.get(scope)
        label = say(SCOPE_LABELS[scope])
        yield f"  [x] {label} ({_since(standing)})" if standing else f"  [ ] {label}"
    yield from (f"  {line}" for line in operator_lines(place.operator))
    yield ""


def _since(standing: Standing) -> str:
    told = [say("since {when}", when=_when(standing.given_at)), *_terms(standing.terms)]
    if standing.withdrawn_until:
        told.append(say("not for what was recorded before {when}", when=_when(standing.withdrawn_until)))
    return "; ".join(told)


def _terms(terms: Terms) -> Iterator[str]:
    if terms.recipients:
        yield say("recipients: {names}", names=", ".join(terms.recipients))
    if terms.ends_at:
        yield say("until {when}", when=_when(terms.ends_at))
    if terms.uses:
        yield say("only for this: {uses}", uses=terms.uses)
    if terms.represented_by:
        yield say("advised by: {adviser}", adviser=say(ADVICE[Representation(terms.represented_by)]))


def _text_lines(text: ConsentTextRow) -> Iterator[str]:
    yield say("Version {version}, language {locale}", version=text.version, locale=text.locale)
    yield say("SHA-256 of its file: {digest}", digest=text.sha256)
    yield ""
    yield text.wording or say("An earlier version of this bot kept only the hash of this text.")
    yield ""


def _unknown_texts(receipt: Receipt) -> str:
    newest = receipt.changes[-1]
    return say(
        "Version {version}, language {locale}, SHA-256 {digest}. Its words are not kept here.",
        version=newest.text_version,
        locale=newest.locale,
        digest=newest.text_sha256,
    )


def _server(guild_id: GuildId, name_of: Callable[[GuildId], str]) -> str:
    name = name_of(guild_id)
    return say("Server {name} ({number})", name=name, number=guild_id)


def _when(moment: str) -> str:
    return moment[:19].replace("T", " ")
