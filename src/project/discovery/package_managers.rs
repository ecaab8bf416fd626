//! What commands of package managers look like.

/// Package managers, with the word by which each takes a package.
const MANAGERS: [(&str, &str); 17] = [
    ("apk", "add"),
    ("apt", "install"),
    ("apt-get", "install"),
    ("brew", "install"),
    ("choco", "install"),
    ("conda", "install"),
    ("dnf", "install"),
    ("mamba", "install"),
    ("microdnf", "install"),
    ("npm", "i"),
    ("npm", "install"),
    ("pip", "install"),
    ("pip3", "install"),
    ("pkg", "install"),
    ("winget", "install"),
    ("yum", "install"),
    ("zypper", "install"),
];

/// Whether a command has a package manager install something.
pub(super) fn is_asked(command: &str) -> bool {
    let command = command.to_ascii_lowercase();
    if !["install", "add", "npm", "pacman"]
        .iter()
        .any(|word| command.contains(word))
    {
        return false;
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    let takes = |at: usize| {
        let name = words[at].rsplit('/').next().unwrap_or_default();
        // Options may stand between, and none that says a folder stands before.
        let verb = words[at + 1..].iter().find(|word| !word.starts_with('-'));
        let is_folder = at > 0 && words[at - 1] == "-c";
        !is_folder && verb.is_some_and(|verb| MANAGERS.contains(&(name, verb)))
    };
    command.contains("pacman -s") || (0..words.len()).any(takes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_install_packages() {
        for (command, expected) in [
            ("RUN apt-get install -y ", true),
            ("RUN apt-get -y install openssl", true),
            ("sudo yum -y -q install openssl", true),
            ("/usr/bin/dnf install openssl", true),
            ("sudo pacman -S openssl", true),
            ("pkg install openssl", true),
            ("microdnf install openssl", true),
            ("make install openssl", false),
            ("make -C pkg install openssl", false),
            ("apt-get update", false),
        ] {
            assert_eq!(is_asked(command), expected, "{command}");
        }
    }
}
