//! The audit: a partition a month, so that none grows for ever and a few hold all. Writing is one
//! call; reading is for operators, and asks month by month.

use jiff::Timestamp;

use super::item::{Found, Key, Row, month};
use super::{Ledger, failed, later};
use crate::access::Through;
use crate::ledger::{AUDIT_KEPT, Access, DAY, Error};

impl Ledger {
    pub(crate) async fn audit(&self, access: &Access) -> Result<(), Error> {
        let row = Row::new(Key::line(access.at, &self.token()))
            .instant("at", access.at)
            .text("user", &access.user)
            .maybe_text("team", access.team.as_deref())
            .maybe_text("channel", access.channel.as_deref())
            .maybe_number("entity_id", access.entity_id)
            .maybe_text("attribute", access.attribute.as_deref())
            .text("outcome", &access.outcome)
            .text("through", access.through.name())
            .expires(later(access.at, AUDIT_KEPT));
        self.put(row).await
    }

    pub(crate) async fn accesses(&self, most: usize, now: Timestamp) -> Result<Vec<Access>, Error> {
        // A writer's clock may be ahead of ours.
        let newest = later(now, DAY);
        let oldest = now.checked_sub(AUDIT_KEPT).unwrap_or(Timestamp::MIN);
        let days = std::iter::successors(Some(newest), |day| day.checked_sub(DAY).ok());
        let mut months: Vec<String> = days.take_while(|day| *day >= oldest).map(month).collect();
        months.dedup();
        let mut accesses = Vec::new();
        for month in months {
            self.of_month(&month, most, now, &mut accesses).await?;
        }
        Ok(accesses)
    }

    async fn of_month(
        &self,
        month: &str,
        most: usize,
        now: Timestamp,
        accesses: &mut Vec<Access>,
    ) -> Result<(), Error> {
        let missing = most.saturating_sub(accesses.len());
        if missing == 0 {
            return Ok(());
        }
        let mut lines = self
            .query(month)
            .scan_index_forward(false)
            .limit(i32::try_from(missing).unwrap_or(i32::MAX))
            .into_paginator()
            .items()
            .send();
        while accesses.len() < most {
            let Some(line) = lines.next().await else {
                break;
            };
            let line = Found(line.map_err(|error| failed(&error))?);
            if !line.has_expired(now) {
                accesses.push(access(&line)?);
            }
        }
        Ok(())
    }
}

fn access(line: &Found) -> Result<Access, Error> {
    // Before there was an API, all came through Slack.
    let through = line.maybe_text("through");
    let through = through.as_deref().and_then(Through::named);
    Ok(Access {
        at: line.instant("at")?,
        user: line.text("user")?,
        team: line.maybe_text("team"),
        channel: line.maybe_text("channel"),
        entity_id: line.maybe_number("entity_id"),
        attribute: line.maybe_text("attribute"),
        outcome: line.text("outcome")?,
        through: through.unwrap_or(Through::Slack),
    })
}
