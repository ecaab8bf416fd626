//! What a build says of the package it is from.

/// What a build says of the package it is from.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The name it is loaded by.
    pub(super) soname: Option<String>,
    /// The name of the file with its debugging information: it has the package's version.
    pub(super) debug_link: Option<String>,
    /// The package note (`.note.package`), JSON.
    pub(super) note: Option<String>,
    /// The folder that OpenSSL's own code was told to look in.
    pub(super) directory: Option<String>,
    /// The folder that its engines, or before them its modules, are looked for in.
    pub(super) plugins: Option<String>,
}

impl Origin {
    pub(super) fn join(&mut self, other: Self) {
        self.soname = self.soname.take().or(other.soname);
        self.debug_link = self.debug_link.take().or(other.debug_link);
        self.note = self.note.take().or(other.note);
        self.directory = self.directory.take().or(other.directory);
        self.plugins = self.plugins.take().or(other.plugins);
    }
}
