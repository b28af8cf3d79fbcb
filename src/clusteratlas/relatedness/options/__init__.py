"""What a region could become: activities near its own mix, and how well that foretells."""
