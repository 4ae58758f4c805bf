//! The four classes of failure and what each means to whoever meets it.
//!
//! Modules own their errors (`question::Error`, `engine::Error`, …); what they
//! share is that each belongs to one [`Class`], has a stable code, a text for
//! a person, and advice: what to do next. Start at [`Failure`], the form in
//! which a question that was not answered reaches every surface.

/// What kind of failure this is. One `match` without `_` decides what the user
/// sees, the exit code, the HTTP status and what happens to a queued job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Bad signature, stale request, somebody else's workspace. The sender learns nothing.
    Rejected,
    /// The person can mend it: a bad question, an unknown attribute, no data, no right.
    User,
    /// It may work in a moment: throttled, timed out, a 5xx.
    Retry,
    /// A bug, a broken lake, a bad deployment. The person gets a reference id.
    Internal,
}

impl Class {
    /// The name used in JSON and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Rejected => "rejected",
            Class::User => "user",
            Class::Retry => "retry",
            Class::Internal => "internal",
        }
    }

    /// The exit code of the command line: 1 where the person can mend it, else 2.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Class::Rejected | Class::User => 1,
            Class::Retry | Class::Internal => 2,
        }
    }
}

/// Something to choose instead: a company that fits, an attribute, a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// What to press or type, in words (`Acme Corporation`, `revenue`).
    pub label: String,
    /// What tells it apart from its neighbours (`acme.com · #17`); may be empty.
    pub detail: String,
    /// The question that this choice asks (`#17 revenue`).
    pub question: String,
}

/// A question that was not answered, as every surface shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub class: Class,
    /// Stable and snake_case (`unknown_attribute`); scripts may rely on it.
    pub code: &'static str,
    /// What was wrong. One or two sentences.
    pub text: String,
    /// What to do next.
    pub advice: String,
    /// What the person may have meant, best first.
    pub matches: Vec<Match>,
    /// Names this failure in the log. Always set for [`Class::Internal`].
    pub reference: Option<String>,
}

impl Failure {
    /// Without choices and without a reference.
    #[must_use]
    pub fn new(
        class: Class,
        code: &'static str,
        text: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Failure {
            class,
            code,
            text: text.into(),
            advice: advice.into(),
            matches: Vec::new(),
            reference: None,
        }
    }
}

/// What an error says as a sentence: with a capital and a full stop.
#[must_use]
pub fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    // A path or a file's name stays as it is.
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.contains(['/', '.']) {
        return format!("{text}.");
    }
    let mut chars = text.chars();
    let initial = chars.next().into_iter().flat_map(char::to_uppercase);
    initial.chain(chars).chain(['.']).collect()
}

/// An error and its causes in one line, for the log; what merely repeats is left out.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !said.contains(&more) {
            said.push_str(": ");
            said.push_str(&more);
        }
        cause = error.source();
    }
    said
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)?;
        if !self.advice.is_empty() {
            write!(f, "\n{}", self.advice)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
