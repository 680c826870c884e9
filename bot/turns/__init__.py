"""Turns: found in the decoded tracks of a take, after it is kept. No store, no Discord."""
