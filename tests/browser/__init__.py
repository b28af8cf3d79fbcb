"""The portal as visitors meet it: a real server, a real Chromium."""
