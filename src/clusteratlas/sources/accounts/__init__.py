"""Bureau of Economic Analysis: input-output tables and their codes."""
