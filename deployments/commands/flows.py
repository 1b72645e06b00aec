"""`ocop flows diagram`: the steps of dossier and round as mermaid, drawn from the code."""

from __future__ import annotations

from cyclopts import App

from deployments.commands.call import Answer

app = App(name="flows", help="Luồng xử lý.")


@app.command
def diagram() -> Answer:
    """In sơ đồ các bước của hồ sơ và của đợt (mermaid)."""
    from flows.diagram import dossier_diagram, round_diagram

    drawn = {"dossier": dossier_diagram(), "round": round_diagram()}
    words = "\n".join(
        f"## {title}\n\n```mermaid\n{drawn[key]}```\n"
        for key, title in (("dossier", "Luồng của một hồ sơ"), ("round", "Luồng của một đợt"))
    )
    return Answer(drawn, words)
