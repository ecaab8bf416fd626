//! Which addresses a configuration may name.

/// Whether a URL may be used: TLS, or plain `http` to this machine.
///
/// # Errors
///
/// In words, if it is neither, or carries credentials.
pub(crate) fn check_root(url: &str) -> Result<(), String> {
    let refused = |why: &str| Err(format!("`{}` {why}", url.escape_debug()));
    let Some((scheme, rest)) = url.split_once("://") else {
        return refused("is not a URL; write `https://...`");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(
            "a URL with credentials in it does not belong in a configuration; use the environment"
                .into(),
        );
    }
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    match scheme {
        "https" if !host.is_empty() => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        "http" => refused("is plain http, which is refused except for this machine; use https"),
        "file" => Ok(()),
        _ => refused("is not a URL that can be used; write `https://...`"),
    }
}

/// Whether a host is this machine: 127.0.0.0/8, `::1`, `localhost`.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
