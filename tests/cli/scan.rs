//! `scan`.

use object::{Architecture, BinaryFormat, Endianness};
use serde_json::{Value, json};

use crate::artefacts::{
    ar, bzip2, cc, cpio, elf, elf_returning, fat, gzip, object, pyinstaller, rpm, seven_zip,
    strings, tar, xz, zip, zstd,
};
use crate::missing;
use crate::sandbox::Sandbox;

const TEXT: &str = "OpenSSL 3.5.4 30 Sep 2025";
const SENTENCE: &str =
    "OpenSSL 3's legacy provider failed to load; OpenSSL 3.0.7 1 Nov 2022 or newer is needed";

fn scan(sandbox: &Sandbox, paths: &[&str]) -> Value {
    let json = sandbox
        .run(
            &[
                &[
                    "--offline",
                    "--as-of",
                    "2026-06-10",
                    "scan",
                    "--format",
                    "json",
                ],
                paths,
            ]
            .concat(),
        )
        .exits(0)
        .json();
    assert_eq!(json["schema"], 1);
    json["files"].clone()
}

/// `version linkage` of every finding.
fn found(files: &Value) -> Vec<String> {
    let all = files
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|file| file["openssl"].as_array().expect("a list"));
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    all.map(|found| {
        let version = found["version"].as_str().unwrap_or("-");
        format!("{version} {}", text(&found["linkage"]))
    })
    .collect()
}

fn file<'a>(files: &'a Value, end: &str) -> &'a Value {
    let is_it = |file: &&Value| {
        file["member"]
            .as_str()
            .or(file["path"].as_str())
            .is_some_and(|name| name.ends_with(end))
    };
    files
        .as_array()
        .expect("a list")
        .iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("{end} is missing in {files:#}"))
}

#[test]
fn the_contract() {
    let sandbox = Sandbox::new();
    sandbox.file("a.o", elf_returning(0x3050_0040, &[TEXT, SENTENCE]));
    // What there is of 3.5.4 on that day.
    let known = sandbox.run(&[
        "--offline",
        "--as-of",
        "2026-06-10",
        "affected",
        "3.5.4",
        "--format",
        "json",
    ]);
    let known = known.exits(0).json()["versions"][0]["advisories"].clone();
    let known = known.as_array().expect("a list").iter();
    let expected_advisories: Vec<Value> = known
        .filter(|known| known["disputed"] == false)
        .map(|known| {
            json!({
                "id": known["id"],
                "severity": known["severity"],
                "fixed_public": !known["nearest"].is_null(),
            })
        })
        .collect();
    let expected = json!([{
        "path": "a.o",
        "member": null,
        "format": "elf",
        "platform": "linux-x86_64",
        "openssl": [{
            "version": "3.5.4",
            "date": "2025-09-30",
            "evidence": "version text `OpenSSL 3.5.4 30 Sep 2025`; version number 0x30500040",
            "linkage": "static",
            "maintainer": "upstream",
            "advisories": expected_advisories,
        }],
    }]);
    assert_eq!(scan(&sandbox, &["a.o"]), expected);
}

#[test]
fn every_format_word_size_and_byte_order() {
    use Architecture::{Aarch64, Arm, I386, Mips, PowerPc64, S390x, X86_64};
    use BinaryFormat::{Coff, Elf, MachO};
    use Endianness::{Big, Little};
    let sandbox = Sandbox::new();
    for (name, format, architecture, endianness, platform) in [
        ("le64.o", Elf, X86_64, Little, "linux-x86_64"),
        ("le32.o", Elf, I386, Little, "linux-x86"),
        ("be64.o", Elf, S390x, Big, "linux-s390x"),
        ("be64p.o", Elf, PowerPc64, Big, "linux-ppc64"),
        ("be32.o", Elf, Mips, Big, "linux-mips"),
        ("arm.o", Elf, Arm, Little, "linux-arm"),
        ("coff.obj", Coff, X86_64, Little, "windows-x86_64"),
        ("macho.o", MachO, Aarch64, Little, "macos-aarch64"),
    ] {
        sandbox.file(
            name,
            object(format, architecture, endianness, &[TEXT, SENTENCE]),
        );
        let files = scan(&sandbox, &[name]);
        assert_eq!(
            (found(&files), files[0]["platform"].as_str()),
            (vec!["3.5.4 static".to_owned()], Some(platform)),
            "{name}"
        );
    }
}

#[test]
fn a_fat_file_answers_for_each_processor() {
    let sandbox = Sandbox::new();
    let slice = |architecture, text| {
        object(
            BinaryFormat::MachO,
            architecture,
            Endianness::Little,
            &[text],
        )
    };
    let both = fat(
        &slice(Architecture::X86_64, "OpenSSL 3.5.3 16 Sep 2025"),
        &slice(Architecture::Aarch64, TEXT),
    );
    sandbox.file("module.so", both);
    let files = scan(&sandbox, &["module.so"]);
    assert_eq!(found(&files), ["3.5.3 static", "3.5.4 static"]);
    assert_eq!(
        (&files[0]["platform"], &files[1]["platform"]),
        (&json!("macos-x86_64"), &json!("macos-aarch64"))
    );
}

#[test]
fn a_fat_file_of_static_libraries() {
    let sandbox = Sandbox::new();
    let library = |architecture| {
        ar(&[(
            "cversion.o/",
            &object(
                BinaryFormat::MachO,
                architecture,
                Endianness::Little,
                &[TEXT],
            ),
        )])
    };
    sandbox.file(
        "libcrypto.a",
        fat(
            &library(Architecture::X86_64),
            &library(Architecture::Aarch64),
        ),
    );
    let files = scan(&sandbox, &["libcrypto.a"]);
    assert_eq!(found(&files), ["3.5.4 static", "3.5.4 static"]);
    assert_eq!(files[1]["platform"], "macos-aarch64");
}

#[test]
fn static_libraries_are_one_file() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "libcrypto.a",
        ar(&[
            ("a.o/", &elf(&["nothing"])),
            (
                "cversion.o/",
                &elf_returning(0x1010_117f, &["OpenSSL 1.1.1w  11 Sep 2023"]),
            ),
        ]),
    );
    let files = scan(&sandbox, &["libcrypto.a"]);
    assert_eq!(found(&files), ["1.1.1w static"]);
    assert_eq!(
        (files.as_array().expect("a list").len(), &files[0]["format"]),
        (1, &json!("static-library"))
    );
}

#[test]
fn archives_of_every_kind_nested() {
    let sandbox = Sandbox::new();
    let module = elf(&[TEXT]);
    let wheel = zip(&[
        ("x/__init__.py", SENTENCE.as_bytes()),
        ("x/_rust.so", &module),
    ]);
    let inside = tar(&[("./usr/lib/x.so", &module)]);
    let deb = ar(&[
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", &gzip(&tar(&[("control", b"")]))),
        ("data.tar.xz", &xz(&inside)),
    ]);
    let loader = strings(&["nothing"]);
    let behind = |before: &[u8], archive: &[u8]| [before, archive].concat();
    let python = b"#!/usr/bin/env python3\n";
    let shell = b"#!/bin/sh\ntail -n +3 \"$0\" | tar xz; exit\n";
    for (name, bytes, member) in [
        ("app.pyz", behind(python, &wheel), "x/_rust.so"),
        ("install.run", behind(shell, &gzip(&inside)), "usr/lib/x.so"),
        ("setup.exe", behind(&loader, &wheel), "x/_rust.so"),
        (
            "app",
            behind(&loader, &pyinstaller(&[("x/_rust.so", &module)])),
            "x/_rust.so",
        ),
        (
            "all.zip",
            zip(&[("dist/app.pyz", &behind(python, &wheel))]),
            "dist/app.pyz!x/_rust.so",
        ),
        ("x.cpio", cpio(&[("usr/lib/x.so", &module)]), "usr/lib/x.so"),
        (
            "x.rpm",
            rpm(&gzip(&cpio(&[("./usr/lib/x.so", &module)]))),
            "usr/lib/x.so",
        ),
        (
            "x.rpm",
            rpm(&zstd(&cpio(&[("./usr/lib/x.so", &module)]))),
            "usr/lib/x.so",
        ),
        ("x-1-cp311-abi3-win_amd64.whl", wheel.clone(), "x/_rust.so"),
        ("x.tar", inside.clone(), "usr/lib/x.so"),
        ("x.tar.gz", gzip(&inside), "usr/lib/x.so"),
        ("x.tar.xz", xz(&inside), "usr/lib/x.so"),
        ("x.tar.zst", zstd(&inside), "usr/lib/x.so"),
        ("x.tar.bz2", bzip2(&inside), "usr/lib/x.so"),
        ("x.crate", gzip(&inside), "usr/lib/x.so"),
        ("x.deb", deb, "data.tar.xz!usr/lib/x.so"),
        (
            "all.zip",
            zip(&[("dist/x.whl", &wheel)]),
            "dist/x.whl!x/_rust.so",
        ),
        (
            "all.tar.gz",
            gzip(&tar(&[("x.tar.xz", &xz(&tar(&[("x.whl", &wheel)])))])),
            "x.tar.xz!x.whl!x/_rust.so",
        ),
    ] {
        sandbox.file(name, bytes);
        let files = scan(&sandbox, &[name]);
        assert_eq!(
            (found(&files), file(&files, member)["member"].as_str()),
            (vec!["3.5.4 static".to_owned()], Some(member)),
            "{name}"
        );
    }
}

#[test]
fn webassembly() {
    let sandbox = Sandbox::new();
    let constants = format!("\0{TEXT}\0built on: reproducible build, date unspecified\0");
    sandbox.file(
        "x.wasm",
        [b"\0asm\x01\0\0\0", constants.as_bytes()].concat(),
    );
    let files = scan(&sandbox, &["x.wasm"]);
    assert_eq!(found(&files), ["3.5.4 static"]);
    assert_eq!(
        (&files[0]["format"], &files[0]["platform"]),
        (&json!("wasm"), &json!("wasm32"))
    );
}

#[test]
fn a_7z_archive_alone_behind_an_executable_and_damaged() {
    let sandbox = Sandbox::new();
    let archive = seven_zip(&[("readme.txt", b"words"), ("lib/x.so", &elf(&[TEXT]))]);
    let installer = [&elf(&[])[..], b";!@Install@!UTF-8!", &archive].concat();
    let nested = [("y.so", &elf(&[TEXT])[..])];
    let mut damaged = archive.clone();
    damaged[32 + 40] ^= 1;
    sandbox
        .file("x.7z", &archive)
        .file("installer", &installer)
        .file("nested.7z", seven_zip(&[("a.zip", &zip(&nested))]))
        .file("twice.zip", zip(&[("a.7z", &archive)]))
        .file("damaged.7z", &damaged)
        .file("cut.7z", &archive[..archive.len() - 9]);
    for (name, member) in [
        ("x.7z", "lib/x.so"),
        ("installer", "lib/x.so"),
        ("nested.7z", "a.zip!y.so"),
        ("twice.zip", "a.7z!lib/x.so"),
    ] {
        let files = scan(&sandbox, &[name]);
        let named = files.as_array().unwrap().iter();
        let named: Vec<&str> = named.filter_map(|file| file["member"].as_str()).collect();
        assert_eq!(named, [member], "{name}");
        assert_eq!(found(&files), ["3.5.4 static"], "{name}");
    }
    for name in ["damaged.7z", "cut.7z"] {
        let arguments = ["--offline", "scan", "--format", "json", name];
        let unread = &sandbox.run(&arguments).exits(0).json()["unread"];
        assert_ne!(*unread, json!([]), "{name}");
    }
}

#[test]
fn members_behind_a_broken_one_of_a_7z_archive_are_named() {
    let sandbox = Sandbox::new();
    let code = elf(&[TEXT]);
    let mut archive = seven_zip(&[("a.txt", b"words"), ("b.so", &code), ("c.so", &code)]);
    archive[32] ^= 1;
    sandbox.file("x.7z", archive);
    let arguments = ["--offline", "scan", "--format", "json", "x.7z"];
    assert_eq!(
        sandbox.run(&arguments).exits(0).json()["unread"],
        json!([
            { "path": "x.7z", "member": "a.txt", "why": "its checksum is wrong" },
            {
                "path": "x.7z",
                "member": "b.so",
                "why": "what stands before it is broken; the same for 1 more that are compressed with it"
            },
        ])
    );
}

#[test]
fn what_is_not_read_is_said_and_is_not_ok() {
    let sandbox = Sandbox::new();
    let mut image = elf(&[TEXT]);
    image[8..11].copy_from_slice(b"AI\x02");
    sandbox
        .file("x.rar", b"Rar!\x1a\x07")
        .file("app.AppImage", &image)
        .file(
            "x.zip",
            zip(&[("x.so", &elf(&[TEXT])), ("more.rar", b"Rar!\x1a\x07")]),
        );
    for (name, member, why) in [
        (
            "x.rar",
            json!(null),
            "RAR archives are not read: unpack it first",
        ),
        (
            "app.AppImage",
            json!(null),
            "the file system of an AppImage is not read: unpack it first with `--appimage-extract`",
        ),
        (
            "x.zip",
            json!("more.rar"),
            "RAR archives are not read: unpack it first",
        ),
    ] {
        let arguments = ["--offline", "scan", "--format", "json", name];
        assert_eq!(
            sandbox.run(&arguments).exits(0).json()["unread"],
            json!([{"path": name, "member": member, "why": why}])
        );
        let text = sandbox
            .run(&["--offline", "scan", "-l", name])
            .exits(0)
            .stdout;
        assert!(text.contains(&format!("  not read: {why}\n")), "{text}");
        let failing = ["--offline", "scan", "--fail-on", "critical", name];
        sandbox.run(&failing).exits(1);
        let verified = sandbox
            .run(&["verify", "--expect", "3.5.4", name])
            .exits(20);
        assert!(
            verified.words().contains("not read: ") && verified.words().contains(why),
            "{}",
            verified.stdout
        );
    }
}

#[test]
fn a_distributions_build_is_not_judged_by_upstream() {
    let sandbox = Sandbox::new();
    let sbom = br#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"openssl-libs","purl":"pkg:rpm/almalinux/openssl-libs@1.1.1k-18.el8_6"}]}"#;
    let module = elf(&["OpenSSL 1.1.1k  FIPS 25 Mar 2021"]);
    sandbox.file("x.o", &module).file(
        "x.whl",
        zip(&[("x/_ssl.so", &module), ("x.dist-info/sboms/x.json", sbom)]),
    );
    for (name, maintainer) in [("x.o", "Red Hat"), ("x.whl", "AlmaLinux")] {
        let files = scan(&sandbox, &[name]);
        let of_it = &files[0]["openssl"][0];
        assert_eq!(
            (
                &of_it["version"],
                &of_it["maintainer"],
                &of_it["advisories"]
            ),
            (&json!("1.1.1k"), &json!(maintainer), &json!(null)),
            "{files:#}"
        );
        let outcome = sandbox.run(&["--offline", "scan", "--fail-on", "critical", name]);
        let text = outcome.exits(1).words();
        assert!(
            text.contains(&format!("{maintainer} patched this build")),
            "{text}"
        );
    }
}

#[test]
fn the_verdict_on_what_was_found() {
    let sandbox = Sandbox::new();
    sandbox
        .file("old.o", elf(&["OpenSSL 3.5.3 16 Sep 2025"]))
        .file("new.o", elf(&[TEXT]))
        .file("plugin.o", strings(&["OpenSSL 3.5.3 16 Sep 2025"]));
    let run = |more: &[&str]| {
        let always = ["--offline", "--as-of", "2025-10-10", "scan"];
        sandbox.run(&[&always, more].concat())
    };
    insta::assert_snapshot!(run(&["-l", "old.o", "new.o", "plugin.o"]).exits(0).stdout);
    insta::assert_snapshot!(
        run(&["--format", "markdown", "old.o", "plugin.o"])
            .exits(0)
            .stdout
    );
    insta::assert_snapshot!(run(&["--format", "sarif", "old.o"]).exits(0).stdout);
    for (severity, name, status) in [
        ("moderate", "old.o", 11),
        ("high", "old.o", 0),
        ("low", "new.o", 0),
        ("low", "plugin.o", 0),
    ] {
        run(&["--fail-on", severity, name]).exits(status);
    }
    run(&["--fail-on", "grave", "old.o"]).exits(2);
}

/// Layers are archives named by their digests: what is in them is found without a word of the
/// layout.
#[test]
fn images_and_environments() {
    let sandbox = Sandbox::new();
    let layer = tar(&[("usr/lib/x.so", &elf(&[TEXT]))]);
    let blob = format!("blobs/sha256/{}", "a".repeat(64));
    sandbox
        .file("oci/oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#)
        .file(&format!("oci/{blob}"), gzip(&layer))
        .file(
            "saved.tar",
            tar(&[("manifest.json", b"[]"), (&blob, &layer)]),
        )
        .file(".venv/lib/python3.13/site-packages/x/_x.so", elf(&[TEXT]))
        .file(".venv/pyvenv.cfg", "home = /usr/bin\n");
    for path in ["oci", "saved.tar", ".venv"] {
        assert_eq!(found(&scan(&sandbox, &[path])), ["3.5.4 static"], "{path}");
    }
}

#[test]
fn text_is_no_evidence() {
    let sandbox = Sandbox::new();
    sandbox
        .file("README.md", TEXT)
        .file("run.sh", format!("#!/bin/sh\necho {TEXT}\n"))
        .file("notes.bin", format!("\0{TEXT}\0"));
    sandbox.file(
        "docs.whl",
        zip(&[
            ("x/ssl.py", format!("'''{TEXT}'''").as_bytes()),
            ("x.h", TEXT.as_bytes()),
        ]),
    );
    sandbox.file(
        "module.o",
        elf(&[
            SENTENCE,
            "OpenSSL 3.0.7 or later",
            "compiled against OpenSSL 3.0.13 30 Jan 2024",
            "see OpenSSL 3.5.4 30 Sep 2025\n",
        ]),
    );
    let files = scan(
        &sandbox,
        &["README.md", "run.sh", "notes.bin", "docs.whl", "module.o"],
    );
    assert_eq!(found(&files), [] as [String; 0], "{files:#}");
    assert_eq!(files.as_array().expect("a list").len(), 5);
}

#[test]
fn look_alikes_are_named() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "boring.o",
        elf_returning(
            0x1010_107f,
            &["OpenSSL 1.1.1 (compatible; BoringSSL)", "BoringSSL"],
        ),
    );
    sandbox.file(
        "aws.o",
        elf_returning(0x1010_107f, &["OpenSSL 1.1.1 (compatible; AWS-LC 1.52.0)"]),
    );
    sandbox.file("libre.o", elf_returning(0x2000_0000, &["LibreSSL 3.8.2"]));
    sandbox.file(
        "paths.o",
        elf_returning(0x1010_107f, &["/src/deps/boringssl/crypto/x509/x_name.cc"]),
    );
    sandbox.file("bare.o", elf_returning(0x1010_107f, &["nothing"]));
    let files = scan(
        &sandbox,
        &["boring.o", "aws.o", "libre.o", "paths.o", "bare.o"],
    );
    assert_eq!(found(&files), [] as [String; 0]);
    assert_eq!(
        files[3]["other"],
        json!([{"name": "BoringSSL", "version": null}])
    );
    assert_eq!(
        files[4]["other"],
        json!([{"name": "BoringSSL or AWS-LC", "version": null}])
    );
    assert_eq!(
        files[0]["other"],
        json!([{"name": "BoringSSL", "version": null}])
    );
    assert_eq!(
        files[1]["other"],
        json!([{"name": "AWS-LC", "version": "1.52.0"}])
    );
    assert_eq!(
        files[2]["other"],
        json!([{"name": "LibreSSL", "version": "3.8.2"}])
    );
}

#[test]
fn crates_and_source_trees() {
    let sandbox = Sandbox::new();
    let version = b"MAJOR=3\nMINOR=5\nPATCH=4\nPRE_RELEASE_TAG=\nBUILD_METADATA=\nRELEASE_DATE=\"30 Sep 2025\"\nSHLIB_VERSION=3\n";
    let rust = gzip(&tar(&[
        (
            "openssl-0.10.81/Cargo.toml",
            b"[package]\nname = \"openssl\"\nversion = \"0.10.81\"\n",
        ),
        ("openssl-0.10.81/src/lib.rs", TEXT.as_bytes()),
    ]));
    sandbox.file("openssl-0.10.81.crate", rust);
    sandbox.file(
        "openssl-src-300.5.4+3.5.4.crate",
        gzip(&tar(&[(
            "openssl-src-300.5.4+3.5.4/openssl/VERSION.dat",
            version,
        )])),
    );
    sandbox.file(
        "old/include/openssl/opensslv.h",
        "# define OPENSSL_VERSION_TEXT    \"OpenSSL 1.1.1w  11 Sep 2023\"\n",
    );
    assert_eq!(
        found(&scan(&sandbox, &["openssl-0.10.81.crate"])),
        [] as [String; 0]
    );
    assert_eq!(
        found(&scan(&sandbox, &["openssl-src-300.5.4+3.5.4.crate"])),
        ["3.5.4 source"]
    );
    assert_eq!(found(&scan(&sandbox, &["old"])), ["1.1.1w source"]);
}

#[test]
fn sbom_and_code() {
    let sandbox = Sandbox::new();
    let crates = br#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"openssl","version":"0.10.81","purl":"pkg:cargo/openssl@0.10.81"}]}"#;
    let sbom = |version: &str| {
        let digest = "a".repeat(64);
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{{"name":"openssl","version":"{version}","purl":"pkg:generic/openssl@{version}","hashes":[{{"alg":"SHA-256","content":"{digest}"}}]}}]}}"#
        )
    };
    for version in ["3.5.4", "3.5.5"] {
        let (code, statement) = (elf(&[TEXT]), sbom(version));
        let members: [(&str, &[u8]); 3] = [
            ("x/_rust.so", &code),
            ("x.dist-info/sboms/crates.json", crates),
            ("x.dist-info/sboms/sbom.json", statement.as_bytes()),
        ];
        sandbox.file("x.whl", zip(&members));
        let outcome = sandbox
            .run(&["--offline", "scan", "--format", "json", "x.whl"])
            .exits(0);
        let files = outcome.json()["files"].clone();
        let evidence = file(&files, "_rust.so")["openssl"][0]["evidence"]
            .as_str()
            .expect("text")
            .to_owned();
        if version == "3.5.4" {
            assert!(
                evidence.contains("SBOM `pkg:generic/openssl@3.5.4`, source sha256 aaaa"),
                "{evidence}"
            );
            assert_eq!(found(&files), ["3.5.4 static"]);
        } else {
            assert!(!evidence.contains("SBOM"));
            assert_eq!(
                file(&files, "sbom.json")["problems"],
                json!(["the SBOM says OpenSSL 3.5.5, the code is OpenSSL 3.5.4"])
            );
            assert!(
                outcome.stderr.contains("the SBOM says OpenSSL 3.5.5"),
                "{}",
                outcome.stderr
            );
        }
    }
}

#[test]
fn what_is_broken_is_reported_and_the_rest_counts() {
    let sandbox = Sandbox::new();
    let whole = zip(&[("x.so", &elf(&[TEXT]))]);
    sandbox
        .file("dist/a.whl", &whole[..whole.len() / 2])
        .file("dist/b.whl", &whole)
        .file("dist/c.so", b"\x7fELF\x02\x01\x01");
    let outcome = sandbox
        .run(&["--offline", "scan", "--format", "json", "dist"])
        .exits(0);
    let files = outcome.json()["files"].clone();
    assert_eq!(found(&files), ["3.5.4 static"]);
    for broken in ["dist/a.whl", "dist/c.so"] {
        let unread = outcome.json()["unread"].clone();
        let of_it = unread.as_array().expect("a list").iter();
        assert_eq!(of_it.filter(|unread| unread["path"] == broken).count(), 1);
        assert!(
            outcome.stderr.contains(&format!("warning: {broken}: ")),
            "{}",
            outcome.stderr
        );
    }
    let outcome = sandbox.run(&["scan", "dist", "nowhere"]).exits(1);
    assert!(
        outcome.stdout.is_empty() && outcome.stderr.contains("`nowhere`"),
        "{}",
        outcome.stderr
    );
    sandbox.run(&["scan"]).exits(2);
}

#[test]
fn linked_binaries() {
    let sandbox = Sandbox::new();
    let stub = |text: &str| {
        format!("const char *OpenSSL_version(int t) {{ (void)t; return \"{text}\"; }}\n")
    };
    if !cc(
        &sandbox,
        &stub("OpenSSL 3.0.15 3 Sep 2024"),
        &[
            "-shared",
            "-fPIC",
            "-Wl,-soname,libcrypto-1a2b.so.3",
            "-o",
            "libcrypto-1a2b.so.3",
        ],
    ) {
        return;
    }
    let user = "const char *OpenSSL_version(int);\nconst char text[] = \"OpenSSL 3.0.13 30 Jan 2024\";\nint main(void) { return OpenSSL_version(0)[0] + text[1]; }\n";
    cc(&sandbox, user, &["-o", "user", "./libcrypto-1a2b.so.3"]);
    cc(
        &sandbox,
        &(stub(TEXT) + "unsigned long OpenSSL_version_num(void) { return 0x30500040L; }\n"),
        &["-shared", "-fPIC", "-s", "-o", "module.so"],
    );
    let files = scan(&sandbox, &["module.so"]);
    assert_eq!(found(&files), ["3.5.4 static"]);
    if cfg!(target_arch = "x86_64") {
        assert!(
            files[0]["openssl"][0]["evidence"]
                .as_str()
                .expect("text")
                .ends_with("version number 0x30500040"),
            "{files:#}"
        );
    }
    // Alone it needs the system's; with the library beside it, that one answers.
    let files = scan(&sandbox, &["user"]);
    assert_eq!(found(&files), ["3.0.13 dynamic-reference"]);
    assert_eq!(files[0]["needs"], json!(["libcrypto-1a2b.so.3"]));
    let plain =
        "const char *OpenSSL_version(int);\nint main(void) { return OpenSSL_version(0)[0]; }\n";
    cc(&sandbox, plain, &["-o", "plain", "./libcrypto-1a2b.so.3"]);
    let told = sandbox.run(&["scan", "plain"]).exits(0).stdout;
    let hosts = "loads      libcrypto-1a2b.so.3 for plain: it has none of its own";
    assert!(
        told.starts_with("good: no OpenSSL of their own found\n") && told.contains(hosts),
        "{told}"
    );
    let verified = sandbox.run(&["verify", "--expect", "3.5.4", "plain"]);
    let verified = verified.exits(20).stdout;
    assert!(
        verified.contains("plain: no OpenSSL in it: it loads its host's or the system's"),
        "{verified}"
    );
    let read = |name: &str| std::fs::read(sandbox.path().join(name)).expect("a file");
    sandbox.file(
        "x.whl",
        zip(&[
            ("x/user", &read("user")),
            ("x.libs/libcrypto-1a2b.so.3", &read("libcrypto-1a2b.so.3")),
        ]),
    );
    let files = scan(&sandbox, &["x.whl"]);
    assert_eq!(
        found(&files),
        ["3.0.15 bundled-shared", "3.0.15 bundled-shared"]
    );
    assert!(
        file(&files, "user")["openssl"][0]["evidence"]
            .as_str()
            .expect("text")
            .contains("headers of `OpenSSL 3.0.13 30 Jan 2024`")
    );
}

#[test]
fn text_for_people() {
    let sandbox = Sandbox::new();
    sandbox
        .file("dist/a.o", elf(&["OpenSSL 1.1.1k  FIPS 25 Mar 2021"]))
        .file(
            "dist/b.o",
            elf(&["OpenSSL 1.1.1 (compatible; AWS-LC 1.52.0)"]),
        );
    sandbox.file("dist/c.txt", "nothing");
    insta::assert_snapshot!(sandbox.run(&["--offline", "--as-of", "2026-06-10", "scan", "-l", "dist"]).exits(0).stdout, @r"
    unknown: OpenSSL 1.1.1k in 1 file
      1.1.1k     static in dist/a.o: not known: Red Hat patched this build:
                 upstream's advisories alone do not judge it
      beside it  AWS-LC 1.52.0 in dist/b.o, which is not OpenSSL
      basis      facts taken 2026-09-29

    dist/a.o (ELF, linux-x86_64)
      OpenSSL 1.1.1k of 2021-03-25, static, Red Hat's build: version text `OpenSSL 1.1.1k  FIPS 25 Mar 2021`
        not known: Red Hat patched this build: upstream's advisories alone do not judge it
    dist/b.o (ELF, linux-x86_64)
      AWS-LC 1.52.0, which is not OpenSSL

    next: nothing is known of it here: ask whoever built it
    ");
}

/// Real wheels, through the pip of this machine and the index it is configured for.
#[test]
fn real_wheels() {
    let sandbox = Sandbox::new();
    sandbox.file("wheels/.keep", "");
    let mut fetched = 0;
    for (version, openssl, platform) in [
        ("3.4.8", "1.1.1l", "manylinux2014_x86_64"),
        ("3.4.8", "1.1.1l", "win_amd64"),
        ("44.0.1", "3.4.1", "win32"),
        ("46.0.3", "3.5.4", "macosx_10_9_universal2"),
        ("49.0.0", "4.0.1", "manylinux_2_34_x86_64"),
        ("50.0.1", "4.0.2", "musllinux_1_2_aarch64"),
        ("50.0.2", "4.0.3", "macosx_11_0_arm64"),
        ("50.0.2", "4.0.3", "win_amd64"),
    ] {
        let folder = format!("wheels/{version}-{platform}");
        let wanted = format!("cryptography=={version}");
        let mut pip = std::process::Command::new("pip");
        pip.args([
            "download",
            "-q",
            "--no-deps",
            "--only-binary=:all:",
            "--python-version",
            "3.11",
            "--platform",
            platform,
            "-d",
            &folder,
            &wanted,
        ]);
        let output = pip.current_dir(sandbox.path()).output();
        if !output.is_ok_and(|output| output.status.success()) {
            missing::skip(&format!("pip cannot fetch {wanted} for {platform} here"));
            if fetched == 0 {
                return;
            }
            continue;
        }
        fetched += 1;
        let files = scan(&sandbox, &[&folder]);
        let found = found(&files);
        assert!(
            !found.is_empty()
                && found
                    .iter()
                    .all(|found| *found == format!("{openssl} static")),
            "{wanted} {platform}: {files:#}"
        );
    }
}

#[test]
fn headers_that_say_the_same_are_shown_once() {
    let sandbox = Sandbox::new();
    let header = "# define OPENSSL_VERSION_TEXT    \"OpenSSL 3.5.4 30 Sep 2025\"\n";
    let older = "# define OPENSSL_VERSION_TEXT    \"OpenSSL 3.5.3 16 Sep 2025\"\n";
    let [linux, windows, arm] =
        ["linux", "windows", "arm"].map(|name| format!("{name}/openssl/opensslv.h"));
    sandbox.file(
        "x.zip",
        zip(&[
            (&linux, header.as_bytes()),
            (&windows, header.as_bytes()),
            (&arm, older.as_bytes()),
        ]),
    );
    let text = sandbox
        .run(&["--offline", "--as-of", "2025-10-10", "scan", "-l", "x.zip"])
        .exits(0)
        .stdout;
    let expected = "\
moderate: OpenSSL 3.5.4, 3.5.3 in 3 files
  3.5.3      source in x.zip: arm/openssl/opensslv.h: 3 advisories (2 moderate,
             1 low), fixed in 3.5.4; 3.5 is supported until 2030-04-08
  3.5.4      source in x.zip: linux/openssl/opensslv.h and 1 other file: 0
             advisories; 3.5 is supported until 2030-04-08
  basis      facts taken 2026-09-29

x.zip: linux/openssl/opensslv.h (opensslv.h)
  OpenSSL 3.5.4 of 2025-09-30, source: opensslv.h `OpenSSL 3.5.4 30 Sep 2025`
    0 advisories; 3.5 is supported until 2030-04-08
  the same in 1 other file of this archive
x.zip: arm/openssl/opensslv.h (opensslv.h)
  OpenSSL 3.5.3 of 2025-09-16, source: opensslv.h `OpenSSL 3.5.3 16 Sep 2025`
    3 advisories (2 moderate, 1 low), fixed in 3.5.4; 3.5 is supported until 2030-04-08

next: take builds with OpenSSL 3.5.4 or newer
";
    assert_eq!(text, expected);
    assert_eq!(scan(&sandbox, &["x.zip"]).as_array().unwrap().len(), 3);
}

/// Names that only OpenSSL's own code has.
const NAMES: [&str; 4] = [
    "OpenSSL 'dlfcn' shared library method",
    "OpenSSL DH Method",
    "OpenSSL EC_KEY method",
    "OpenSSL X448 algorithm",
];
const SOURCES: [&str; 8] = [
    "crypto/bio/bio_lib.c",
    "crypto/bn/bn_lib.c",
    "crypto/evp/digest.c",
    "crypto/evp/evp_enc.c",
    "crypto/evp/evp_lib.c",
    "crypto/rand/drbg_lib.c",
    "crypto/rsa/rsa_lib.c",
    "crypto/store/store_lib.c",
];

#[test]
fn a_text_without_code_is_that_of_headers() {
    let sandbox = Sandbox::new();
    sandbox
        .file("plugin.o", strings(&["OpenSSL 1.1.1q  5 Jul 2022"]))
        .file("quic.o", strings(&["OpenSSL 1.1.1q+quic  5 Jul 2022"]))
        .file(
            "application.a",
            ar(&[("main.o/", &strings(&["OpenSSL 3.0.13 30 Jan 2024"]))]),
        )
        .file(
            "code.o",
            strings(&[&NAMES[..], &["OpenSSL 1.1.1w  11 Sep 2023"]].concat()),
        );
    let files = scan(&sandbox, &["plugin.o", "quic.o", "application.a", "code.o"]);
    assert_eq!(
        found(&files),
        [
            "1.1.1q header-text",
            "1.1.1q header-text",
            "3.0.13 header-text",
            "1.1.1w static"
        ]
    );
    let maintainers: Vec<&Value> = files.as_array().expect("a list")[..2]
        .iter()
        .map(|file| &file["openssl"][0]["maintainer"])
        .collect();
    assert_eq!(maintainers, ["upstream", "quictls"]);
    // Old facts matter only to what is judged by them.
    let late = |file: &'static str| {
        let with = ["--offline", "--as-of", "2030-01-01"];
        [&with[..], &["scan", "--fail-on", "low", file]].concat()
    };
    let outcome = sandbox.run(&late("plugin.o")).exits(0);
    assert!(
        outcome
            .stdout
            .starts_with("good: no OpenSSL of their own found\n")
            && !outcome.stdout.contains("basis"),
        "{}",
        outcome.stdout
    );
    sandbox.run(&late("code.o")).exits(11);
    let outcome = sandbox.run(&["verify", "--expect", "1.1.1q", "plugin.o"]);
    let outcome = outcome.exits(20);
    assert!(
        outcome
            .stdout
            .contains("plugin.o: no OpenSSL in it: it loads its host's or the system's"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn code_without_a_text() {
    let sandbox = Sandbox::new();
    let three = ["OpenSSL Default Provider", "OpenSSL Base Provider"];
    let backslashes: Vec<String> = SOURCES
        .iter()
        .map(|source| format!("..\\..\\{}", source.replace('/', "\\")))
        .collect();
    let backslashes: Vec<&str> = backslashes.iter().map(String::as_str).collect();
    sandbox
        // 1.2.13 is zlib's, 3.45.1 SQLite's: neither is an OpenSSL's.
        .file(
            "three.o",
            strings(&[&three[..], &["1.2.13", "3.3.0", "3.45.1", "3.0.7 or newer"]].concat()),
        )
        .file(
            "two.o",
            strings(&[&three[..], &["3.0.7", "3.1.1"]].concat()),
        )
        .file("old.o", strings(&SOURCES))
        .file("windows.o", strings(&backslashes))
        .file("words.o", strings(&SOURCES[..3]));
    let files = scan(
        &sandbox,
        &["three.o", "two.o", "old.o", "windows.o", "words.o"],
    );
    assert_eq!(
        found(&files),
        ["3.3.0 static", "- static", "- static", "- static"]
    );
    assert!(files[1]["openssl"][0]["version"].is_null());
    let text = sandbox.run(&["scan", "-l", "old.o"]).exits(0).stdout;
    assert!(
        text.contains("OpenSSL is here, its version is not said, static: 8 strings"),
        "{text}"
    );
    let verified = sandbox.run(&["verify", "--expect", "1.1.1w", "old.o"]);
    let verified = verified.exits(20);
    assert!(
        verified
            .stdout
            .contains("old.o: OpenSSL is in it, its version is not said"),
        "{}",
        verified.stdout
    );
    // Headers of another version than the code.
    sandbox.file(
        "both.o",
        strings(&[&three[..], &["3.1.1", "OpenSSL 3.0.13 30 Jan 2024"]].concat()),
    );
    assert_eq!(
        found(&scan(&sandbox, &["both.o"])),
        ["3.0.13 header-text", "3.1.1 static"]
    );
}

#[test]
fn a_version_that_the_facts_do_not_have_is_not_known() {
    let sandbox = Sandbox::new();
    for (version, status, verdict) in [
        ("9.0.0-alpha1", 1, "unknown"),
        ("3.5.30-beta1", 1, "unknown"),
        ("1.1.1x", 1, "unknown"),
        ("1.1.1zd", 1, "unknown"),
        ("3.5.0-beta1", 11, "high"),
    ] {
        let sbom = json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "components": [{
                "type": "library",
                "name": "openssl",
                "version": version,
                "purl": format!("pkg:generic/openssl@{version}"),
            }],
        });
        sandbox.file("sbom.json", sbom.to_string());
        let day = ["--offline", "--as-of", "2026-09-29"];
        let scan = ["scan", "--fail-on", "low", "sbom.json"];
        let outcome = sandbox.run(&[&day[..], &scan].concat()).exits(status);
        let told = format!("{verdict}: OpenSSL {version} in 1 file\n");
        assert!(outcome.stdout.starts_with(&told), "{}", outcome.stdout);
    }
}

#[test]
fn a_fork_keeps_the_text_it_left() {
    let sandbox = Sandbox::new();
    let kept = "OpenSSL 1.1.1h  22 Sep 2020";
    let marked = |more: &[&str]| elf_returning(0x1010_108f, &[&NAMES[..], more].concat());
    sandbox
        .file("babassl.o", marked(&[kept, "BabaSSL 8.3.2"]))
        .file("tongsuo.o", marked(&[kept, "Tongsuo 8.4.0"]))
        .file("quictls.o", marked(&["OpenSSL 3.0.13+quic 30 Jan 2024"]));
    for (name, library, version) in [
        ("babassl.o", "BabaSSL", "8.3.2"),
        ("tongsuo.o", "Tongsuo", "8.4.0"),
        ("quictls.o", "quictls", "3.0.13+quic"),
    ] {
        let files = scan(&sandbox, &[name]);
        assert_eq!(found(&files), [] as [String; 0], "{name}");
        assert_eq!(
            files[0]["other"],
            json!([{"name": library, "version": version}])
        );
        let verified = sandbox.run(&["verify", "--expect", "1.1.1h", "--expect", "3.0.13", name]);
        let verified = verified.exits(20);
        assert!(
            verified.stdout.contains(&format!(
                "{library} {version} is in it, which is not OpenSSL"
            )),
            "{}",
            verified.stdout
        );
        // What OpenSSL has to fix its forks may have too.
        let text = sandbox.run(&["scan", name, "--fail-on", "low"]).exits(1);
        assert!(
            text.stdout
                .starts_with("unknown: no OpenSSL but a fork found\n")
                && text.stdout.contains(&format!("{library} {version} in")),
            "{}",
            text.stdout
        );
        for format in ["markdown", "sarif"] {
            let text = sandbox.run(&["scan", name, "--format", format]).exits(0);
            let why = "advisories do not judge its forks";
            assert!(text.stdout.contains(why), "{}", text.stdout);
        }
    }
    // AWS-LC kept some names of methods, and its source files say whose they are.
    let kept = [
        "OpenSSL RSA method",
        "OpenSSL DSA method",
        "OpenSSL EC algorithm",
        "OpenSSL X25519 algorithm",
        "OpenSSL HMAC method",
        "OpenSSL RSA-PSS method",
        "OpenSSL ED25519 algorithm",
        "OpenSSL PKCS#3 DH method",
        "/x/aws-lc/crypto/fipsmodule/bn/gcd.c",
    ];
    sandbox.file("aws.o", strings(&kept));
    let files = scan(&sandbox, &["aws.o"]);
    assert_eq!(found(&files), [] as [String; 0]);
    assert_eq!(
        files[0]["other"],
        json!([{"name": "AWS-LC", "version": null}])
    );
    // A list of names is none.
    sandbox.file(
        "names.o",
        elf_returning(
            0x3050_0040,
            &[TEXT, "BoringSSL", "AWS-LC", "LibreSSL", "Tongsuo"],
        ),
    );
    let files = scan(&sandbox, &["names.o"]);
    assert_eq!(found(&files), ["3.5.4 static"]);
    assert!(files[0]["other"].is_null(), "{files:#}");
}

/// A library may answer as an older one to what was linked against that.
#[test]
fn the_symbol_version_that_is_linked_against_counts() {
    let sandbox = Sandbox::new();
    let mut source = String::new();
    for (at, (text, number, version)) in [
        ("OpenSSL 1.0.0-fips 29 Mar 2010", "0x10000003", "@OLD_0"),
        ("OpenSSL 1.0.1e-fips 11 Feb 2013", "0x1000105f", "@OLD_1"),
        ("OpenSSL 1.0.2k-fips  26 Jan 2017", "0x100020bf", "@@NEW_2"),
    ]
    .iter()
    .enumerate()
    {
        source += &format!(
            "unsigned long n{at}(void) {{ return {number}UL; }}\nconst char *t{at}(int x) {{ (void)x; return \"{text}\"; }}\n\
             __asm__(\".symver n{at},SSLeay{version}\"); __asm__(\".symver t{at},SSLeay_version{version}\");\n"
        );
    }
    sandbox.file(
        "map",
        "OLD_0 { global: SSLeay; SSLeay_version; local: n0; n1; n2; t0; t1; t2; };\n\
         OLD_1 { global: SSLeay; SSLeay_version; } OLD_0;\nNEW_2 { global: SSLeay; SSLeay_version; } OLD_1;\n",
    );
    let arguments = [
        "-shared",
        "-fPIC",
        "-fno-lto",
        "-Wl,--version-script=map",
        "-o",
        "libcrypto.so.1.0.2k",
    ];
    if !cfg!(target_os = "linux") || !cc(&sandbox, &source, &arguments) {
        return;
    }
    let whole = scan(&sandbox, &["libcrypto.so.1.0.2k"]);
    assert_eq!(found(&whole), ["1.0.2k bundled-shared"]);
    sandbox
        .run(&["verify", "--expect", "1.0.1e", "libcrypto.so.1.0.2k"])
        .exits(20);
}
