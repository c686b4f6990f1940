"""How a connection is used: how much at once, how fast, how stubbornly, and by whom."""
