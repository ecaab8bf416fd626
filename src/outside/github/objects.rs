//! What never changes is asked once and kept on disk: files by their content, and what follows from
//! the names of commits and tags alone.
//!
//! A file from the cache is used only if its bytes have the name that it goes by; everything else
//! carries a checksum of its own.

use super::forge::GitHub;
use crate::outside::git::checkout::CommitEntry;
use crate::outside::http::cache::sha256;
use crate::project::file_entry::{FileMode, Oid};

/// The largest file that is kept, in bytes.
const LARGEST: usize = 16 << 20;

impl GitHub {
    /// A file that was read before.
    pub(super) fn kept_blob(&self, id: &Oid) -> Option<Vec<u8>> {
        self.cache
            .object(&format!("blob-{id}"))
            .filter(|bytes| id.names_blob(bytes))
    }

    /// Keeps a file. The program works without it, so that nothing is said where that fails.
    pub(super) fn keep_blob(&self, id: &Oid, bytes: &[u8]) {
        if bytes.len() <= LARGEST && id.names_blob(bytes) {
            let _ = self.cache.keep_object(&format!("blob-{id}"), bytes);
        }
    }

    /// The files of a commit that were listed before.
    pub(super) fn kept_tree(&self, repository: &str, commit: &Oid) -> Option<Vec<CommitEntry>> {
        let listed = self.kept(&["tree", repository, commit.as_str()])?;
        listed.split_terminator('\0').map(entry).collect()
    }

    pub(super) fn keep_tree(&self, repository: &str, commit: &Oid, entries: &[CommitEntry]) {
        let line =
            |entry: &CommitEntry| format!("{} {} {}\0", entry.mode.as_git(), entry.id, entry.path);
        self.keep(
            &["tree", repository, commit.as_str()],
            &entries.iter().map(line).collect::<String>(),
        );
    }

    /// The lines of a repository's notes in a state of theirs that was seen before.
    pub fn kept_notes(&self, repository: &str, state: &str) -> Option<Vec<String>> {
        Some(
            self.kept(&["notes", repository, state])?
                .lines()
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Keeps the lines of a repository's notes in a state of theirs.
    pub fn keep_notes(&self, repository: &str, state: &str, lines: &[String]) {
        self.keep(&["notes", repository, state], &lines.join("\n"));
    }

    /// What was kept under a question, word for word.
    pub(super) fn kept(&self, question: &[&str]) -> Option<String> {
        let text = String::from_utf8(self.cache.object(&self.name(question))?).ok()?;
        let (digest, rest) = text.split_once('\n')?;
        (digest == self.checksum(question, rest)).then(|| rest.to_owned())
    }

    pub(super) fn keep(&self, question: &[&str], answer: &str) {
        if answer.len() <= LARGEST {
            let _ = self.cache.keep_object(
                &self.name(question),
                format!("{}\n{answer}", self.checksum(question, answer)).as_bytes(),
            );
        }
    }

    fn name(&self, question: &[&str]) -> String {
        format!(
            "{}-{}",
            question.first().unwrap_or(&""),
            &sha256(self.whole(question).as_bytes())[..40]
        )
    }

    fn checksum(&self, question: &[&str], answer: &str) -> String {
        sha256(format!("{}\n{answer}", self.whole(question)).as_bytes())
    }

    /// The question with the forge that it is put to.
    fn whole(&self, question: &[&str]) -> String {
        format!("{} {}", self.api, question.join(" "))
    }
}

fn entry(line: &str) -> Option<CommitEntry> {
    let mut words = line.splitn(3, ' ');
    Some(CommitEntry {
        mode: FileMode::of_git(words.next()?)?,
        id: Oid::read(words.next()?)?,
        path: words.next()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::environment::Environment;

    fn forge(folder: &std::path::Path) -> GitHub {
        let environment: Environment =
            [("RELEASE_CHECK_CACHE".into(), folder.as_os_str().to_owned())]
                .into_iter()
                .collect();
        GitHub::from_environment(&environment, "GITHUB_TOKEN").unwrap()
    }

    /// Changes every file of the cache.
    fn damage(folder: &std::path::Path, change: impl Fn(&mut Vec<u8>)) {
        for entry in std::fs::read_dir(folder.join("objects")).unwrap() {
            let path = entry.unwrap().path();
            let mut bytes = std::fs::read(&path).unwrap();
            change(&mut bytes);
            std::fs::write(&path, bytes).unwrap();
        }
    }

    #[test]
    fn a_file_is_what_its_name_says_or_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let forge = forge(folder.path());
        let id = Oid::of_blob(b"V=3.5.3\n");
        forge.keep_blob(&id, b"V=3.5.3\n");
        assert_eq!(forge.kept_blob(&id).as_deref(), Some(&b"V=3.5.3\n"[..]));
        damage(folder.path(), |bytes| bytes[2] = b'9');
        assert_eq!(forge.kept_blob(&id), None);
        let sha256 =
            Oid::read("473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813").unwrap();
        forge.keep_blob(&sha256, b"");
        assert_eq!(
            forge.kept_blob(&sha256),
            Some(Vec::new()),
            "the empty file of a SHA-256 repository"
        );
        forge.keep_blob(&Oid::of_blob(b"other"), b"not that");
        assert_eq!(forge.kept_blob(&Oid::of_blob(b"other")), None);
    }

    #[test]
    fn a_list_of_files_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let forge = forge(folder.path());
        let entry = |path: &str, mode| CommitEntry {
            path: path.to_owned(),
            mode,
            id: Oid::of_blob(path.as_bytes()),
        };
        let entries = vec![
            entry("a b\nc", FileMode::Regular),
            entry("x/y", FileMode::Gitlink),
        ];
        let commit = Oid::of_blob(b"a commit");
        forge.keep_tree("pyca/infra", &commit, &entries);
        assert_eq!(forge.kept_tree("pyca/infra", &commit), Some(entries));
        assert_eq!(forge.kept_tree("pyca/other", &commit), None);
        damage(folder.path(), |bytes| bytes.truncate(bytes.len() - 1));
        assert_eq!(forge.kept_tree("pyca/infra", &commit), None);
    }
}
