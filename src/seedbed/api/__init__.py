"""The REST API: parse, call app, answer."""
