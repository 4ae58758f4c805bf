//! What must hold whatever bytes come in: the oracles that the targets share.
//!
//! A target hands its input over and panics where something does not hold. Start at [`read`].

use why::job::{Asker, Job, Place, Work};
use why::slack::actions::{self, Kept};
use why::slack::request::{self, Action, Endpoint, Request, Submission};

/// Longer than any error that names a place; what was sent is longer.
const MOST_ERROR: usize = 60;

/// A signed body: reading it never panics, gives the same each time, quotes nothing of it in an
/// error, and what was read survives the queue, a modal and a button.
pub fn read(endpoint: Endpoint, body: &[u8]) {
    let read = request::read(endpoint, body);
    assert_eq!(
        read,
        request::read(endpoint, body),
        "another at the second delivery"
    );
    match read {
        Ok(request) => carried(request),
        Err(unreadable) => {
            let text = unreadable.to_string();
            assert!(
                text.is_ascii() && text.len() <= MOST_ERROR,
                "quotes what was sent: {text}"
            );
        }
    }
}

/// A job comes out of the queue as it went in.
pub fn queued(job: &Job) {
    assert_eq!(Job::decode(&job.encode()).as_ref(), Ok(job));
}

fn carried(request: Request) {
    match request {
        Request::SslCheck
        | Request::Challenge(_)
        | Request::Ignored(_)
        | Request::Options { .. } => {}
        Request::Words {
            id,
            asker,
            place,
            text,
            ..
        } => {
            kept(None, &place);
            work(id, asker, place, Work::Ask { text });
        }
        Request::HomeOpened { id, asker } => work(id, asker, Place::default(), Work::Home),
        Request::Links {
            id,
            asker,
            place,
            links,
            pasted,
        } => work(id, asker, place, Work::Unfurl { links, pasted }),
        Request::Shortcut {
            id,
            asker,
            place,
            trigger_id,
            message,
        } => {
            assert!(!trigger_id.is_empty());
            kept(message.clone(), &place);
            work(
                id,
                asker,
                place,
                Work::FillModal {
                    view_id: "V1".to_owned(),
                    message,
                },
            );
        }
        Request::Pressed {
            id,
            asker,
            place,
            action,
            ..
        } => {
            pressed(&action);
            work(id, asker, place, done(action));
        }
        Request::Submitted {
            id,
            asker,
            submission,
        } => match submission {
            Submission::Ask { text, place } => work(id, asker, place, Work::Ask { text }),
            Submission::Report {
                text,
                wrong,
                expected,
                link,
                place,
            } => {
                kept(Some(text.clone()), &place);
                work(
                    id,
                    asker,
                    place,
                    Work::Report {
                        text,
                        wrong,
                        expected,
                        link,
                    },
                );
            }
        },
    }
}

/// As ingress queues it, near enough.
fn done(action: Action) -> Work {
    match action {
        Action::Ask(text) | Action::Choose(text) | Action::Wrong(text) => Work::Ask { text },
        Action::Share(text) => Work::Share { text },
        Action::AsOf { question, day } => Work::Ask {
            text: format!("{question} as of {day}"),
        },
        Action::Triage { report, state } => Work::Triage { report, state },
        Action::Link => Work::Home,
    }
}

fn work(id: String, asker: Asker, place: Place, work: Work) {
    assert!(
        id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "id {id}"
    );
    assert!(!asker.user.trim().is_empty());
    let request_id = id.clone();
    let accepted_at = jiff::Timestamp::UNIX_EPOCH;
    queued(&Job {
        id,
        request_id,
        accepted_at,
        asker,
        place,
        work,
    });
}

/// A modal remembers where its answer goes.
fn kept(question: Option<String>, place: &Place) {
    let kept = Kept {
        question,
        place: place.clone(),
    };
    assert_eq!(Kept::decode(&kept.encode()), Some(kept));
}

/// A button that offers this again leads to it again.
fn pressed(action: &Action) {
    let day = match action {
        Action::AsOf { day, .. } => Some(day.as_str()),
        Action::Ask(_)
        | Action::Choose(_)
        | Action::Share(_)
        | Action::Wrong(_)
        | Action::Triage { .. }
        | Action::Link => None,
    };
    if let Some(button) = actions::button(action, 0) {
        let again = actions::pressed(&button.action_id, &button.value, day);
        assert_eq!(again.as_ref(), Some(action));
    }
}
