//! Who we are to an API server: a token, a password or a certificate, and whom we act as.

use super::kubeconfig::data_or_file;
use crate::text::Redactor;
use base64::{Engine, engine::general_purpose::STANDARD};
use kube::config::AuthInfo;
use reqwest::{
    Identity,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

/// A credential; without any of its parts, nobody in particular.
#[derive(Clone, Default)]
pub(super) struct Login {
    /// A bearer token.
    pub token: Option<SecretString>,
    /// A user and a password.
    pub basic: Option<(String, SecretString)>,
    /// A key and its certificates, in PEM.
    pub pem: Option<SecretSlice<u8>>,
}

impl Login {
    /// What a kubeconfig's user says himself; an exec plugin is asked elsewhere.
    pub(super) fn of(user: &AuthInfo) -> Result<Self, String> {
        let token = match (&user.token, &user.token_file) {
            (Some(token), _) => Some(token.clone()),
            // Read every time: a pod's token is replaced every hour.
            (None, Some(file)) => Some(token_in(file)?),
            (None, None) => None,
        };
        let basic = user.username.clone().zip(user.password.clone());
        let certificate = data_or_file(user.client_certificate_data.as_deref(), user.client_certificate.as_deref());
        let key = user.client_key_data.as_ref().map(ExposeSecret::expose_secret);
        let key = data_or_file(key, user.client_key.as_deref());
        let (certificate, key) = (
            certificate.map_err(|why| format!("client certificate: {why}"))?,
            key.map_err(|why| format!("client key: {why}"))?,
        );
        let pem = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(pem(&key, &certificate)),
            (None, None) => None,
            (Some(_), None) => return Err("the client certificate has no key".to_owned()),
            (None, Some(_)) => return Err("the client key has no certificate".to_owned()),
        };
        Ok(Self { token, basic, pem })
    }

    /// Whether nothing says who we are.
    pub(super) fn is_anonymous(&self) -> bool {
        self.token.is_none() && self.basic.is_none() && self.pem.is_none()
    }

    /// The certificate for the TLS handshake.
    pub(super) fn identity(&self) -> Result<Option<Identity>, String> {
        // The library's error is not repeated: it was made from a key.
        let read = |pem: &SecretSlice<u8>| Identity::from_pem(pem.expose_secret());
        self.pem.as_ref().map(read).transpose().map_err(|_| "the client certificate or its key is no PEM".to_owned())
    }

    /// What every request says of us.
    pub(super) fn headers(&self) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        if let Some(value) = self.authorization() {
            let odd = |_| "the credential holds a character no header may".to_owned();
            let mut value = HeaderValue::from_str(value.expose_secret()).map_err(odd)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(headers)
    }

    fn authorization(&self) -> Option<SecretString> {
        match (&self.token, &self.basic) {
            (Some(token), _) => Some(format!("Bearer {}", token.expose_secret()).into()),
            (None, Some((user, password))) => {
                let pair = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
                Some(format!("Basic {pair}").into())
            }
            (None, None) => None,
        }
    }

    /// Cuts the credential out of whatever comes back: it is in no playbook, so nobody else knows it.
    pub(super) fn redactor(&self) -> Redactor {
        let password = self.basic.as_ref().map(|(_, password)| password);
        Redactor::new(self.token.iter().chain(password).map(SecretString::expose_secret))
    }
}

/// Whom a kubeconfig's user acts as; left out, a request would be allowed more than was meant.
pub(super) fn masks(user: &AuthInfo) -> Result<HeaderMap, String> {
    let groups = user.impersonate_groups.iter().flatten().map(|group| ("impersonate-group", group));
    let uid = user.impersonate_uid.iter().map(|uid| ("impersonate-uid", uid));
    let mut headers = HeaderMap::new();
    for (name, value) in user.impersonate.iter().map(|user| ("impersonate-user", user)).chain(uid).chain(groups) {
        let value = HeaderValue::from_str(value).map_err(|_| format!("`{name}` holds an odd character"))?;
        headers.append(HeaderName::from_static(name), value);
    }
    Ok(headers)
}

/// A key and its certificates as one PEM.
pub(super) fn pem(key: &[u8], certificate: &[u8]) -> SecretSlice<u8> {
    [key, b"\n", certificate].concat().into()
}

fn token_in(file: &str) -> Result<SecretString, String> {
    let token = std::fs::read_to_string(file).map_err(|error| format!("token file {file}: {error}"))?;
    let token = token.trim();
    if token.is_empty() { Err(format!("token file {file} is empty")) } else { Ok(token.into()) }
}
