//! What OpenSSL's own code carries besides its version: the names of its providers and methods, and
//! of its source files. Headers bring none of them into what is compiled with them, and its forks
//! dropped or renamed those that are listed here.

use std::collections::BTreeSet;

use memchr::{memchr, memchr_iter};

use crate::openssl::upstream::builtin::builtin;
use crate::openssl::version::Version;

/// So many marks are code: a few may be another program's words, or stray parts that reach a library
/// beside it. The name of the default provider is enough, for since OpenSSL 3 nothing works without
/// that.
const ENOUGH: usize = 8;

/// Where a program has named a version already, so many tell that the code is there too.
const BESIDE_A_TEXT: usize = 2;

/// The longest name of a source file that is listed.
const LONGEST_FILE: usize = 40;

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    names: BTreeSet<&'static str>,
    files: BTreeSet<&'static str>,
}

impl Marks {
    /// Adds a C string that begins with `OpenSSL `, if it is one of the names.
    pub(super) fn name(&mut self, text: &str) {
        if let Ok(at) = NAMES.binary_search(&text) {
            self.names.insert(NAMES[at]);
        }
    }

    /// Adds what stands behind `crypto/`, or `crypto\`, if it is one of the source files.
    pub(super) fn file(&mut self, rest: &[u8]) {
        let window = &rest[..rest.len().min(LONGEST_FILE)];
        let name = memchr(0, window).map(|end| &window[..end]);
        // Names of functions stand there far more often than files.
        let name = name.filter(|name| name.ends_with(b".c"));
        let Some(name) = name.and_then(|name| std::str::from_utf8(name).ok()) else {
            return;
        };
        let found = if name.contains('\\') {
            FILES.binary_search(&name.replace('\\', "/").as_str())
        } else {
            FILES.binary_search(&name)
        };
        if let Ok(at) = found {
            self.files.insert(FILES[at]);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.names.extend(&other.names);
        self.files.extend(&other.files);
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.names.len() + self.files.len()
    }

    /// Whether they are enough to say that the code is there.
    pub(super) fn are_code(&self) -> bool {
        self.has_provider() || self.count() >= ENOUGH
    }

    /// Whether they are enough where a version text stands beside them.
    pub(super) fn are_code_beside_a_text(&self) -> bool {
        self.count() >= BESIDE_A_TEXT || self.are_code()
    }

    /// Whether it is OpenSSL 3 or later, whose provider says its version as a bare number.
    pub(super) fn are_of_three(&self) -> bool {
        self.has_provider()
            || self.names.contains("OpenSSL Base Provider")
            || self.files.contains("provider_core.c")
            || self.files.contains("property/property.c")
    }

    fn has_provider(&self) -> bool {
        self.names.contains("OpenSSL Default Provider")
    }
}

/// The bare version numbers (`3.3.0`, a C string of its own) that are those of OpenSSL releases
/// since 3.0.
pub(super) fn bare_versions(bytes: &[u8]) -> BTreeSet<Version> {
    let numbers = memchr_iter(b'.', bytes).filter_map(|at| {
        let start = at.checked_sub(1 + usize::from(at > 1 && bytes[at - 2] != 0))?;
        let before = start.checked_sub(1).is_none_or(|before| bytes[before] == 0);
        let rest = &bytes[start..bytes.len().min(start + 9)];
        let end = rest.iter().position(|&byte| byte == 0)?;
        let text = std::str::from_utf8(&rest[..end]).ok()?;
        let is_number = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        (before && is_number && text.matches('.').count() == 2).then_some(text)
    });
    numbers
        .filter_map(|text| text.parse::<Version>().ok())
        .filter(|version| is_released(*version))
        .collect()
}

/// Whether OpenSSL released this version since 3.0, as far as the program knows, or may have since
/// in a series that it knows.
fn is_released(version: Version) -> bool {
    /// How many releases of a series a program may be older than.
    const NEWER: u16 = 12;
    let newest = builtin().ok().and_then(|snapshot| {
        let of_series = snapshot
            .releases
            .iter()
            .map(|release| release.version)
            .filter(|released| released.series() == version.series());
        of_series.max()
    });
    let patch = |version: Version| version.number().map(|number| (number >> 4) as u16 & 0xff);
    newest.is_some_and(|newest| {
        version.number().is_some_and(|number| number >> 28 >= 3)
            && patch(version)
                .zip(patch(newest))
                .is_some_and(|(one, most)| one <= most + NEWER)
    })
}

/// Names of OpenSSL's methods and providers, each a C string of its own, sorted. Those that AWS-LC
/// kept (`OpenSSL RSA method`) are none.
const NAMES: [&str; 32] = [
    "OpenSSL 'dl' shared library method",
    "OpenSSL 'dlfcn' shared library method",
    "OpenSSL 'shl' shared library method",
    "OpenSSL 'win32' shared library method",
    "OpenSSL Base Provider",
    "OpenSSL CMAC method",
    "OpenSSL DH Method",
    "OpenSSL Default Provider",
    "OpenSSL ECDH method",
    "OpenSSL ECDSA method",
    "OpenSSL EC_KEY method",
    "OpenSSL ED448 algorithm",
    "OpenSSL FIPS Provider",
    "OpenSSL Legacy Provider",
    "OpenSSL Null Provider",
    "OpenSSL PKCS#1 RSA",
    "OpenSSL PKCS#1 RSA (from Eric Young)",
    "OpenSSL POLY1305 method",
    "OpenSSL SIPHASH method",
    "OpenSSL SM2 algorithm",
    "OpenSSL X448 algorithm",
    "OpenSSL X9.42 DH method",
    "OpenSSL default",
    "OpenSSL default user interface",
    "OpenSSL dlfcn shared library method",
    "OpenSSL internal DH method",
    "OpenSSL internal DSA method",
    "OpenSSL internal RSA method",
    "OpenSSL software engine support",
    "OpenSSL user interface",
    "OpenSSL win32 shared library method",
    "OpenSSL_DSA method",
];

/// Source files below `crypto/` that BoringSSL and AWS-LC do not have, sorted.
const FILES: [&str; 132] = [
    "aes/aes_ige.c",
    "asn1/ameth_lib.c",
    "asn1/asn_mime.c",
    "asn1/asn_moid.c",
    "asn1/bio_ndef.c",
    "asn1/evp_asn1.c",
    "asn1/p5_pbe.c",
    "asn1/p5_pbev2.c",
    "asn1/p5_scrypt.c",
    "asn1/tasn_prn.c",
    "asn1/x_info.c",
    "asn1/x_pkey.c",
    "async/async.c",
    "async/async_wait.c",
    "bio/b_addr.c",
    "bio/b_print.c",
    "bio/b_sock.c",
    "bio/bf_buff.c",
    "bio/bio_lib.c",
    "bio/bio_meth.c",
    "bio/bss_bio.c",
    "bio/bss_conn.c",
    "bio/bss_file.c",
    "bio/bss_mem.c",
    "bn/bn_blind.c",
    "bn/bn_ctx.c",
    "bn/bn_div.c",
    "bn/bn_exp.c",
    "bn/bn_gcd.c",
    "bn/bn_gf2m.c",
    "bn/bn_intern.c",
    "bn/bn_lib.c",
    "bn/bn_mod.c",
    "bn/bn_mont.c",
    "bn/bn_mpi.c",
    "bn/bn_print.c",
    "bn/bn_rand.c",
    "bn/bn_recp.c",
    "bn/bn_shift.c",
    "bn/bn_word.c",
    "buffer/buffer.c",
    "cms/cms_asn1.c",
    "cms/cms_env.c",
    "cms/cms_lib.c",
    "cms/cms_sd.c",
    "cms/cms_smime.c",
    "comp/c_zlib.c",
    "comp/comp_lib.c",
    "conf/conf_def.c",
    "conf/conf_lib.c",
    "conf/conf_mod.c",
    "core_algorithm.c",
    "core_fetch.c",
    "core_namemap.c",
    "cryptlib.c",
    "ct/ct_log.c",
    "ct/ct_sct.c",
    "dh/dh_ameth.c",
    "dh/dh_key.c",
    "dh/dh_lib.c",
    "dh/dh_pmeth.c",
    "dsa/dsa_ameth.c",
    "dsa/dsa_lib.c",
    "dsa/dsa_ossl.c",
    "dso/dso_dlfcn.c",
    "dso/dso_lib.c",
    "dso/dso_win32.c",
    "ec/ec2_smpl.c",
    "ec/ec_ameth.c",
    "ec/ec_check.c",
    "ec/ec_curve.c",
    "ec/ec_kmeth.c",
    "ec/ec_lib.c",
    "ec/ec_mult.c",
    "ec/ec_oct.c",
    "ec/ecdh_ossl.c",
    "ec/ecp_smpl.c",
    "encode_decode/decoder_lib.c",
    "encode_decode/encoder_lib.c",
    "engine/eng_ctrl.c",
    "engine/eng_init.c",
    "engine/eng_lib.c",
    "engine/eng_list.c",
    "evp/bio_b64.c",
    "evp/digest.c",
    "evp/encode.c",
    "evp/evp_enc.c",
    "evp/evp_fetch.c",
    "evp/evp_lib.c",
    "evp/evp_pbe.c",
    "evp/evp_rand.c",
    "evp/kdf_lib.c",
    "evp/keymgmt_lib.c",
    "evp/m_sigver.c",
    "evp/mac_lib.c",
    "evp/p5_crpt2.c",
    "evp/p_lib.c",
    "evp/pmeth_lib.c",
    "evp/signature.c",
    "init.c",
    "initthread.c",
    "o_fopen.c",
    "objects/obj_dat.c",
    "objects/obj_lib.c",
    "pem/pem_sign.c",
    "pem/pvkfmt.c",
    "pkcs12/p12_add.c",
    "pkcs12/p12_decr.c",
    "pkcs12/p12_init.c",
    "pkcs12/p12_key.c",
    "pkcs12/p12_kiss.c",
    "pkcs7/pk7_doit.c",
    "pkcs7/pk7_lib.c",
    "property/property.c",
    "property/property_parse.c",
    "provider_conf.c",
    "provider_core.c",
    "rand/drbg_lib.c",
    "rand/md_rand.c",
    "rand/rand_lib.c",
    "rand/randfile.c",
    "rsa/rsa_ameth.c",
    "rsa/rsa_eay.c",
    "rsa/rsa_lib.c",
    "rsa/rsa_ossl.c",
    "rsa/rsa_pmeth.c",
    "rsa/rsa_sign.c",
    "store/store_lib.c",
    "ts/ts_rsp_sign.c",
    "ui/ui_lib.c",
    "ui/ui_openssl.c",
    "x509/x509_meth.c",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(NAMES.is_sorted());
        assert!(FILES.is_sorted());
        assert!(
            FILES
                .iter()
                .all(|file| file.len() < LONGEST_FILE && file.ends_with(".c"))
        );
    }

    #[test]
    fn a_lone_mark_is_a_word_and_the_provider_is_code() {
        let mut marks = Marks::default();
        marks.name("OpenSSL RSA method");
        assert_eq!(marks.count(), 0);
        marks.name("OpenSSL DH Method");
        assert!(!marks.are_code() && !marks.are_code_beside_a_text());
        marks.file(b"evp\\evp_enc.c\0rest");
        assert!(!marks.are_code() && marks.are_code_beside_a_text());
        for file in FILES.iter().take(6) {
            marks.file(format!("{file}\0").as_bytes());
        }
        marks.file(b"err/err.c\0");
        assert!(marks.are_code() && !marks.are_of_three());
        let mut marks = Marks::default();
        marks.name("OpenSSL Default Provider");
        assert!(marks.are_code() && marks.are_of_three());
    }

    #[test]
    fn bare_numbers_that_are_releases() {
        let found = |text: &[u8]| {
            let all = bare_versions(text).into_iter();
            all.map(|version| version.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            found(b"3.3.0\0\x001.2.13\x003.45.1\0 3.0.7\0v3.0.7\x003.0.8x\x0042.0.5\x00300.5.4\0"),
            ["3.3.0"]
        );
        assert_eq!(found(b"3.0.12\x003.1.3\0"), ["3.0.12", "3.1.3"]);
        assert_eq!(
            found(b"1.1.1\x003.99.0\x003.0.200\x003.5.4"),
            [] as [&str; 0]
        );
    }
}
