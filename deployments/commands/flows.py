"""`ocop flows diagram`: the steps of dossier, round and certificate as mermaid, drawn from the code."""

from __future__ import annotations

from cyclopts import App

from deployments.commands.call import Answer

app = App(name="flows", help="Luồng xử lý.")


@app.command
def diagram() -> Answer:
    """In sơ đồ các bước của hồ sơ, đợt và giấy chứng nhận (mermaid)."""
    from flows.diagram import DIAGRAMS

    drawn = {name: draw() for name, (_, draw) in DIAGRAMS.items()}
    words = "\n".join(f"## {title}\n\n```mermaid\n{drawn[name]}```\n" for name, (title, _) in DIAGRAMS.items())
    return Answer(drawn, words)
