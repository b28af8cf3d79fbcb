"""What changed, and why."""
