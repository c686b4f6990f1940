"""What a service keeps and does beside runs: its contracts."""
