"""The pages: server-rendered, by capability."""
