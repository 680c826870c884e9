"""Compares what a session left in the store with what its cast did, saw and heard."""
