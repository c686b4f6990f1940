"""What there is to choose from."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(tags=["catalogues"])
