"""Why a backup cannot be made or restored."""

from __future__ import annotations


class BackupFailed(Exception):
    """Nothing was written or replaced. The message says why and what to do."""
