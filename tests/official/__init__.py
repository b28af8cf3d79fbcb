"""Official files from a publisher to a tidy table: downloads, readers, the command line."""
