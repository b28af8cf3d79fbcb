"""The form that a profile is written with: one description of its fields, read and shown by it."""
