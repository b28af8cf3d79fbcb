"""How much of an industry a region has, against the nation."""
