//! Writes the directory file.
//!
//! Holds every record once, as bytes, and the keys of one map at a time, so a
//! million companies take some 200 MB. The same companies give the same bytes,
//! in whatever order they come. Start at [`build`].

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use fst::MapBuilder;

use super::{Entity, Error, format, keys, record};
use crate::names::{self, Name};

/// Suffixes of a name that are keys, at most: `electric` for General Electric.
const INNER_WORDS: usize = 16;

/// Writes the directory file: whole or not at all. Entities in any order; of
/// two with one id the last stays. Returns how many were written.
///
/// # Errors
/// [`Error::Write`]; what was there before is still there then.
pub fn build(entities: impl IntoIterator<Item = Entity>, file: &Path) -> Result<usize, Error> {
    let companies = Companies::collect(entities);
    companies.write_to(file).map_err(|reason| Error::Write {
        file: file.display().to_string(),
        reason: reason.to_string(),
    })?;
    Ok(companies.heads.len())
}

/// A record's place, and what it is sorted by beside its name.
#[derive(Debug, Clone, Copy)]
struct Head {
    entity_id: i64,
    rank: f64,
    start: usize,
}

struct Companies {
    records: Vec<u8>,
    /// By rank, name, id.
    heads: Vec<Head>,
}

impl Companies {
    fn collect(entities: impl IntoIterator<Item = Entity>) -> Self {
        let mut records = Vec::new();
        let mut heads = Vec::new();
        for mut entity in entities {
            // Not a number would sort before every number.
            entity.rank = if entity.rank.is_finite() {
                entity.rank
            } else {
                0.0
            };
            heads.push(Head {
                entity_id: entity.entity_id,
                rank: entity.rank,
                start: records.len(),
            });
            record::encode(&entity, &mut records);
        }
        heads.sort_by_key(|head| head.entity_id);
        heads.dedup_by(|later, earlier| {
            let again = later.entity_id == earlier.entity_id;
            if again {
                *earlier = *later;
            }
            again
        });
        let name = |head: &Head| record::name(records.get(head.start..).unwrap_or_default());
        heads.sort_unstable_by(|a, b| {
            (b.rank.total_cmp(&a.rank))
                .then_with(|| name(a).cmp(&name(b)))
                .then_with(|| a.entity_id.cmp(&b.entity_id))
        });
        Companies { records, heads }
    }

    fn entities(&self) -> impl Iterator<Item = (u32, Entity)> {
        self.heads.iter().zip(0..).filter_map(|(head, ordinal)| {
            Some((ordinal, record::decode(self.records.get(head.start..)?)?))
        })
    }

    /// Into a temporary file beside it, synced, then renamed.
    fn write_to(&self, file: &Path) -> Result<(), fst::Error> {
        let folder = match file.parent() {
            Some(folder) if folder != Path::new("") => folder,
            Some(_) | None => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let temporary = builder.prefix(".directory").tempfile_in(folder)?;
        self.write(temporary.as_file())?;
        temporary.as_file().sync_all()?;
        temporary.persist(file).map_err(|e| e.error)?;
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    fn write(&self, file: &File) -> Result<(), fst::Error> {
        let mut body = Body {
            file: BufWriter::new(file),
            checksum: crc32fast::Hasher::new(),
            lengths: Vec::new(),
            length: 0,
        };
        body.file.write_all(&[0; format::HEADER])?;
        self.write_records(&mut body)?;
        self.keys(|name, keys| keys.push(&name.core))
            .write(&mut body)?;
        self.keys(|name, keys| inner_words(&name.core).for_each(|inner| keys.push(inner)))
            .write(&mut body)?;
        self.domains().write(&mut body)?;
        let Ok(lengths) = <[u64; format::PARTS]>::try_from(body.lengths) else {
            return Err(too_large());
        };
        let header = format::header(self.heads.len() as u64, lengths, &body.checksum);
        body.file.seek(SeekFrom::Start(0))?;
        body.file.write_all(&header)?;
        body.file.flush()?;
        Ok(())
    }

    /// Records in their order, where each begins, and which is whose.
    fn write_records(&self, body: &mut Body<'_>) -> Result<(), fst::Error> {
        let mut offsets = Vec::with_capacity(self.heads.len() * 4);
        let mut record = Vec::new();
        let mut offset = 0;
        for (_, entity) in self.entities() {
            record.clear();
            record::encode(&entity, &mut record);
            body.write_all(&record)?;
            offsets.extend(
                u32::try_from(offset)
                    .map_err(|_| too_large())?
                    .to_le_bytes(),
            );
            offset += record.len();
        }
        body.end_part();
        body.write_all(&offsets)?;
        body.end_part();
        let mut ids: Vec<(i64, u32)> = self
            .heads
            .iter()
            .zip(0..)
            .map(|(head, ordinal)| (head.entity_id, ordinal))
            .collect();
        ids.sort_unstable();
        for (entity_id, ordinal) in ids {
            body.write_all(&entity_id.to_le_bytes())?;
            body.write_all(&ordinal.to_le_bytes())?;
        }
        body.end_part();
        Ok(())
    }

    /// The keys that every name and alias gives.
    fn keys(&self, give: impl Fn(&Name, &mut KeyList)) -> KeyList {
        let mut keys = KeyList::default();
        for (ordinal, entity) in self.entities() {
            keys.ordinal = ordinal;
            for text in std::iter::once(&entity.name).chain(&entity.aliases) {
                give(&Name::of(text), &mut keys);
            }
        }
        keys
    }

    fn domains(&self) -> KeyList {
        let mut keys = KeyList::default();
        for (ordinal, entity) in self.entities() {
            keys.ordinal = ordinal;
            if let Some(domain) = entity.domain.as_deref().and_then(names::domain) {
                keys.push(&domain);
            }
        }
        keys
    }
}

/// What begins at each later word of a name, but not at `and`.
fn inner_words(core: &str) -> impl Iterator<Item = &str> {
    core.match_indices(' ')
        .filter_map(|(space, _)| core.get(space + 1..))
        .filter(|inner| !inner.starts_with("and "))
        .take(INNER_WORDS)
}

fn too_large() -> fst::Error {
    std::io::Error::new(
        std::io::ErrorKind::FileTooLarge,
        "too many companies for one file",
    )
    .into()
}

/// All after the header, summed as it is written.
struct Body<'a> {
    file: BufWriter<&'a File>,
    checksum: crc32fast::Hasher,
    /// Of the parts that are done.
    lengths: Vec<u64>,
    /// Of the part that is being written.
    length: u64,
}

impl Body<'_> {
    fn end_part(&mut self) {
        self.lengths.push(std::mem::take(&mut self.length));
    }
}

impl Write for Body<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write_all(bytes)?;
        self.checksum.update(bytes);
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Keys with their bearers, before they are sorted.
#[derive(Default)]
struct KeyList {
    text: String,
    /// Where a key begins, how long it is, whose it is.
    keys: Vec<(usize, u32, u32)>,
    /// Whose the next keys are.
    ordinal: u32,
}

impl KeyList {
    fn push(&mut self, key: &str) {
        if let (false, Ok(length)) = (key.is_empty(), u32::try_from(key.len())) {
            self.keys.push((self.text.len(), length, self.ordinal));
            self.text.push_str(key);
        }
    }

    /// The map, then the postings.
    fn write(mut self, body: &mut Body<'_>) -> Result<(), fst::Error> {
        let text = self.text;
        let key = |(start, length, _): &(usize, u32, u32)| {
            text.get(*start..*start + *length as usize)
                .unwrap_or_default()
        };
        self.keys
            .sort_unstable_by(|a, b| key(a).cmp(key(b)).then_with(|| a.2.cmp(&b.2)));
        let mut postings = Vec::new();
        let mut ordinals: Vec<u32> = Vec::new();
        let mut map = MapBuilder::new(&mut *body)?;
        for bearers in self.keys.chunk_by(|a, b| key(a) == key(b)) {
            ordinals.clear();
            ordinals.extend(bearers.iter().map(|bearer| bearer.2));
            ordinals.dedup();
            if let Some(first) = bearers.first() {
                map.insert(key(first), keys::put_posting(&ordinals, &mut postings))?;
            }
        }
        map.finish()?;
        body.end_part();
        body.write_all(&postings)?;
        body.end_part();
        Ok(())
    }
}
