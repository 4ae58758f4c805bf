//! The queue of dead letters, looked through: for operators, and where no function empties it.
//!
//! SQS shows a message only by handing it out, so each look counts as a receive and hides what it
//! saw until it is given back. Where a function takes the letters they are in the ledger instead.

use std::time::Duration;

use aws_sdk_sqs::types::Message;
use jiff::Timestamp;

use super::{MOST_AT_ONCE, Queue, RECEIVE_COUNT, SENT_AT, WHY};
use super::{id, no_dead_letters, receive_count, sent_at, unreadable};
use crate::queue::{DeadLetter, Error};

/// As many letters as one look shows.
const MOST_SEEN: usize = 200;
/// How long a look may take: then what it saw is seen by others again in any case.
const LOOK: Duration = Duration::from_secs(30);
/// SQS's servers are asked one after the other while something comes.
const WAIT: Duration = Duration::from_secs(1);

/// A letter in hand.
struct Seen {
    letter: DeadLetter,
    receipt: String,
}

impl Queue {
    pub(crate) async fn dead_letters(&self) -> Result<Vec<DeadLetter>, Error> {
        let seen = self.look().await?;
        self.give_back(&seen).await?;
        let mut letters: Vec<_> = seen.into_iter().map(|seen| seen.letter).collect();
        letters.sort_by(|a, b| b.died_at.cmp(&a.died_at).then_with(|| a.id.cmp(&b.id)));
        Ok(letters)
    }

    /// Sent before it is deleted: where this ends between the two, it is answered once more, not
    /// never.
    pub(crate) async fn retry(&self, id: &str) -> Result<(), Error> {
        let mut seen = self.look().await?;
        let found = seen.iter().position(|seen| seen.letter.id == id);
        let found = found.map(|at| seen.swap_remove(at));
        self.give_back(&seen).await?;
        let Some(found) = found else {
            return Err(Error::NoSuchLetter { id: id.to_owned() });
        };
        self.send(&found.letter.body).await?;
        self.delete(self.graveyard()?, &found.receipt).await
    }

    fn graveyard(&self) -> Result<&str, Error> {
        let url = self.urls.dead_letters.as_deref();
        url.ok_or_else(no_dead_letters)
    }

    async fn look(&self) -> Result<Vec<Seen>, Error> {
        let url = self.graveyard()?;
        let mut seen = Vec::new();
        while seen.len() < MOST_SEEN {
            let messages = self.take(url, MOST_AT_ONCE, LOOK, WAIT).await?;
            if messages.is_empty() {
                break;
            }
            for message in &messages {
                seen.push(Seen::new(message)?);
            }
        }
        Ok(seen)
    }

    async fn give_back(&self, seen: &[Seen]) -> Result<(), Error> {
        let url = self.graveyard()?;
        for seen in seen {
            self.hide(url, &seen.receipt, Duration::ZERO).await?;
        }
        Ok(())
    }
}

impl Seen {
    fn new(message: &Message) -> Result<Self, Error> {
        let text = |name: &str| message.message_attributes()?.get(name)?.string_value();
        let moved_at = sent_at(message)?;
        let counted = text(RECEIVE_COUNT).and_then(|count| count.parse().ok());
        let receipt = message.receipt_handle();
        Ok(Seen {
            receipt: receipt.ok_or_else(|| unreadable("a receipt"))?.to_owned(),
            letter: DeadLetter {
                id: id(message)?,
                body: message.body().unwrap_or_default().to_owned(),
                // SQS gives no reasons.
                why: text(WHY).unwrap_or("received too often").to_owned(),
                receive_count: counted.map_or_else(|| receive_count(message), Ok)?,
                // What SQS moved keeps its first instant; when it died is not known.
                sent_at: text(SENT_AT)
                    .and_then(|at| at.parse::<Timestamp>().ok())
                    .unwrap_or(moved_at),
                died_at: moved_at,
                // The ledger knows.
                apologised: false,
            },
        })
    }
}
