//! What a test needs beyond a Rust toolchain: where it is not there the test says so and passes, but not in continuous
//! integration, which skips nothing in silence.

/// Says that a test is skipped because this is not here.
///
/// # Panics
///
/// With `CI=true`, unless `RELEASE_CHECK_MAY_SKIP` lists a part of what is missing (parts are separated by commas).
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
pub(crate) fn skip(what: &str) {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let allowed = variable("RELEASE_CHECK_MAY_SKIP");
    let may = allowed
        .split(',')
        .any(|part| !part.is_empty() && what.contains(part));
    assert!(
        variable("CI") != "true" || may,
        "{what}, and continuous integration skips no test: install it there, or let \
         `RELEASE_CHECK_MAY_SKIP` name it"
    );
    println!("skipped: {what}");
}
