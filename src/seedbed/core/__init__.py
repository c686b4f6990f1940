"""The nouns of Seedbed: pure data and pure functions, no I/O and no event loop."""
