//! What commands of package managers look like.

/// The verbs by which package managers take packages.
const VERBS: [&str; 17] = [
    "apt-get install ",
    "apt install ",
    "apk add ",
    "brew install ",
    "choco install ",
    "conda install ",
    "dnf install ",
    "mamba install ",
    "microdnf install ",
    "npm i ",
    "npm install ",
    "pacman -s",
    "pip install ",
    "pkg install ",
    "winget install ",
    "yum install ",
    "zypper install ",
];

/// Whether a command has a package manager install something.
pub(super) fn is_asked(command: &str) -> bool {
    let command = command.to_ascii_lowercase();
    VERBS.iter().any(|verb| command.contains(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_install_packages() {
        for (command, expected) in [
            ("RUN apt-get install -y ", true),
            ("RUN apt-get install openssl", true),
            ("sudo pacman -S openssl", true),
            ("pkg install openssl", true),
            ("microdnf install openssl", true),
            ("make install openssl", false),
            ("apt-get update", false),
        ] {
            assert_eq!(is_asked(command), expected, "{command}");
        }
    }
}
