//! Claims about the kind `exec`.

use super::*;
use crate::kind::Reading;
use proptest::prelude::*;

fn backend(text: &str) -> Backend {
    toml::from_str(text).unwrap()
}

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"tools\"\n{text}")).unwrap()
}

fn vars(value: &str) -> Vars {
    Vars::from([("v".to_owned(), value.to_owned())])
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that is settled and seen")]
fn ended(exit: Exit, stdout: &str, stderr: &str) -> Result<Answer, Fault> {
    Ok(Answer::Exec { exit, stdout: Body::whole(stdout), stderr: Body::whole(stderr) })
}

fn sent(at: &Backend, text: &str, vars: &Vars) -> Result<ExecAsk, String> {
    match Exec::encode(at, &call(text), Use::Act, vars)? {
        Exchange::Exec(ask) => Ok(ask),
        other => panic!("not exec: {other:?}"),
    }
}

#[test]
fn every_way_to_end_says_how_the_act_ended() {
    let plain = call("argv = [\"/bin/x\"]\nrejected_codes = [2, 3]\nunsent_codes = [75]");
    let asked = call("argv = [\"/bin/x\"]\nok = \"^$\"\nrejected_codes = [2]");
    let cases = [
        (&plain, Exit::Code(0), "done", "", Outcome::Applied, "exit code 0: done"),
        (&plain, Exit::Code(0), "done", "warned", Outcome::Applied, "exit code 0: warned"),
        (&plain, Exit::Code(2), "", "no such flag", Outcome::Rejected, "nothing was changed: no such flag"),
        (&plain, Exit::Code(3), "", "", Outcome::Rejected, "nothing was changed"),
        (&plain, Exit::Code(75), "", "no server", Outcome::NotSent, "nothing was sent: no server"),
        (&asked, Exit::Code(75), "", "", Outcome::Unknown, "nobody knows how far it came"),
        (&plain, Exit::Code(1), "", "boom", Outcome::Unknown, "nobody knows how far it came: boom"),
        (&plain, Exit::Signal(9), "", "", Outcome::Unknown, "killed by signal 9, nobody knows how far it came"),
        (&plain, Exit::Signal(2), "", "", Outcome::Unknown, "killed by signal 2, nobody knows how far it came"),
        (&asked, Exit::Code(0), " \n", "", Outcome::Applied, "exit code 0"),
        (&asked, Exit::Code(0), "Unknown map", "", Outcome::Unknown, "does not match `^$`: Unknown map"),
        (&asked, Exit::Code(2), "Unknown map", "", Outcome::Rejected, "Unknown map"),
    ];
    for (call, exit, stdout, stderr, outcome, said) in cases {
        let settled = Exec::settle(call, &ended(exit, stdout, stderr));
        assert_eq!(settled.outcome, outcome, "{exit:?} {stdout}");
        assert!(settled.detail.as_str().ends_with(said), "{}", settled.detail);
    }
    assert_eq!(Exec::settle(&plain, &Err(Fault::Lost("deadline".into()))).outcome, Outcome::Unknown);
    assert_eq!(Exec::settle(&plain, &Err(Fault::NotSent("no such file".into()))).outcome, Outcome::NotSent);
    assert_eq!(Exec::settle(&plain, &Ok(Answer::File(Body::whole("").into()))).outcome, Outcome::Unknown);
}

#[test]
fn a_look_believes_only_code_zero() {
    let all = call("argv = [\"/bin/x\"]");
    let part = call("argv = [\"/bin/x\"]\nfind = 'at (\\w+)'");
    assert_eq!(Exec::see(&all, &ended(Exit::Code(0), " a\n", "warned")), Seen::Value("a".into()));
    assert_eq!(Exec::see(&part, &ended(Exit::Code(0), "HEAD at abc, not at def", "")), Seen::Value("abc".into()));
    assert!(matches!(Exec::see(&part, &ended(Exit::Code(0), "nothing", "")), Seen::Absent(_)));
    assert!(matches!(Exec::see(&all, &ended(Exit::Code(0), "\n", "")), Seen::Absent(_)));
    assert!(matches!(Exec::see(&all, &ended(Exit::Code(1), "a", "")), Seen::Failed(_)));
    assert!(matches!(Exec::see(&all, &ended(Exit::Signal(15), "a", "")), Seen::Failed(_)));
    let cut = Answer::Exec {
        exit: Exit::Code(0),
        stdout: Body { bytes: vec![b'a'], truncated: true },
        stderr: Body::default(),
    };
    assert!(matches!(Exec::see(&all, &Ok(cut)), Seen::Failed(_)));
}

#[test]
fn a_metric_is_a_number_that_was_printed_or_the_exit_code() {
    let cases: &[(&str, Exit, &str, Result<f64, &str>)] = &[
        ("", Exit::Code(0), " 0.97\n", Ok(0.97)),
        ("", Exit::Code(0), "1e3", Ok(1000.0)),
        ("", Exit::Code(1), "0.97", Err("exit code 1")),
        ("", Exit::Code(0), "0.12%", Err("`0.12%` is no number")),
        ("find = 'p99 (\\d+)ms'", Exit::Code(0), "p50 3ms\np99 120ms\n", Ok(120.0)),
        ("find = 'p99 (\\S+)'", Exit::Code(0), "p99 120ms", Err("`120ms` is no number")),
        ("exit = true", Exit::Code(0), "noise", Ok(0.0)),
        ("exit = true", Exit::Code(3), "", Ok(3.0)),
        ("exit = true", Exit::Signal(9), "", Err("killed by signal 9")),
    ];
    for (more, exit, stdout, expected) in cases {
        match Exec::read(&call(&format!("argv = [\"/bin/x\"]\n{more}")), &ended(*exit, stdout, ""), 7) {
            Reading::Value { value, sampled_ms: 7 } => assert_eq!(Ok(value), *expected, "{more}"),
            Reading::Error(why) => assert!(expected.is_err_and(|said| why.as_str().contains(said)), "{why}"),
            other => panic!("{more}: {other:?}"),
        }
    }
}

#[test]
fn only_listed_programs_run_and_only_by_absolute_path() {
    let listed = backend("programs = [\"/usr/bin/git\"]");
    assert!(sent(&listed, "argv = [\"/usr/bin/git\", \"status\"]", &Vars::new()).is_ok());
    for program in ["/usr/bin/gitx", "git", "/bin/${v}", "./git"] {
        assert!(sent(&listed, &format!("argv = [\"{program}\"]"), &vars("sh")).is_err(), "{program}");
    }
    assert!(sent(&backend(""), "argv = [\"/bin/anything\"]", &Vars::new()).is_ok());
    assert!(sent(&backend(""), "argv = []", &Vars::new()).is_err());
}

#[test]
fn a_value_cannot_become_an_option() {
    let cases = [
        ("${v}", "--upload-pack=x", false),
        ("${v}", "-x", false),
        ("${v}", "x-y", true),
        ("${v}${v}", "-", false),
        ("a${v}", "-x", true),
        ("--to=${v}", "-x", true),
        ("${v}", "a\u{0}b", false),
    ];
    for (template, value, allowed) in cases {
        let got = sent(&backend(""), &format!("argv = [\"/bin/x\", \"{template}\"]"), &vars(value));
        assert_eq!(got.is_ok(), allowed, "{template} with {value}");
    }
}

#[test]
fn the_environment_is_what_the_backend_names() {
    let named = backend("env = { A = \"1\" }\npass_env = [\"HOME\", \"TOKEN\"]\ncwd = \"/srv\"");
    assert_eq!(Exec::check_backend(&named), []);
    let ask = sent(&named, "argv = [\"/bin/x\"]\nstdin = \"yes ${v}\"", &vars("sir")).unwrap();
    assert_eq!(ask.env["A"], EnvValue::Literal("1".to_owned()));
    assert_eq!(ask.env["HOME"], EnvValue::Inherit);
    assert_eq!(ask.env["TOKEN"], EnvValue::Secret(SecretRef::Env("TOKEN".to_owned())));
    assert_eq!((ask.env.len(), ask.stdin.as_deref(), ask.cwd.as_deref()), (3, Some("yes sir"), Some("/srv".as_ref())));
    // HOME is passed on too, but its value is no secret that would have to be cut out of every text.
    assert_eq!(Exec::secrets(&named), [SecretRef::Env("TOKEN".to_owned())]);
    assert!(sent(&named, "argv = [\"/bin/x\"]\nstdin = \"yes ${v}\"", &vars("a\nno")).is_err());
}

#[test]
fn a_person_reads_every_line_of_a_script_and_of_its_input() {
    let text = "argv = [\"/bin/sh\", \"-euc\", \"cat\\nexit 3\", \"sh\", \"${v}\"]\nstdin = \"update ${v}\\nsend\\n\"";
    let lines = Exchange::Exec(sent(&backend(""), text, &vars("blue")).unwrap()).lines();
    let lines: Vec<_> = lines.iter().map(crate::text::Text::as_str).collect();
    assert_eq!(lines, ["/bin/sh -euc 'cat", "exit 3' sh blue", "update blue", "send"]);
}

#[test]
fn faults_are_found() {
    let cases: &[(Use, &str, usize)] = &[
        (Use::Act, "argv = [\"/bin/x\", \"--to\", \"${v}\"]\nok = \"^$\"\nrejected_codes = [2]", 0),
        (Use::Act, "argv = []", 1),
        (Use::Act, "argv = [\"x\"]", 1),
        (Use::Act, "argv = [\"/bin/${v}\"]", 1),
        (Use::Act, "argv = [\"/bin/x\", \"${v\"]", 1),
        (Use::Act, "argv = [\"/bin/sh\", \"-c\", \"echo ${v}\"]", 1),
        (Use::Act, "argv = [\"/usr/bin/env\", \"bash\", \"-ec\", \"echo ${v}\"]", 1),
        (Use::Act, "argv = [\"/usr/bin/python3.11\", \"-c\", \"print(${v})\"]", 1),
        (Use::Act, "argv = [\"/bin/sh\", \"-c\", 'echo \"$1\"', \"sh\", \"${v}\"]", 0),
        (Use::Act, "argv = [\"/bin/x\"]\nrejected_codes = [0]", 1),
        (Use::Act, "argv = [\"/bin/x\"]\nrejected_codes = [3]\nunsent_codes = [75]", 0),
        (Use::Act, "argv = [\"/bin/x\"]\nunsent_codes = [256]", 1),
        (Use::Act, "argv = [\"/bin/x\"]\nrejected_codes = [3]\nunsent_codes = [75, 3]", 1),
        (Use::Look, "argv = [\"/bin/x\"]\nunsent_codes = [75]", 1),
        (Use::Act, "argv = [\"/bin/x\"]\nok = \"(\"\nfind = \"(a)\"", 2),
        (Use::Look, "argv = [\"/bin/x\"]\nfind = \"(a)\"", 0),
        (Use::Look, "argv = [\"/bin/x\"]\nfind = \"a\"\nrejected_codes = [1]", 2),
        (Use::Look, "argv = [\"/bin/x\"]\nexit = true", 0),
        (Use::Look, "argv = [\"/bin/x\"]\nexit = true\nfind = \"(a)\"", 1),
        (Use::Act, "argv = [\"/bin/x\"]\nexit = true", 1),
    ];
    for (r#use, text, count) in cases {
        assert_eq!(Exec::check_call(&call(text), *r#use).len(), *count, "{text}");
    }
    let odd =
        backend("programs = [\"git\", \"/bin/${v}\"]\ncwd = \"srv\"\npass_env = [\"A=1\", \"B\"]\nenv = { B = \"1\" }");
    assert_eq!(Exec::check_backend(&odd).len(), 5);
}

proptest! {
    #[test]
    fn a_value_stays_one_argument(value in any::<String>()) {
        if let Ok(ask) = sent(&backend(""), "argv = [\"/bin/x\", \"${v}\", \"last\"]", &vars(&value)) {
            prop_assert_eq!(ask.argv, ["/bin/x", &value, "last"]);
            prop_assert!(!value.starts_with('-'));
        }
    }
}

#[test]
fn the_last_words_of_a_long_complaint_are_told() {
    let trace =
        format!("Traceback (most recent call last):\n{}ConnectionRefusedError: refused", "  File x\n".repeat(200));
    let settled = Exec::settle(&call("argv = [\"/bin/x\"]"), &ended(Exit::Code(1), "", &trace));
    assert!(settled.detail.as_str().ends_with("ConnectionRefusedError: refused"), "{}", settled.detail);
    let cause_first = format!("emerg: unknown directive\n{}test failed", "  in x\n".repeat(200));
    let settled = Exec::settle(&call("argv = [\"/bin/x\"]"), &ended(Exit::Code(1), "", &cause_first));
    assert!(settled.detail.as_str().contains("unknown directive"), "{}", settled.detail);
}

#[test]
fn a_secret_in_a_variable_is_told_by_its_name() {
    let told = |name: &str| {
        let written = backend(&format!("env = {{ {name} = \"x\" }}"));
        Exec::check_backend(&written).iter().any(|complaint| complaint.what.contains("secret"))
    };
    for name in ["MC_PASSWORD", "PGPASSWORD", "SLACK_TOKEN", "api_key", "AWS_SECRET_ACCESS_KEY"] {
        assert!(told(name), "{name}");
    }
    for name in ["PGPASSFILE", "TOKEN_FILE", "KEY", "SORT_KEY", "PGHOST"] {
        assert!(!told(name), "{name}");
    }
}
