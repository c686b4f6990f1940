"""What the service keeps and drives: people, projects, runs of its own."""
