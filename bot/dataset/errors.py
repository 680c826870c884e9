"""Why an export does not come about. Each error's text is the sentence a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bot.domain.errors import PromptbookError
from bot.domain.ids import SessionId


class ExportRefused(PromptbookError):
    """Base of what stands in the way of an export; `str()` of it says what is wrong and what to do."""

    def __reduce__(self) -> tuple[Callable[[type[ExportRefused], str], ExportRefused], tuple[type[ExportRefused], str]]:
        # It crosses from the process that exports to the one that asked: the sentence does, and the kind.
        return _with_sentence, (type(self), str(self))


class SessionsNotFound(ExportRefused):
    """Some of the sessions to export are not in the database."""

    def __init__(self, session_ids: Iterable[SessionId]) -> None:
        self.session_ids = sorted(session_ids)
        numbers = ", ".join(str(session_id) for session_id in self.session_ids)
        super().__init__(f"There is no session {numbers} in this database.")


class NothingToExport(ExportRefused):
    """No clip is left once consent and the files themselves have been checked; `reason` ends the sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"There is nothing to export: {reason}.")


class FolderTaken(ExportRefused):
    """The place for the export holds something that an export must not replace."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"{path} {why}. Name a folder that is new, empty, or an earlier export.")


class FolderUnwritable(ExportRefused):
    """The disk did not take the export."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        why = error.strerror or str(error)
        super().__init__(f"The export cannot be written to {path} ({why}). Nothing was left there.")


class IdentityFound(ExportRefused):
    """Something that identifies a person or a server was about to be written; nothing was."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(
            f"The export was stopped: {place} would have contained a number by which Discord knows a person or a "
            "place. Nothing was written. This is a defect of Promptbook; please report it."
        )


def _with_sentence(kind: type[ExportRefused], sentence: str) -> ExportRefused:
    refused = kind.__new__(kind)
    refused.args = (sentence,)
    return refused
