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

/// What ends a command, or a text in which one stands.
const ENDS: [char; 9] = ['"', '\'', '`', '(', ')', '&', '|', ';', '{'];

/// Whether a command has a package manager install something.
pub(crate) fn is_asked(command: &str) -> bool {
    let command = command.to_ascii_lowercase();
    if !["install", "add", "npm", "pacman"]
        .iter()
        .any(|word| command.contains(word))
    {
        return false;
    }
    command.contains("pacman -s") || command.split(ENDS).any(is_asked_alone)
}

fn is_asked_alone(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    words.iter().enumerate().any(|(at, word)| {
        let name = word.rsplit('/').next().unwrap_or_default();
        let name = name.strip_suffix(".exe").unwrap_or(name);
        // `pkg` and `apk` end the names of folders and scripts too.
        let is_called = |manager: &str| {
            name == manager
                || (manager.len() > 3 && name.ends_with(manager) && !name.contains('-'))
                || (manager == "dnf" && name == "tdnf")
                || (manager == "npm" && name == "pnpm")
        };
        let is_folder = at > 0 && words[at - 1] == "-c";
        let asks =
            |(manager, verb): &(&str, &str)| is_called(manager) && words[at + 1..].contains(verb);
        !is_folder && MANAGERS.iter().any(asks)
    })
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
            ("bash -c \"apt-get install -y openssl", true),
            ("os.system(\"brew install ", true),
            ("$(SUDO)apt-get install ", true),
            ("tdnf install ", true),
            ("micromamba install ", true),
            ("apt-get -o Acquire::Retries=3 install ", true),
            ("./brew-pkg install openssl", false),
            ("make install openssl", false),
            ("make -C pkg install openssl", false),
            ("apt-get update", false),
        ] {
            assert_eq!(is_asked(command), expected, "{command}");
        }
    }
}
