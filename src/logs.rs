//! The log: one JSON object a line, instants in RFC 3339 and UTC.
//!
//! Only our own events below the level warn: what libraries say in detail may hold headers, and so
//! tokens. Start at [`subscriber`].

#[cfg(feature = "lambda")]
use std::panic;

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

/// From here on a panic says where it was, in the log, and nothing else: its words may quote what
/// a person wrote, and Rust's own hook prints them.
#[cfg(feature = "lambda")]
pub fn hush_panics() {
    panic::set_hook(Box::new(|panicked| {
        let place = panicked
            .location()
            .map(|at| format!("{}:{}", at.file(), at.line()));
        tracing::error!(place, "ALARM: a panic");
    }));
}

#[cfg(feature = "lambda")]
#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_says_where_it_was_and_not_its_words() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = subscriber("info", move || writer.clone());
        let before = panic::take_hook();
        hush_panics();
        let ended = tracing::subscriber::with_default(subscriber, || {
            panic::catch_unwind(|| panic!("is Acme bankrupt?"))
        });
        panic::set_hook(before);
        assert!(ended.is_err());
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(log.contains("ALARM: a panic"), "{log}");
        assert!(log.contains("src/logs.rs:"), "{log}");
        assert!(!log.contains("bankrupt"), "{log}");
    }
}
