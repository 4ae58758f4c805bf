//! Keys of the sorter: bytes that sort like the numbers they stand for.
//!
//! Attributes are their place in the catalog, dates days since 1970.

/// Where a row goes, and its place there: by partition, entity, time, line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowKey {
    pub(super) attribute: u32,
    pub(super) bucket: u32,
    pub(super) date: i32,
    pub(super) entity_id: i64,
    pub(super) decided_at: i64,
    /// Counts usable lines, from 0.
    pub(super) line: u64,
}

impl RowKey {
    pub(super) const LENGTH: usize = 36;

    pub(super) fn encode(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        let parts: [&[u8]; 6] = [
            &self.attribute.to_be_bytes(),
            &self.bucket.to_be_bytes(),
            &(self.date ^ i32::MIN).to_be_bytes(),
            &(self.entity_id ^ i64::MIN).to_be_bytes(),
            &(self.decided_at ^ i64::MIN).to_be_bytes(),
            &self.line.to_be_bytes(),
        ];
        for (slot, byte) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *slot = *byte;
        }
        bytes
    }

    /// What [`RowKey::encode`] wrote; `None` for other bytes.
    pub(super) fn decode(bytes: &[u8]) -> Option<RowKey> {
        let (attribute, rest) = bytes.split_first_chunk()?;
        let (bucket, rest) = rest.split_first_chunk()?;
        let (date, rest) = rest.split_first_chunk()?;
        let (entity_id, rest) = rest.split_first_chunk()?;
        let (decided_at, rest) = rest.split_first_chunk()?;
        let (line, _) = rest.split_first_chunk()?;
        Some(RowKey {
            attribute: u32::from_be_bytes(*attribute),
            bucket: u32::from_be_bytes(*bucket),
            date: i32::from_be_bytes(*date) ^ i32::MIN,
            entity_id: i64::from_be_bytes(*entity_id) ^ i64::MIN,
            decided_at: i64::from_be_bytes(*decided_at) ^ i64::MIN,
            line: u64::from_be_bytes(*line),
        })
    }

    /// Whether both lie in one partition.
    pub(super) fn same_partition(&self, other: &RowKey) -> bool {
        (self.attribute, self.bucket, self.date) == (other.attribute, other.bucket, other.date)
    }

    /// For the latest table: all of an entity's together, the newest last. The
    /// date moves behind the entity.
    pub(super) fn by_entity(&self) -> [u8; Self::LENGTH] {
        let mut bytes = self.encode();
        if let Some(middle) = bytes.get_mut(8..20) {
            middle.rotate_left(4);
        }
        bytes
    }

    /// What [`RowKey::by_entity`] wrote.
    pub(super) fn decode_by_entity(bytes: &[u8]) -> Option<RowKey> {
        let mut bytes: [u8; Self::LENGTH] = bytes.try_into().ok()?;
        bytes.get_mut(8..20)?.rotate_right(4);
        RowKey::decode(&bytes)
    }
}

/// A decision's id and the line it stands on: copies lie together, the last line last.
pub(super) fn id_key(decision_id: &str, line: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(decision_id.len() + 9);
    key.extend_from_slice(decision_id.as_bytes());
    // Ids hold no null character: a shorter id sorts before what it begins.
    key.push(0);
    key.extend_from_slice(&line.to_be_bytes());
    key
}

/// The id and the line of a key of [`id_key`].
pub(super) fn split_id_key(key: &[u8]) -> Option<(&[u8], u64)> {
    let (rest, line) = key.split_last_chunk()?;
    let (_, id) = rest.split_last()?;
    Some((id, u64::from_be_bytes(*line)))
}
