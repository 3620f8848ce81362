//! Cutting known secrets out of whatever is about to be stored or shown.

/// What stands where a secret stood.
const MARK: &str = "[redacted]";

/// Secrets shorter than this are not searched for: they would cut ordinary words to pieces.
const SHORTEST: usize = 4;

/// Knows the resolved secrets of a playbook and cuts them out of text, also where they are spelled as an address, a
/// form, JSON, hex or base64 spells them.
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

/// Which characters a percent-encoding leaves as they are beside letters and digits, and how it spells a blank:
/// a query, JavaScript's `encodeURIComponent`, a path or user info, a form.
const PERCENT: &[(&str, &str)] =
    &[("-._~", "%20"), ("-._~!'()*", "%20"), ("-._~!$&'()*+,;=:@", "%20"), ("-._*", "+"), ("-._~", "+")];

/// The last two letters of the base64 alphabets: the usual one, and the one for addresses and file names.
const BASE64: &[[u8; 2]] = &[*b"+/", *b"-_"];

/// The spellings under which a secret travels.
fn forms(secret: &str) -> Vec<String> {
    let hex = hex::encode(secret);
    let mut forms = vec![secret.to_owned(), hex.to_uppercase(), hex];
    for (kept, blank) in PERCENT {
        forms.push(percent(secret, kept, blank, |byte| format!("%{byte:02X}")));
        forms.push(percent(secret, kept, blank, |byte| format!("%{byte:02x}")));
    }
    forms.extend(json(secret));
    for last_two in BASE64 {
        forms.extend((0..3).flat_map(|shift| base64_inside(secret.as_bytes(), shift, *last_two)));
    }
    forms
}

/// `secret` percent-encoded. Only the escapes have a case to choose: the letters of the secret are its own.
fn percent(secret: &str, kept: &str, blank: &str, escape: impl Fn(u8) -> String) -> String {
    let spell = |byte: u8| match byte {
        b' ' => blank.to_owned(),
        _ if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) => char::from(byte).to_string(),
        _ => escape(byte),
    };
    secret.bytes().map(spell).collect()
}

/// What stands between the quotes of a JSON string: as it must be, with `/` escaped, and with nothing beyond ASCII.
fn json(secret: &str) -> [String; 4] {
    let quoted = serde_json::Value::from(secret).to_string();
    let plain = quoted[1..quoted.len() - 1].to_owned();
    let mut ascii = String::new();
    for c in plain.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            ascii.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    [plain.replace('/', "\\/"), ascii.replace('/', "\\/"), plain, ascii]
}

/// The base64 letters of `secret` when it starts `shift` bytes into a group of three: those that it alone decides,
/// and, where the encoded text ends with it, the letter of its last bits too, without padding and with it.
fn base64_inside(secret: &[u8], shift: usize, last_two: [u8; 2]) -> Vec<String> {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let bits: Vec<u8> = secret.iter().flat_map(|byte| (0..8).rev().map(move |place| (byte >> place) & 1)).collect();
    let skip = (6 - (shift * 8) % 6) % 6;
    let Some(bits) = bits.get(skip..) else { return Vec::new() };
    let letter = |six: &[u8]| {
        let missing = 6 - six.len();
        let number = six.iter().fold(0, |number, bit| number * 2 + usize::from(*bit)) << missing;
        char::from(LETTERS.get(number).copied().unwrap_or_else(|| last_two[number & 1]))
    };
    let inside: String = bits.chunks_exact(6).map(letter).collect();
    let ended: String = bits.chunks(6).map(letter).collect();
    let padding = "=".repeat((3 - (shift + secret.len()) % 3) % 3);
    let padded = format!("{ended}{padding}");
    [inside, ended, padded].into_iter().filter(|form| form.len() >= SHORTEST).collect()
}
