"""`make fuzz`: hostile packets and torn files."""
