"""Bureau of Labor Statistics."""
