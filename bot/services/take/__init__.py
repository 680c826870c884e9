"""Takes: called, recorded, cut and kept, with cues, notes and strikes."""
