//! Puts one message in front of a person, through the first way that works.
//!
//! What Slack can replace is replaced, so that a repeat shows nothing twice: a response URL
//! replaces its original, and a post is a placeholder whose place the ledger knows before it is
//! updated. Where a worker dies:
//! - after the placeholder, before the ledger knows: the next one finds it by its metadata, where
//!   the app may read (direct messages; channels only with a scope that the manifest does not ask
//!   for, since it lets the app read all that people write there). Else a "Looking up…" stays
//!   behind, beside the one answer;
//! - after the update or the replacement, before the job is finished: it is done again, in place;
//! - after an ephemeral message (the fallback, seen by the asker alone), before the job is
//!   finished: the asker may see it twice. Slack gives nothing to replace; finishing comes next.
//!
//! A command's first words come with its acknowledgement: no replacement goes out before they had
//! time to be there (`first_words`).
//!
//! Start at [`Worker::tell`]; the order of the ways is in `ways`.

use std::time::Duration;

use serde_json::{Value, json};

use super::note::Note;
use super::{Task, Trouble, Worker, milliseconds};
use crate::chat::{self, Error};
use crate::job::Posted;
use crate::render::blocks::{self, Message};
use crate::slack::limits;
use ways::{Purpose, Step, Way};

pub(super) mod ways;

const LOOKING: &str = "Looking up\u{2026}";
/// Said where an answer that belongs to everybody came to the asker alone.
const INVITE: &str =
    "I can't post in this conversation. To have answers here, add me with `/invite`.";
/// What a command's acknowledgement takes at most to reach Slack and to be shown there.
const FIRST_WORDS: Duration = Duration::from_millis(300);

/// One message in its forms, the best first: Slack may refuse one.
#[derive(Debug, Clone)]
pub(super) struct Forms {
    forms: Vec<Message>,
}

impl Forms {
    /// As it is, plainer, and last its text alone.
    pub(super) fn new(rich: Message, plain: Message) -> Forms {
        let text = Message {
            text: rich.text.clone(),
            blocks: Vec::new(),
        };
        let mut forms = vec![rich, plain, text];
        forms.dedup();
        Forms { forms }
    }

    pub(super) fn simple(message: Message) -> Forms {
        Forms::new(message.clone(), message)
    }

    /// With a small line at its end, in every form.
    pub(super) fn with_line(mut self, line: &str) -> Forms {
        for form in &mut self.forms {
            form.text = format!("{}\n{line}", form.text);
            if !form.blocks.is_empty() {
                form.blocks.truncate(limits::BLOCKS - 1);
                form.blocks.push(blocks::context(&[line.to_owned()]));
            }
        }
        self
    }
}

/// Whether the message is there, or the next way is to be tried.
enum Tried {
    There,
    NextWay(Error),
}

impl Worker {
    /// Something to update later, where the answer will be a post: the asker sees that work has
    /// begun, and whatever happens there is one message.
    pub(super) async fn hold_place(&self, task: &mut Task<'_>) -> Result<(), Trouble> {
        if task.posted.is_some() {
            return Ok(());
        }
        let first = ways::ways(&task.job.place, Purpose::Answer, None)
            .into_iter()
            .next();
        let held = match first {
            Some(Way::Post { channel, thread_ts }) => {
                self.placeholder(task, &channel, thread_ts.as_deref()).await
            }
            Some(Way::Direct) => self.placeholder_for_one(task).await,
            Some(Way::Edit(_) | Way::Replace(_) | Way::Respond(_) | Way::Ephemeral { .. })
            | None => return Ok(()),
        };
        match held {
            Ok(_)
            // Found out again when the answer is there; then other ways are tried.
            | Err(Trouble::Chat(Error::Unreachable(_) | Error::Unknown(_))) => Ok(()),
            // A response URL needs no token.
            Err(Trouble::Chat(Error::Auth(_))) if task.job.place.response_url.is_some() => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    /// # Errors
    /// Why no way worked, or why it is better tried later.
    pub(super) async fn tell(
        &self,
        task: &mut Task<'_>,
        purpose: Purpose,
        forms: &Forms,
    ) -> Result<(), Trouble> {
        let began = (self.now)();
        let ways = ways::ways(&task.job.place, purpose, task.posted.as_ref());
        let mut last = Error::Unreachable("no way leads to the asker".to_owned());
        let mut meant_for_all = false;
        let mut refused = None;
        for way in ways {
            if refused.is_some() && way.needs_token() {
                continue;
            }
            let hinted =
                (meant_for_all && way.is_private()).then(|| forms.clone().with_line(INVITE));
            match self
                .try_way(task, &way, purpose, hinted.as_ref().unwrap_or(forms))
                .await?
            {
                Tried::There => {
                    tracing::info!(
                        job.id = %task.job.id,
                        request.id = %task.job.request_id,
                        step = "post",
                        way = way.name(),
                        duration_ms = milliseconds(began, (self.now)()),
                        "it stands in Slack"
                    );
                    if let Some(error) = &refused {
                        self.token_refused(task, error);
                    }
                    return Ok(());
                }
                // It says nothing of the place, nor of what is there.
                Tried::NextWay(error @ Error::Auth(_)) => refused = Some(error),
                Tried::NextWay(error) => {
                    tracing::info!(
                        job.id = %task.job.id,
                        request.id = %task.job.request_id,
                        way = way.name(),
                        why = %error,
                        "another way is tried"
                    );
                    meant_for_all |= matches!(way, Way::Post { .. });
                    // It was deleted: a new one may take its place.
                    if matches!(&way, Way::Edit(at) if task.posted.as_ref() == Some(at)) {
                        task.posted = None;
                    }
                    last = error;
                }
            }
        }
        Err(refused.unwrap_or(last).into())
    }

    /// The person has their answer; the operator has work.
    fn token_refused(&self, task: &Task<'_>, error: &Error) {
        tracing::error!(
            job.id = %task.job.id,
            request.id = %task.job.request_id,
            why = %error,
            "ALARM: Slack refuses the token"
        );
        self.notes.take(Note::TokenRefused);
    }

    async fn try_way(
        &self,
        task: &mut Task<'_>,
        way: &Way,
        purpose: Purpose,
        forms: &Forms,
    ) -> Result<Tried, Trouble> {
        let mut refused = Error::Refused("nothing to say".to_owned());
        for form in &forms.forms {
            let error = match self.send(task, way, form).await {
                Ok(()) => return Ok(Tried::There),
                Err(Trouble::Chat(error)) => error,
                Err(trouble) => return Err(trouble),
            };
            match ways::step(&error, way, purpose) {
                Step::Plainer => {
                    tracing::error!(
                        job.id = %task.job.id,
                        request.id = %task.job.request_id,
                        why = %error,
                        "Slack refused a message; it is sent plainer"
                    );
                    refused = error;
                }
                Step::NextWay => return Ok(Tried::NextWay(error)),
                Step::AsDone => {
                    tracing::warn!(
                        job.id = %task.job.id,
                        request.id = %task.job.request_id,
                        why = %error,
                        "it may be there; it is not repeated"
                    );
                    return Ok(Tried::There);
                }
                Step::Stop => return Err(error.into()),
            }
        }
        Err(refused.into())
    }

    async fn send(&self, task: &mut Task<'_>, way: &Way, form: &Message) -> Result<(), Trouble> {
        let mut message = blocks::payload(form);
        match way {
            Way::Edit(at) => Ok(self.chat.update(at, &message).await?),
            Way::Replace(url) => {
                first_words(task).await;
                set(&mut message, "response_type", "ephemeral");
                set(&mut message, "replace_original", true);
                Ok(self.chat.respond(url, &message).await?)
            }
            Way::Respond(url) => {
                set(&mut message, "response_type", "ephemeral");
                set(&mut message, "replace_original", false);
                in_thread(&mut message, task.job.place.thread_ts.as_deref());
                Ok(once(task, self.chat.respond(url, &message)).await?)
            }
            Way::Ephemeral { channel, thread_ts } => {
                in_thread(&mut message, thread_ts.as_deref());
                let job = task.job;
                let user = &job.asker.user;
                Ok(once(task, self.chat.ephemeral(channel, user, &message)).await?)
            }
            Way::Post { channel, thread_ts } => {
                self.fill(task, channel, thread_ts.as_deref(), &message)
                    .await
            }
            Way::Direct => {
                let channel = self.chat.open_dm(&task.job.asker.user).await?;
                self.fill(task, &channel, None, &message).await
            }
        }
    }

    /// Into the placeholder. Where that may or may not be there, again, through the queue: one that
    /// is left over is a blemish, a message that is lost an answer that never comes.
    pub(super) async fn fill(
        &self,
        task: &mut Task<'_>,
        channel: &str,
        thread_ts: Option<&str>,
        message: &Value,
    ) -> Result<(), Trouble> {
        let at = match self.placeholder(task, channel, thread_ts).await {
            // Slack gave no answer in time; by now it may be there to see.
            Err(Trouble::Chat(Error::Unknown(why))) => {
                let left = self.left_behind(task, channel, thread_ts).await;
                let at = left.ok_or(Error::Retry(why))?;
                self.noted(task, at).await?
            }
            at => at?,
        };
        match self.chat.update(&at, message).await {
            // Again, in place: not as done, as for what nothing replaces.
            Err(Error::Unknown(code)) => Err(Error::Retry(code).into()),
            updated => Ok(updated?),
        }
    }

    async fn placeholder_for_one(&self, task: &mut Task<'_>) -> Result<Posted, Trouble> {
        let channel = self.chat.open_dm(&task.job.asker.user).await?;
        self.placeholder(task, &channel, None).await
    }

    /// The one that is there already, or a new one that the ledger knows.
    async fn placeholder(
        &self,
        task: &mut Task<'_>,
        channel: &str,
        thread_ts: Option<&str>,
    ) -> Result<Posted, Trouble> {
        if let Some(posted) = task.posted.as_ref().filter(|at| at.channel == channel) {
            return Ok(posted.clone());
        }
        if task.unsure
            && let Some(posted) = self.left_behind(task, channel, thread_ts).await
        {
            return self.noted(task, posted).await;
        }
        let mut message = json!({"text": LOOKING, "metadata": chat::mark(&task.job.id)});
        in_thread(&mut message, thread_ts);
        let posted = self.chat.post(channel, &message).await;
        task.unsure = matches!(posted, Err(Error::Unknown(_)));
        self.noted(task, posted?).await
    }

    async fn noted(&self, task: &mut Task<'_>, posted: Posted) -> Result<Posted, Trouble> {
        task.unsure = false;
        task.posted = Some(posted.clone());
        self.ledger.posted(&task.job.id, &posted).await?;
        Ok(posted)
    }

    /// A placeholder for this job that the ledger does not know of. Where that can't be found out
    /// there is none: one that is left over is a blemish, an answer that does not come is a fault.
    async fn left_behind(
        &self,
        task: &Task<'_>,
        channel: &str,
        thread_ts: Option<&str>,
    ) -> Option<Posted> {
        let job = task.job;
        match self.chat.posted_for(&job.id, channel, thread_ts).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(
                    job.id = %job.id,
                    request.id = %job.request_id,
                    why = %error,
                    "whether a placeholder was left is not known"
                );
                None
            }
        }
    }
}

/// Until the words that a command is acknowledged with are there, too. They are an ephemeral message
/// that comes with the answer to Slack's own request: said later than ours, they would stand below
/// the answer for ever. The job can be had before that answer has left. A press is answered with no
/// words.
async fn first_words(task: &Task<'_>) {
    if task.job.place.message_ts.is_none() {
        tokio::time::sleep(FIRST_WORDS.saturating_sub(task.began.elapsed())).await;
    }
}

/// What nothing replaces, and a repeat would show twice. Whoever is cut off meanwhile finds it marked.
pub(super) async fn once<T>(
    task: &mut Task<'_>,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    task.may_be_there = true;
    let called = call.await;
    task.may_be_there = matches!(called, Ok(_) | Err(Error::Unknown(_)));
    called
}

fn set(message: &mut Value, field: &str, value: impl Into<Value>) {
    if let Some(fields) = message.as_object_mut() {
        fields.insert(field.to_owned(), value.into());
    }
}

pub(super) fn in_thread(message: &mut Value, thread_ts: Option<&str>) {
    if let Some(thread_ts) = thread_ts {
        set(message, "thread_ts", thread_ts);
    }
}
