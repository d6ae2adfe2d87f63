"""A small shop: an HTTP API that takes orders, and a worker that ships them."""
