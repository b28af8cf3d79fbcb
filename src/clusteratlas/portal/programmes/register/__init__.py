"""The register of programmes: read, written, moderated, taken in from files."""
