//! What a hostile file may cost: memory, inflated bytes, nesting, members.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

pub(super) const MIB: u64 = 1 << 20;

/// How much one file may cost to examine. Everything beyond is reported, never silently left out.
#[derive(Debug, Clone)]
pub struct ExaminationLimits {
    /// Archives within archives, compressed layers included.
    pub depth: u32,
    /// Bytes that may be inflated from one file, all layers together.
    pub inflated: u64,
    /// Bytes out of archives that are held in memory at a time, and bytes of what describes
    /// compiled code.
    pub held: u64,
    /// Bytes of a file that is no archive.
    pub file: u64,
    /// Members of one file, all archives in it together.
    pub members: u64,
    /// Bytes of an SBOM, a header or another text.
    pub text: u64,
}

impl Default for ExaminationLimits {
    fn default() -> Self {
        Self {
            depth: 8,
            inflated: 8 << 30,
            held: 512 << 20,
            file: 4 << 30,
            members: 1_000_000,
            text: 64 * MIB,
        }
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

impl Budget {
    pub(super) fn new(limits: &ExaminationLimits) -> Self {
        Self {
            left: Rc::new(Cell::new(limits.inflated)),
            whole: limits.inflated,
        }
    }

    pub(super) fn meter<R: Read>(&self, inner: R) -> Metered<R> {
        Metered {
            inner,
            budget: self.clone(),
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.left.get();
        if left == 0 && !buffer.is_empty() {
            return Err(io::Error::other(format!(
                "inflates to more than {}",
                size(self.budget.whole)
            )));
        }
        let most = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = self.inner.read(&mut buffer[..most])?;
        self.budget.left.set(left.saturating_sub(read as u64));
        Ok(read)
    }
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
        let budget = Budget::new(&ExaminationLimits {
            inflated: 10,
            ..ExaminationLimits::default()
        });
        let mut bytes = Vec::new();
        budget
            .meter(&b"1234567"[..])
            .read_to_end(&mut bytes)
            .unwrap();
        let error = budget
            .meter(&b"1234567"[..])
            .read_to_end(&mut bytes)
            .unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), bytes.len(), budget.is_spent()),
            ("inflates to more than 10 bytes", 10, true)
        );
    }
}
