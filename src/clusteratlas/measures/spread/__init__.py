"""How unevenly an industry is spread, and how mixed a region is."""
