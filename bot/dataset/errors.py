"""The reasons why an export is refused. Each error's text is the sentence that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bot.domain.errors import PromptbookError
from bot.domain.ids import SessionId
from bot.store.errors import DatabaseUnwritable


class ExportRefused(PromptbookError):
    """Base of everything that prevents an export; its `str()` says what is wrong and what to do."""

    def __reduce__(self) -> tuple[Callable[[type[ExportRefused], str], ExportRefused], tuple[type[ExportRefused], str]]:
        # It crosses from the exporting process to the one that asked. Only the sentence and the class are sent.
        return _with_sentence, (type(self), str(self))


class SessionsNotFound(ExportRefused):
    """Some of the sessions to export are not in the database."""

    def __init__(self, session_ids: Iterable[SessionId]) -> None:
        self.session_ids = sorted(session_ids)
        numbers = ", ".join(str(session_id) for session_id in self.session_ids)
        missing = f"session {numbers}" if len(self.session_ids) == 1 else f"sessions {numbers}"
        super().__init__(f"This database does not contain {missing}. Check the number.")


class NothingToExport(ExportRefused):
    """No clip is left after consent and the files were checked; `reason` completes the sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"There is nothing to export: {reason}.")


class FolderTaken(ExportRefused):
    """The folder for the export holds something that an export must not replace."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"{path} {why}. Choose a folder that is new, empty or an earlier export.")


class DatasetInTheWay(ExportRefused):
    """The folder for a log holds a dataset, which the log would replace."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} holds a dataset, and a log would replace it. Choose another folder.")


class FolderUnwritable(ExportRefused):
    """The export could not be written to the disk."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        why = error.strerror or str(error)
        super().__init__(
            f"The export cannot be written to {path} ({why}), and nothing was left there. "
            "Check the free space and the permissions, then export again."
        )


class Interrupted(ExportRefused):
    """Something ended a process of the export. The next export goes on where this one stopped."""

    def __init__(self) -> None:
        super().__init__(
            "A process of the export was ended by the system, perhaps for want of memory. Export again: what was "
            "finished is kept. With --jobs 1, an export needs the least memory."
        )


class SplitsUnwritable(ExportRefused):
    """Some speakers are new, and the database cannot be written: the splits that they are given would be lost."""

    def __init__(self, error: DatabaseUnwritable) -> None:
        super().__init__(f"The splits of new speakers cannot be stored, so nothing was exported. {error}")


class UseUnregistered(ExportRefused):
    """An export with a purpose or a recipient could not be entered in the register of uses."""

    def __init__(self, error: DatabaseUnwritable) -> None:
        super().__init__(f"The register of uses cannot be written, so nothing was exported. {error}")


class IdentityFound(ExportRefused):
    """Something that identifies a person or a server was found in the export, which was therefore not written."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(
            f"The export was stopped and nothing was written, because {place} contained Discord's number for a person "
            "or a place. This is a defect in Promptbook: please report it."
        )


def _with_sentence(kind: type[ExportRefused], sentence: str) -> ExportRefused:
    refused = kind.__new__(kind)
    refused.args = (sentence,)
    return refused
