"""Turns documents into vectors."""

from openai import OpenAI
from qdrant_client import QdrantClient

model, vectors = OpenAI(), QdrantClient(host="qdrant")


def embed(text: str) -> list[float]:
    return model.embeddings.create(model="text-embedding-3-small", input=text).data[0].embedding
