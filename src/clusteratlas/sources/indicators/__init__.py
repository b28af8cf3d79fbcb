"""Other figures of regions: county patents, and a tidy table of any kind."""
