"""The portal in a real browser, over a real server and worker."""
