//! The queue beside a model of it in memory, under random operations.

use super::*;

#[derive(Debug, Clone, Copy)]
enum Operation {
    Send(u8),
    Receive { most: usize, invisible: u64 },
    Done(prop::sample::Index),
    Again(prop::sample::Index, u64),
    Bury(prop::sample::Index),
    Retry(u8),
    Wait(u64),
}

fn operation() -> impl Strategy<Value = Operation> {
    let delivery = any::<prop::sample::Index>;
    prop_oneof![
        4 => (0..6_u8).prop_map(Operation::Send),
        5 => (0..4_usize, 0..20_u64)
            .prop_map(|(most, invisible)| Operation::Receive { most, invisible }),
        2 => delivery().prop_map(Operation::Done),
        2 => (delivery(), 0..20_u64).prop_map(|(which, delay)| Operation::Again(which, delay)),
        1 => delivery().prop_map(Operation::Bury),
        1 => (0..6_u8).prop_map(Operation::Retry),
        4 => (1..15_u64).prop_map(Operation::Wait),
    ]
}

/// Where a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Job {
    Waiting {
        turn: usize,
        visible_at: u64,
        count: u32,
        /// The delivery that counts.
        held: Option<usize>,
    },
    Dead {
        count: u32,
    },
    Done,
}

#[derive(Debug, Default)]
struct Model {
    jobs: BTreeMap<String, Job>,
    turns: usize,
    deliveries: usize,
}

impl Model {
    fn queue(&mut self, id: &str, now: u64) {
        self.turns += 1;
        let job = Job::Waiting {
            turn: self.turns,
            visible_at: now,
            count: 0,
            held: None,
        };
        self.jobs.insert(id.to_owned(), job);
    }

    fn send(&mut self, id: &str, now: u64) -> Sent {
        if self.jobs.contains_key(id) {
            return Sent::Known;
        }
        self.queue(id, now);
        Sent::New
    }

    fn receive(&mut self, most: usize, invisible: u64, now: u64) -> Vec<(String, u32)> {
        let mut visible: Vec<_> = self
            .jobs
            .iter_mut()
            .filter_map(|(id, job)| match job {
                Job::Waiting {
                    turn,
                    visible_at,
                    count,
                    held,
                } if *visible_at <= now => Some((*turn, id.clone(), visible_at, count, held)),
                Job::Waiting { .. } | Job::Dead { .. } | Job::Done => None,
            })
            .collect();
        visible.sort_by_key(|(turn, ..)| *turn);
        let mut received = Vec::new();
        for (_, id, visible_at, count, held) in visible.into_iter().take(most) {
            *visible_at = now + invisible;
            *count += 1;
            *held = Some(self.deliveries);
            self.deliveries += 1;
            received.push((id, *count));
        }
        received
    }

    /// The job, where this delivery of it still counts.
    fn held(&mut self, id: &str, delivery: usize) -> Option<&mut Job> {
        self.jobs
            .get_mut(id)
            .filter(|job| matches!(job, Job::Waiting { held: Some(held), .. } if *held == delivery))
    }

    fn settle(&mut self, id: &str, delivery: usize, to: Job) {
        if let Some(job) = self.held(id, delivery) {
            *job = to;
        }
    }

    fn retry(&mut self, id: &str, now: u64) -> bool {
        let is_dead = matches!(self.jobs.get(id), Some(Job::Dead { .. }));
        if is_dead {
            self.queue(id, now);
        }
        is_dead
    }
}

async fn run(operations: Vec<Operation>) -> Result<(), TestCaseError> {
    let (_folder, queue) = fresh().await;
    let mut model = Model::default();
    let mut deliveries: Vec<Received> = Vec::new();
    let mut now = 0;
    for operation in operations {
        match operation {
            Operation::Send(job) => {
                let id = job.to_string();
                let sent = queue.send(&id, "", at(now)).await.unwrap();
                prop_assert_eq!(sent, model.send(&id, now));
            }
            Operation::Receive { most, invisible } => {
                let received = queue
                    .receive(most, Duration::from_secs(invisible), at(now))
                    .await
                    .unwrap();
                let seen: Vec<_> = received
                    .iter()
                    .map(|received| (received.id.clone(), received.receive_count))
                    .collect();
                prop_assert_eq!(seen, model.receive(most, invisible, now));
                deliveries.extend(received);
            }
            Operation::Wait(seconds) => now += seconds,
            Operation::Retry(job) => {
                let id = job.to_string();
                let retried = queue.retry(&id, at(now)).await.is_ok();
                prop_assert_eq!(retried, model.retry(&id, now));
            }
            Operation::Done(which) | Operation::Bury(which) | Operation::Again(which, _)
                if deliveries.is_empty() =>
            {
                let _ = which;
            }
            Operation::Done(which) => {
                let delivery = which.index(deliveries.len());
                queue.done(&deliveries[delivery]).await.unwrap();
                model.settle(&deliveries[delivery].id, delivery, Job::Done);
            }
            Operation::Bury(which) => {
                let delivery = which.index(deliveries.len());
                let received = &deliveries[delivery];
                queue.bury(received, "", at(now)).await.unwrap();
                let count = received.receive_count;
                model.settle(&received.id, delivery, Job::Dead { count });
            }
            Operation::Again(which, delay) => {
                let delivery = which.index(deliveries.len());
                let received = &deliveries[delivery];
                let wait = Duration::from_secs(delay);
                queue.again(received, wait, at(now)).await.unwrap();
                if let Some(Job::Waiting {
                    visible_at, held, ..
                }) = model.held(&received.id, delivery)
                {
                    (*visible_at, *held) = (now + delay, None);
                }
            }
        }
    }
    nothing_is_lost(&queue, &mut model, now).await
}

/// Every job that was ever taken is done, dead, or comes again in the end.
async fn nothing_is_lost(queue: &Queue, model: &mut Model, now: u64) -> Result<(), TestCaseError> {
    let waiting = queue
        .receive(1000, INVISIBLE, at(now + 1000))
        .await
        .unwrap();
    let waiting: Vec<_> = waiting
        .into_iter()
        .map(|received| (received.id, received.receive_count))
        .collect();
    prop_assert_eq!(waiting, model.receive(1000, 30, now + 1000));
    let letters = queue.dead_letters().await.unwrap();
    let dead: BTreeMap<_, _> = letters
        .into_iter()
        .map(|letter| (letter.id, letter.receive_count))
        .collect();
    let expected: BTreeMap<_, _> = model
        .jobs
        .iter()
        .filter_map(|(id, job)| match job {
            Job::Dead { count } => Some((id.clone(), *count)),
            Job::Waiting { .. } | Job::Done => None,
        })
        .collect();
    prop_assert_eq!(dead, expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_queue_does_what_its_model_does(
        operations in prop::collection::vec(operation(), 1..60)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(operations))?;
    }
}
