"""The REST API, version 10: one module per resource."""
