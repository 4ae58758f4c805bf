//! What counts as this machine.

use super::*;

#[test]
fn only_names_of_this_machine_itself_are_loopback() {
    for host in [
        "localhost",
        "LocalHost:3000",
        "127.0.0.1",
        "127.0.0.1:3000",
        "127.9.9.9:1",
        "[::1]",
        "[::1]:3000",
    ] {
        assert!(is_loopback_host(host), "{host}");
    }
    for host in [
        "",
        "why.example.com",
        "localhost.example.com",
        "localhost.",
        "a.localhost",
        "127.0.0.1.nip.io",
        "127.0.0.1:3000:3000",
        "127.0.0.1:port",
        "user@127.0.0.1",
        "10.0.0.1:3000",
        "0.0.0.0:3000",
        "0x7f000001",
        "2130706433",
        "127.1",
        "::1",
        "[127.0.0.1]",
        "[::1",
        "[::1]x",
        "[localhost]",
        "[::ffff:10.0.0.1]",
    ] {
        assert!(!is_loopback_host(host), "{host}");
    }
}
