//! Members of archives while they are looked at: how many bytes are held in memory at a time, in
//! which memory, and when they are kept in a file instead.

use std::cell::RefCell;
use std::io::{self, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::limits::{MIB, size};
use super::scratch::{Scratch, ScratchFile};

/// A file in memory.
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    /// Held for as long as the bytes are, if they are many.
    alone: Option<MutexGuard<'static, ()>>,
}

/// The largest piece of memory that a thread keeps for the next file. Without it the pages of every
/// file would be asked from the system and given back, which costs more than to read and to search
/// it.
const KEPT: usize = 16 << 20;

thread_local! {
    static MEMORY: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Files above this size are held one at a time, however many threads there are.
const LARGE: u64 = 128 * MIB;
static ALONE: Mutex<()> = Mutex::new(());

impl Drop for Held {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        MEMORY.with_borrow_mut(|kept| {
            if (kept.capacity()..=KEPT).contains(&bytes.capacity()) {
                *kept = bytes;
            }
        });
    }
}

/// Reads a file of at most `most` bytes into memory; `expected` is what it claims to have.
/// `crowded` is whether this thread holds a large file already.
pub(super) fn hold(
    reader: &mut dyn Read,
    expected: u64,
    most: u64,
    crowded: bool,
) -> io::Result<Held> {
    // A claim costs nothing to make: only a modest one is reserved for in advance.
    let reserve = expected.min(most).min(LARGE);
    let mut held = Held {
        bytes: MEMORY.take(),
        alone: None,
    };
    let bytes = &mut held.bytes;
    bytes.clear();
    bytes.reserve(usize::try_from(reserve).unwrap_or(0).saturating_add(1));
    reader.take(most.min(LARGE)).read_to_end(bytes)?;
    if bytes.len() as u64 == LARGE && most > LARGE {
        held.alone = (!crowded).then(|| ALONE.lock().unwrap_or_else(PoisonError::into_inner));
        reader.take(most - LARGE).read_to_end(bytes)?;
    }
    if bytes.len() as u64 >= most && reader.read(&mut [0])? != 0 {
        return Err(too_large(most));
    }
    Ok(held)
}

/// A member of an archive that can be read from any place.
pub(super) enum Kept {
    Memory(Held),
    File(Box<dyn ScratchFile>),
}

/// Keeps a member of at most `most` bytes: a large one in a file.
pub(super) fn keep(
    reader: &mut dyn Read,
    expected: u64,
    most: u64,
    scratch: &Scratch,
) -> io::Result<Kept> {
    const LARGEST: u64 = KEPT as u64;
    let start = if expected <= LARGEST {
        let held = hold(&mut reader.take(LARGEST), expected, most, true)?;
        if (held.bytes.len() as u64) < LARGEST {
            return Ok(Kept::Memory(held));
        }
        Some(held)
    } else {
        None
    };
    let start = start.as_ref().map_or(&[][..], |held| &held.bytes);
    let mut file = scratch()?;
    file.write_all(start)?;
    let left = most.saturating_sub(start.len() as u64);
    if io::copy(&mut reader.take(left), &mut file)? == left && reader.read(&mut [0])? != 0 {
        return Err(too_large(most));
    }
    file.rewind()?;
    Ok(Kept::File(file))
}

fn too_large(most: u64) -> io::Error {
    io::Error::other(format!("larger than {}: not examined", size(most)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::scratch;

    #[test]
    fn a_large_member_is_kept_in_a_file_whatever_it_claims() {
        let bytes: Vec<u8> = (0..KEPT + 5).map(|at| (at % 251) as u8).collect();
        for (expected, length, in_file) in [
            (0, 1000, false),
            (u64::MAX, 1000, true),
            (0, KEPT - 1, false),
            (0, KEPT, true),
            (KEPT as u64, KEPT + 5, true),
            (KEPT as u64 + 1, KEPT + 5, true),
        ] {
            let kept = keep(
                &mut &bytes[..length],
                expected,
                u64::MAX,
                &scratch::in_memory,
            );
            let (is_file, read) = match kept.unwrap() {
                Kept::Memory(held) => (false, held.bytes.clone()),
                Kept::File(mut file) => {
                    let mut read = Vec::new();
                    file.read_to_end(&mut read).unwrap();
                    (true, read)
                }
            };
            assert!(
                is_file == in_file && read == bytes[..length],
                "{expected} {length}"
            );
        }
        for (length, most, is_good) in [
            (KEPT + 5, KEPT as u64 + 5, true),
            (KEPT + 5, KEPT as u64 + 4, false),
            (6, 5, false),
        ] {
            let kept = keep(
                &mut &bytes[..length],
                length as u64,
                most,
                &scratch::in_memory,
            );
            assert_eq!(kept.is_ok(), is_good, "{length} {most}");
        }
    }

    #[test]
    fn a_lying_size_neither_reserves_nor_cuts() {
        let held = hold(&mut &b"short"[..], u64::MAX, 1 << 20, false).unwrap();
        assert_eq!(held.bytes, b"short");
        assert_eq!(
            hold(&mut &b"longer"[..], 1, 6, false).unwrap().bytes,
            b"longer"
        );
        assert_eq!(
            hold(&mut &b"longer"[..], 1, 5, false)
                .err()
                .unwrap()
                .to_string(),
            "larger than 5 bytes: not examined"
        );
    }
}
