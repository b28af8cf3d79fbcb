"""The parts of a partner's score: each from arrays of organisations, for all pairs at once."""
