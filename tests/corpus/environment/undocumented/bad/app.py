import os

TOKEN = os.environ["STRIPE_API_KEY"]  # expect
