//! The directory of a million made-up names: how long, how large.
//!
//! Prints one `key value unit` a line. The names are the same every time; the
//! first argument that is a number says how many. Starts a child for opening
//! and asking, so that its memory is the directory's and not the building's.

#![allow(clippy::unwrap_used, reason = "a bench that fails stops")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use why::directory::{self, Directory, Entity, Resolution};

/// Questions of each kind.
const QUESTIONS: u64 = 2_000;
const FIRST: &[&str] = &[
    "Acme", "Global", "Northern", "Blue", "Pacific", "Golden", "Silver", "United", "Advanced",
    "Alpine", "Royal", "Prime", "First", "General", "Nordic", "Atlas", "Summit", "Crystal",
];
const SYLLABLES: &[&str] = &[
    "ba", "ker", "lin", "ton", "mar", "vel", "sa", "ro", "den", "fi", "gor", "hal", "ji", "kra",
    "lo", "men", "ni", "os", "pra", "quil", "ras", "ster", "tu", "ver", "wan", "xi", "yor", "zen",
];
const TRADES: &[&str] = &[
    "Systems",
    "Energy",
    "Foods",
    "Logistics",
    "Software",
    "Capital",
    "Pharma",
    "Steel",
    "Media",
    "Coffee",
    "Motors",
    "Insurance",
    "Electric",
    "Airlines",
    "Textiles",
    "Robotics",
    "Mining",
    "Partners",
    "Holdings",
    "Group",
    "Bank",
    "Chemicals",
    "Water",
    "Timber",
    "Telecom",
];
const FORMS: &[&str] = &[
    "Inc",
    "Corp.",
    "Ltd",
    "GmbH",
    "S.A.",
    "LLC",
    "AG",
    "PLC",
    "B.V.",
    "Oy",
    "Co., Ltd.",
    "",
];

/// A sequence without a pattern that is the same on every machine (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

fn company(number: u64) -> Entity {
    let mut chance = Chance(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let syllables = 2 + chance.below(3);
    let stem: String = (0..syllables).map(|_| chance.of(SYLLABLES)).collect();
    let stem = stem[..1].to_uppercase() + &stem[1..];
    let mut words = vec![stem.as_str(), chance.of(TRADES)];
    if chance.below(3) == 0 {
        words.insert(0, chance.of(FIRST));
    }
    if chance.below(3) == 0 {
        words.push(chance.of(TRADES));
    }
    let plain = words.join(" ");
    words.push(chance.of(FORMS));
    let name = words.join(" ").trim().to_owned();
    let mut aliases = Vec::new();
    if chance.below(10) == 0 {
        aliases.push(stem.to_uppercase().chars().take(4).collect());
    }
    if chance.below(20) == 0 {
        aliases.push(format!("{stem} {}", chance.of(TRADES)));
    }
    Entity {
        entity_id: number as i64 * 7 + 1,
        name,
        domain: (chance.below(2) == 0).then(|| plain.to_lowercase().replace(' ', "") + ".com"),
        aliases,
        parent_id: (chance.below(20) == 0).then_some(number as i64 / 2 * 7 + 1),
        rank: if chance.below(4) == 0 {
            chance.below(1_000) as f64
        } else {
            0.0
        },
    }
}

/// One letter of it another one, or two swapped.
fn mistyped(name: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + chance.below(letters.len().saturating_sub(2).max(1));
    if chance.below(2) == 0 {
        letters[at] = 'q';
    } else {
        letters.swap(at - 1, at);
    }
    letters.into_iter().collect()
}

fn print(key: &str, value: impl std::fmt::Display, unit: &str) {
    #[expect(clippy::print_stdout, reason = "this is what a bench is for")]
    {
        println!("directory.{key} {value} {unit}");
    }
}

fn ms(time: Duration) -> String {
    format!("{:.4}", time.as_secs_f64() * 1e3)
}

/// Times each question; a target is for the median and for the slow ones.
fn time(key: &str, questions: &[String], ask: impl Fn(&str) -> bool) {
    let mut found = 0;
    let mut times: Vec<Duration> = questions
        .iter()
        .map(|question| {
            let start = Instant::now();
            found += usize::from(std::hint::black_box(ask(question)));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    print(&format!("{key}_p50"), ms(times[times.len() / 2]), "ms");
    print(
        &format!("{key}_p99"),
        ms(times[times.len() * 99 / 100]),
        "ms",
    );
    print(&format!("{key}_max"), ms(times[times.len() - 1]), "ms");
    print(
        &format!("{key}_found"),
        found,
        &format!("of_{}", questions.len()),
    );
}

/// Peak memory of this process, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or_else(
        || "unknown".to_owned(),
        |kib| format!("{:.1}", kib / 1024.0),
    )
}

fn build(file: &Path, companies: u64) {
    let start = Instant::now();
    let count = directory::build((0..companies).map(company), file).unwrap();
    print("companies", count, "companies");
    print("build", ms(start.elapsed()), "ms");
    print("build_memory", peak_memory(), "MiB");
    let bytes = std::fs::metadata(file).unwrap().len();
    print("file", format!("{:.1}", bytes as f64 / 1048576.0), "MiB");
}

fn ask(file: &Path, companies: u64) {
    let start = Instant::now();
    let directory = Directory::open(file).unwrap();
    print("open", ms(start.elapsed()), "ms");
    print("open_memory", peak_memory(), "MiB");

    let mut chance = Chance(17);
    let asked: Vec<Entity> = (0..QUESTIONS)
        .map(|_| company(chance.below(companies as usize) as u64))
        .collect();
    let names: Vec<String> = asked.iter().map(|entity| entity.name.clone()).collect();
    let some = |resolution| !matches!(resolution, Resolution::None(_));
    let start = Instant::now();
    std::hint::black_box(directory.resolve("Kerlniton Sysems"));
    print("first_question", ms(start.elapsed()), "ms");
    time("exact", &names, |typed| directory.knows(typed));
    time("exact_resolved", &names, |typed| {
        some(directory.resolve(typed))
    });
    let domains: Vec<String> = asked
        .iter()
        .filter_map(|entity| entity.domain.clone())
        .collect();
    time("domain", &domains, |typed| some(directory.resolve(typed)));
    let starts: Vec<String> = names
        .iter()
        .map(|name| name.chars().take(6 + name.len() / 3).collect())
        .collect();
    time("prefix", &starts, |typed| some(directory.resolve(typed)));
    let letters: Vec<String> = ('a'..='z').map(String::from).collect();
    time("one_letter_search", &letters, |typed| {
        !directory.search(typed, 10).is_empty()
    });
    let typos: Vec<String> = names
        .iter()
        .map(|name| mistyped(name, &mut chance))
        .collect();
    time("typo", &typos, |typed| some(directory.resolve(typed)));
    let unknown: Vec<String> = typos
        .iter()
        .take(200)
        .map(|typo| format!("Zz{typo} Xylophone"))
        .collect();
    time("nothing_fits", &unknown, |typed| {
        !some(directory.resolve(typed))
    });
    print("memory", peak_memory(), "MiB");
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let companies = arguments
        .iter()
        .find_map(|a| a.parse().ok())
        .unwrap_or(1_000_000);
    if let Some(at) = arguments.iter().position(|argument| argument == "--ask") {
        ask(&PathBuf::from(&arguments[at + 1]), companies);
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.bin");
    build(&file, companies);
    let this = std::env::current_exe().unwrap();
    let child = Command::new(this)
        .arg("--ask")
        .arg(&file)
        .arg(companies.to_string())
        .status();
    if child.is_ok_and(|status| status.success()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
