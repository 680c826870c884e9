"""Long takes, fed faster than real time: how much memory and time they take, from the first frame to the clips."""
