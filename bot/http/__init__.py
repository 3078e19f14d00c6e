"""The adapter for HTTP: an API, a page, and the protocols of OpenAI and MCP."""
