//! What is said to whoever reported a value, and to whoever pressed a button under a report.
//!
//! In Slack's mrkdwn. In a thread that others read no company is named: who may not see the
//! answer learns nothing from the report.

use crate::job::TriageState;
use crate::question::escape;

#[cfg(test)]
mod tests;

pub(super) const NOWHERE: &str = "There is nowhere to report a wrong value to yet. Tell whoever \
     runs this app: `why serve` takes the triage channel as a setting.";
pub(super) const UNREACHABLE: &str = "Your report is kept, but I can't post in the triage channel. \
     Ask whoever runs this app to invite me there, then report it again.";
pub(super) const NOT_A_STEWARD: &str =
    "Only presses in the triage channel count. Open the report there and press again.";
pub(super) const FORGOTTEN: &str =
    "I no longer have this report. Answer whoever reported it in this thread.";

/// The channel's name is the link to it.
pub(super) fn passed_on(channel: &str) -> String {
    format!("Passed on to the stewards in <#{channel}>. I'll tell you what they find.")
}

pub(super) fn not_for_stewards(why: &str) -> String {
    format!(
        "Not passed on, since the triage channel may not see the answer. {}",
        escape(why)
    )
}

/// For the thread that they asked in.
pub(super) fn in_thread(reporter: &str, by: &str, state: TriageState) -> String {
    format!(
        "<@{reporter}> About the value you reported: <@{by}> {}",
        news(state)
    )
}

/// For a direct message.
pub(super) fn in_private(question: &str, by: &str, state: TriageState) -> String {
    let question = escape(question).replace('`', "'");
    format!("About your report on `{question}`: <@{by}> {}", news(state))
}

fn news(state: TriageState) -> &'static str {
    match state {
        TriageState::Looking => "is looking into it.",
        TriageState::Explained => {
            "found that the value is explained: the answer says why it is so."
        }
        TriageState::DataError => "found an error in the data; it goes to whoever can mend it.",
    }
}
