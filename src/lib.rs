//! `why`: why does this attribute of this company have this value?
//!
//! Words become a [`question`], a question becomes a [`plan`], an [`engine`] reads the rows that
//! the plan names, the rows become an [`answer`], and the answer becomes text, JSON or blocks
//! ([`render`]). Each step but the reading is a pure function. Start at [`ask::Why::ask`], which
//! puts them in a row, or at [`explain::explain`], which is what the product is for.
//!
//! In Slack, [`ingress`] verifies what comes ([`slack`]), puts a [`job`] into the [`queue`] and
//! acknowledges; the [`worker`] takes it, asks the same way and answers through [`chat`], with the
//! [`ledger`] to answer once and [`visibility`] to say no more than its readers may see. [`serve`]
//! runs all of it in one process; on AWS, [`lambda`] is each part in a function of its own. Every
//! question is words: a button, a form and typed text become the same job.
//!
//! | layer | modules | what lives there |
//! |---|---|---|
//! | 0 core | [`question`], [`names`], [`catalog`], [`contract`], [`layout`], [`plan`], [`ddl`], [`sql`], [`advice`], [`measure`], [`trace`], [`value`], [`explain`], [`answer`], [`overview`], [`comparison`], [`visibility`], [`error`] | pure; no clock, no environment, no network, no async |
//! | 1 pure edges | [`render`], [`slack`], [`job`], [`access`], [`link`], [`infra`] | an answer as text, JSON, Block Kit; what Slack sends, verified and read; what is to be done; who asks over HTTP, and signed links; the template of what runs on AWS |
//! | 2 adapters | [`engine`], [`directory`], [`config`], [`queue`], [`ledger`], [`chat`], [`secrets`], [`oidc`], [`logs`] | the lake, by itself or through Athena, the file of names, the environment, jobs, what was done, Slack's Web API, Secrets Manager, whom an issuer vouches for, the log; none knows another |
//! | 3 use cases | [`ask`], [`import`], [`check`], [`cli`], [`ingress`], [`typeahead`], [`api`], [`worker`], [`serve`], [`slack_demo`], [`lambda`] | what a person does |
//! | 4 binaries | `src/main.rs`, `src/bin/*.rs` | hands clock, environment and terminal over |
//!
//! - **Invariant:** a layer uses only those below it; core and pure edges touch no SDK, no clock and
//!   no file (`tests/it/layers.rs`).
//! - **Invariant:** [`layout`] alone knows how attribute, company and time become a path; DDL, paths
//!   and planner name the same partitions (`ddl/tests.rs`).
//! - **Invariant:** what runs on AWS may do what its code calls and no more, and its tables are the
//!   catalog's (`infra/tests`).
//! - **Invariant:** no character of what a user typed enters SQL (`sql/tests.rs`).
//! - **Invariant:** `explain` is a function of its arguments: the order of the rows and copies of
//!   them change nothing, and every change has exactly one cause (`explain/tests`).
//! - **Invariant:** the DDL and the importer's files are made of the contract, `schema/` says the same, and a
//!   new version takes nothing away from the last (`contract/tests.rs`).
//! - **Invariant:** a file that can't be read is an error that names it, never a missing decision
//!   (`engine/direct`).
//! - **Invariant:** whatever the data holds, a message stays within Slack's limits and can't mention
//!   anybody (`render/tests`).
//! - **Invariant:** an accepted question ends in one visible answer or apology, however often it is
//!   delivered and wherever the process dies (`worker/delivery.rs` names the windows that remain).
//! - **Invariant:** a body is read only after its signature is verified over the raw bytes, and no
//!   secret reaches a log or an error (`slack/signature.rs`).
//! - **Invariant:** over HTTP nobody is answered whom no door knows, a path that is added is closed, and
//!   a link opens what it was signed for, until it expires (`api/gate/tests`, `link/tests.rs`).
//! - **Invariant:** an operation of the API lists the errors that it can return, and no other
//!   (`api/v1/tests/errors.rs`).
//! - **Invariant:** a killed import leaves the lake as it was or as it should be (`tests/it/import.rs`).
//!
//! Errors belong to one of four classes ([`error::Class`]) and reach a person as an
//! [`error::Failure`]: what was wrong, what to do next, what may have been meant.

#[cfg(any(feature = "api", feature = "worker"))]
pub mod access;
pub mod advice;
pub mod answer;
#[cfg(feature = "api")]
pub mod api;
#[cfg(feature = "ask")]
pub mod ask;
pub mod catalog;
#[cfg(feature = "chat")]
pub mod chat;
#[cfg(feature = "cli")]
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod comparison;
#[cfg(any(feature = "cli", feature = "lambda"))]
pub mod config;
pub mod contract;
pub mod ddl;
#[cfg(feature = "directory")]
pub mod directory;
#[cfg(feature = "direct")]
pub mod engine;
pub mod error;
pub mod explain;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "cli")]
pub mod infra;
#[cfg(feature = "ingress")]
pub mod ingress;
#[cfg(feature = "slack")]
pub mod job;
#[cfg(feature = "lambda")]
pub mod lambda;
pub mod layout;
#[cfg(any(feature = "api", feature = "worker"))]
pub mod ledger;
#[cfg(feature = "slack")]
pub mod link;
#[cfg(any(feature = "lambda", feature = "serve"))]
pub mod logs;
pub mod measure;
pub mod names;
#[cfg(feature = "oidc")]
pub mod oidc;
pub mod overview;
pub mod plan;
pub mod question;
#[cfg(any(feature = "api", feature = "ingress", feature = "worker"))]
pub mod queue;
#[cfg(feature = "json")]
pub mod render;
#[cfg(feature = "lambda")]
pub mod secrets;
#[cfg(feature = "serve")]
pub mod serve;
#[cfg(feature = "slack")]
pub mod slack;
#[cfg(feature = "serve")]
pub mod slack_demo;
pub mod sql;
#[cfg(feature = "sqlite")]
mod state;
pub mod trace;
#[cfg(feature = "typeahead")]
pub mod typeahead;
pub mod value;
pub mod visibility;
#[cfg(feature = "worker")]
pub mod worker;
