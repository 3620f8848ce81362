//! Claims about branches, about who answers and approves, and about symptoms with a choice of metrics.

use super::bad::{Case, case, each_is_one_flaw};
use super::*;

/// What stands at the end of the small playbook's checklist.
const WATCH: &str = "id = \"watch\"\nwatch = true\n";

/// The small playbook with two branches and a step in each.
fn branched() -> String {
    let steps = r#"
[[steps]]
id = "retrieve"
branch = "mixed"
ask = { question = "Which retriever answers?", answers = ["ours", "theirs"], approver = "Tech Lead" }

[[steps]]
id = "call"
branch = "late"
levers = ["pointer"]

[branches.mixed]
title = "Wrong retriever"
why = "two retrievers answer"
when = { symptom = "bad-arm" }

[branches.late]
when = { overdue = "60s" }

"#;
    assert!(SMALL.contains("\n[debts.reopen]"));
    SMALL.replacen("\n[debts.reopen]", &format!("{steps}[debts.reopen]"), 1)
}

#[test]
fn a_branch_is_what_was_written() {
    let text = branched();
    let playbook =
        Playbook::parse("b.toml", &text, None).unwrap_or_else(|flaws| panic!("{}", render("b", &text, &flaws)));
    let branches: Vec<&str> = playbook.branches.keys().map(Id::as_str).collect();
    assert_eq!(branches, ["mixed", "late"], "in the order of the file");
    let mixed = &playbook.branches["mixed"];
    assert_eq!((mixed.title.as_str(), mixed.why.as_str()), ("Wrong retriever", "two retrievers answer"));
    assert!(matches!(&mixed.when, Some(Opening::Symptom(symptom)) if symptom.as_str() == "bad-arm"));
    assert!(matches!(&playbook.branches["late"].when, Some(Opening::Overdue(clock)) if clock == "60s"));
    let of = |step: &str| playbook.step(&Id::new(step).unwrap()).unwrap().clone();
    assert_eq!(of("retrieve").branch.as_ref().map(Id::as_str), Some("mixed"));
    assert!(of("watch").branch.is_none());
    assert!(matches!(of("retrieve").kind, StepKind::Ask(Ask { approver: Some(role), .. }) if role == "Tech Lead"));
}

/// A branch at the end of the small playbook, opened by `$when`, with one step.
macro_rules! branch {
    ($when:literal) => {
        concat!(
            "id = \"watch\"\nwatch = true\n\n[[steps]]\nid = \"more\"\nbranch = \"b\"\nlevers = [\"flag\"]\n\n[branches.b]\n",
            $when,
            "\n"
        )
    };
}

const SLIPS: &[Case] = &[
    case(
        WATCH,
        branch!("when = { symptom = ¦\"bad-amr\" }"),
        "there is no symptom `bad-amr`",
        "did you mean `bad-arm`?",
    ),
    case(WATCH, branch!("when = { failed = ¦\"lok\" }"), "there is no step `lok`", "did you mean `look`?"),
    case(
        WATCH,
        branch!("when = { failed = ¦\"more\" }"),
        "step `more` belongs to this branch",
        "outside of the branch",
    ),
    case(WATCH, branch!("when = { overdue = ¦\"600s\" }"), "there is no clock `600s`", "did you mean `60s`?"),
    case(
        WATCH,
        branch!("when = { overdue = ¦\"sla\" }"),
        "there is no clock `sla`",
        "write `[[clocks]]` with `id = \"sla\"`",
    ),
    case(WATCH, branch!("when = { seen = { probe = ¦\"amr\", is = \"x\" } }"), "there is no probe `amr`", "`arm`?"),
    case(
        WATCH,
        branch!("when = { failed = \"look\", ¦overdue = \"60s\" }"),
        "`overdue` stands beside `failed`",
        "exactly one of",
    ),
    case(WATCH, branch!("¦when = { }"), "`branches.b.when` has nothing that opens the branch", "`symptom`"),
    case(WATCH, branch!("¦wen = 3"), "unknown key `wen` in `branches.b`", "did you mean `when`?"),
    case("[debts.reopen]", "[branches.¦b]\n\n[debts.reopen]", "branch `b` holds no step", "add `branch = \"b\"`"),
    case(
        "id = \"look\"",
        "id = \"look\"\nbranch = ¦\"mixed\"",
        "there is no branch `mixed`",
        "write `[branches.mixed]`",
    ),
    case(
        "watch = true",
        "watch = true\nbranch = ¦\"b\"\n\n[branches.b]",
        "the watch step cannot stand in a branch",
        "take `branch` out",
    ),
    case(
        "id = \"look\"",
        "id = \"look\"\nunless = ¦\"mixed\"",
        "there is no branch `mixed`",
        "write `[branches.mixed]`",
    ),
    case(
        WATCH,
        concat!(
            "id = \"watch\"\nwatch = true\nunless = ¦\"b\"\n\n",
            "[[steps]]\nid = \"more\"\nbranch = \"b\"\nlevers = [\"flag\"]\n\n[branches.b]\n"
        ),
        "no branch is flown instead of the watch step",
        "take `unless` out",
    ),
    case(
        WATCH,
        concat!(
            "id = \"watch\"\nwatch = true\n\n",
            "[[steps]]\nid = \"more\"\nbranch = \"b\"\nunless = ¦\"b\"\nlevers = [\"flag\"]\n\n[branches.b]\n"
        ),
        "so it never would be flown",
        "name another branch",
    ),
    case("[\"yes\", \"no\"] }", "[\"yes\", \"no\"], approver = ¦\" \" }", "is nobody", "name the role"),
    case(
        "post = \"/blue\" }\n",
        "post = \"/blue\" }\n¦approver = \"DBA\"\n",
        "nobody is asked to approve this lever",
        "add `approval = \"second-person\"`",
    ),
    case(
        "when = [\"errors\"]",
        "when = [\"errors\"]\nany = [\"errors\", ¦\"p98\"]",
        "there is no metric `p98`",
        "did you mean `p99`?",
    ),
    case(
        "when = [\"errors\"]\nunless = [",
        "any = [\"p99\", \"errors\"]\nunless = [¦",
        "this stands in `any` too",
        "take it out of one",
    ),
];

#[test]
fn every_slip_in_them_is_one_flaw_at_its_place_with_a_hint() {
    each_is_one_flaw(SLIPS.iter());
}
