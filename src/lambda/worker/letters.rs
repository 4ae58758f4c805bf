//! Dead letters: kept for operators, announced to them, and apologised for to whoever asked.
//!
//! They come from the worker, which gave a job up, or from SQS, which delivered it too often (a
//! worker that dies every time can't give up). Needs no lake: a broken one is why letters come.
//! Start at [`Function::letter`].

use super::Function;
use super::batch::Record;
use crate::job::{DeadLetter, Job};
use crate::worker::apology::Apology;
use crate::worker::note::Note;
use crate::worker::{Settled, Worker};

/// What SQS would say of its own, if it said anything.
const REDRIVEN: &str = "delivered too often: every worker died over it, or none was there";

impl Function {
    /// Gone when it is kept, and whoever asked has been told or never will be.
    pub(super) async fn letter(&self, worker: &Worker, record: &Record) -> Settled {
        let received = &record.received;
        let job = Job::decode(&received.body).ok();
        let request = job.as_ref().map(|job| job.request_id.as_str());
        let why = record.why.as_deref().unwrap_or(REDRIVEN);
        tracing::error!(
            job.id = %received.id,
            request.id = request,
            attempt = received.receive_count,
            why,
            "ALARM: a dead letter"
        );
        let apology = worker.apologise_for(job.as_ref(), received.sent_at).await;
        let letter = DeadLetter {
            id: received.id.clone(),
            body: received.body.clone(),
            why: why.to_owned(),
            receive_count: received.receive_count,
            sent_at: received.sent_at,
            died_at: (self.now)(),
            apologised: apology == Apology::Made,
        };
        let kept = self.ledger.keep_letter(&letter).await;
        if let Err(error) = &kept {
            tracing::error!(
                job.id = %received.id,
                request.id = request,
                %error,
                "a letter is not kept"
            );
        }
        match (apology, kept) {
            (Apology::Made | Apology::Never, Ok(())) => {
                // The worker counts its own.
                if record.why.is_none() {
                    self.notes.take(Note::Buried);
                }
                Settled::Gone
            }
            (Apology::Owed, _) | (_, Err(_)) => self.again(record).await,
        }
    }
}
