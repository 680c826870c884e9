"""What people can have done with what is held about them: erasure, step by step, and a copy for themselves."""
