import os
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(os.environ["DATABASE_URL"])
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(500))


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with engine.begin() as conn:
        await conn.run_sync(Base.metadata.create_all)
    yield


app = FastAPI(title="Notes", lifespan=lifespan)


async def get_session():
    async with SessionLocal() as session:
        yield session


@app.get("/health")
async def health():
    return {"status": "healthy"}


@app.get("/notes")
async def list_notes(session: AsyncSession = Depends(get_session)):
    result = await session.execute(select(Note).order_by(Note.id))
    return [{"id": note.id, "text": note.text} for note in result.scalars()]


@app.post("/notes", status_code=201)
async def create_note(text: str, session: AsyncSession = Depends(get_session)):
    note = Note(text=text)
    session.add(note)
    await session.commit()
    return {"id": note.id}
