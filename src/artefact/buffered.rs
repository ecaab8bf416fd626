//! Files in memory: how many bytes at a time, and in which memory.

use std::cell::RefCell;
use std::io::{self, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::limits::{MIB, size};

/// A file in memory.
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    /// Held for as long as the bytes are, if they are many.
    alone: Option<MutexGuard<'static, ()>>,
}

/// The largest piece of memory that a thread keeps for the next file. Without it the pages of every
/// file would be asked from the system and given back, which costs more than to read and to search
/// it.
const KEPT: usize = 32 << 20;

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
        return Err(io::Error::other(format!(
            "larger than {}: not examined",
            size(most)
        )));
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;

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
