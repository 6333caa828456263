"""When and how often members may be contacted, and the log of contacts."""
