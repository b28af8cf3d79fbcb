"""The account of a programme: logs in, counted figures out, each with its rule and rows."""
