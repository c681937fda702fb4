"""The tables of the database: schemes with every version ever saved, comments, saved views.

Nothing is overwritten: saving adds a version. The migrations in ``migrations/`` make these tables; a test holds
both against each other.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
                       "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}
)  # fmt: skip

PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", String(254), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
)
VERSIONS = Table(
    "proposal_versions",
    METADATA,
    # One version of a number: of two writers at the same instant the second is told.
    Column("proposal_id", String(36), ForeignKey("proposals.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    Column("saved_by", String(254), nullable=False),
    Column("status", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("document", JSON, nullable=False),
)
COMMENTS = Table(
    "proposal_comments",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("proposal_id", String(36), ForeignKey("proposals.id"), nullable=False, index=True),
    Column("province_code", String(2), nullable=False),
    Column("vintage", String(10), nullable=False),
    Column("section", String(30), nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", String(254), nullable=False),
    Column("resolved_at", DateTime(timezone=True)),
)
VIEWS = Table(
    "saved_views",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner", String(254), nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
)
