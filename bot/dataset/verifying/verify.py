"""Checks a copy of a dataset: hashes, schema, references, splits, and whether all sound decodes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bot.dataset.verifying.clips import check_clips, check_tracks
from bot.dataset.verifying.copies import Copy
from bot.dataset.verifying.files import check_files, check_schemas
from bot.dataset.verifying.finding_revoked import find_revoked
from bot.dataset.verifying.findings import Findings
from bot.dataset.verifying.revoked import Revoked


def verify(folder: Path, revoked: Revoked | None = None) -> Findings:
    """Check everything that can be checked in a dataset, and whether anything in it is on a revocation list.

    It takes about as long as decoding all of its sound.
    """
    findings = Findings()
    try:
        copy = Copy(folder)
    except ValueError as error:
        findings.wrong.append(str(error))
        return findings
    check_files(copy, findings)
    checks = [check_schemas, check_clips, check_tracks]
    if revoked is not None:
        checks.append(partial(_check_revoked, revoked))
    for check in checks:
        try:
            check(copy, findings)
        # Any kind of damage can be in the tables of a copy that someone has changed.
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            findings.wrong.append(f"The tables cannot be read, so that not everything was checked: {error}.")
    return findings


def _check_revoked(revoked: Revoked, copy: Copy, findings: Findings) -> None:
    found = find_revoked(copy, revoked)
    wrong = "These are revoked (delete them: 'promptbook revoked DATASET --apply')"
    findings.check("Nothing in it is revoked.", wrong, [*found.files, *found.clips])
