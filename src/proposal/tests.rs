use super::*;

#[test]
fn names() {
    let version = |text: &str| text.parse::<Version>().unwrap();
    assert_eq!(branch_name("wheels", version("3.5.4"), None), "release-check/wheels-3.5.4");
    assert_eq!(branch_name("wheels", version("3.5.4"), Some("46.0.x")), "release-check/wheels-3.5.4@46.0.x");
    for (branch, link, also, target) in [
        ("release-check/wheels-3.5.4", "wheels", None, Some("3.5.4")),
        ("release-check/wheels-1.1.1w", "wheels", None, Some("1.1.1w")),
        ("release-check/wheels-fips-3.5.4", "wheels", None, None),
        ("release-check/wheels-fips-3.5.4", "wheels-fips", None, Some("3.5.4")),
        ("release-check/wheels-3.5.4@46.0.x", "wheels", None, None),
        ("release-check/wheels-3.5.4@46.0.x", "wheels", Some("46.0.x"), Some("3.5.4")),
        ("release-check/wheels-3.5.4@release/46", "wheels", Some("release/46"), Some("3.5.4")),
        ("release-check/wheels-3.5.4@46.0.x", "wheels", Some("0.x"), None),
        ("release-check/next/wheels-3.5.4", "wheels", None, None),
        ("feature/wheels-3.5.4", "wheels", None, None),
    ] {
        assert_eq!(target_of(branch, link, also), target.map(version), "{branch}");
    }
}
