"""How the service goes: its requests as figures and lines, and the text that Prometheus reads."""
