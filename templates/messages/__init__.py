"""Messages to people: `<what>.subject.j2`, `<what>.txt.j2`, `<what>.html.j2`."""
