use super::*;
#[test]
fn explore() {
    let text = std::fs::read_to_string("/tmp/q_explore.txt").unwrap();
    for line in text.lines().filter(|l| !l.is_empty()) { println!("{line}\n      {}", understood(line)); }
}
