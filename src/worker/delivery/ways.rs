//! Which ways lead to the asker, in which order, and what an error on one means. Pure.

use crate::chat::Error;
use crate::job::{Place, Posted, Reply, ResponseUrl};

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::worker) enum Purpose {
    /// Where the question was asked.
    Answer,
    /// For the asker alone, beside what is there.
    Note,
    /// For everybody there, and nowhere else.
    Share,
    /// In place of the answer; whatever way is left.
    Apology,
    /// An apology beside what is there.
    ApologyBeside,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::worker) enum Way {
    /// Update a message of ours.
    Edit(Posted),
    /// Post a message that the ledger knows.
    Post {
        channel: String,
        thread_ts: Option<String>,
    },
    /// Through a response URL, in place of the ephemeral message that it stands for.
    Replace(ResponseUrl),
    /// Through a response URL, as one more ephemeral message.
    Respond(ResponseUrl),
    Ephemeral {
        channel: String,
        thread_ts: Option<String>,
    },
    /// A direct message.
    Direct,
}

impl Way {
    pub(in crate::worker) fn name(&self) -> &'static str {
        match self {
            Way::Edit(_) => "edit",
            Way::Post { .. } => "post",
            Way::Replace(_) => "replace",
            Way::Respond(_) => "respond",
            Way::Ephemeral { .. } => "ephemeral",
            Way::Direct => "direct",
        }
    }

    /// Only the asker sees it.
    pub(in crate::worker) fn is_private(&self) -> bool {
        match self {
            Way::Replace(_) | Way::Respond(_) | Way::Ephemeral { .. } | Way::Direct => true,
            Way::Edit(_) | Way::Post { .. } => false,
        }
    }

    /// Done twice it still shows once.
    fn replaces(&self) -> bool {
        match self {
            Way::Edit(_) | Way::Replace(_) => true,
            Way::Post { .. } | Way::Respond(_) | Way::Ephemeral { .. } | Way::Direct => false,
        }
    }
}

/// The ways for this, the best first. What was posted before comes first: it is to be replaced.
pub(in crate::worker) fn ways(
    place: &Place,
    purpose: Purpose,
    posted: Option<&Posted>,
) -> Vec<Way> {
    let mut ways = Vec::new();
    let usable = |at: &&Posted| match purpose {
        // An apology may stand in a direct message: that is no place to share in.
        Purpose::Share => Some(&at.channel) == place.channel.as_ref(),
        Purpose::Answer | Purpose::Note | Purpose::Apology | Purpose::ApologyBeside => true,
    };
    ways.extend(posted.filter(usable).cloned().map(Way::Edit));
    match (purpose, place.reply) {
        (Purpose::Share, _) => ways.extend(post(place)),
        (Purpose::Answer | Purpose::Apology, Reply::Ephemeral) => {
            ways.extend(place.response_url.clone().map(Way::Replace));
            ways.extend(ephemeral(place));
            ways.push(Way::Direct);
        }
        (Purpose::Answer | Purpose::Apology, Reply::Thread) => {
            ways.extend(post(place));
            ways.extend(beside(place));
        }
        (Purpose::Answer, Reply::Update) => {
            ways.extend(pressed(place).map(Way::Edit));
            ways.extend(post(place));
            ways.extend(beside(place));
        }
        // The answer that was pressed is everybody's, and stays.
        (Purpose::Answer, Reply::Beside)
        | (Purpose::Apology, Reply::Update | Reply::Beside)
        | (Purpose::Note | Purpose::ApologyBeside, _) => {
            ways.extend(beside(place));
        }
    }
    ways
}

fn pressed(place: &Place) -> Option<Posted> {
    Some(Posted {
        channel: place.channel.clone()?,
        ts: place.message_ts.clone()?,
    })
}

/// In the thread; a pressed message that is in none begins one.
fn post(place: &Place) -> Option<Way> {
    let pressed = match place.reply {
        Reply::Update => place.message_ts.clone(),
        Reply::Ephemeral | Reply::Thread | Reply::Beside => None,
    };
    Some(Way::Post {
        channel: place.channel.clone()?,
        thread_ts: place.thread_ts.clone().or(pressed),
    })
}

fn ephemeral(place: &Place) -> Option<Way> {
    Some(Way::Ephemeral {
        channel: place.channel.clone()?,
        thread_ts: place.thread_ts.clone(),
    })
}

/// To the asker alone, beside what is there.
fn beside(place: &Place) -> impl Iterator<Item = Way> {
    let respond = place.response_url.clone().map(Way::Respond);
    respond
        .into_iter()
        .chain(ephemeral(place))
        .chain([Way::Direct])
}

/// What to do after an error on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::worker) enum Step {
    /// The same way, in a plainer form.
    Plainer,
    NextWay,
    /// It may be there, and a repeat would show twice.
    AsDone,
    /// Later, or never: the queue's to know.
    Stop,
}

pub(in crate::worker) fn step(error: &Error, way: &Way, purpose: Purpose) -> Step {
    match error {
        Error::Refused(_) => Step::Plainer,
        Error::Unreachable(_) | Error::Gone(_) => Step::NextWay,
        Error::Unknown(_) if way.replaces() => Step::Stop,
        Error::Unknown(_) => Step::AsDone,
        // A response URL needs no token.
        Error::Auth(_) => match purpose {
            Purpose::Apology | Purpose::ApologyBeside => Step::NextWay,
            Purpose::Answer | Purpose::Note | Purpose::Share => Step::Stop,
        },
        Error::RateLimited(_) | Error::Retry(_) => Step::Stop,
    }
}
