"""Page types: each module turns the gathered catalogue into page models."""
