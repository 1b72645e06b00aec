"""Addresses of channels hold passwords and tokens: how they are shown, and how they are taken out of error texts."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

HIDDEN = "***"
SHORTEST_SECRET = 4
"""Shorter parts of an address (`vn`, `com`, a port) are no secrets, and taking them out would spoil any text."""

OPEN_HOSTS = {"mailto", "mailtos", "smtp", "smtps", "json", "jsons", "xml", "xmls", "form", "forms"}
"""Schemes whose host is a server's name; elsewhere a token may stand in its place (`tgram://TOKEN/chat`)."""

PERSON_MAIL = "mail:"
"""Prefix of a person's own address, sent to through the installation's server."""

OWN_SERVER = "smtp:"
"""Stands for the installation's mail server itself (`OCOP_SMTP_URL` holds its address)."""


def shown(url: str) -> str:
    """The address as people may see it."""
    if url == OWN_SERVER:
        return "OCOP_SMTP_URL"
    if url.startswith(PERSON_MAIL):
        return url.removeprefix(PERSON_MAIL)
    scheme, found, _ = url.partition("://")
    if not found:
        return HIDDEN
    host = _host(url) if scheme.lower() in OPEN_HOSTS else ""
    return f"{scheme}://{host}{_port(url)}/{HIDDEN}" if host else f"{scheme}://{HIDDEN}"


def scrubbed(text: str, url: str) -> str:
    """The text without anything of the address that could be a secret."""
    for part in sorted(_secret_parts(url), key=len, reverse=True):
        text = text.replace(part, HIDDEN)
    return text


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _port(url: str) -> str:
    """The port as written, which tells two services of one server apart."""
    try:
        port = urlsplit(url).port
    except ValueError:
        return ""
    return f":{port}" if port is not None else ""


def _secret_parts(url: str) -> set[str]:
    if url == OWN_SERVER or url.startswith(PERSON_MAIL):
        return set()
    scheme, _, rest = url.partition("://")
    host = _host(url) if scheme.lower() in OPEN_HOSTS else ""
    parts = {rest, unquote(rest), *re.split(r"[/@?&=#]|:(?!//)", rest)}
    return {p for part in parts for p in (part, unquote(part)) if len(p) >= SHORTEST_SECRET and p.lower() != host}
