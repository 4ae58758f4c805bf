//! The log: one JSON object a line, instants in RFC 3339 and UTC.
//!
//! Only our own events below the level warn: what libraries say in detail may hold headers, and so
//! tokens. Start at [`subscriber`].

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// `level` is one that [`crate::config::serve::Told::log`] let through.
pub fn subscriber<W>(level: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::new(format!("warn,why={level}"));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(writer);
    Registry::default().with(lines.with_filter(filter))
}
