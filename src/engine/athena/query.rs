//! Sees one query through: start, wait, read every page; stop it when time is up.
//!
//! Knows nothing of what is asked. Counts calls, times, bytes and cost for the receipt. Start at
//! [`Asking::ask`].

use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::client::{Client, Reuse, State, Status};
use super::pace::{LATER, Pace, Shape};
use crate::answer::Queries;
use crate::catalog::Catalog;
use crate::engine::{Call, Ended, Error};
use crate::error::Class;
use crate::sql;

/// Where nobody said how long it may take: Athena may queue for a while.
const PATIENCE: Duration = Duration::from_secs(120);
/// Of a budget, for the order to stop.
const TO_STOP: Duration = Duration::from_millis(800);
/// Of the later waits, either way: those who began together need not look together.
const JITTER: f64 = 0.2;
/// Before a failed query is started again, times how often it failed.
const REST: Duration = Duration::from_millis(150);
/// Looks that may fail in a row.
const BLIND: u32 = 3;
/// A redelivery meets the queries that earlier deliveries left behind, one for each: a
/// cancelled one is passed over this often,
const MOST_STARTS: u32 = 10;
/// a failed one that may work this often, and any other once: what was wrong may be mended.
const MOST_FAILURES: u32 = 3;

/// All rows of a result.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub(super) query_id: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Option<String>>>,
}

/// All queries of one reading, and what they took.
pub(super) struct Asking<'a> {
    client: &'a Client,
    catalog: &'a Catalog,
    pace: &'a Pace,
    /// Whether somebody may come back for the same query.
    is_seeded: bool,
    seed: String,
    /// Readings before this one, which saw the table change under them.
    round: u32,
    pub(super) began: Instant,
    deadline: Instant,
    pub(super) calls: u64,
    pub(super) queries: Queries,
    pub(super) scanned_bytes: u64,
    pub(super) cost_usd: f64,
}

impl<'a> Asking<'a> {
    pub(super) fn begin(
        client: &'a Client,
        catalog: &'a Catalog,
        pace: &'a Pace,
        call: &Call,
    ) -> Self {
        let began = Instant::now();
        let time = match call.budget {
            Some(budget) => budget - TO_STOP.min(budget / 4),
            None => PATIENCE,
        };
        let random = || format!("{:032x}", rand::random::<u128>());
        Asking {
            client,
            catalog,
            pace,
            is_seeded: call.seed.is_some(),
            seed: call.seed.clone().unwrap_or_else(random),
            round: 0,
            began,
            deadline: began + time,
            calls: 0,
            queries: Queries::default(),
            scanned_bytes: 0,
            cost_usd: 0.0,
        }
    }

    /// From here on no query is an earlier one's, nor its result.
    pub(super) fn anew(&mut self) {
        self.round += 1;
    }

    /// Runs a query to its end.
    ///
    /// # Errors
    /// Whatever keeps its rows from being read. It is stopped if it still runs, unless the same
    /// work will come back for it.
    pub(super) async fn ask(&mut self, sql: &str, shape: Shape) -> Result<Table, Error> {
        let mut running = None;
        let deadline = self.deadline;
        let reading = self.until_read(sql, shape, &mut running);
        let asked = timeout_at(deadline, reading).await;
        match asked {
            Ok(Ok(table)) => Ok(table),
            Ok(Err(error)) => {
                let comes_back = self.is_seeded && error.class() == Class::Retry;
                if let (true, Some(running)) = (comes_back, &mut running) {
                    running.leave();
                }
                Err(error)
            }
            Err(_) => {
                let seconds = self.began.elapsed().as_secs();
                match running {
                    Some(running) => {
                        self.calls += 1;
                        Err(running.out_of_time(seconds).await)
                    }
                    None => Err(Error::TimedOut {
                        what: format!("Athena started no query in {seconds} s"),
                    }),
                }
            }
        }
    }

    async fn until_read(
        &mut self,
        sql: &str,
        shape: Shape,
        running: &mut Option<Running>,
    ) -> Result<Table, Error> {
        let mut failures = 0;
        let mut attempt = 0;
        loop {
            let reuse = match self.round {
                0 => Reuse::AsSet,
                _ => Reuse::Never,
            };
            self.calls += 1;
            let token = self.token(sql, attempt);
            let id = self.client.start(sql, &token, reuse).await?;
            let under_way = running.insert(Running::new(self.client, &id));
            let (looks, status) = self.wait(&id, shape).await?;
            under_way.leave();
            let is_old = looks == 1;
            self.tally_unread(&status);
            match status.state {
                State::Succeeded | State::UnderWay => {
                    let took = u64::try_from(status.statistics.total).unwrap_or_default();
                    self.pace.learn(shape, Duration::from_millis(took));
                    let table = self.read(&id).await?;
                    self.tally(id, &status);
                    return Ok(table);
                }
                State::Cancelled | State::Failed if is_cut_off(&status) => {
                    return Err(Error::ScanCutOff {
                        workgroup: self.client.workgroup.clone(),
                    });
                }
                State::Cancelled if is_old && attempt < MOST_STARTS => {}
                State::Cancelled => return Err(Error::QueryCancelled { query_id: id }),
                State::Failed => {
                    failures += 1;
                    let most = match (may_work(&status), is_old) {
                        (true, _) => MOST_FAILURES,
                        (false, true) => 2,
                        (false, false) => 1,
                    };
                    if failures >= most {
                        return Err(failed(id, status));
                    }
                    sleep(jittered(REST * failures)).await;
                }
            }
            attempt += 1;
        }
    }

    /// Until it ended: how often it was looked at, and how it ended.
    async fn wait(&mut self, id: &str, shape: Shape) -> Result<(u32, Status), Error> {
        let mut looks = 0;
        let mut blind = 0;
        let started = Instant::now();
        let mut places = self.pace.looks(shape).into_iter();
        loop {
            match places.next() {
                Some(place) => sleep_until(started + place).await,
                None => sleep(jittered(LATER)).await,
            }
            looks += 1;
            self.calls += 1;
            match self.client.status(id).await {
                Ok(status) if status.state != State::UnderWay => return Ok((looks, status)),
                Ok(_) => blind = 0,
                Err(error) if error.class() == Class::Retry && blind + 1 < BLIND => blind += 1,
                Err(error) => return Err(error),
            }
        }
    }

    async fn read(&mut self, id: &str) -> Result<Table, Error> {
        let mut table = Table {
            query_id: id.to_owned(),
            columns: Vec::new(),
            rows: Vec::new(),
        };
        let mut next: Option<String> = None;
        loop {
            self.calls += 1;
            let page = self.client.page(id, next.as_deref()).await?;
            let mut rows = page.rows.into_iter().peekable();
            if next.is_none() {
                table.columns = page.columns;
                // The first row of the first page repeats the columns' names.
                let is_header = |row: &Vec<Option<String>>| {
                    let names = table.columns.iter().map(|name| Some(name.as_str()));
                    table.columns.is_empty() || row.iter().map(Option::as_deref).eq(names)
                };
                if let Some(header) = rows.next_if(is_header)
                    && table.columns.is_empty()
                {
                    table.columns = header.into_iter().map(Option::unwrap_or_default).collect();
                }
            }
            table.rows.extend(rows);
            let following = page.next.filter(|token| !token.is_empty());
            if following.is_some() && following == next {
                return Err(Error::BadResult {
                    query_id: id.to_owned(),
                    reason: "its pages have no end".to_owned(),
                });
            }
            next = match following {
                Some(token) => Some(token),
                None => return Ok(table),
            };
        }
    }

    /// What gave no rows: a failed query is not charged, a cancelled one for what it scanned
    /// (<https://aws.amazon.com/athena/pricing/>).
    fn tally_unread(&mut self, status: &Status) {
        let scanned = status.statistics.scanned_bytes;
        match status.state {
            State::Succeeded | State::UnderWay => return,
            State::Cancelled if scanned > 0 => self.cost_usd += sql::cost(scanned, self.catalog),
            State::Cancelled | State::Failed => {}
        }
        self.scanned_bytes += scanned;
    }

    fn tally(&mut self, id: String, status: &Status) {
        let said = status.statistics;
        #[expect(clippy::cast_precision_loss, reason = "times are far below 2^53")]
        let millis = |value: i64| value as f64;
        let query = Queries {
            ids: vec![id],
            reused: u64::from(said.reused),
            queue_ms: millis(said.queue),
            planning_ms: millis(said.planning),
            engine_ms: millis(said.engine),
            service_ms: millis(said.service),
            total_ms: millis(said.total),
        };
        self.queries = std::mem::take(&mut self.queries).and(query);
        self.scanned_bytes += said.scanned_bytes;
        if !said.reused {
            self.cost_usd += sql::cost(said.scanned_bytes, self.catalog);
        }
    }

    /// Athena gives the same query for the same token, SQL and database, whatever else the
    /// request says: so all that makes an answer another one is in it.
    fn token(&self, sql: &str, attempt: u32) -> String {
        let mut hash = Sha256::new();
        let (round, attempt) = (self.round.to_string(), attempt.to_string());
        for part in [
            "why",
            &self.seed,
            &self.client.workgroup,
            &self.client.database,
            &round,
            &attempt,
            sql,
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// Athena cancels it, or lets it fail.
fn is_cut_off(status: &Status) -> bool {
    let reason = status.reason.to_ascii_lowercase();
    reason.contains("bytes scanned limit")
}

/// Category 1 is Athena's own fault (2 is the query's or the data's, 3 anybody's).
fn may_work(status: &Status) -> bool {
    status.is_retryable || status.category == Some(1)
}

fn failed(query_id: String, status: Status) -> Error {
    let may_work = may_work(&status);
    let reason = match status.reason.is_empty() {
        true => "it does not say why".to_owned(),
        false => status.reason,
    };
    match may_work {
        true => Error::QueryInterrupted { query_id, reason },
        false => Error::QueryFailed { query_id, reason },
    }
}

fn jittered(wait: Duration) -> Duration {
    wait.mul_f64(1.0 + JITTER * (2.0 * rand::random::<f64>() - 1.0))
}

/// A query that is stopped where whoever waits for it goes away.
struct Running {
    client: Client,
    id: String,
    is_watched: bool,
}

impl Running {
    fn new(client: &Client, id: &str) -> Self {
        Running {
            client: client.clone(),
            id: id.to_owned(),
            is_watched: true,
        }
    }

    /// It ended, or may go on by itself.
    fn leave(&mut self) {
        self.is_watched = false;
    }

    async fn out_of_time(mut self, seconds: u64) -> Error {
        self.leave();
        let ended = match timeout(TO_STOP, self.client.stop(&self.id)).await {
            Ok(Ok(())) => Ended::Stopped,
            Ok(Err(_)) | Err(_) => Ended::GoesOn,
        };
        Error::QueryTimedOut {
            query_id: std::mem::take(&mut self.id),
            seconds,
            ended,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(runtime) = Handle::try_current().ok().filter(|_| self.is_watched) else {
            return;
        };
        let (client, id) = (self.client.clone(), std::mem::take(&mut self.id));
        runtime.spawn(async move { timeout(TO_STOP, client.stop(&id)).await });
    }
}
