//! Claims about `answers.toml`: merged, never lost, refused in a sentence.

use super::{GOLDEN, dossier};
use crate::report::{Account, Dossier, Review, Stands};

const SAID: &str = r#"format = 1
owner = "search | team"

[answers]
surprised = '''
Nobody watched **dS**.

- <b>bold</b>
- [x](javascript:alert(1))
'''
unknown-pull-2 = "A proxy cut it."
of-another-day = "Still true."

[actions.gap-coverage]
owner = "observability"
type = "detect"
due = 2026-12-01

[actions.message-l33]
done = true

[actions.skip-l29]
dropped = "their namespace, their call"

[actions.gone-l999]
owner = "ops"

[[more]]
what = "Drill it again"
due = "2026-12-24"
"#;

fn said(text: &str) -> Dossier {
    Dossier { review: Review::parse(text).unwrap(), ..dossier() }
}

fn section(made: &str, title: &str) -> String {
    let from = made.find(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no {title}: {made}"));
    let rest = &made[from + 4..];
    rest[..rest.find("\n## ").unwrap_or(rest.len())].to_owned()
}

#[test]
fn answers_stand_where_the_questions_stood() {
    let (before, after) = (Account::of(&dossier()).markdown(), Account::of(&said(SAID)).markdown());
    let (asked, answered) = (section(&before, "Open questions"), section(&after, "Open questions"));
    assert!(asked.contains("- [ ] What surprised you?") && !answered.contains("- [ ] What surprised you?"));
    assert!(answered.contains("**What surprised you?**\n\nNobody watched **dS**."), "{answered}");
    assert!(
        answered.contains("what happened to the request?** [#21](journal.jsonl#L21)\n\nA proxy cut it."),
        "{answered}"
    );
    assert!(answered.contains("- [ ] What was `TOK_VER`?"), "what is open is still asked: {answered}");
    assert!(answered.contains("\\<b\\>bold") && !answered.contains("](javascript"), "{answered}");
    assert!(after.contains("| **Owner** | search \\| team |") && !after.contains("Who owns this review?\n"), "{after}");
    assert_eq!(after, Account::of(&said(SAID)).markdown(), "the same bytes each time");
}

#[test]
fn an_answer_to_what_is_not_asked_is_shown_and_said_to_be() {
    let account = Account::of(&said(SAID));
    let made = section(&account.markdown(), "Open questions");
    let told = "**Said to `of-another-day`, which this journal does not ask**\n\nStill true.";
    assert!(made.contains(told), "{made}");
    let kept = account.questions.iter().find(|question| question.id == "of-another-day").unwrap();
    assert!(!kept.asked);
}

#[test]
fn actions_show_who_does_what_until_when_and_what_became_of_it() {
    let account = Account::of(&said(SAID));
    let made = section(&account.markdown(), "Actions");
    for row in [
        "[#37](journal.jsonl#L37) | observability | detect | 2026-12-01 | **open** | `gap-coverage` |",
        "[#33](journal.jsonl#L33) | ? | ? | ? | done | `message-l33` |",
        "| ? | ? | ? | dropped: their namespace, their call | `skip-l29` |",
        "| `gone-l999`, which this journal does not suggest | ops | ? | ? | **open** | `gone-l999` |",
        "| Drill it again | ? | ? | 2026-12-24 | **open** | `more-1` |",
    ] {
        assert!(made.contains(row), "{row}: {made}");
    }
    let state = |id: &str| account.actions.iter().find(|action| action.id == id).unwrap().state;
    assert_eq!([state("skip-l29"), state("message-l33")], [Stands::Dropped, Stands::Done]);
}

#[test]
fn ids_stay_what_they_were_as_the_journal_grows() {
    let whole = Account::of(&dossier());
    let ids = |account: &Account| -> Vec<String> {
        let questions = account.questions.iter().map(|question| question.id.clone());
        questions.chain(account.actions.iter().map(|action| action.id.clone())).collect()
    };
    let named = ids(&whole);
    for id in
        ["unknown-pull-2", "missing-l10", "override-l30", "skip-l29", "gap-coverage", "slow-sixty", "rejected-pull-3"]
    {
        assert!(named.iter().any(|named| named == id), "{id}: {named:?}");
    }
    for length in 1..whole.timeline.len() {
        let records = dossier().records[..length].to_vec();
        let early = Account::of(&Dossier { records, ..dossier() });
        for id in ids(&early).into_iter().filter(|id| id.contains("-l")) {
            // A debt is paid and a message sent in time; all else is in the journal for good.
            assert!(named.contains(&id) || id.starts_with("debt-") || id.starts_with("message-"), "{id} at {length}");
        }
    }
}

#[test]
fn what_is_wrong_in_answers_is_one_sentence_with_its_line() {
    for (text, words) in [
        ("format = 2\nfuture = 1\n", "answers.toml:1: format 2 is newer"),
        ("owner = \"x\"\n", "missing field `format`"),
        ("format = 0\n", "write format = 1"),
        ("format = 1\nansers = 1\n", "answers.toml:2: unknown field `ansers`"),
        ("format = 1\n\n[answers]\nwell = 3\n", "answers.toml:4: an answer is text"),
        ("format = 1\n[actions.x]\ndue = \"soon\"\n", "answers.toml:3: `soon` is no date: write it as 2026-12-01"),
        ("format = 1\n[actions.x]\ndue = 5\n", "answers.toml:3: `5` is no date"),
        ("format = 1\n[actions.x]\ndue = 2026-02-30\n", "answers.toml:3: "),
        ("format = 1\n[actions.x]\ndue = 2026-12-01T10:00:00Z\n", "answers.toml:3: "),
        (
            "format = 1\n[impact]\nbegan = \"soon\"\n",
            "answers.toml:3: `soon` is no time in UTC: write when impact began as",
        ),
        (
            "format = 1\n[impact]\nbegan = 2026-11-21T03:10:00\n",
            "answers.toml:3: `2026-11-21T03:10:00` is no time in UTC",
        ),
        ("format = 1\n\n[impact]\nbegan = 2026-11-21\n", "answers.toml:4: `2026-11-21` is no time in UTC"),
        ("format = 1\n[impact]\nbegan = 310\n", "answers.toml:3: `310` is no time in UTC"),
        ("format = 1\n[impact]\nended = 2026-11-21T03:10:00Z\n", "answers.toml:3: unknown field `ended`"),
        ("format = 1\n[actions.x]\nwho = \"me\"\n", "answers.toml:3: unknown field `who`"),
        ("format = 1\n[actions.x]\ndone = true\ndropped = \"no\"\n", "answers.toml:2: an action is done or dropped"),
        ("format = 1\n[actions.x]\ndropped = \"\"\n", "say why it was dropped"),
        ("format = 1\n[actions.x]\nwhat = \"x\"\n", "answers.toml:2: what a suggested action is"),
        ("format = 1\n[[more]]\nowner = \"x\"\n", "answers.toml:2: an action of your own says what it is"),
        ("format = 1\n\n<<<<<<< HEAD\n", "answers.toml:3: "),
    ] {
        let error = Review::parse(text).unwrap_err();
        assert!(error.contains(words), "{text:?}: {error}");
        assert!(!error.contains('\n'), "one sentence: {error}");
    }
}

#[test]
fn the_begun_file_names_everything_that_waits_and_says_nothing_yet() {
    let account = Account::of(&dossier());
    let begun = account.begun();
    assert_eq!(Review::parse(&begun).unwrap(), Review::default(), "{begun}");
    assert_eq!(account.begun_since(&begun), "", "nothing is new at once");
    let filled = begun.replace("# surprised = ''''''", "surprised = '''\nthe dS'''");
    let filled = filled.replace("# [actions.gap-coverage]\n# owner = \"\"", "[actions.gap-coverage]\nowner = \"o11y\"");
    let review = Review::parse(&filled).unwrap();
    assert_eq!((review.answers["surprised"].as_str(), review.actions.len()), ("the dS", 1), "{filled}");
    // Every stub holds once its comment is taken away.
    let all: Vec<&str> = begun
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest)
                if rest.starts_with('[') || rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) =>
            {
                rest
            }
            Some(_) | None => line,
        })
        .collect();
    let all = all.join("\n").replace("what = \"\"", "what = \"more\"").replace("''''''", "'''said'''");
    let review = Review::parse(&all).unwrap_or_else(|error| panic!("{error}: {all}"));
    assert_eq!(review.answers.len() + 1, account.questions.len(), "{all}");
    assert_eq!((review.actions.len(), review.more.len()), (account.actions.len(), 1));
}

#[test]
fn what_came_later_is_added_behind_and_can_be_answered_there() {
    let early = Account::of(&Dossier { records: dossier().records[..20].to_vec(), ..dossier() });
    let (before, account) = (early.begun(), Account::of(&dossier()));
    let added = account.begun_since(&before);
    assert!(added.contains("# [answers.unknown-pull-2]\n# says = ''''''") && !added.contains("surprised"), "{added}");
    assert!(added.contains("# [actions.unknown-pull-2]"), "a question and an action of one name are two: {added}");
    let filled = before
        + &added.replace("# [answers.unknown-pull-2]\n# says = ''''''", "[answers.unknown-pull-2]\nsays = 'cut'");
    assert_eq!(Review::parse(&filled).unwrap().answers["unknown-pull-2"], "cut");
    assert_eq!(account.begun_since(&filled), "");
}

#[test]
fn every_section_of_the_templates_people_use_is_there_and_every_field_of_the_fifth_source() {
    let made = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN)).unwrap();
    // The union of the SRE book's, PagerDuty's and Kehoe's templates.
    for title in [
        "Summary",
        "Impact",
        "Lead-up",
        "Trigger",
        "Detection",
        "Response",
        "Mitigation",
        "Recovery",
        "Timeline",
        "Contributing factors",
        "Open questions",
        "What went well, what went badly, where we were lucky",
        "Difficulties in handling",
        "Actions",
        "Messaging",
        "Participants",
        "Supporting data",
    ] {
        assert!(!section(&made, title).trim().is_empty(), "{title}");
    }
    // Seed 004, E66: id, severity, duration, impact, four times, cause, from and to, three measures, two lessons.
    for field in [
        "Status",
        "Owner",
        "Incident",
        "Severity",
        "Duration",
        "Detected",
        "Initiated",
        "Completed",
        "Stabilized",
        "Change",
    ] {
        assert!(made.contains(&format!("| **{field}** | ")), "{field}");
    }
    for asked in ["What contributed?", "Which three measures would prevent it?", "Which two lessons does it teach?"] {
        assert!(made.contains(asked), "{asked}");
    }
}

#[test]
fn answers_are_read_on_the_page_too_and_nothing_in_them_acts() {
    let page = Account::of(&said(SAID)).html();
    assert!(page.contains("Nobody watched <strong>dS</strong>."), "it is read");
    assert!(page.contains("&lt;b&gt;bold") && !page.contains("<b>bold"), "raw HTML is shown");
    assert!(!page.contains("href=\"javascript"), "a link leads nowhere else");
    let lists = said("format = 1\n[answers]\nsurprised = '''\n- a\n\n1. b\n\n# Head\n'''");
    let page = Account::of(&lists).html();
    assert!(!page.contains("end list") && page.contains("<h4>Head</h4>"), "what parts two lists is not shown");
}
