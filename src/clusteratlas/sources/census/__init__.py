"""US Census Bureau: County Business Patterns."""
