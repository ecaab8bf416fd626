//! Which OpenSSL is inside a file: the bytes that users install, not the pin that was meant to be
//! in them.
//!
//! [`examine`] takes one file as a reader and says what stands in it and in everything nested in
//! it; [`settle`] joins what files that are shipped together say about each other: a bundled
//! libcrypto beside the module that loads it, an SBOM beside the code it speaks of.
//!
//! Native code is believed for what OpenSSL itself compiles into it: the version text as one whole
//! C string, and the constant behind `OpenSSL_version_num`. Text that merely mentions a version
//! (docstrings, scripts, documentation) is no evidence.

mod appended;
mod buffered;
mod build_line;
mod bundle;
mod code;
mod conclusion;
mod container;
mod contents;
mod cpio;
pub(crate) mod exposure;
pub(crate) mod file_name;
mod finding;
pub(crate) mod index_page;
mod kind;
mod libraries;
mod limits;
mod maintainer;
mod marks;
mod native;
mod origin;
mod promise;
mod purl;
mod rpm;
mod sbom;
mod scratch;
mod seven_zip;
mod source;
mod symbols;
pub(crate) mod timeline;
pub(crate) mod verification;
mod version_text;
mod view;
mod walk;

pub use bundle::settle;
pub use contents::Contents;
pub use finding::ExaminedFile;
pub(crate) use finding::{FileFormat, FoundOpenSsl, Linkage, OtherLibrary};
pub use limits::ExaminationLimits;
pub(crate) use promise::{may_be_ours, promises};
pub(crate) use scratch::ScratchFile;
pub use scratch::in_memory;
pub(crate) use view::ReadAt;
pub use walk::examine;
