"""The exchange of practice: documents, cases, good practices, news and events."""
