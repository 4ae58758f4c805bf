//! Reads `why.toml`: every error at once, each with its line.
