//! Who asks over HTTP, through what, and what they may do.
//!
//! Pure: a door (`api::gate`) finds out who it is; what they may see is [`crate::visibility`]'s to
//! say, for them as for everybody. Start at [`Reader`].

use crate::visibility::Audience;

/// Somebody who was let in, once for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// For the audit: `operator`, a token's name, an issuer's subject, `link` of whoever got it.
    pub name: String,
    pub audience: Audience,
    pub may: Scopes,
    pub through: Through,
}

/// What somebody may do beside reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes {
    /// Ask whatever they like; a link answers one question.
    pub ask: bool,
    /// Say that a value looks wrong.
    pub feedback: bool,
}

/// The door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// This machine, without a login.
    Loopback,
    Token,
    Issuer,
    Link,
}

impl Reader {
    /// Whoever sits at this machine, and can read the lake anyway.
    #[must_use]
    pub fn operator() -> Self {
        Reader {
            name: "operator".to_owned(),
            audience: Audience::Operator,
            may: Scopes {
                ask: true,
                feedback: true,
            },
            through: Through::Loopback,
        }
    }
}
