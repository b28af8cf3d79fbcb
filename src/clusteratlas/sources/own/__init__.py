"""A user's own figures."""
