//! Dead letters: few, so all lie in one partition.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::item::{Found, Key, LETTERS, Row};
use super::{Ledger, failed, later};
use crate::job::{DeadLetter, LETTERS_KEPT};
use crate::ledger::Error;

impl Ledger {
    pub(crate) async fn keep_letter(&self, letter: &DeadLetter) -> Result<(), Error> {
        let row = Row::new(Key::letter(&letter.id))
            .text("body", &letter.body)
            .text("why", &letter.why)
            .number("receive_count", letter.receive_count)
            .instant("sent_at", letter.sent_at)
            .instant("died_at", letter.died_at)
            .flag("apologised", letter.apologised)
            .expires(later(letter.died_at, LETTERS_KEPT));
        self.put(row).await
    }

    pub(crate) async fn letters(&self, now: Timestamp) -> Result<Vec<DeadLetter>, Error> {
        let mut found = self.query(LETTERS).into_paginator().items().send();
        let mut letters = Vec::new();
        while let Some(letter) = found.next().await {
            let letter = Found(letter.map_err(|error| failed(&error))?);
            if !letter.has_expired(now) {
                letters.push(dead_letter(&letter)?);
            }
        }
        letters.sort_by(|a, b| b.died_at.cmp(&a.died_at).then_with(|| a.id.cmp(&b.id)));
        Ok(letters)
    }

    pub(crate) async fn forget_letter(&self, id: &str) -> Result<(), Error> {
        let deleted = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(Key::letter(id).into()))
            .send()
            .await;
        deleted.map(|_| ()).map_err(|error| failed(&error))
    }

    /// All of a partition, consistently.
    pub(super) fn query(&self, pk: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
    }
}

fn dead_letter(letter: &Found) -> Result<DeadLetter, Error> {
    Ok(DeadLetter {
        id: letter.text("sk")?,
        body: letter.text("body")?,
        why: letter.text("why")?,
        receive_count: letter.number("receive_count")?,
        sent_at: letter.instant("sent_at")?,
        died_at: letter.instant("died_at")?,
        apologised: letter.flag("apologised"),
    })
}
