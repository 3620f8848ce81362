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
    causes(error).any(|cause| cause.is::<rustls::Error>() || wrapped(cause).is_some_and(is_tls))
}

/// What an I/O error wraps; its own `source` leaves exactly that out.
fn wrapped<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let inner = error.downcast_ref::<io::Error>()?.get_ref()?;
    Some(inner)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}
