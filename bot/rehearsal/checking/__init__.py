"""What a session left in the store, held against what its cast did, saw and heard."""
