"""From frames to files: the position of each frame on the take's clock, and one Ogg Opus file per performer."""
