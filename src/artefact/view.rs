//! The bytes of compiled code, in memory or on disk. What describes the code is read once and kept;
//! what is searched passes by in pieces, so that a large file is never held.

use std::cell::{Cell, RefCell};
use std::io;
use std::ops::Range;

use object::ReadRef;
use object::read::{ReadCache, ReadCacheOps};
use rayon::prelude::*;

/// How much is read and searched at a time: what a processor's second cache holds beside other
/// things.
pub(super) const PIECE: u64 = 256 << 10;

/// How much of a stretch before and behind a piece is shown with it: more than anything that is
/// looked for needs.
const BEFORE: u64 = 16;
const BEHIND: u64 = 160;

/// As many pieces are not worth to wake another thread.
const FEW: usize = 4;

/// Names are read in blocks of this size.
const BLOCK: u64 = 64 << 10;

/// What is read of a name that does not end in its block; a longer one is none.
const LONGEST_NAME: u64 = 16 << 10;

/// Bytes that can be read from any place, by several threads at once.
pub trait ReadAt: Sync {
    /// Fills the buffer with the bytes from this offset on.
    ///
    /// # Errors
    ///
    /// What reading gives; an end before the buffer is full is one.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;
}

impl<T: AsRef<[u8]> + Sync> ReadAt for io::Cursor<T> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = self
            .get_ref()
            .as_ref()
            .get(start..)
            .and_then(|rest| rest.get(..buffer.len()));
        buffer.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// The bytes of one file of compiled code.
#[derive(Clone, Copy)]
pub(super) enum BytesView<'a> {
    Memory(&'a [u8]),
    Disk(&'a Disk<'a>),
}

/// A file of compiled code whose description was read.
pub(super) type Parsed<'data> = object::File<'data, BytesView<'data>>;

/// A file on disk, and what was kept of it.
pub(super) struct Disk<'a> {
    bytes: &'a dyn ReadAt,
    size: u64,
    kept: ReadCache<Stream<'a>>,
    /// What may still be kept: hostile tables let many entries name the same large part of the
    /// file.
    left: Cell<u64>,
}

/// The file as the cache reads it.
struct Stream<'a> {
    bytes: &'a dyn ReadAt,
    size: u64,
    at: u64,
}

/// A piece of a stretch of the file.
pub(super) struct Piece<'a> {
    /// The piece, and a little of what stands around it in its stretch.
    pub(super) bytes: &'a [u8],
    /// Where in these bytes the piece is.
    pub(super) range: Range<usize>,
    /// Where in the file these bytes start.
    pub(super) start: u64,
}

impl<'a> Disk<'a> {
    /// At most `most` bytes are kept.
    pub(super) fn new(bytes: &'a dyn ReadAt, size: u64, most: u64) -> Self {
        let kept = ReadCache::new(Stream { bytes, size, at: 0 });
        Self {
            bytes,
            size,
            kept,
            left: Cell::new(size.saturating_mul(4).saturating_add(PIECE).min(most)),
        }
    }
}

impl ReadCacheOps for Stream<'_> {
    fn len(&mut self) -> Result<u64, ()> {
        Ok(self.size)
    }

    fn seek(&mut self, position: u64) -> Result<u64, ()> {
        self.at = position;
        Ok(position)
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ()> {
        let length = usize::try_from(self.size.saturating_sub(self.at))
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        self.read_exact(&mut buffer[..length]).map(|()| length)
    }

    fn read_exact(&mut self, buffer: &mut [u8]) -> Result<(), ()> {
        self.bytes.read_exact_at(buffer, self.at).map_err(|_| ())?;
        self.at += buffer.len() as u64;
        Ok(())
    }
}

impl<'a> ReadRef<'a> for BytesView<'a> {
    fn len(self) -> Result<u64, ()> {
        match self {
            Self::Memory(bytes) => Ok(bytes.len() as u64),
            Self::Disk(disk) => Ok(disk.size),
        }
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'a [u8], ()> {
        match self {
            Self::Memory(bytes) => bytes.read_bytes_at(offset, size),
            Self::Disk(disk) => {
                disk.left.set(disk.left.get().checked_sub(size).ok_or(())?);
                disk.kept.read_bytes_at(offset, size)
            }
        }
    }

    fn read_bytes_at_until(self, range: Range<u64>, delimiter: u8) -> Result<&'a [u8], ()> {
        let disk = match self {
            Self::Memory(bytes) => return bytes.read_bytes_at_until(range, delimiter),
            Self::Disk(disk) => disk,
        };
        if range.start > range.end || range.end > disk.size {
            return Err(());
        }
        // The cache would read every name by itself.
        let start = range.start / BLOCK * BLOCK;
        let block = disk
            .kept
            .read_bytes_at(start, (disk.size - start).min(BLOCK))?;
        let within = usize::try_from(range.start - start).map_err(|_| ())?;
        let end = usize::try_from(range.end - start)
            .unwrap_or(usize::MAX)
            .min(block.len());
        let name = block.get(within..end).ok_or(())?;
        if let Some(length) = memchr::memchr(delimiter, name) {
            return Ok(&name[..length]);
        }
        // It ends in the next block, or in none.
        let name = self.read_bytes_at(range.start, (range.end - range.start).min(LONGEST_NAME))?;
        let length = memchr::memchr(delimiter, name).ok_or(())?;
        Ok(&name[..length])
    }
}

impl BytesView<'_> {
    /// What `look` makes of every piece of these stretches, in their order; they are sorted and do
    /// not overlap.
    pub(super) fn map<T: Send>(
        self,
        stretches: &[Range<u64>],
        look: impl Fn(Piece<'_>) -> T + Sync,
    ) -> io::Result<Vec<T>> {
        let raw = self.raw();
        let parts = parts(stretches);
        let blocks = blocks(&parts);
        let one = |block: &&[Part]| raw.read(block, |pieces| pieces.map(&look).collect::<Vec<T>>());
        let found: io::Result<Vec<Vec<T>>> = if is_shared_work(blocks.len()) {
            blocks.par_iter().map(one).collect()
        } else {
            blocks.iter().map(one).collect()
        };
        found.map(|found| found.into_iter().flatten().collect())
    }

    /// The first thing that `look` finds in a piece of these stretches.
    pub(super) fn find<T: Send>(
        self,
        stretches: &[Range<u64>],
        look: impl Fn(Piece<'_>) -> Option<T> + Sync,
    ) -> io::Result<Option<T>> {
        let raw = self.raw();
        let parts = parts(stretches);
        let blocks = blocks(&parts);
        let one = |block: &&[Part]| {
            raw.read(block, |mut pieces| Iterator::find_map(&mut pieces, &look))
                .transpose()
        };
        let found = if is_shared_work(blocks.len()) {
            blocks.par_iter().find_map_first(one)
        } else {
            blocks.iter().find_map(one)
        };
        found.transpose()
    }

    fn raw(&self) -> Raw<'_> {
        match *self {
            Self::Memory(bytes) => Raw::Memory(bytes),
            Self::Disk(disk) => Raw::Disk(disk.bytes),
        }
    }
}

/// What threads share of a view.
#[derive(Clone, Copy)]
enum Raw<'a> {
    Memory(&'a [u8]),
    Disk(&'a dyn ReadAt),
}

/// A part of a stretch that lies in one block of the file.
struct Part {
    stretch: Range<u64>,
    piece: Range<u64>,
}

impl Part {
    /// The piece with what is shown around it.
    fn shown(&self) -> Range<u64> {
        let start = self
            .piece
            .start
            .saturating_sub(BEFORE)
            .max(self.stretch.start);
        start..self.piece.end.saturating_add(BEHIND).min(self.stretch.end)
    }
}

thread_local! {
    /// What is read from disk: the same memory for every piece.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Raw<'_> {
    /// Reads all parts of a block at once.
    fn read<T>(
        self,
        parts: &[Part],
        look: impl FnOnce(&mut dyn Iterator<Item = Piece<'_>>) -> T,
    ) -> io::Result<T> {
        let start = parts.first().map_or(0, |part| part.shown().start);
        let end = parts
            .iter()
            .map(|part| part.shown().end)
            .max()
            .unwrap_or(start);
        let pieces =
            |bytes: &[u8]| look(&mut parts.iter().filter_map(|part| piece(part, bytes, start)));
        match self {
            Self::Memory(bytes) => Ok(pieces(slice(bytes, start..end).unwrap_or_default())),
            Self::Disk(file) => {
                let length = usize::try_from(end - start).map_err(io::Error::other)?;
                let mut buffer = BUFFER.take();
                if buffer.len() < length {
                    buffer.resize(length, 0);
                }
                let read = file.read_exact_at(&mut buffer[..length], start);
                let found = read.map(|()| pieces(&buffer[..length]));
                BUFFER.replace(buffer);
                found
            }
        }
    }
}

/// The piece of a part, from bytes that start at this offset of the file.
fn piece<'b>(part: &Part, bytes: &'b [u8], offset: u64) -> Option<Piece<'b>> {
    let shown = part.shown();
    let bytes = slice(bytes, shown.start - offset..shown.end - offset)?;
    let within = |at: u64| usize::try_from(at - shown.start).ok();
    Some(Piece {
        bytes,
        range: within(part.piece.start)?..within(part.piece.end)?,
        start: shown.start,
    })
}

fn slice(bytes: &[u8], range: Range<u64>) -> Option<&[u8]> {
    bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
}

/// The stretches, cut at the blocks of the file.
fn parts(stretches: &[Range<u64>]) -> Vec<Part> {
    let mut parts = Vec::new();
    for stretch in stretches {
        let mut start = stretch.start;
        while start < stretch.end {
            let end = ((start / PIECE + 1) * PIECE).min(stretch.end);
            parts.push(Part {
                stretch: stretch.clone(),
                piece: start..end,
            });
            start = end;
        }
    }
    parts
}

/// The parts of each block of the file: many small ones that stand together are read at once.
fn blocks(parts: &[Part]) -> Vec<&[Part]> {
    parts
        .chunk_by(|one, next| one.piece.start / PIECE == next.piece.start / PIECE)
        .collect()
}

/// Whether other threads should help: there are any, and they have nothing to do because this file
/// is examined alone. One of several that took up another's pieces while it waits for its own would
/// hold both files.
fn is_shared_work(blocks: usize) -> bool {
    blocks > FEW && rayon::current_thread_index().is_none() && rayon::current_num_threads() > 1
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "one stretch is meant")]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::proptest;

    use super::*;

    const MOST: u64 = u64::MAX;

    /// What pieces of the stretches show, put together again: in memory, and on disk.
    fn shown(bytes: &[u8], stretches: &[Range<u64>]) -> [Vec<u8>; 2] {
        let cursor = io::Cursor::new(bytes);
        let disk = Disk::new(&cursor, bytes.len() as u64, MOST);
        [BytesView::Memory(bytes), BytesView::Disk(&disk)].map(|view| {
            view.map(stretches, |piece| piece.bytes[piece.range].to_vec())
                .unwrap()
                .concat()
        })
    }

    #[test]
    fn pieces_put_together_are_the_stretches() {
        let bytes: Vec<u8> = (0..3 * PIECE + 1000).map(|at| (at % 253) as u8).collect();
        let end = bytes.len() as u64;
        for stretches in [
            vec![],
            vec![0..end],
            vec![5..5],
            vec![0..1, 1..2, 2..PIECE, PIECE..PIECE + 1, end - 1..end],
            (0..1000).map(|at| at * 700..at * 700 + 300).collect(),
        ] {
            let whole: Vec<u8> = stretches
                .iter()
                .flat_map(|stretch| &bytes[stretch.start as usize..stretch.end as usize])
                .copied()
                .collect();
            for shown in shown(&bytes, &stretches) {
                assert!(shown == whole, "{stretches:?}");
            }
        }
    }

    #[test]
    fn a_piece_shows_what_stands_around_it_in_its_stretch() {
        let bytes = vec![7; 2 * PIECE as usize];
        let stretch = 100..PIECE + 50;
        let around = BytesView::Memory(&bytes)
            .map(&[stretch], |piece| {
                (piece.range.start, piece.bytes.len() - piece.range.end)
            })
            .unwrap();
        assert_eq!(around, [(0, 50), (BEFORE as usize, 0)]);
    }

    #[test]
    fn the_first_is_found_in_the_order_of_the_file() {
        let mut bytes = vec![0; 9 * PIECE as usize];
        for at in [3, 5, 8] {
            bytes[at * PIECE as usize] = at as u8;
        }
        let first = |stretch: Range<u64>| {
            let look = |piece: Piece<'_>| {
                piece.bytes[piece.range]
                    .iter()
                    .copied()
                    .find(|&byte| byte != 0)
            };
            BytesView::Memory(&bytes).find(&[stretch], look).unwrap()
        };
        assert_eq!(
            [
                first(0..9 * PIECE),
                first(4 * PIECE..9 * PIECE),
                first(0..PIECE)
            ],
            [Some(3), Some(5), None]
        );
    }

    #[test]
    fn a_file_that_became_shorter_is_an_error() {
        let cursor = io::Cursor::new(b"short");
        let disk = Disk::new(&cursor, 6, MOST);
        assert!(BytesView::Disk(&disk).map(&[0..6], |_| ()).is_err());
        assert_eq!(BytesView::Disk(&disk).read_bytes_at(0, 6), Err(()));
    }

    #[test]
    fn names_across_blocks_and_names_without_end() {
        let mut bytes = vec![b'x'; 4 * BLOCK as usize];
        bytes[BLOCK as usize + 3] = 0;
        let cursor = io::Cursor::new(&bytes);
        let disk = Disk::new(&cursor, bytes.len() as u64, MOST);
        let length = |start: u64| {
            BytesView::Disk(&disk)
                .read_bytes_at_until(start..4 * BLOCK, 0)
                .map(<[u8]>::len)
        };
        assert_eq!(
            [
                length(BLOCK - 3),
                length(BLOCK + 3),
                length(BLOCK - LONGEST_NAME)
            ],
            [Ok(6), Ok(0), Err(())]
        );
        assert_eq!(
            [length(BLOCK + 4), length(4 * BLOCK), length(5 * BLOCK)],
            [Err(()); 3]
        );
    }

    #[test]
    fn what_is_kept_of_a_file_has_an_end() {
        let bytes = vec![1; 1000];
        let cursor = io::Cursor::new(&bytes);
        let disk = Disk::new(&cursor, 1000, 600);
        let sizes = [100, 500, 1].map(|size| {
            BytesView::Disk(&disk)
                .read_bytes_at(0, size)
                .map(<[u8]>::len)
        });
        assert_eq!(sizes, [Ok(100), Ok(500), Err(())]);
        let disk = Disk::new(&cursor, 1000, MOST);
        let reads = (0..1_000_000)
            .take_while(|at| BytesView::Disk(&disk).read_bytes_at(at % 500, 500).is_ok());
        assert!(reads.count() < 1000);
    }

    proptest! {
        #[test]
        fn names_are_the_same_in_memory_and_on_disk(bytes in vec(0_u8..9, 0..300), start in 0_u64..310, end in 0_u64..310) {
            let cursor = io::Cursor::new(&bytes);
            let disk = Disk::new(&cursor, bytes.len() as u64, MOST);
            let range = start..end;
            let [memory, disk] = [BytesView::Memory(&bytes), BytesView::Disk(&disk)].map(|view| view.read_bytes_at_until(range.clone(), 0));
            assert_eq!(memory, disk);
        }
    }
}
