//! How one large file is divided among threads that have nothing else to do.

/// How much one thread reads or searches before it takes the next, in bytes: less is not worth to wake another.
pub(crate) const PIECE: usize = 1 << 20;

/// Whether this file is examined alone, and there are other threads, which have nothing to do. One of several that took up pieces of another's file
/// while it waits for its own would hold both.
pub(crate) fn is_alone() -> bool {
    rayon::current_thread_index().is_none() && rayon::current_num_threads() > 1
}
