"""Eurostat: regional business and labour statistics."""
