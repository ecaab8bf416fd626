//! The TLS that a mail server is spoken to in. There is no way to switch the checks off, for this
//! machine neither.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::text::fault::Fault;

/// The settings of a connection: TLS 1.2 or 1.3, certificates checked against the system's
/// authorities, or against those of the file that `SSL_CERT_FILE` names where there is one.
pub(super) fn config(authorities: Option<&Path>) -> Result<Arc<ClientConfig>, Fault> {
    let unusable =
        |error: rustls::Error| Fault::failed(format!("cannot prepare TLS for mail: {error}"));
    let builder =
        ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(unusable)?;
    let builder = match authorities {
        Some(file) => builder.with_root_certificates(read(file)?),
        None => builder.with_platform_verifier().map_err(unusable)?,
    };
    Ok(Arc::new(builder.with_no_client_auth()))
}

fn read(file: &Path) -> Result<RootCertStore, Fault> {
    let unusable = |why: String| {
        Fault::usage(format!(
            "`SSL_CERT_FILE` names `{}`, which cannot be used: {why}",
            file.display()
        ))
    };
    let pem = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
    if store.is_empty() {
        Err(unusable("there is no certificate in it".to_owned()))
    } else {
        Ok(store)
    }
}
