//! The work on a job: its lease, what was posted for it, and that it is finished.
//!
//! Each step is one conditional write, so that of several workers one wins. The SDK may repeat a
//! write whose answer was lost: the lease names the call that took it, so that a call knows its
//! own. Start at [`Ledger::begin`].

use std::time::Duration;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;

use super::item::{Found, Key, Row, expiry, sortable};
use super::{Ledger, failed, later, unless_refused};
use crate::job::Posted;
use crate::ledger::{Begun, Error, FINISHED_KEPT};

/// Between two looks at a job somebody else may take it up and give it back; not so often.
const MOST_LOOKS: usize = 4;

/// A lease that a call wants.
struct Lease {
    holder: String,
    until: Timestamp,
    expires_at: Timestamp,
}

impl Ledger {
    pub(crate) async fn begin(
        &self,
        job: &str,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Begun, Error> {
        let until = later(now, lease);
        let lease = Lease {
            holder: self.token(),
            until,
            expires_at: later(until, FINISHED_KEPT),
        };
        for _ in 0..MOST_LOOKS {
            let Some(known) = self.take_up(job, &lease, now).await? else {
                return Ok(Begun::New);
            };
            if known.is_held_by(&lease) {
                return Ok(Begun::New);
            }
            match known.begun(now)? {
                Begun::Done => return Ok(Begun::Done),
                busy @ Begun::Busy { .. } => return Ok(busy),
                Begun::Resumed { .. } => {
                    if let Some(resumed) = self.take_over(job, &lease, now).await? {
                        return Ok(resumed);
                    }
                }
                // It ran out since it was read.
                Begun::New => {}
            }
        }
        Err(Error::Failed {
            reason: "others take this job up and give it back all the time".to_owned(),
        })
    }

    /// What is known of it, unless nobody has worked on it or all that was has expired.
    async fn take_up(
        &self,
        job: &str,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<Option<Found>, Error> {
        let row = Row::new(Key::work(job))
            .instant("leased_until", lease.until)
            .text("holder", &lease.holder)
            .expires(lease.expires_at);
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(row.into()))
            .condition_expression("attribute_not_exists(pk) OR expires_at <= :now")
            .expression_attribute_values(":now", number(now.as_second()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = put else {
            return Ok(None);
        };
        let Some(PutItemError::ConditionalCheckFailedException(known)) = error.as_service_error()
        else {
            return Err(failed(&error));
        };
        match known.item() {
            Some(known) => Ok(Some(Found(known.clone()))),
            None => Err(Error::Failed {
                reason: "DynamoDB did not say what is known of the job".to_owned(),
            }),
        }
    }

    /// From a worker that died or gave it back. Nothing where it is not to be had any more.
    async fn take_over(
        &self,
        job: &str,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<Option<Begun>, Error> {
        let taken = self
            .update(job)
            .update_expression(
                "SET leased_until = :until, holder = :holder, expires_at = :expires_at",
            )
            .condition_expression(
                "attribute_exists(pk) \
                 AND (attribute_not_exists(finished) OR finished = :no) \
                 AND (attribute_not_exists(leased_until) OR leased_until <= :now)",
            )
            .expression_attribute_values(":until", text(&sortable(lease.until)))
            .expression_attribute_values(":holder", text(&lease.holder))
            .expression_attribute_values(":expires_at", number(expiry(lease.expires_at)))
            .expression_attribute_values(":no", AttributeValue::Bool(false))
            .expression_attribute_values(":now", text(&sortable(now)))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let found = match taken {
            Ok(taken) => Found(taken.attributes.unwrap_or_default()),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(known)) => {
                    let known = Found(known.item().cloned().unwrap_or_default());
                    if !known.is_held_by(lease) {
                        return Ok(None);
                    }
                    known
                }
                Some(_) | None => return Err(failed(&error)),
            },
        };
        Ok(Some(Begun::Resumed {
            posted: found.posted(),
        }))
    }

    pub(crate) async fn posted(&self, job: &str, posted: &Posted) -> Result<(), Error> {
        let written = self
            .update(job)
            .update_expression("SET posted_channel = :channel, posted_ts = :ts")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":channel", text(&posted.channel))
            .expression_attribute_values(":ts", text(&posted.ts))
            .send()
            .await;
        match unless_refused(written)? {
            Some(_) => Ok(()),
            None => Err(Error::never_begun()),
        }
    }

    pub(crate) async fn finish(&self, job: &str, now: Timestamp) -> Result<(), Error> {
        let expires_at = expiry(later(now, FINISHED_KEPT));
        let finished = self
            .update(job)
            .update_expression(
                "SET finished = :yes, expires_at = :expires_at REMOVE leased_until, holder",
            )
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .expression_attribute_values(":expires_at", number(expires_at))
            .send()
            .await;
        finished.map(|_| ()).map_err(|error| failed(&error))
    }

    pub(crate) async fn release(&self, job: &str) -> Result<(), Error> {
        let released = self
            .update(job)
            .update_expression("REMOVE leased_until, holder")
            .condition_expression("attribute_exists(pk)")
            .send()
            .await;
        unless_refused(released).map(|_| ())
    }

    pub(crate) async fn reopen(&self, job: &str) -> Result<(), Error> {
        let reopened = self
            .update(job)
            .update_expression("SET finished = :no")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":no", AttributeValue::Bool(false))
            .send()
            .await;
        unless_refused(reopened).map(|_| ())
    }

    fn update(&self, job: &str) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Key::work(job).into()))
    }
}

impl Found {
    fn is_held_by(&self, lease: &Lease) -> bool {
        self.maybe_text("holder").as_deref() == Some(lease.holder.as_str())
    }

    fn begun(&self, now: Timestamp) -> Result<Begun, Error> {
        if self.has_expired(now) {
            return Ok(Begun::New);
        }
        if self.flag("finished") {
            return Ok(Begun::Done);
        }
        Ok(match self.maybe_instant("leased_until")? {
            Some(until) if until > now => Begun::Busy { until },
            Some(_) | None => Begun::Resumed {
                posted: self.posted(),
            },
        })
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
