"""Who works here: the signed-in address, where the operator has switched sign-in on."""

from __future__ import annotations

import streamlit as st


def who() -> str:
    """Return the address (or name) of the signed-in user; empty without sign-in, as by default."""
    user = st.user.to_dict()
    return str(user.get("email") or user.get("name") or "") if user.get("is_logged_in") else ""
