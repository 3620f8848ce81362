//! From gold questions to requests, always in the same order.

use super::{Backend, Embed, Question};
use crate::kind::{Exchange, HttpAsk, HttpMany, Kind as _, Use, Vars, http};

/// The most requests of a run. Forty questions with three paraphrases and two seeds are 320, and with an embedding
/// endpoint 200 more.
pub(super) const ASKS_MAX: usize = 520;

/// The body of a question where none is written.
const BODY: &str = r#"{"question": "${question}"}"#;

/// The body of a text to embed where none is written.
const EMBED_BODY: &str = r#"{"text": "${text}"}"#;

/// What is asked.
pub(super) struct Plan<'a> {
    /// Every wording of every question with every seed; answered in this order.
    pub(super) wordings: Vec<Wording<'a>>,
    /// The texts to embed, each once; answered after the wordings.
    pub(super) texts: Vec<&'a str>,
}

/// One question as it is asked.
pub(super) struct Wording<'a> {
    /// Which question of the set.
    pub(super) question: usize,
    /// In these words.
    pub(super) text: &'a str,
    /// With this seed.
    pub(super) seed: Option<u32>,
    /// Whether it is the question's own words with the first seed.
    pub(super) is_own: bool,
}

impl Backend {
    /// What a run asks.
    pub(super) fn plan(&self) -> Plan<'_> {
        let seeds: Vec<Option<u32>> =
            if self.seeds.is_empty() { vec![None] } else { self.seeds.iter().copied().map(Some).collect() };
        let mut plan = Plan { wordings: Vec::new(), texts: Vec::new() };
        for (question, gold) in self.questions.iter().enumerate() {
            for (place, text) in gold.wordings().enumerate() {
                for (turn, seed) in seeds.iter().copied().enumerate() {
                    plan.wordings.push(Wording { question, text, seed, is_own: place == 0 && turn == 0 });
                }
            }
        }
        if self.embed.is_some() {
            let anchors = self.questions.iter().filter_map(|gold| gold.anchor_text());
            plan.texts = self.questions.iter().flat_map(Question::wordings).chain(anchors).collect();
            plan.texts.sort_unstable();
            plan.texts.dedup();
        }
        plan
    }

    /// How many requests a run makes.
    pub(super) fn asks(&self) -> usize {
        let plan = self.plan();
        plan.wordings.len() + plan.texts.len()
    }

    /// The request for a question, its holes open, but `${seed}`: a number needs no quotes to be harmless in JSON.
    pub(super) fn request(&self, seed: Option<u32>) -> http::Call {
        let seed = seed.map(|seed| seed.to_string());
        let seeded = |text: &String| match &seed {
            Some(seed) => text.replace("${seed}", seed),
            None => text.clone(),
        };
        let body = self.post.as_ref().map(|_| self.body.clone().unwrap_or_else(|| BODY.to_owned()));
        http::Call {
            get: self.get.as_ref().map(seeded),
            post: self.post.as_ref().map(seeded),
            body: body.or_else(|| self.body.clone()).as_ref().map(seeded),
            headers: self.headers.clone(),
            ..http::Call::default()
        }
    }
}

impl Embed {
    /// The request for a text's vector, its hole open.
    pub(super) fn request(&self) -> http::Call {
        let body = self.body.clone().unwrap_or_else(|| EMBED_BODY.to_owned());
        http::Call { post: Some(self.post.clone()), body: Some(body), ..http::Call::default() }
    }
}

/// All requests of a run as one exchange.
pub(super) fn encode(backend: &Backend) -> Result<Exchange, String> {
    let plan = backend.plan();
    if plan.wordings.is_empty() {
        return Err("there are no gold questions".to_owned());
    }
    let questions = plan.wordings.iter().map(|wording| {
        let anchor = backend.questions[wording.question].anchor_text().unwrap_or_default();
        let vars = [("question", wording.text), ("anchor", anchor)].map(|(name, value)| (name.into(), value.into()));
        request(&backend.at, &backend.request(wording.seed), &Vars::from(vars))
    });
    let texts = plan.texts.iter().zip(backend.embed.iter().cycle()).map(|(text, embed)| {
        let server = embed.server.as_ref().unwrap_or(&backend.at);
        request(server, &embed.request(), &Vars::from([("text".to_owned(), (*text).to_owned())]))
    });
    let asks = questions.chain(texts).collect::<Result<Vec<_>, _>>()?;
    let (at_once, each_ms) = (backend.at_once.unwrap_or(4) as usize, u64::from(backend.each_ms.unwrap_or(2000)));
    Ok(Exchange::HttpMany(HttpMany { asks, at_once, each_ms }))
}

fn request(server: &http::Backend, call: &http::Call, vars: &Vars) -> Result<HttpAsk, String> {
    match http::Http::encode(server, call, Use::Look, vars)? {
        Exchange::Http(ask) => Ok(ask),
        other => Err(format!("a question is one HTTP request, not {} lines", other.lines().len())),
    }
}
