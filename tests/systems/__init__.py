"""A real ERP and a real ticket system, set up from nothing, and what people do in them."""
