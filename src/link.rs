//! Signed links: one answer, for whoever holds the link, until it expires.
//!
//! Pure. A link says its question (with its instant) and what its reader may see, in clear; the
//! key's holder alone can make one. Start at [`Link::sign`] and [`verify`].

use jiff::Timestamp;

use crate::visibility::Audience;

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// In words that parse, its instant with it (`#17 revenue as of 2025-03-01T10:00:00Z`).
    pub question: String,
    pub audience: Audience,
    pub expires_at: Timestamp,
}
