//! A company as bytes, and the numbers that the file is made of.
//!
//! Reading never trusts a length: whatever does not fit is `None`. The name
//! comes first, so that sorting by name needs no more than [`name`].

use super::Entity;

const DOMAIN: u8 = 1;
const PARENT: u8 = 2;
const RANK: u8 = 4;

/// Appends the record.
pub(super) fn encode(entity: &Entity, out: &mut Vec<u8>) {
    put_text(&entity.name, out);
    put_varint(zigzag(entity.entity_id), out);
    let mut flags = 0;
    flags |= if entity.domain.is_some() { DOMAIN } else { 0 };
    flags |= if entity.parent_id.is_some() {
        PARENT
    } else {
        0
    };
    flags |= if entity.rank == 0.0 { 0 } else { RANK };
    out.push(flags);
    if let Some(domain) = &entity.domain {
        put_text(domain, out);
    }
    if let Some(parent_id) = entity.parent_id {
        put_varint(zigzag(parent_id), out);
    }
    if flags & RANK != 0 {
        out.extend(entity.rank.to_le_bytes());
    }
    put_varint(entity.aliases.len() as u64, out);
    for alias in &entity.aliases {
        put_text(alias, out);
    }
}

/// Reads a record that begins here.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Entity> {
    let rest = &mut bytes;
    let name = text(rest)?.to_owned();
    let entity_id = unzigzag(varint(rest)?);
    let flags = take(rest, 1)?.first().copied()?;
    let domain = if flags & DOMAIN == 0 {
        None
    } else {
        Some(text(rest)?.to_owned())
    };
    let parent_id = if flags & PARENT == 0 {
        None
    } else {
        Some(unzigzag(varint(rest)?))
    };
    let rank = if flags & RANK == 0 {
        0.0
    } else {
        f64::from_le_bytes(take(rest, 8)?.try_into().ok()?)
    };
    let aliases = (0..varint(rest)?)
        .map(|_| text(rest).map(str::to_owned))
        .collect::<Option<_>>()?;
    Some(Entity {
        entity_id,
        name,
        domain,
        aliases,
        parent_id,
        rank,
    })
}

/// Only the name of the record that begins here.
pub(super) fn name(mut bytes: &[u8]) -> Option<&str> {
    text(&mut bytes)
}

/// Seven bits a byte, lowest first; the high bit says that more follow.
pub(super) fn put_varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number off the front.
pub(super) fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?.first().copied()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    put_varint(text.len() as u64, out);
    out.extend(text.as_bytes());
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(varint(bytes)?).ok()?;
    std::str::from_utf8(take(bytes, length)?).ok()
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (head, tail) = bytes.split_at_checked(length)?;
    *bytes = tail;
    Some(head)
}

/// Small numbers of either sign become small numbers.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}
