//! Whom an OpenID Connect issuer vouches for: its keys, fetched and kept, and its tokens, verified.
