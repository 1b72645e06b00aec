"""Messages to people: `<what>.subject.j2`, `<what>.txt.j2`, `<what>.html.j2`.

`<what>.lead.j2` (what happened) and `<what>.todo.j2` (what the reader does now) are sentences that both forms share.
"""
