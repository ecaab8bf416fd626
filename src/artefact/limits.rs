//! What a hostile file may cost: memory, inflated bytes, nesting, members.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};

const MIB: u64 = 1 << 20;

/// How much one file may cost to examine. Everything beyond is reported, never silently left out.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Archives within archives, compressed layers included.
    pub depth: u32,
    /// Bytes that may be inflated from one file, all layers together.
    pub inflated: u64,
    /// Bytes out of archives that are held in memory at a time.
    pub held: u64,
    /// Bytes of a file that is no archive: it is as large as it is on disk.
    pub file: u64,
    /// Members of one file, all archives in it together.
    pub members: u64,
    /// Bytes of an SBOM, a header or another text.
    pub text: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 8, inflated: 8 << 30, held: 512 << 20, file: 4 << 30, members: 1_000_000, text: 64 * MIB }
    }
}

/// What is left of the bytes that may be inflated.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    left: Rc<Cell<u64>>,
    whole: u64,
}

/// A decompressor whose output is counted.
pub(super) struct Metered<R> {
    inner: R,
    budget: Budget,
}

/// A file in memory.
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    /// Held for as long as the bytes are, if they are many.
    pub(super) alone: Option<MutexGuard<'static, ()>>,
}

/// The largest piece of memory that a thread keeps for the next file. Without it the pages of every file would be asked from the system and given back,
/// which costs more than to read and to search it.
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

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { left: Rc::new(Cell::new(limits.inflated)), whole: limits.inflated }
    }

    pub(super) fn meter<R: Read>(&self, inner: R) -> Metered<R> {
        Metered { inner, budget: self.clone() }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.left.get();
        if left == 0 && !buffer.is_empty() {
            return Err(io::Error::other(format!("inflates to more than {}", size(self.budget.whole))));
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(&mut buffer[..most])?;
        self.budget.left.set(left.saturating_sub(read as u64));
        Ok(read)
    }
}

/// Reads a file of at most `most` bytes into memory; `expected` is what it claims to have. `crowded` is whether this thread holds a large file already.
pub(super) fn hold(reader: &mut dyn Read, expected: u64, most: u64, crowded: bool) -> io::Result<Held> {
    // A claim costs nothing to make: only a modest one is reserved for in advance.
    let reserve = expected.min(most).min(LARGE);
    let mut held = Held { bytes: MEMORY.take(), alone: None };
    let bytes = &mut held.bytes;
    bytes.clear();
    bytes.reserve(usize::try_from(reserve).unwrap_or(0).saturating_add(1));
    reader.take(most.min(LARGE)).read_to_end(bytes)?;
    if bytes.len() as u64 == LARGE && most > LARGE {
        held.alone = (!crowded).then(|| ALONE.lock().unwrap_or_else(PoisonError::into_inner));
        reader.take(most - LARGE).read_to_end(bytes)?;
    }
    if bytes.len() as u64 >= most && reader.read(&mut [0])? != 0 {
        return Err(io::Error::other(format!("larger than {}: not examined", size(most))));
    }
    Ok(held)
}

/// A number of bytes, for people.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..MIB => format!("{bytes} bytes"),
        MIB..0x4000_0000 => format!("{} MiB", bytes / MIB),
        _ => format!("{} GiB", bytes >> 30),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflating_stops_at_the_budget_of_all_layers() {
        let budget = Budget::new(&Limits { inflated: 10, ..Limits::default() });
        let mut bytes = Vec::new();
        budget.meter(&b"1234567"[..]).read_to_end(&mut bytes).unwrap();
        let error = budget.meter(&b"1234567"[..]).read_to_end(&mut bytes).unwrap_err();
        assert_eq!((error.to_string().as_str(), bytes.len(), budget.is_spent()), ("inflates to more than 10 bytes", 10, true));
    }

    #[test]
    fn a_lying_size_neither_reserves_nor_cuts() {
        let held = hold(&mut &b"short"[..], u64::MAX, 1 << 20, false).unwrap();
        assert_eq!(held.bytes, b"short");
        assert_eq!(hold(&mut &b"longer"[..], 1, 6, false).unwrap().bytes, b"longer");
        assert_eq!(hold(&mut &b"longer"[..], 1, 5, false).err().unwrap().to_string(), "larger than 5 bytes: not examined");
    }
}
