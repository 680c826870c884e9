"""The voice server: joining, its gateway, its UDP side, and its faults for tests."""
