//! Which addresses may be asked: `https://`, and `http://` only on this machine.

use reqwest::Url;

use super::error::{FetchError, Problem};
pub(crate) use super::shown::shown;

/// Reads an address and refuses what must not be asked.
///
/// # Errors
///
/// If the text is no address, names no host, has a scheme other than `http` and `https`, or is
/// plain `http` to another machine.
pub fn read(text: &str) -> Result<Url, FetchError> {
    let url = Url::parse(text.trim())
        .map_err(|error| FetchError::at_text(text, Problem::Address(error.to_string())))?;
    permit(&url)?;
    Ok(url)
}

/// Refuses an address that must not be asked, see [`read`].
pub(super) fn permit(url: &Url) -> Result<(), FetchError> {
    let refused = |why: &str| Err(FetchError::at(url, Problem::Address(why.to_owned())));
    match url.scheme() {
        "https" if url.host_str().is_some() => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => refused("plain `http://` is refused except on this machine, use `https://`"),
        _ => refused("only `https://` addresses are asked"),
    }
}

/// Whether the address is on this machine: 127.0.0.0/8, `::1` or `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    crate::project::config::is_loopback(host.trim_start_matches('[').trim_end_matches(']'))
}

/// Where a redirect or a link of a page leads.
///
/// # Errors
///
/// If the place is no permitted address, leads from `https` (or another machine) to plain `http`,
/// or from another machine to this one.
pub(crate) fn redirected(from: &Url, location: &str) -> Result<Url, FetchError> {
    let mut to = from.join(location).map_err(|error| {
        FetchError::at(
            from,
            Problem::Address(format!("redirects to no address: {error}")),
        )
    })?;
    permit(&to).map_err(|error| error.reached_from(from))?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(FetchError::at(
            &to,
            Problem::Address("plain `http://` is refused as the target of a redirect".to_owned()),
        ));
    }
    if is_loopback(&to) && !is_loopback(from) {
        return Err(FetchError::at(
            &to,
            Problem::Address("another machine redirects to this one, which is refused".to_owned()),
        ));
    }
    if to.origin() != from.origin() {
        // Credentials in an address belong to the host the user wrote, and a redirect may not bring
        // its own.
        let _ = to.set_username("");
        let _ = to.set_password(None);
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_leaves_this_machine() {
        for allowed in [
            "https://api.github.com",
            "http://127.0.0.1:8080/x",
            "http://127.8.9.1/",
            "http://127.1/",
            "http://[::1]:1/",
            "http://localhost:80/",
            "http://LOCALHOST/",
        ] {
            assert!(read(allowed).is_ok(), "{allowed}");
        }
        for refused in [
            "http://example.org",
            "http://localhost.example.org",
            "http://localhost:1@example.org/",
            "http://127.0.0.1:80@example.org/",
            "http://example.org#@localhost/",
            "http://127.0.0.1.example.org/",
            "http://10.0.0.1/",
            "http://[::2]/",
            "http://0.0.0.0/",
            "ftp://localhost/",
            "file:///etc/passwd",
            "data:,x",
            "api.github.com",
            "",
        ] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn redirects() {
        let secure = read("https://user:secret@example.org/a/b").unwrap();
        assert_eq!(
            redirected(&secure, "../c").unwrap().as_str(),
            "https://user:secret@example.org/c"
        );
        assert_eq!(
            redirected(&secure, "https://x:y@cdn.example.net/f")
                .unwrap()
                .as_str(),
            "https://cdn.example.net/f"
        );
        for refused in [
            "http://example.org/",
            "http://127.0.0.1/",
            "https://127.0.0.1/",
            "https://localhost:1/",
            "file:///etc/passwd",
            "http://",
        ] {
            assert!(redirected(&secure, refused).is_err(), "{refused}");
        }
        let local = read("http://127.0.0.1:1/a").unwrap();
        assert!(redirected(&local, "http://localhost:2/").is_ok());
        assert!(redirected(&local, "http://example.org/").is_err());
    }

    #[test]
    fn shown_without_secrets() {
        let url = read("https://user:secret@example.org/simple/?token=secret#secret").unwrap();
        assert_eq!(shown(&url), "https://example.org/simple/");
    }
}
