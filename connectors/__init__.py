"""The edges: sources in, stores and portals out. The only room that knows a network."""
