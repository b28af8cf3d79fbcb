"""Published effects of programmes, and how clusters and growth go together, as pages."""
