//! `why openapi`: the JSON API as a document for tools.

use clap::Args;

use super::{Stop, Terminal};
use crate::api::openapi;

#[derive(Debug, Args)]
pub(crate) struct OpenApi {}

impl OpenApi {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<u8, Stop> {
        write!(terminal.out, "{}", openapi::text())?;
        Ok(0)
    }
}
