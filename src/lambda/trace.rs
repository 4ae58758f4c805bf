//! X-Ray's trace id, so that the log lines of one question can be found by it.
//!
//! API Gateway gives each request a root id in `X-Amzn-Trace-Id` (it reports no segment of its own:
//! X-Ray does not trace HTTP APIs), Lambda's own segments carry it on, the SDK sends it along with a
//! job, and SQS hands it to the worker as the attribute `AWSTraceHeader`: one id from request to
//! post. Pure. Start at [`id`].

/// `1-5759e988-bd862e3fe1be46a994272793` of `Root=1-5759e988-…;Parent=…;Sampled=1`.
#[must_use]
pub(super) fn id(header: &str) -> Option<&str> {
    let root = header
        .split(';')
        .find_map(|part| part.trim().strip_prefix("Root="))?;
    let is_id = root.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    (is_id && !root.is_empty()).then_some(root)
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn a_trace_has_the_id_of_its_root_and_garbage_has_none() {
        let root = "1-5759e988-bd862e3fe1be46a994272793";
        for (header, expected) in [
            (
                format!("Root={root};Parent=53995c3f42cd8ad8;Sampled=1"),
                Some(root),
            ),
            (format!("Self=1-67891234-aa; Root={root}"), Some(root)),
            ("Parent=53995c3f42cd8ad8".to_owned(), None),
            ("Root=".to_owned(), None),
            ("Root=\"}, {\"".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(id(&header), expected, "{header}");
        }
    }
}
