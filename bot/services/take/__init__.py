"""Takes: called, recorded, cut and kept; cues, notes and strikes."""
