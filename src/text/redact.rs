//! Cutting known secrets out of whatever is about to be stored or shown.

/// What stands where a secret stood.
const MARK: &str = "[redacted]";

/// Secrets shorter than this are not searched for: they would cut ordinary words to pieces.
const SHORTEST: usize = 4;

/// Knows the resolved secrets of a playbook and cuts them, also percent-, hex- and base64-encoded, out of text.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Vec<String>,
}

impl Redactor {
    /// A redactor for the given secret values.
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let mut needles = Vec::new();
        for secret in secrets {
            let secret = secret.as_ref();
            if secret.len() >= SHORTEST {
                needles.extend(forms(secret));
            }
        }
        // The longest first, so that a form that contains another is cut whole.
        needles.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        needles.dedup();
        Self { needles }
    }

    /// `raw` with every known secret replaced by `[redacted]`.
    pub fn redact(&self, raw: &str) -> String {
        let mut text = raw.to_owned();
        for needle in &self.needles {
            if text.contains(needle.as_str()) {
                text = text.replace(needle.as_str(), MARK);
            }
        }
        text
    }

    /// The same for bytes; what is not UTF-8 stays as it is where no secret stands in it.
    pub fn redact_bytes(&self, raw: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(raw);
        let cut = self.redact(&text);
        if cut == text { raw.to_vec() } else { cut.into_bytes() }
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} forms)", self.needles.len())
    }
}

/// The spellings under which a secret travels.
fn forms(secret: &str) -> Vec<String> {
    let hex = hex::encode(secret);
    let percent: String = secret
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let json = serde_json::Value::from(secret).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let mut forms = vec![secret.to_owned(), hex.to_uppercase(), hex, percent.to_lowercase(), percent, json];
    forms.extend((0..3).filter_map(|shift| base64_inside(secret.as_bytes(), shift)));
    forms
}

/// The base64 letters that `secret` alone decides when it starts `shift` bytes into a group of three.
fn base64_inside(secret: &[u8], shift: usize) -> Option<String> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = secret.iter().flat_map(|b| (0..8).rev().map(move |i| (b >> i) & 1)).collect();
    let skip = (6 - (shift * 8) % 6) % 6;
    let letters: String = bits
        .get(skip..)?
        .chunks_exact(6)
        .map(|six| char::from(LETTERS[six.iter().fold(0_usize, |n, bit| n * 2 + usize::from(*bit))]))
        .collect();
    (letters.len() >= SHORTEST).then_some(letters)
}
