"""Takes with exact truth, and the figures of a turn finder on them: `make turns-truth`."""
