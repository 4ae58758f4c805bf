//! The log: one JSON object a line, instants in RFC 3339 and UTC.
//!
//! Only our own events below the level warn: what libraries say in detail may hold headers, and so
//! tokens. Start at [`subscriber`].

use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

/// `level` is one that [`crate::config::serve::Told::log`] let through.
pub fn subscriber<W>(level: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // `EnvFilter` can do more, and brings a regex engine into every function.
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("why", level.parse().unwrap_or(LevelFilter::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(writer);
    Registry::default().with(lines.with_filter(filter))
}
