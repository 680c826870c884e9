"""The home folder: the places in it, its privacy, the lock that one bot holds, and the cleaning at a start."""
