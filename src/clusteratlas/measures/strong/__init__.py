"""Which regional clusters are strong, by which rule, and how sure that is."""
