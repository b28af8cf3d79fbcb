"""Pictures drawn on the server, as SVG without a single inline style."""
