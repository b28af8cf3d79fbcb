"""Whether neighbours are alike, and at which distances plants cluster."""
