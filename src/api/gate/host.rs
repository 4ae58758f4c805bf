//! Which names that a request may say it is for are this machine's own.

use std::net::IpAddr;

#[cfg(test)]
mod tests;

/// Whether this is a name of this machine's own, with or without a port. By its text alone: a name
/// that somebody else's DNS leads here is not one.
pub(super) fn is_loopback_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) if is_port(port) => address,
            Some(_) | None => return false,
        },
        None => match host.split_once(':') {
            Some((name, port)) if is_port(&format!(":{port}")) => name,
            Some(_) => return false,
            None => host,
        },
    };
    let is_bracketed = host.starts_with('[');
    match name.parse::<IpAddr>() {
        Ok(address) => address.is_ipv6() == is_bracketed && address.is_loopback(),
        Err(_) => !is_bracketed && name.eq_ignore_ascii_case("localhost"),
    }
}

/// `:3000`, or nothing.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|port| port.parse::<u16>().is_ok())
}
