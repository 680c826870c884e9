"""From frames to files: where each frame lies on the take's clock, and one Ogg Opus file per performer."""
