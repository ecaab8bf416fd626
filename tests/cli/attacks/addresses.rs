//! Where a page sends this program: nowhere that it may not go.

use serde_json::json;

use crate::sandbox::Sandbox;
use crate::server::{Reply, Server};

#[test]
fn a_package_index_leads_to_no_file_of_this_machine_and_to_no_plain_http() {
    for astray in [
        "file:///etc/passwd",
        "ftp://localhost/x",
        "http://example.org/x",
        "http://localhost:1@example.org/x",
    ] {
        let (sandbox, server) = (Sandbox::new(), Server::start());
        let wheel = "lib-1.0-py3-none-any.whl";
        let files = json!([{"filename": wheel, "url": astray, "hashes": {}}]);
        let page = json!({"meta": {"api-version": "1.0"}, "name": "lib", "files": files});
        server.serve(
            "/simple/lib/",
            Reply::ok(page.to_string())
                .header("content-type", "application/vnd.pypi.simple.v1+json"),
        );
        sandbox.file(
            "release-check.toml",
            format!(
                "[project]\nname = \"lib\"\n[published]\npackage = \"lib\"\nindex = \"{}/simple\"\n",
                server.root()
            ),
        );
        let run = sandbox.run(&["verify", "--expect", "3.5.4"]).exits(1);
        assert!(
            run.stderr
                .contains(&format!("the package index leads `{wheel}` astray")),
            "{}",
            run.stderr
        );
    }
}
