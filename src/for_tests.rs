//! What benches, fuzz targets and the tests outside the crate may use of it: nothing else is public, and nothing here is promised to anybody.

#![allow(missing_docs, reason = "each item is described where it is defined")]

pub mod artefact {
    pub use crate::artefact::{
        Contents, ExaminationLimits, ExaminedFile, examine, in_memory, settle,
    };
    pub mod file_name {
        pub use crate::artefact::file_name::FileName;
    }
    pub mod index_page {
        pub use crate::artefact::index_page::read;
    }
}
pub mod openssl {
    pub mod advisory {
        pub use crate::openssl::advisory::CveId;
    }
    pub mod signature {
        pub use crate::openssl::signature::{Answer, Fingerprint, KeyRing, Trust, judge};
    }
    pub mod tarball {
        pub use crate::openssl::tarball::{Digests, contents, entries, name, published_sha256};
    }
    pub mod upstream {
        pub use crate::openssl::upstream::release_text::ReleaseText;
        pub use crate::openssl::upstream::{Hashes, Release, Snapshot, View};
        pub mod builtin {
            pub use crate::openssl::upstream::builtin::{TEXT, assemble, builtin};
        }
        pub mod diagnostic {
            pub use crate::openssl::upstream::diagnostic::Reading;
        }
        pub mod git_references {
            pub use crate::openssl::upstream::git_references::{
                read_advertisement, read_ls_remote,
            };
        }
        pub mod github_releases {
            pub use crate::openssl::upstream::github_releases::read;
        }
        pub mod merge {
            pub use crate::openssl::upstream::merge::{Days, SourceFacts, holds, merge};
        }
        pub mod metadata {
            pub use crate::openssl::upstream::metadata::{Metadata, MetadataTree};
        }
        pub mod pre_announcement {
            pub use crate::openssl::upstream::pre_announcement::{UpstreamMail, announced};
        }
        pub mod release_table {
            pub use crate::openssl::upstream::release_table::{releases, series};
        }
        pub mod secadv {
            pub use crate::openssl::upstream::secadv::{AdvisoryText, day_of};
        }
        pub mod secjson {
            pub use crate::openssl::upstream::secjson::{Patch, PatchPlace};
        }
        pub mod source_page {
            pub use crate::openssl::upstream::source_page::read;
        }
        pub mod tags {
            pub use crate::openssl::upstream::tags::from_api;
        }
        pub mod vulnerability_page {
            pub use crate::openssl::upstream::vulnerability_page::read;
        }
    }
    pub mod version {
        pub use crate::openssl::version::{Series, Version};
    }
}
pub mod outside {
    pub mod artefact_files {
        pub use crate::outside::artefact_files::examine;
    }
    pub mod clock {
        pub use crate::outside::clock::today;
    }
    pub mod environment {
        pub use crate::outside::environment::Environment;
    }
    pub mod genuine {
        pub use crate::outside::genuine::demands::keys;
        pub use crate::outside::genuine::{Demands, Level, Source, Verified, Witness, offline};
    }
    pub mod git {
        pub mod checkout {
            pub use crate::outside::git::checkout::Checkout;
        }
        pub mod pack {
            pub use crate::outside::git::pack::measure;
        }
        pub mod remote {
            pub use crate::outside::git::remote::Credentials;
        }
        pub mod smart_http {
            pub use crate::outside::git::smart_http::{read_offer, read_pack, unpack};
        }
    }
    pub mod github {
        pub use crate::outside::github::{ForgeError, GitHub};
    }
    pub mod http {
        pub mod cache {
            pub use crate::outside::http::cache::{Cache, sha256};
        }
        pub mod fetch {
            pub use crate::outside::http::fetch::{
                Client, FetchError, Limits, Problem, Request, Settings,
            };
            pub mod address {
                pub use crate::outside::http::fetch::address::read;
            }
        }
    }
    pub mod mail {
        pub use crate::outside::mail::{Envelope, Mailer, Patience, Server, Undelivered};
    }
    pub mod worktree {
        use crate::outside::worktree::Root;
        use crate::text::fault::Fault;

        pub fn matching(directory: &std::path::Path, glob: &str) -> Result<Vec<String>, Fault> {
            crate::project::file_tree::matching(&Root::of(directory), glob)
        }
    }
    pub mod poll {
        pub mod archive {
            pub use crate::outside::poll::archive::read;
        }
        pub mod metadata_folder {
            pub use crate::outside::poll::metadata_folder::read;
        }
    }
}
pub mod paper {
    pub mod announcement {
        pub use crate::paper::announcement::{Mailbox, MessageKind, message_id};
        pub mod archive {
            pub use crate::paper::announcement::archive::names;
        }
    }
    pub mod draft {
        pub mod pull_request {
            pub use crate::paper::draft::pull_request::marker;
        }
    }
    pub mod templates {
        pub use crate::paper::templates::accepts;
        pub mod escape {
            pub use crate::paper::templates::escape::{markdown, restructured_text};
        }
    }
}
pub mod plan {
    pub mod proposal {
        pub use crate::plan::proposal::{Call, Oid, Plan, Proposal, Purpose, Standing};
        pub mod checks {
            pub use crate::plan::proposal::checks::{Health, health};
        }
        pub mod facts {
            pub use crate::plan::proposal::facts::PullState;
        }
        pub mod tracking {
            pub use crate::plan::proposal::tracking::Tracking;
        }
    }
}
pub mod project {
    pub mod change {
        pub use crate::project::change::own_version::raised;
        pub use crate::project::change::{Edit, Facts, Move, bump};
    }
    pub mod changelog {
        pub use crate::project::changelog::{
            Entry, Occasion, carry_forward, mentions, next_section, with_entries,
        };
    }
    pub mod config {
        pub use crate::project::config::{Bump, Config, PinKind, Push, Upstream, Verify, may_name};
    }
    pub mod discovery {
        pub use crate::project::discovery::{
            ChangedFile, Checkout, Moved, Record, config, discover,
        };
    }
    pub mod linked {
        pub use crate::project::file_entry::{FileEntry, FileMode};
        pub use crate::project::linked::{Files, read};
    }
    pub mod pattern {
        pub use crate::project::pattern::Pattern;
    }
    pub mod project_version {
        pub use crate::project::project_version::ProjectVersion;
    }
}
pub mod text {
    pub use crate::text::{
        commandless, one_line, percent_decoded, percent_encoded, printable, short_line, wrap,
    };
    pub mod date {
        pub use crate::text::date::{public, spelled};
    }
    pub mod fault {
        pub use crate::text::fault::Fault;
    }
}
pub mod workspace {
    pub mod remote {
        pub use crate::workspace::remote::{Remote, Submission, Tidy};
    }
}
