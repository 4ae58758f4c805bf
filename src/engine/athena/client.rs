//! Speaks to Athena: five calls, each with its time-outs, in our words.
//!
//! Knows the SDK, not what is asked or why. A peer that accepts and never answers would hang the
//! SDK for ever: it has no time-outs of its own but for connecting. Start at [`Client::open`].

use std::collections::BTreeMap;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_sdk_athena::config::retry::RetryConfig;
use aws_sdk_athena::config::timeout::TimeoutConfig;
use aws_sdk_athena::config::{Credentials, Region};
use aws_sdk_athena::types::{
    QueryExecutionContext, QueryExecutionState, ResultReuseByAgeConfiguration,
    ResultReuseConfiguration, TableMetadata,
};

use super::trouble;
use crate::engine::{Error, Settings};

const CONNECT: Duration = Duration::from_secs(1);
/// Each call, its retries included; `StartQueryExecution` may be repeated, thanks to its token.
const ATTEMPTS: u32 = 3;
const BACKOFF: Duration = Duration::from_millis(100);
const MOST_BACKOFF: Duration = Duration::from_secs(1);
/// Glue's catalog of the account, by the name that Athena has for it.
const DATA_CATALOG: &str = "AwsDataCatalog";

#[derive(Debug, Clone)]
pub(super) struct Client {
    sdk: aws_sdk_athena::Client,
    pub(super) workgroup: String,
    pub(super) database: String,
    reuse: Option<Duration>,
}

/// How a query is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Status {
    pub(super) state: State,
    /// Athena's own words; empty where it has none.
    pub(super) reason: String,
    pub(super) category: Option<i32>,
    pub(super) is_retryable: bool,
    pub(super) statistics: Statistics,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Queued or running; a running query may be queued again.
    UnderWay,
    Succeeded,
    Failed,
    Cancelled,
}

/// Times in milliseconds, 0 where not said.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Statistics {
    pub(super) queue: i64,
    pub(super) planning: i64,
    pub(super) engine: i64,
    pub(super) service: i64,
    pub(super) total: i64,
    pub(super) scanned_bytes: u64,
    pub(super) reused: bool,
}

/// One page of a result: a row is its values, each a text or NULL.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    /// The columns' names; empty where the page does not say.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Option<String>>>,
    pub(super) next: Option<String>,
}

/// Whether an earlier result may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reuse {
    AsSet,
    Never,
}

impl Client {
    pub(super) async fn open(
        settings: &Settings,
        database: &str,
        options: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let said = |name: &str| options.get(name).filter(|value| !value.is_empty());
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT.min(settings.attempt))
            .read_timeout(settings.attempt)
            .operation_attempt_timeout(settings.attempt)
            .operation_timeout(settings.operation)
            .build();
        let retries = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_initial_backoff(BACKOFF)
            .with_max_backoff(MOST_BACKOFF);
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts)
            .retry_config(retries);
        if let Some(region) = said("aws_region").or_else(|| said("aws_default_region")) {
            loader = loader.region(Region::new(region.clone()));
        }
        if let (Some(id), Some(secret)) = (said("aws_access_key_id"), said("aws_secret_access_key"))
        {
            let token = said("aws_session_token").cloned();
            loader = loader.credentials_provider(Credentials::new(
                id.clone(),
                secret.clone(),
                token,
                None,
                "environment",
            ));
        }
        let shared = loader.load().await;
        let mut config = aws_sdk_athena::config::Builder::from(&shared);
        // The SDK would take an empty one for an address.
        let own = ["aws_endpoint_url_athena", "aws_endpoint_url"];
        if own.iter().any(|name| options.contains_key(*name)) {
            config.set_endpoint_url(own.into_iter().find_map(said).cloned());
        }
        if shared.region().is_none() {
            return Err(Error::Misconfigured {
                what: "Athena needs a region, and none is set (AWS_REGION)".to_owned(),
            });
        }
        Ok(Client {
            sdk: aws_sdk_athena::Client::from_conf(config.build()),
            workgroup: settings.workgroup.clone(),
            database: database.to_owned(),
            reuse: settings.reuse,
        })
    }

    /// The id of the query. The same token and SQL give the same id.
    pub(super) async fn start(
        &self,
        sql: &str,
        token: &str,
        reuse: Reuse,
    ) -> Result<String, Error> {
        let what = "StartQueryExecution";
        let context = QueryExecutionContext::builder()
            .catalog(DATA_CATALOG)
            .database(&self.database)
            .build();
        let started = self
            .sdk
            .start_query_execution()
            .query_string(sql)
            .client_request_token(token)
            .work_group(&self.workgroup)
            .query_execution_context(context)
            .set_result_reuse_configuration(self.reuse_configuration(reuse))
            .send()
            .await
            .map_err(|error| trouble::named(what, &error))?;
        let id = started.query_execution_id().filter(|id| !id.is_empty());
        id.map(str::to_owned)
            .ok_or_else(|| trouble::unreadable(what))
    }

    fn reuse_configuration(&self, reuse: Reuse) -> Option<ResultReuseConfiguration> {
        let age = match reuse {
            Reuse::AsSet => self.reuse?,
            Reuse::Never => return None,
        };
        let minutes = i32::try_from(age.as_secs() / 60).ok()?;
        let by_age = ResultReuseByAgeConfiguration::builder()
            .enabled(true)
            .max_age_in_minutes(minutes)
            .build();
        Some(
            ResultReuseConfiguration::builder()
                .result_reuse_by_age_configuration(by_age)
                .build(),
        )
    }

    pub(super) async fn status(&self, id: &str) -> Result<Status, Error> {
        let what = "GetQueryExecution";
        let got = self
            .sdk
            .get_query_execution()
            .query_execution_id(id)
            .send()
            .await
            .map_err(|error| trouble::named(what, &error))?;
        let unreadable = || trouble::unreadable(what);
        let execution = got.query_execution().ok_or_else(unreadable)?;
        let status = execution.status().ok_or_else(unreadable)?;
        let state = state(status.state().ok_or_else(unreadable)?);
        let error = status.athena_error();
        let reason = status
            .state_change_reason()
            .filter(|reason| !reason.is_empty())
            .or_else(|| error.and_then(|error| error.error_message()))
            .unwrap_or_default();
        Ok(Status {
            state,
            reason: reason.to_owned(),
            category: error.and_then(|error| error.error_category()),
            is_retryable: error.is_some_and(|error| error.retryable()),
            statistics: statistics(execution.statistics()),
        })
    }

    pub(super) async fn page(&self, id: &str, next: Option<&str>) -> Result<Page, Error> {
        let what = "GetQueryResults";
        let got = self
            .sdk
            .get_query_results()
            .query_execution_id(id)
            .set_next_token(next.map(str::to_owned))
            .send()
            .await
            .map_err(|error| trouble::named(what, &error))?;
        let set = got.result_set().ok_or_else(|| trouble::unreadable(what))?;
        let columns = set.result_set_metadata().map(|metadata| {
            let columns = metadata.column_info().iter();
            columns.map(|column| column.name().to_owned()).collect()
        });
        let rows = set.rows().iter().map(|row| {
            let values = row.data().iter();
            values
                .map(|value| value.var_char_value().map(str::to_owned))
                .collect()
        });
        Ok(Page {
            columns: columns.unwrap_or_default(),
            rows: rows.collect(),
            next: got.next_token().map(str::to_owned),
        })
    }

    /// What Glue says of a table; `None` where it knows none of this name.
    pub(super) async fn table(&self, name: &str) -> Result<Option<TableMetadata>, Error> {
        let what = "GetTableMetadata";
        let got = self
            .sdk
            .get_table_metadata()
            .catalog_name(DATA_CATALOG)
            .database_name(&self.database)
            .table_name(name)
            .work_group(&self.workgroup)
            .send()
            .await;
        match got {
            Ok(got) => {
                let table = got
                    .table_metadata
                    .ok_or_else(|| trouble::unreadable(what))?;
                Ok(Some(table))
            }
            Err(error) if trouble::is_no_entity(&error) => Ok(None),
            Err(error) => Err(trouble::named(what, &error)),
        }
    }

    pub(super) async fn stop(&self, id: &str) -> Result<(), Error> {
        self.sdk
            .stop_query_execution()
            .query_execution_id(id)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| trouble::named("StopQueryExecution", &error))
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "states that Athena may add are no end"
)]
fn state(state: &QueryExecutionState) -> State {
    match state {
        QueryExecutionState::Succeeded => State::Succeeded,
        QueryExecutionState::Failed => State::Failed,
        QueryExecutionState::Cancelled => State::Cancelled,
        _ => State::UnderWay,
    }
}

fn statistics(said: Option<&aws_sdk_athena::types::QueryExecutionStatistics>) -> Statistics {
    let Some(said) = said else {
        return Statistics::default();
    };
    let service = [
        said.service_pre_processing_time_in_millis(),
        said.service_processing_time_in_millis(),
    ];
    let bytes = said.data_scanned_in_bytes().unwrap_or_default();
    Statistics {
        queue: said.query_queue_time_in_millis().unwrap_or_default(),
        planning: said.query_planning_time_in_millis().unwrap_or_default(),
        engine: said.engine_execution_time_in_millis().unwrap_or_default(),
        service: service.into_iter().flatten().sum(),
        total: said.total_execution_time_in_millis().unwrap_or_default(),
        scanned_bytes: u64::try_from(bytes).unwrap_or_default(),
        reused: said
            .result_reuse_information()
            .is_some_and(|reuse| reuse.reused_previous_result()),
    }
}
