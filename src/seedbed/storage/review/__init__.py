"""Where review is kept."""
