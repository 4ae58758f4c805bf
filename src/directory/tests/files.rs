//! Files that are no directory, or none any more, and what is said of them.

use proptest::prelude::*;

use super::*;
use crate::directory::format::{HEADER, VERSION};

/// Gives damaged bytes the checksum that they would have had.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = crc32fast::hash(&bytes[16..]);
    bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

fn refusal(bytes: Vec<u8>) -> String {
    Directory::from_bytes(bytes, "lake/directory.bin")
        .unwrap_err()
        .to_string()
}

#[test]
fn a_bad_file_is_refused_by_name_and_reason() {
    let good = bytes(companies());
    let length = good.len();
    let with = |at: usize, new: &[u8]| {
        let mut bytes = good.clone();
        bytes[at..at + new.len()].copy_from_slice(new);
        bytes
    };
    let unusable = |reason: &str| format!("lake/directory.bin is not a usable directory: {reason}");
    let another = |found: u32| {
        format!(
            "lake/directory.bin was written by another version ({found}; this one reads {VERSION})"
        )
    };
    let changed = unusable("its checksum is wrong, so some of its bytes have changed");
    let unfit = unusable("its parts do not fit together");
    let huge = u64::MAX.to_le_bytes();
    let cases: Vec<(&str, Vec<u8>, String)> = vec![
        ("empty", vec![], unusable("it is empty")),
        (
            "text",
            b"{\"entity_id\": 1}\n".to_vec(),
            unusable("it is another kind of file"),
        ),
        (
            "Parquet",
            b"PAR1\x15\x04\x15".to_vec(),
            unusable("it is another kind of file"),
        ),
        (
            "zeros",
            vec![0; length],
            unusable("it is another kind of file"),
        ),
        (
            "half the magic",
            good[..4].to_vec(),
            unusable("it ends after 4 bytes, within its header"),
        ),
        (
            "the magic alone",
            good[..8].to_vec(),
            unusable("it ends after 8 bytes, within its header"),
        ),
        (
            "half the header",
            good[..HEADER - 1].to_vec(),
            unusable(&format!(
                "it ends after {} bytes, within its header",
                HEADER - 1
            )),
        ),
        (
            "the header alone",
            good[..HEADER].to_vec(),
            unusable(&format!(
                "it is cut off: {HEADER} of {length} bytes are there"
            )),
        ),
        (
            "half of it",
            good[..length / 2].to_vec(),
            unusable(&format!(
                "it is cut off: {} of {length} bytes are there",
                length / 2
            )),
        ),
        (
            "all but a byte",
            good[..length - 1].to_vec(),
            unusable(&format!(
                "it is cut off: {} of {length} bytes are there",
                length - 1
            )),
        ),
        (
            "something after it",
            [good.clone(), b"\n\n".to_vec()].concat(),
            unusable("2 bytes follow its end"),
        ),
        ("an older version", with(8, &[0]), another(0)),
        ("a newer version", with(8, &[9]), another(9)),
        ("another checksum", with(12, &[!good[12]]), changed.clone()),
        ("a changed name", with(HEADER + 3, b"?"), changed.clone()),
        (
            "a changed last byte",
            with(length - 1, &[!good[length - 1]]),
            changed.clone(),
        ),
        (
            "a length beyond all bounds",
            with(24, &huge),
            unusable(&format!(
                "it is cut off: {length} of {} bytes are there",
                usize::MAX
            )),
        ),
        (
            "a count that is none",
            sealed(with(16, &huge)),
            unfit.clone(),
        ),
        (
            "one company more",
            sealed(with(16, &[good[16] + 1])),
            unfit.clone(),
        ),
        (
            "an automaton of another version",
            sealed(with(map_at(&good), &[77])),
            unfit.clone(),
        ),
    ];
    for (what, bytes, message) in cases {
        assert_eq!(refusal(bytes), message, "{what}");
    }
}

/// Where the map of names begins.
fn map_at(bytes: &[u8]) -> usize {
    let length = |part: usize| {
        let at = 24 + part * 8;
        u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize
    };
    HEADER + (0..3).map(length).sum::<usize>()
}

#[test]
fn a_file_that_cannot_be_read_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    for file in [folder.path().join("none.bin"), folder.path().to_owned()] {
        let error = Directory::open(&file).unwrap_err();
        assert!(matches!(error, Error::Missing { .. }), "{error}");
        assert!(
            error
                .to_string()
                .starts_with(&format!("there is no directory at {}: ", file.display()))
        );
    }
}

#[test]
fn a_build_that_fails_says_where_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nowhere/directory.bin");
    let error = build(companies(), &file).unwrap_err().to_string();
    let start = format!("the directory could not be written to {}: ", file.display());
    assert!(error.starts_with(&start), "{error}");
    // A folder in its place can't be replaced; the temporary file goes.
    std::fs::create_dir(folder.path().join("taken")).unwrap();
    build(companies(), &folder.path().join("taken")).unwrap_err();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_build_replaces_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.bin");
    assert_eq!(build(companies(), &file).unwrap(), COMPANIES.len());
    assert_eq!(build(vec![], &file).unwrap(), 0);
    let directory = Directory::open(&file).unwrap();
    assert!(directory.is_empty());
    assert_eq!(said(&directory.resolve("acme")), "none");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn other_bytes_for_the_same_companies_need_another_version() {
    // Keys too: they are made and looked up by the same rules of `names`.
    insta::assert_snapshot!(format!("{:08x}", crc32fast::hash(&bytes(companies()))), @"7511c346");
}

proptest! {
    #[test]
    fn one_changed_byte_is_always_noticed(at in any::<proptest::sample::Index>(), change in 1u8..) {
        let mut bytes = bytes(companies());
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(Directory::from_bytes(bytes, "changed").is_err());
    }

    #[test]
    fn a_cut_is_always_noticed(at in any::<proptest::sample::Index>()) {
        let mut bytes = bytes(companies());
        bytes.truncate(at.index(bytes.len()));
        prop_assert!(Directory::from_bytes(bytes, "cut").is_err());
    }

    #[test]
    fn nothing_is_read_past_the_end_of_a_record(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = record::decode(&bytes);
        let _ = record::name(&bytes);
    }

    /// The checksum fits, yet records, offsets and ids are anything.
    #[test]
    fn damage_that_the_checksum_covers_up_panics_nowhere(
        at in any::<proptest::sample::Index>(),
        change in 1u8..,
    ) {
        let mut bytes = bytes(companies());
        let end = map_at(&bytes);
        bytes[HEADER + at.index(end - HEADER)] ^= change;
        if let Ok(directory) = Directory::from_bytes(sealed(bytes), "sealed") {
            for typed in ["acme", "#17", "gener", "mircosoft", "springfeld coffee"] {
                let _ = directory.resolve(typed);
                let _ = directory.search(typed, 10);
            }
        }
    }
}
