//! The page in a real browser: nothing is fetched, nothing runs, nothing is cut, on a phone, in the dark and on paper.

#[path = "common/browser.rs"]
mod browser;
#[path = "common/hostile.rs"]
mod hostile;

use browser::Browser;
use goaround::incident::event::Trigger;
use goaround::incident::{BootId, Event, EvidenceRef, Moment};
use goaround::journal::Journal;
use goaround::playbook::Id;
use goaround::text::Text;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const PLAYBOOK: &str = include_str!("../fixtures/playbooks/docs-rag.toml");

fn goaround() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_goaround"));
    command.env("GOAROUND_CONFIG", "/nowhere");
    command
}

/// A drill flown by the pilot.
fn flown(folder: &Path, scenario: &str) -> PathBuf {
    let output = goaround().args(["drill", scenario, "--auto", "--incidents"]).arg(folder).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(String::from_utf8(output.stdout).expect("text").lines().last().expect("the directory comes last"))
}

/// The page of a directory in which everything is as it was written down.
fn page(directory: &Path) -> PathBuf {
    page_of(directory, 0)
}

/// The page of a directory, and how goaround ends over it.
#[track_caller]
fn page_of(directory: &Path, code: i32) -> PathBuf {
    let made = goaround().arg("report").arg(directory).args(["--format", "html,json"]).output().expect("it runs");
    assert_eq!(made.status.code(), Some(code), "{}", String::from_utf8_lossy(&made.stderr));
    directory.join("report.html")
}

/// Whether the page was quiet: it asked for nothing but itself, and the console has nothing to say.
#[track_caller]
fn is_quiet(browser: &Browser) {
    let asked: Vec<&Value> =
        browser.named("Network.requestWillBeSent").iter().map(|event| &event["params"]["request"]["url"]).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    for spoke in
        ["Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Page.javascriptDialogOpening"]
    {
        assert_eq!(browser.named(spoke), Vec::<&Value>::new(), "{spoke}");
    }
}

const NO_WIDER: &str = "[document.documentElement.scrollWidth <= document.documentElement.clientWidth, \
    [...document.querySelectorAll('main *')].filter(e => !e.closest('svg') && !e.closest('.scroll > *') && !e.closest('pre') \
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 120).toWellFormed())]";

#[test]
fn the_page_is_quiet_whole_and_fits_a_phone_real_servers() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut browser = Browser::start();
    for scenario in ["index-mismatch", "canary-hides-tail", "bad-deploy"] {
        let directory = flown(folder.path(), scenario);
        browser.resize(375, 800);
        browser.open(&page(&directory));
        is_quiet(&browser);
        assert_eq!(browser.value(NO_WIDER), json!([true, []]), "{scenario}");
        let account: Value = serde_json::from_slice(&std::fs::read(directory.join("report.json")).expect("written"))
            .expect("it is JSON");
        let drawn = "[...document.querySelectorAll('.chart')].map(c => [(c.querySelector('.line').getAttribute('d')\
            .match(/[ML]/g) || []).length, c.querySelectorAll('tbody tr:not(.gap)').length, c.querySelectorAll('tbody tr.gap').length])";
        let expected: Vec<[usize; 3]> = account["metrics"].as_array().expect("charts").iter().map(expected).collect();
        assert!(expected.iter().any(|[points, ..]| *points > 20), "{expected:?}");
        assert_eq!(browser.value(drawn), json!(expected), "{scenario}");
        let rows = browser.value("document.querySelectorAll('.timeline tbody tr').length");
        assert_eq!(rows, account["journal"]["records"], "{scenario}");
    }
}

/// How many points and gaps a chart of the account has.
fn expected(chart: &Value) -> [usize; 3] {
    let points = chart["points"].as_array().expect("points").iter().filter(|point| !point[1].is_null()).count();
    [points, points, chart["gaps"].as_array().expect("gaps").len()]
}

/// Relative luminance and contrast as WCAG 2 has them; the least contrast of text on the page's ground.
const CONTRAST: &str = "(() => { const lum = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)\
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };\
    const ground = lum(getComputedStyle(document.body).backgroundColor);\
    const text = [...document.querySelectorAll('p, dd, th, td, h1, h2, h3, a, .badge')].map(e => lum(getComputedStyle(e).color));\
    const least = Math.min(...text.map(t => (Math.max(t, ground) + 0.05) / (Math.min(t, ground) + 0.05)));\
    return [ground > 0.5, least >= 4.5]; })()";

#[test]
fn the_page_is_light_or_dark_as_its_reader_prefers_real_servers() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = flown(folder.path(), "index-mismatch");
    let mut browser = Browser::start();
    browser.open(&page(&directory));
    for (scheme, is_light) in [("light", true), ("dark", false)] {
        browser.prefer(scheme);
        assert_eq!(browser.value(CONTRAST), json!([is_light, true]), "{scheme}: words on their ground");
    }
}

#[test]
fn printed_on_a4_no_chart_and_no_card_is_cut_real_servers() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut browser = Browser::start();
    for scenario in ["index-mismatch", "bad-deploy"] {
        let directory = flown(folder.path(), scenario);
        browser.open(&page(&directory));
        let charts = browser.value("document.querySelectorAll('.chart').length").as_u64().expect("a number");
        let printed = directory.join("report.pdf");
        std::fs::write(&printed, browser.pdf()).expect("it is ours");
        let text = Command::new("pdftotext").arg("-layout").arg(&printed).arg("-").output().expect("poppler-utils");
        let text = String::from_utf8_lossy(&text.stdout).into_owned();
        // A chart's heading is above its drawing and its note below: on one page they are whole.
        let (heads, notes): (Vec<usize>, Vec<usize>) = text
            .split('\u{c}')
            .map(|page| (page.matches(" at the end").count(), page.matches("; least ").count()))
            .unzip();
        assert_eq!(heads.iter().sum::<usize>() as u64, charts, "{scenario}: {heads:?}");
        assert_eq!(heads, notes, "{scenario}: a chart is cut");
        assert!(!text.contains("readings as a table"), "what opens by a click is not printed");
    }
}

/// What tries to act: as markup, as a link, out of an attribute, out of a code span, as a template.
fn payloads() -> Vec<String> {
    let acts = [
        "<script>window.hit=1</script>",
        "<img src=x onerror=window.hit=1>",
        "<svg onload=window.hit=1>",
        "<svg><script>window.hit=1</script></svg>",
        "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
        "<a href=javascript:window.hit=1>x</a>",
        "<style>*{display:none}</style>",
        "<link rel=stylesheet href=http://127.0.0.1:9/x.css>",
        "<meta http-equiv=refresh content=0;url=http://127.0.0.1:9/>",
        "<base href=http://127.0.0.1:9/>",
        "<object data=http://127.0.0.1:9/></object>",
        "<details open ontoggle=window.hit=1>",
        "<input autofocus onfocus=window.hit=1>",
        "<form action=http://127.0.0.1:9/><button>x",
        "[x](javascript:window.hit=1)",
        "![x](http://127.0.0.1:9/x.png)",
        "[x]: http://127.0.0.1:9/ \"onclick=window.hit=1\"",
        "{{ 7*7 }}{% for x in range(9999999) %}x{% endfor %}",
        "</title></textarea></style></script><b>",
        "<!-- <script>window.hit=1</script> -->",
        "]]><![CDATA[<script>window.hit=1</script>]]>",
    ];
    let around: [fn(&str) -> String; 5] = [
        |act| act.to_owned(),
        |act| format!("\">{act}"),
        |act| format!("'>{act}"),
        |act| format!("`{act}"),
        |act| format!("</td></table></svg></p>{act}"),
    ];
    acts.iter().flat_map(|act| around.iter().map(|around| around(act))).collect()
}

/// Every payload, dealt out over `hands` in turn, each hand behind a word that is looked for.
fn dealt(word: &str, hands: usize) -> Vec<String> {
    let hand = |n: usize| payloads().into_iter().skip(n).step_by(hands).collect::<Vec<_>>().join("\n\n");
    (0..hands).map(|n| format!("{word}{n} {}", hand(n))).collect()
}

/// As a string of TOML in one line, which is one of JSON.
fn quoted(raw: &str) -> String {
    Value::from(raw).to_string()
}

/// How many metrics the playbook has.
const METRICS: usize = 6;

/// The playbook with payloads for titles.
fn hostile_playbook() -> String {
    let lines: Vec<&str> = PLAYBOOK.lines().collect();
    // The metrics' titles stand one behind the other in it, and each of them heads a chart.
    let mut titles = dealt("TITLE", METRICS).into_iter().cycle();
    let line = |line: &str| match line.strip_prefix("title = ") {
        Some(_) => format!("title = {}", quoted(&titles.next().expect("there is no end of them"))),
        None => line.to_owned(),
    };
    lines.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What people answered, in everything that can be answered.
fn hostile_answers() -> String {
    let asked = ["impact-who", "changed", "contributed", "surprised", "well", "badly", "lucky", "hard", "tell", "else"];
    let said = dealt("ANSWER", asked.len() + 3);
    let mut text = format!("format = 1\nowner = {}\n[answers]\n", quoted(&said[0]));
    text.extend(asked.iter().zip(&said[1..]).map(|(id, said)| format!("{id} = {}\n", quoted(said))));
    let [what, owner] = [&said[asked.len() + 1], &said[asked.len() + 2]].map(|said| quoted(said));
    text + &format!("[[more]]\nwhat = {what}\nowner = {owner}\ntype = {owner}\ndropped = {owner}\n")
}

/// Readings of a metric that fails with a payload each second time.
fn hostile_samples(journal: &mut Journal, from_ms: i64) {
    for (at, error) in (from_ms..).step_by(1000).zip(dealt("SAMPLE", payloads().len())) {
        let error = json!({ "at": at, "metric": "errors", "error": error });
        let value = json!({ "at": at + 500, "metric": "errors", "sampled": at + 500, "value": 0.1 });
        for line in [error, value] {
            journal.sample(&line.to_string()).expect("it is written");
        }
    }
}

/// Messages with payloads for bodies, as they were sent.
fn hostile_messages(journal: &mut Journal) -> Vec<Event> {
    let kept = |(n, body): (usize, String)| {
        let file = journal.keep(&format!("comms/{n}.md"), body.as_bytes()).expect("it is kept");
        Event::MessageQueued { comm: Id::new("first").expect("an id"), file }
    };
    dealt("BODY", 30).into_iter().enumerate().map(kept).collect()
}

/// An incident in which everybody and everything tries to act on the reader; how many records it has.
fn hostile_incident(root: &Path) -> (PathBuf, usize) {
    let playbook = hostile_playbook();
    let mut journal = Journal::create(root, "hostile", &playbook).expect("a new directory");
    let at = |ms| Moment { wall_ms: 1_795_230_720_000, boot_ns: 0, boot_id: BootId::from("drill") }.plus_ms(ms);
    let opened = Event::Opened {
        incident: "<script>window.hit=1</script>".into(),
        service: Id::new("docs-rag").expect("an id"),
        environment: Id::new("testbed").expect("an id"),
        profile: "drill".into(),
        playbook_sha256: goaround::app::flight::sha256_hex(playbook.as_bytes()),
        version: "\"><img src=x>".into(),
        drill: None,
    };
    let mut batch = vec![(at(0), Text::from("mira"), opened)];
    let words: Vec<String> = payloads().into_iter().chain(hostile::strings()).collect();
    for (place, words) in words.iter().enumerate() {
        let text = Text::new(&words.chars().take(900).collect::<String>());
        let file = EvidenceRef { path: text.to_string(), sha256: text.to_string(), bytes: 1 };
        let values = [(text.to_string(), text.clone())].into();
        let event = match place % 5 {
            0 => Event::NoteAdded { text: text.clone() },
            1 => Event::Objected { id: "x".into(), text: text.clone() },
            2 => Event::SizedUp { size_up: text.clone() },
            3 => Event::EvidenceCaptured { step: None, title: text.clone(), file, values, missing: vec![text.clone()] },
            _ => Event::Declared { severity: 1, triggers: vec![Trigger::Person(text.clone())], size_up: text.clone() },
        };
        batch.push((at(u64::try_from(place).expect("few") * 1000), text, event));
    }
    let second = |place: usize| at(u64::try_from(place).expect("few") * 1000);
    for message in hostile_messages(&mut journal) {
        batch.push((second(batch.len()), "mira".into(), message));
    }
    hostile_samples(&mut journal, at(0).wall_ms);
    std::fs::write(journal.dir().join("answers.toml"), hostile_answers()).expect("it is ours");
    journal.append("hostile", &batch).expect("it is written");
    (journal.dir().to_owned(), batch.len())
}

#[test]
fn over_a_hundred_payloads_neither_act_nor_break_the_page_real_servers() {
    assert!(payloads().len() > 100);
    let folder = tempfile::tempdir().expect("a folder");
    let (directory, records) = hostile_incident(folder.path());
    let mut browser = Browser::start();
    browser.resize(375, 800);
    browser.open(&page_of(&directory, 1));
    is_quiet(&browser);
    let acts = "[typeof window.hit, document.querySelectorAll('script,img,iframe,object,link,base,form,input,style').length,\
        [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on|^style$/.test(a.name))).length,\
        [...document.querySelectorAll('a')].filter(a => !/^(#|https?:|mailto:|[a-z.]+$|evidence.|comms.)/.test(a.getAttribute('href') || '#')).length]";
    assert_eq!(browser.value(acts), json!(["undefined", 1, 0, 0]));
    let whole = "[document.querySelectorAll('main > section').length > 10, document.querySelectorAll('footer').length, \
        document.querySelector('footer').parentNode === document.body, document.querySelectorAll('.timeline tbody tr').length]";
    assert_eq!(browser.value(whole), json!([true, 1, true, records]));
    // Every hand that was dealt is there to be read, so each of them had its chance.
    let shown = "['TITLE', 'ANSWER', 'BODY', 'SAMPLE'].map(word => new Set(document.body.textContent\
        .match(new RegExp(word + '[0-9]+', 'g'))).size)";
    assert_eq!(browser.value(shown), json!([METRICS, 13, 30, payloads().len()]));
    // Nine hundred accents on one letter are wider than a phone, and are clipped.
    assert_eq!(browser.value(NO_WIDER)[0], true);
}
