//! Whom a server has to be vouched for by, for the protocols that bring no TLS of their own.

use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer, pki_types::pem::PemObject};
use std::path::Path;

/// A client that trusts the authorities in `ca_file` and no others, or without one the system's.
pub(super) fn client(ca_file: Option<&Path>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        Some(path) => {
            let wrong = |error: &dyn std::fmt::Display| format!("certificate authorities {}: {error}", path.display());
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| wrong(&error))? {
                let certificate = certificate.map_err(|error| wrong(&error))?;
                roots.add(certificate).map_err(|error| wrong(&error))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        let place = ca_file.map_or_else(|| "the system".into(), |path| path.display().to_string());
        return Err(format!("{place} holds no certificate authority, so no server can be trusted"));
    }
    Ok(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}
