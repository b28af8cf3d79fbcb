"""Effects in the portal: files in, checks and estimates out, or the reasons why there are none."""
