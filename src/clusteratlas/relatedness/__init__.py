"""How industries relate: related clusters, cluster definitions, options for a region."""
