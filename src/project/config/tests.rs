//! Every way in which a configuration is wrong, with what is said of it.

use std::fmt::Write;

use schemars::Schema;
use schemars::transform::{RecursiveTransform, Transform};
use serde_json::{Value, json};

use super::Config;
use crate::text::schema;

/// What stands before each wrong text of a group, and the texts.
const WRONG: [(&str, &[&str]); 3] = [
    (
        "",
        &[
            "",
            "# nothing yet",
            "[changelog]\nfile = \"c\"",
            "project = 1",
            "version = \"1.0\"\n[project]\nname = \"x\"",
            "published = []\n[project]\nname = \"x\"",
            "[project]",
            "[project]\nname = 3",
            "[project]\nname = \"x\"\nnmae = \"y\"",
            "[project]\nname = \"x\"\nnmae = \"y\"\n[[link]]\nnmae = \"l\"",
            "[[link]]\nnmae = \"l\"\n[project]\nname = \"x\"\nnmae = \"y\"",
            "[[project]]\nname = \"x\"",
            "[project]\nname = \"x\"\nships = 3",
            "[project]\nname = \"x\"\nrepository = 3",
            "[project]\nname = \"x\"\nrepository = \"acme\"",
            "[project]\nname = \"x\"\nrepository = \"acme/..\"",
            "[project]\nname = \"x\"\nrelease-tags = \"v\"",
            "[project]\nname = \"x\"\nrelease-tags = \"v{version}\"",
            "[project]\nname = \"x\"\nrelease-tags = [\"v{project_version}\"]",
            "[project]\nname = \"x",
            "[project]\nname = x",
        ],
    ),
    (
        "[project]\nname = \"x\"\n",
        &[
            "[projekt]",
            "[project]",
            "[upstream]\ngithub-api = \"http://example.org\"",
            "[upstream]\ngithub-api = 1",
            "[upstream]\ngithub = \"example.org\"",
            "[upstream]\nsite = \"https://u:p@example.org\"",
            "[upstream]\nmetadata = \"ftp://example.org\"",
            "[upstream]\nmetadata = true",
            "[upstream]\nkeys = \"k.asc\"",
            "[upstream]\nkeys = [1]",
            "[upstream]\nfingerprints = [\"BA5473A2B0587B07FB27CF2D216094DFD0CB81EF\",\n  \"12\"]",
            "[upstream]\nfingerprints = \"12\"",
            "[upstream]\nfingerprints = [\"BA5473A2B0587B07FB27CF2D216094DFD0CB81EF\",\n  3]",
            "[upstream]\nverify = \"none\"",
            "[upstream]\nkey-grace = 90",
            "[upstream]\nkey-grace = \"90\"",
            "[upstream]\nmax-age = \"-1d\"",
            "[upstream]\nmax-age = \"99999d\"",
            "[upstream]\nwithdrawn = [\"3.5.4\",\n  \"3.5.x\"]",
            "[upstream]\nwithdrawn = [\"3.5.4\",\n  { version = \"3.5.x\", date = \"2025-09-30\" }]",
            "[upstream]\nwithdrawn = [{ version = \"3.5.4\", date = \"30.9.2025\" }]",
            "[upstream]\nwithdrawn = [{ version = \"3.5.4\", date = 2025-09-30 }]",
            "[upstream]\nwithdrawn = [{ version = \"3.5.4\" }]",
            "[upstream]\nwithdrawn = [3.5]",
            "[upstream]\nannouncements = []",
            "[upstream]\nannouncers = [\"@openssl.org\",\n  \"openssl.org\"]",
            "[upstream]\nannouncers = \"@openssl.org\"",
            "[upstream]\nmetadta = \"x\"",
            "[changelog]",
            "[changelog]\nfile = 1",
            "[changelog]\nfile = \"debian/changelog\"",
            "[changelog]\nfile = \"x.spec\"",
            "[changelog]\nfile = \"c.md\"\ntext = \"{entry}\"",
            "[changelog]\nfile = \"c.md\"\nforward = 1",
            "[changelog]\nentry = \"../{link}\"",
            "[changelog]\nentry = \"changes/*.md\"",
            "[changelog]\nentry = \"changes/{version}{version}.md\"",
            "[changelog]\nentry = \"changes/{version}.md\"\nforward = true",
            "[changelog]\nentry = \"changes/{version}.md\"\ntext = \"x\"",
            "[changelog]\nentry = \"changes/{version}.md\"\n[[link]]\nname = \"a\"\n[[link]]\nname = \"b\"",
            "[changelog]\nfiel = \"c.md\"",
            "[version]",
            "[version]\nfile = \"v\"",
            "[version]\nfile = \"v\"\nmatch = []",
            "[version]\nfile = \"v\"\nmatch = 1",
            "[version]\nfile = \"v\"\nmatch = \"x\"",
            "[version]\nfile = \"v\"\nmatch = [\"{project_version}\",\n  \"{version}\"]",
            "[version]\nfile = \"/v\"\nmatch = \"{project_version}\"",
            "[version]\nfile = \"v\"\nmatch = \"{project_version}\"\nbump = \"all\"",
            "[version]\nfile = \"v\"\nmatch = \"{project_version}\"\nbmup = \"all\"",
            "[[version]]\nfile = \"v\"\nmatch = \"{project_version}\"\n[[version]]\nfile = \"w\"\nmatch = \"{project_version}\"\nbump = \"major\"",
            "[[version]]\nfile = \"v\"\nmatch = \"{project_version}\"\n[[version]]\nfile = \"w\"\nmatch = \"{project_version}\"\nbmup = \"major\"",
            "[[version]]\nfile = \"v\"\nmatch = \"{project_version}\"\n[[version]]\nmatch = \"{project_version}\"",
            "[pull-request]\nbase = 1",
            "[pull-request]\nlabels = \"x\"",
            "[pull-request]\nreviewers = [1]",
            "[pull-request]\ndraft = \"yes\"",
            "[pull-request]\npush = \"ssh\"",
            "[pull-request]\nsign-off = 1",
            "[pull-request]\nalso = \"1.x\"",
            "[pull-request]\ntoken = \"T\"",
            "[repositories.infra]\nbase = \"main\"",
            "[repositories.\"acme/infra\"]\nbase = 1",
            "[repositories.\"acme/infra\"]\npush = \"ssh\"",
            "[repositories.\"acme/infra\"]\ntoken = 1",
            "[repositories.\"acme/infra\"]\nchecks = \"build\"",
            "[repositories.\"acme/infra\"]\nchekcout = \"x\"",
            "[repositories]\n\"acme/infra\" = \"x\"",
            "[announcement]",
            "[announcement]\nfrom = \"a\"",
            "[announcement]\nfrom = \"a@example.org\"\nto = []",
            "[announcement]\nfrom = \"a@example.org\"\nto = \"list\"",
            "[announcement]\nfrom = \"a@example.org\"\nto = [\"l@example.org\",\n  \"list\"]",
            "[announcement]\nfrom = \"a@example.org\"\nto = [\"l@example.org\",\n  2]",
            "[announcement]\nfrom = \"a@example.org\"\nreply-to = \"b\\n@example.org\"",
            "[announcement]\nfrom = \"a@example.org\"\narchive = 1",
            "[announcement]\nfrom = \"a@example.org\"\nreply_to = \"b@example.org\"",
            "[published]",
            "[published]\nplatforms = [\"linux\"]",
            "[published]\npackage = \"x\"\nfiles = [\"dist/*\"]",
            "[published]\npackage = \" \"",
            "[published]\nfiles = \"dist/*\"",
            "[published]\npackage = \"x\"\nindex = \"example.org\"",
            "[published]\npackage = \"x\"\nindxe = \"example.org\"",
            "[advisory]\nforge = 1",
            "[advisory]\npackage = 1",
            "[advisory]\necosystem = \"pypi\"",
            "[advisory]\neco = \"pip\"",
            "[vex]\nproduct = \"spam\"",
            "[vex]\nproduct = \"pkg:pypi/spam@1.0\"",
            "[vex]\nauthor = 1",
            "[vex]\nstatements = {}",
            "[vex]\nstatements = [{ cve = \"CVE-2025-9230\", impact = \"x\" },\n  { cve = \"9231\", impact = \"x\" }]",
            "[[vex.statements]]\nstatus = \"fixed\"",
            "[[vex.statements]]\ncve = \"CVE-2025-9230\"\nstatus = \"gone\"",
            "[[vex.statements]]\ncve = \"CVE-2025-9230\"",
            "[[vex.statements]]\ncve = \"CVE-2025-9230\"\nstatus = \"fixed\"\n[[vex.statements]]\ncve = \"CVE-2025-9231\"",
            "[[vex.statements]]\ncve = \"CVE-2025-9230\"\njustification = \"so\"",
            "[[vex.statements]]\ncve = \"CVE-2025-9230\"\nimpcat = \"so\"",
            "[templates]",
            "[templates]\nfolder = 1",
            "[templates]\nfolders = \"x\"",
            "[[link]]",
            "[[link]]\nname = \"\"",
            "[[link]]\nname = \"a b\"",
            "[[link]]\nname = 1",
            "[[link]]\nname = \"a\"\n[[link]]\nname = \"a\"",
            "[link]\nname = \"a\"",
            "[link] # one\nname = \"a\"\n[link.pin]\nfile = \"a\"",
            "[link.pin]\nfile = \"a\"",
            "[[link.pin]]\nfile = \"a\"",
            "[vex.statements]\ncve = \"CVE-2025-9230\"",
            "[[upstream]]\nverify = \"digest\"",
            "[[changelog]]\nfile = \"c.md\"",
            "[[published]]\npackage = \"x\"",
            "[[pull-request]]\nbase = \"x\"",
        ],
    ),
    (
        "[project]\nname = \"x\"\n[[link]]\nname = \"l\"\n",
        &[
            "series = \"old\"",
            "series = 3.5",
            "role = \"used\"",
            "offer = \"3.5\"",
            "repository = \"https://github.com/a/b\"",
            "cooldown = \"a week\"",
            "prereleases = \"no\"",
            "pin = {}",
            "pni = 1",
            "[link.pin]\nfile = \"a\"",
            "[[link.pin]]",
            "[[link.pin]]\nfile = 1",
            "[[link.pin]]\nfile = \"a\"",
            "[[link.pin]]\nfile = \"a\"\nleave = \"x\"",
            "[[link.pin]]\nmatch = \"{version}\"",
            "[[link.pin]]\nfile = \"../a\"\nmatch = \"{version}\"",
            "[[link.pin]]\nfile = \".//etc/a\"\nmatch = \"{version}\"",
            "[[link.pin]]\nfile = \".git/config\"\nmatch = \"{version}\"",
            "[[link.pin]]\nfile = \"a\"\nmatch = 1",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"\"",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"V={*}\"",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{versoin}\"",
            "[[link.pin]]\nfile = \"a\"\nmatch = [\"{version}\",\n  \"V=3.5.4\"]",
            "[[link.pin]]\nfile = \"a\"\nmatch = [\"{version}\",\n  1]",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\ncount = 0",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\ncount = -1",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\ncount = \"some\"",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\ncount = true",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\nwithin = []",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\nwithin = [\"a\", \"b\", \"c\"]",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\nwithin = [\"a\",\n  \"{versoin}\"]",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\nwithin = 1",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\nseries = \"newest\"",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\nmixed = 1",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\nleave = [\"a\",\n  \"{versoin}\"]",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\nleave = \"\"",
            "[[link.pin]]\nfile = \"a\"\ninsert = { text = \"x\" }",
            "[[link.pin]]\nfile = \"a\"\ninsert = { before = \"x\" }",
            "[[link.pin]]\nfile = \"a\"\ninsert = { before = \"x\", after = \"y\", text = \"{version}\" }",
            "[[link.pin]]\nfile = \"a\"\ninsert = { before = \"x\", text = \"{version}{*}\" }",
            "[[link.pin]]\nfile = \"a\"\ninsert = { before = \"x\", text = \"y\" }",
            "[[link.pin]]\nfile = \"a\"\ninsert = [{ before = \"x\", text = \"{version}\" },\n  { before = \"x\", txet = \"{version}\" }]",
            "[[link.pin]]\nfile = \"a\"\ninsert = \"x\"",
            "[[link.pin]]\nfile = \"a\"\ninsert = { text = \"{version}\" }",
            "[[link.pin]]\nfile = \"a\"\ninsert = [{ before = \"x\", text = \"{version}\" },\n  { text = \"{version}\" }]",
            "[[link.pin]]\nfile = \"a\"\nset = { line = \"{versoin}\", to = \"{version}\" }",
            "[[link.pin]]\nfile = \"a\"\nset = { line = \"x\" }",
            "[[link.pin]]\nfile = \"a\"\ndelete = [\"x\",\n  \"{versoin}\"]",
            "[[link.pin]]\nfile = \"a\"\ndelete = true",
            "[[link.pin]]\nsubmodule = \"a\"\ntree = \"b\"",
            "[[link.pin]]\nsubmodule = \"a\"\n[[link.pin]]\nsubmodule = \"a\"\ntree = \"b\"",
            "pin = [\"x\"]",
            "[[link.pin]]\nsubmodule = \"a\"\nmatch = \"{version}\"",
            "[[link.pin]]\nsubmodule = \"a\"\nfile = \"b\"",
            "[[link.pin]]\nsubmodule = \"../a\"",
            "[[link.pin]]\ntree = \"a\"\nfile = \"b\"",
            "[[link.pin]]\ntree = \"/a\"",
            "[[link.pin]]\ncargo = \"openssl-src\"\nfile = \"/a\"",
            "[[link.pin]]\ncargo = \"openssl-src\"\ncount = 2",
            "[[link.pin]]\ncargo = 1",
            "[[link.pin]]\ncargo = \"openssl-src\"\ncargo-update = 1",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\ncargo-update = true",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\n[[link.pin]]\nfile = \"b\"\nmach = \"{version}\"",
            "[[link.pin]]\nfile = \"a\"\nmatch = \"{version}\"\n[[link.pin]]\nfile = \"b\"\nmatch = \"v\"",
        ],
    ),
];

#[test]
fn what_is_said_of_a_wrong_file() {
    let mut said = String::new();
    for (before, texts) in WRONG {
        writeln!(said, "== {}", before.escape_debug()).expect("written");
        for text in texts {
            let fault = Config::read("release-check.toml", &format!("{before}{text}"))
                .expect_err(text)
                .to_string();
            let fault = fault
                .strip_prefix("`release-check.toml` ")
                .unwrap_or(&fault);
            writeln!(said, "\n{text}\n    {fault}").expect("written");
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn the_schema_is_published() {
    let mut schema = schemars::schema_for!(Config);
    RecursiveTransform(in_the_file_s_words).transform(&mut schema);
    schema::assert_is_published("config", &schema::written(schema));
}

/// Leaves out defaults that are values of the model: only of a switch and a list they are what one
/// would write.
fn in_the_file_s_words(schema: &mut Schema) {
    let same = matches!(
        schema.get("type").and_then(Value::as_str),
        Some("boolean" | "array")
    );
    let default = schema.get("default");
    if !same || default.is_some_and(|default| ![json!(false), json!([])].contains(default)) {
        schema.remove("default");
    }
}
