"""The environment contract: what the application reads, what is documented, and what committed files hold."""
