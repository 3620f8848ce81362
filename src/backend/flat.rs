//! Error chains on one line, and what lies at their root.

use std::{error::Error, fmt::Write, io};

/// The whole chain of `error`, outermost first, without parts that only repeat what was said.
pub(super) fn flat(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    for cause in causes(error).skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            let _ = write!(text, ": {cause}");
        }
    }
    text
}

/// Whether the chain holds a TLS failure: a certificate, a version, a peer that speaks something else.
pub(super) fn is_tls(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| {
        // An I/O error that wraps another skips it in `source`, so the wrapped one is looked at here.
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause.is::<rustls::Error>() || wrapped.is_some_and(|inner| inner.is::<rustls::Error>())
    })
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}
