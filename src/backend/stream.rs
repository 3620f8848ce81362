//! Streams of bytes: of any family, over TLS, and ending at a cap.

use super::{flat::flat, flat::is_tls, not_sent, refused};
use crate::kind::Fault;
use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls_platform_verifier::BuilderVerifierExt;
use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;

/// A connected stream of any family.
pub(super) type Stream = Box<dyn Duplex>;

pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

pub(super) fn boxed(stream: impl Duplex + 'static) -> Stream {
    Box::new(stream)
}

/// TLS set up when first needed: once for the system's authorities, and once for each file of others.
#[derive(Default)]
pub(super) struct Tls {
    built: Mutex<HashMap<Option<PathBuf>, Arc<ClientConfig>>>,
}

impl Tls {
    /// `stream` over TLS with a peer that its certificate, vouched for by `ca_file` alone if there is one, calls `host`.
    pub(super) async fn over(&self, stream: Stream, host: &str, ca_file: Option<&Path>) -> Result<Stream, Fault> {
        let config = self.config(ca_file).map_err(not_sent)?;
        let name =
            ServerName::try_from(host.to_owned()).map_err(|_| not_sent(format!("`{host}` is no host's name")))?;
        let connected = TlsConnector::from(config).connect(name, stream).await;
        connected
            .map(boxed)
            .map_err(|error| if is_tls(&error) { refused(flat(&error)) } else { not_sent(flat(&error)) })
    }

    /// What a client trusts: the authorities in `ca_file` and no others, or without one the system's.
    pub(super) fn config(&self, ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
        let mut built = self.built.lock().expect("no TLS is set up by a thread that panics");
        if let Some(config) = built.get(&ca_file.map(Path::to_owned)) {
            return Ok(config.clone());
        }
        let failed = |error: rustls::Error| format!("TLS cannot be set up: {}", flat(&error));
        let builder = ClientConfig::builder();
        let config = match ca_file {
            Some(path) => builder.with_root_certificates(authorities(path)?),
            None => builder.with_platform_verifier().map_err(failed)?,
        };
        let config = Arc::new(config.with_no_client_auth());
        built.insert(ca_file.map(Path::to_owned), config.clone());
        Ok(config)
    }
}

fn authorities(path: &Path) -> Result<rustls::RootCertStore, String> {
    let shown = path.display();
    let pem = std::fs::read(path).map_err(|error| format!("certificate authorities {shown}: {error}"))?;
    let mut roots = rustls::RootCertStore::empty();
    for found in CertificateDer::pem_slice_iter(&pem) {
        let certificate = found.map_err(|error| format!("{shown}: {error}"))?;
        roots.add(certificate).map_err(|error| format!("{shown}: {error}"))?;
    }
    if roots.is_empty() { Err(format!("{shown} holds no certificate")) } else { Ok(roots) }
}

/// A stream of which at most so many bytes are read; one more is an error that names the cap.
pub(super) struct Capped<S> {
    stream: S,
    cap: usize,
    left: usize,
}

impl<S> Capped<S> {
    pub(super) fn new(stream: S, cap: usize) -> Self {
        Self { stream, cap, left: cap }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Capped<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buf))?;
        let Some(left) = this.left.checked_sub(buf.filled().len() - before) else {
            let why = format!("the answer is longer than the {} bytes read at most", this.cap);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::FileTooLarge, why)));
        };
        this.left = left;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Capped<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
