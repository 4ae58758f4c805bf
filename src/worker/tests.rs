//! Tests of what is decided: what an error means, which ways there are, what becomes of a job.

use super::delivery::ways::{Purpose, Step, Way, step, ways};
use super::*;
use crate::chat::Error;
use crate::job::{Asker, Place, Reply, ResponseUrl};

fn place(reply: Reply, holds: &str) -> Place {
    let has = |part: &str, value: &str| holds.contains(part).then(|| value.to_owned());
    Place {
        channel: has("channel", "C1"),
        thread_ts: has("thread", "1.0"),
        message_ts: has("message", "2.0"),
        response_url: has("url", "https://hooks.slack.com/x").map(ResponseUrl),
        reply,
    }
}

fn posted(channel: &str) -> Posted {
    Posted {
        channel: channel.to_owned(),
        ts: "9.0".to_owned(),
    }
}

fn shown(way: &Way) -> String {
    match way {
        Way::Edit(at) => format!("edit {}", at.ts),
        Way::Post { thread_ts, .. } => format!("post in {}", thread_ts.as_deref().unwrap_or("-")),
        Way::Replace(_) | Way::Respond(_) | Way::Ephemeral { .. } | Way::Direct => {
            way.name().to_owned()
        }
    }
}

#[test]
fn the_ways_to_an_asker_are_tried_in_this_order() {
    let check = |reply, holds: &str, purpose, posted: Option<Posted>, expected: &str| {
        let ways = ways(&place(reply, holds), purpose, posted.as_ref());
        let shown: Vec<String> = ways.iter().map(shown).collect();
        assert_eq!(shown.join(", "), expected, "{reply:?} {holds} {purpose:?}");
    };
    use Purpose::{Answer, Apology, ApologyBeside, Note, Share};
    use Reply::{Beside, Ephemeral, Thread, Update};
    let all = "channel thread message url";
    check(
        Ephemeral,
        "channel url",
        Answer,
        None,
        "replace, ephemeral, direct",
    );
    check(Ephemeral, "channel", Answer, None, "ephemeral, direct");
    check(
        Thread,
        "channel thread",
        Answer,
        None,
        "post in 1.0, ephemeral, direct",
    );
    check(
        Thread,
        all,
        Answer,
        None,
        "post in 1.0, respond, ephemeral, direct",
    );
    check(
        Thread,
        "channel",
        Answer,
        None,
        "post in -, ephemeral, direct",
    );
    check(Thread, "", Answer, None, "direct");
    check(
        Beside,
        "channel url",
        Answer,
        None,
        "respond, ephemeral, direct",
    );
    check(
        Thread,
        "channel",
        Answer,
        Some(posted("C1")),
        "edit 9.0, post in -, ephemeral, direct",
    );
    check(
        Update,
        all,
        Answer,
        None,
        "edit 2.0, post in 1.0, respond, ephemeral, direct",
    );
    check(
        Update,
        "channel message",
        Answer,
        None,
        "edit 2.0, post in 2.0, ephemeral, direct",
    );
    check(Beside, all, Answer, None, "respond, ephemeral, direct");
    check(Beside, all, Share, None, "post in 1.0");
    check(Update, all, Note, None, "respond, ephemeral, direct");
    check(Update, all, Apology, None, "respond, ephemeral, direct");
    check(
        Ephemeral,
        "channel url",
        Apology,
        None,
        "replace, ephemeral, direct",
    );
    check(
        Ephemeral,
        "channel url",
        ApologyBeside,
        None,
        "respond, ephemeral, direct",
    );
    check(Ephemeral, "channel url", Share, None, "post in -");
    check(
        Ephemeral,
        "channel url",
        Share,
        Some(posted("C1")),
        "edit 9.0, post in -",
    );
    // An apology in a direct message is no place to share in.
    check(
        Ephemeral,
        "channel url",
        Share,
        Some(posted("D1")),
        "post in -",
    );
    check(Ephemeral, "", Share, None, "");
}

#[test]
fn what_may_be_there_is_repeated_only_where_it_replaces_itself() {
    let url = || ResponseUrl(String::new());
    let ephemeral = Way::Ephemeral {
        channel: "C1".to_owned(),
        thread_ts: None,
    };
    let unknown = Error::Unknown("garbage".to_owned());
    for (way, expected) in [
        (Way::Edit(posted("C1")), Step::Stop),
        (Way::Replace(url()), Step::Stop),
        (Way::Respond(url()), Step::AsDone),
        (ephemeral, Step::AsDone),
        (Way::Direct, Step::AsDone),
    ] {
        assert_eq!(step(&unknown, &way, Purpose::Answer), expected, "{way:?}");
    }
}

#[test]
fn an_error_on_a_way_means_one_thing() {
    let code = String::new;
    for (error, purpose, expected) in [
        (Error::Refused(code()), Purpose::Answer, Step::Plainer),
        (Error::Unreachable(code()), Purpose::Answer, Step::NextWay),
        (Error::Gone(code()), Purpose::Answer, Step::NextWay),
        (Error::Retry(code()), Purpose::Apology, Step::Stop),
        (
            Error::RateLimited(Duration::ZERO),
            Purpose::Apology,
            Step::Stop,
        ),
        (Error::Auth(code()), Purpose::Answer, Step::NextWay),
        (Error::Auth(code()), Purpose::Share, Step::Stop),
        (Error::Auth(code()), Purpose::Apology, Step::NextWay),
    ] {
        assert_eq!(step(&error, &Way::Direct, purpose), expected, "{error:?}");
    }
}

#[test]
fn a_trouble_sends_a_job_back_or_ends_it() {
    let code = String::new;
    let wait = |seconds| Next::Again(Duration::from_secs(seconds));
    let ledger = ledger::Error::TimedOut;
    for (trouble, received, expected) in [
        (
            Error::RateLimited(Duration::from_secs(30)).into(),
            1,
            Next::Again(Duration::from_millis(37_500)),
        ),
        (Error::Retry(code()).into(), 1, wait(1)),
        (Error::Retry(code()).into(), 3, wait(4)),
        (Error::Auth(code()).into(), 2, wait(2)),
        (Error::Unknown(code()).into(), 1, wait(1)),
        (ledger.into(), 1, wait(1)),
        (Trouble::TimedOut, 1, wait(1)),
        (Error::Refused(code()).into(), 1, Next::GiveUp),
        (Error::Unreachable(code()).into(), 1, Next::GiveUp),
        (Error::Gone(code()).into(), 1, Next::GiveUp),
        (Trouble::Exhausted, 1, Next::GiveUp),
        (Error::RateLimited(Duration::ZERO).into(), 5, Next::GiveUp),
        (Trouble::TimedOut, 5, Next::GiveUp),
    ] as [(Trouble, u32, Next); 13]
    {
        let tried = next::Tried {
            received,
            most: 5,
            age: Duration::ZERO,
        };
        assert_eq!(next::after(&trouble, tried, 1.0), expected, "{trouble}");
    }
}

#[test]
fn nobody_waits_for_hours_and_those_who_wait_do_not_all_come_back_at_once() {
    let limited = |seconds| Error::RateLimited(Duration::from_secs(seconds)).into();
    let after = |trouble: Trouble, minutes: u64, chance| {
        let tried = next::Tried {
            received: 1,
            most: 8,
            age: Duration::from_secs(minutes * 60),
        };
        next::after(&trouble, tried, chance)
    };
    let wait = |seconds| Next::Again(Duration::from_secs(seconds));
    assert_eq!(after(limited(60), 0, 0.0), wait(60));
    assert_eq!(after(limited(60), 0, 1.0), wait(75));
    // What would come back too late is given up now, while whoever asked can still be told.
    assert_eq!(after(limited(3600), 0, 0.0), Next::GiveUp);
    assert_eq!(after(limited(60), 13, 0.0), wait(60));
    assert_eq!(after(limited(60), 14, 0.0), Next::GiveUp);
    assert_eq!(
        after(Trouble::TimedOut, 14, 0.0),
        Next::Again(Duration::from_millis(500))
    );
    assert_eq!(after(Trouble::TimedOut, 15, 0.0), Next::GiveUp);
}

#[test]
fn a_thread_speaks_of_what_all_of_its_readers_were_answered() {
    use Reply::{Ephemeral, Thread, Update};
    for (reply, direct, spoken) in [
        (Thread, false, true),
        (Update, false, true),
        (Ephemeral, false, false),
        (Thread, true, true),
        (Update, true, true),
        (Ephemeral, true, true),
    ] {
        let mut place = place(reply, "channel thread message url");
        if direct {
            place.channel = Some("D1".to_owned());
        }
        let found = ask::spoken_in(&place);
        assert_eq!(found.is_some(), spoken, "{reply:?} {place:?}");
    }
}

fn job() -> Job {
    Job {
        id: "j1".to_owned(),
        request_id: "0123456789abcdef".to_owned(),
        accepted_at: "2026-11-24T12:00:00Z".parse().unwrap(),
        asker: Asker {
            user: "U1".to_owned(),
            team: None,
            enterprise: None,
        },
        place: Place::default(),
        work: Work::Ask {
            text: "acme revenue".to_owned(),
        },
    }
}

#[tokio::test]
async fn who_is_cut_off_repeats_only_what_is_not_there() {
    let job = job();
    let refused = || Error::Refused(String::new());
    let unknown = || Error::Unknown(String::new());
    // What Slack said to a post before the time was over; `None`: nothing.
    for (said, may_be_there) in [
        (None, true),
        (Some(Ok(())), true),
        (Some(Err(unknown())), true),
        (Some(Err(refused())), false),
    ] {
        let mut task = Task::new(&job);
        assert!(task.cut_off().is_err());
        let shown = format!("{said:?}");
        let call = async {
            match said {
                Some(said) => said,
                None => std::future::pending().await,
            }
        };
        let post = delivery::once(&mut task, call);
        let _ = tokio::time::timeout(Duration::from_millis(1), post).await;
        assert_eq!(task.cut_off().is_ok(), may_be_there, "{shown}");
    }
}

#[test]
fn an_apology_says_what_happened_what_to_do_and_how_to_refer_to_it() {
    let job = job();
    let failure = apology::apology(&job);
    assert!(failure.text.contains("acme revenue"), "{failure}");
    assert!(failure.advice.contains("Try again"), "{failure}");
    assert_eq!(failure.reference.as_deref(), Some("01234567"));
}
