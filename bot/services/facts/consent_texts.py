"""The consent texts that people found, and the one that they find now."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.domain.consent import ConsentText
from bot.domain.errors import DataFileInvalid, DataFileUnknown
from bot.domain.standing import TextInForce
from bot.live.ports import Clock
from bot.services.facts.library import Library
from bot.store.consents import text_is, texts_in_force
from bot.store.database import Database
from bot.store.reader import Reader
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ConsentTexts:
    """Knows which texts came since someone agreed: a new one counts from the moment at which it is in the folder."""

    database: Database
    clock: Clock
    library: Library

    async def known(self, reader: Reader) -> Sequence[TextInForce]:
        """Return the texts in the order in which they came, with those in the folder now at the end.

        A text that cannot be read changes nothing: no one can agree to it either.
        """
        stored = await texts_in_force(reader)
        newest = {text.locale: text.sha256 for text in stored}
        now = self.clock.now()
        return stored + [
            TextInForce(one.locale, one.version, one.sha256, one.asks_again, now)
            for one in self._in_folder()
            if newest.get(one.locale) != one.sha256
        ]

    async def keep(self) -> None:
        """Store the texts in the folder now, if they are new: a later one must not make anyone forget them."""
        stored = {text.locale: text.sha256 for text in await texts_in_force(self.database)}
        if any(stored.get(one.locale) != one.sha256 for one in self._in_folder()):
            async with self.database.transaction() as tx:
                await self.keep_in(tx)

    async def keep_in(self, tx: Transaction, at: str | None = None) -> None:
        """`keep`, in a write; `at` is since when people find them, if not since now."""
        for text in self._in_folder():
            await text_is(tx, text, at or self.clock.now())

    def _in_folder(self) -> list[ConsentText]:
        found: list[ConsentText] = []
        for library in (self.library.in_language(tag) for tag in self.library.languages()):
            for locale in library.consent_locales():
                with suppress(DataFileInvalid, DataFileUnknown):
                    found.append(library.consent_text(locale))
        return found
