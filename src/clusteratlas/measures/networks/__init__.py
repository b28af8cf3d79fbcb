"""Which industries go together, and what that says of a region."""
