"""Statistics of ratings: plain values in, frozen results out. Nothing here knows a store, a clock or a file."""
