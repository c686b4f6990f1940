"""Commands of the service: it is served, and who may come in."""
