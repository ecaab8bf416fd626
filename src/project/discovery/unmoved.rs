//! What a bump does not move: what may stay, and what no pattern follows.

pub(crate) mod derived;
pub(crate) mod leaving;
pub(crate) mod packaged_lines;
pub(crate) mod renamed;
pub(crate) mod signed;
