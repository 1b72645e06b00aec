"""The portal: where people do their steps, and the REST API. It knows the domain, never the engine."""
