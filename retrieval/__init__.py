"""Retrieval over Vietnamese articles; knows nothing of Telegram, HTTP or an LLM."""
