"""Whole evenings under load: `make presses`, `make races`, `make states` and `make exporting`."""
