"""What the administrator looks after: long work, usage figures, readiness, backups."""
