//! Claims about the kind `log`.

use super::*;
use proptest::prelude::*;

const MODIFIED_MS: i64 = 1_795_230_720_000;

fn call(text: &str) -> Call {
    toml::from_str(&format!("backend = \"app\"\nfile = \"app.log\"\n{text}")).unwrap()
}

fn backend() -> Backend {
    Backend { root: "/var/log/app".into() }
}

fn log(bytes: impl Into<Vec<u8>>, truncated: bool) -> Result<Answer, Fault> {
    let body = Body { bytes: bytes.into(), truncated };
    Ok(Answer::File(Content { body, modified_ms: Some(MODIFIED_MS) }))
}

fn see(text: &str, content: &str) -> Seen {
    Log::see(&call(text), &log(content, false))
}

/// A log with a traceback and a line of another program's.
const APP: &str = "\
starting
2026-11-21T03:10:00Z INFO answered
2026-11-21T03:11:30Z ERROR no index
Traceback (most recent call last):
ValueError: ERROR in retriever
2026-11-21T03:11:59.5Z INFO answered
2026-11-21T03:11:58Z INFO answered
2026-11-21T03:12:00Z CRITICAL no memory\r
";

#[test]
fn the_lines_that_match_are_counted() {
    let cases = [
        ("count = \"ERROR|CRITICAL\"\nlines = 1000", Ok("3")),
        ("count = \"ERROR|CRITICAL\"\nlines = 3", Ok("1")),
        ("count = \"memory$\"\nlines = 1", Ok("1")),
        ("count = \"(?i)critical\"\nlines = 1", Ok("1")),
        ("count = \"FATAL\"\nlines = 8", Ok("0")),
        ("count = \"ERROR|CRITICAL\"\nratio_of = \"INFO|ERROR|CRITICAL\"\nlines = 4", Ok("0.5")),
        ("count = \"ERROR\"\nratio_of = \"FATAL\"\nlines = 4", Err("absent")),
        ("count = \"ERROR|CRITICAL\"\nminutes = 1\ntime = '^(\\S+)'", Ok("3")),
        ("count = \".\"\nminutes = 1\ntime = '^(\\S+)'", Ok("6")),
        ("count = \".\"\nminutes = 2\ntime = '^(\\S+)'", Ok("6")),
        ("count = \".\"\nminutes = 3\ntime = '^(\\S+)'", Ok("7")),
        ("count = \".\"\nminutes = 3\ntime = '^never (\\S+)'", Err("failed")),
        ("count = \".\"\nminutes = 3\ntime = '^(\\S+)'\ntime_format = '%Y-%m-%d'", Err("failed")),
    ];
    for (text, expected) in cases {
        let as_expected = match (see(text, APP), expected) {
            (Seen::Value(got), Ok(value)) => got.as_str() == value,
            (Seen::Absent(_), Err("absent")) | (Seen::Failed(_), Err("failed")) => true,
            (Seen::Value(_) | Seen::Absent(_) | Seen::Failed(_), _) => false,
        };
        assert!(as_expected, "{text}: {:?}", see(text, APP));
    }
    assert_eq!(see("count = \".\"\nlines = 3", ""), Seen::Value("0".into()));
    assert_eq!(see("count = \".\"\nminutes = 3\ntime = '^(\\S+)'", ""), Seen::Value("0".into()));
}

#[test]
fn a_count_is_as_old_as_the_newest_line_or_the_last_write() {
    let read = |text: &str, content: &str| Log::read(&call(text), &log(content, false), MODIFIED_MS + 60_000);
    let value = |value, sampled_ms| Reading::Value { value, sampled_ms };
    let newest_ms = 1_795_230_720_000;
    assert_eq!(read("count = \"ERROR\"\nlines = 8\ntime = '^(\\S+)'", APP), value(2.0, newest_ms));
    let old = "2026-11-21T02:00:00Z INFO answered\n";
    assert_eq!(read("count = \"ERROR\"\nlines = 8\ntime = '^(\\S+)'", old), value(0.0, newest_ms - 72 * 60_000));
    assert_eq!(read("count = \"ERROR\"\nminutes = 5\ntime = '^(\\S+)'", old), value(0.0, newest_ms - 72 * 60_000));
    assert_eq!(read("count = \"ERROR\"\nlines = 8", APP), value(2.0, MODIFIED_MS));
    assert_eq!(read("count = \"ERROR\"\nlines = 8\ntime = '^(\\S+)'", ""), value(0.0, MODIFIED_MS));
    let unknown = Ok(Answer::File(Body::whole(APP).into()));
    assert!(matches!(Log::read(&call("count = \"ERROR\"\nlines = 8"), &unknown, 9), Reading::NoData(_)));
    for result in [Err(Fault::NotSent("gone".into())), Ok(Answer::Line(Body::whole(APP)))] {
        assert!(matches!(Log::read(&call("count = \"ERROR\"\nlines = 8"), &result, 9), Reading::Error(_)));
        assert!(matches!(Log::see(&call("count = \"ERROR\"\nlines = 8"), &result), Seen::Failed(_)));
    }
}

#[test]
fn a_window_that_reaches_beyond_what_was_read_is_a_failure() {
    let cases = [
        ("lines = 7", "holds 7 lines", false),
        ("lines = 8", "holds 7 lines", true),
        ("minutes = 2\ntime = '^(\\S+)'", "", false),
        ("minutes = 3\ntime = '^(\\S+)'", "reaches 120 s back", true),
    ];
    for (text, said, fails) in cases {
        let seen = Log::see(&call(&format!("count = \".\"\n{text}")), &log(APP, true));
        match seen {
            Seen::Failed(why) if fails => assert!(why.as_str().contains(said), "{why}"),
            Seen::Value(_) if !fails => {}
            other => panic!("{text}: {other:?}"),
        }
    }
    let one_line = log("x".repeat(100), true);
    for text in ["lines = 1", "minutes = 1\ntime = '^(\\S+)'"] {
        assert!(matches!(Log::see(&call(&format!("count = \"x\"\n{text}")), &one_line), Seen::Failed(_)));
    }
}

#[test]
fn times_are_read_as_they_are_written() {
    let cases = [
        (None, "2026-11-21T03:12:00Z", Some(1_795_230_720_000)),
        (None, "2026-11-21T04:12:00.25+01:00", Some(1_795_230_720_250)),
        (None, "2026-11-21", None),
        (None, "1795230720", None),
        (Some("%Y-%m-%d %H:%M:%S"), "2026-11-21 03:12:00", Some(1_795_230_720_000)),
        (Some("%Y-%m-%d %H:%M:%S,%3f"), "2026-11-21 03:12:00,250", Some(1_795_230_720_250)),
        (Some("%d/%b/%Y:%H:%M:%S %z"), "21/Nov/2026:04:12:00 +0100", Some(1_795_230_720_000)),
        (Some("%s"), "1795230720", Some(1_795_230_720_000)),
        (Some("%Y-%m-%d %H:%M:%S"), "2026-13-21 03:12:00", None),
    ];
    for (format, text, expected) in cases {
        assert_eq!(window::time_of(text, format), expected, "{text} as {format:?}");
        let written = format.map(|format| format!("time = '^(.*)$'\ntime_format = '{format}'")).unwrap_or_default();
        let text = format!("count = \"a\"\nlines = 1\n{written}");
        assert_eq!(Log::check_call(&call(&text), Use::Look), [], "{text}");
    }
}

#[test]
fn the_end_of_a_file_below_the_root_is_read_and_never_by_a_lever() {
    let Exchange::File(ask) =
        Log::encode(&backend(), &call("count = \"a\"\nlines = 1"), Use::Look, &Vars::new()).unwrap()
    else {
        panic!("not a file")
    };
    assert_eq!(ask, FileAsk::Tail { path: "/var/log/app/app.log".into(), bytes_max: 1 << 20 });
    assert!(Log::encode(&backend(), &call("count = \"a\"\nlines = 1"), Use::Act, &Vars::new()).is_err());
    let stray = Call { file: "../auth.log".to_owned(), ..call("count = \"a\"\nlines = 1") };
    assert!(Log::encode(&backend(), &stray, Use::Look, &Vars::new()).is_err());
    assert_eq!(Log::check_call(&stray, Use::Look).len(), 1);
}

#[test]
fn faults_are_found() {
    let cases: &[(Use, &str, &[&str])] = &[
        (Use::Look, "count = \"a\"\nlines = 1\nratio_of = \"b\"", &[]),
        (Use::Look, "count = \"(?i)a\"\nminutes = 5\ntime = '^(\\S+)'", &[]),
        (Use::Look, "count = \"a\"", &[""]),
        (Use::Look, "count = \"a\"\nlines = 1\nminutes = 5\ntime = '^(\\S+)'", &["minutes"]),
        (Use::Look, "count = \"a\"\nminutes = 5", &["minutes"]),
        (Use::Look, "count = \"a\"\nlines = 0", &["lines"]),
        (Use::Look, "count = \"(\"\nratio_of = \"(\"\nlines = 1", &["count", "ratio_of"]),
        (Use::Look, "count = \"a\"\nlines = 1\ntime = '^\\S+'", &["time"]),
        (Use::Look, "count = \"a\"\nlines = 1\ntime_format = '%s'", &["time_format"]),
        (Use::Look, "count = \"a\"\nlines = 1\ntime = '(.)'\ntime_format = '%b %d %H:%M:%S'", &["time_format"]),
        (Use::Look, "count = \"a\"\nlines = 1\ntime = '(.)'\ntime_format = '%Y-%m-%d'", &["time_format"]),
        (Use::Look, "count = \"a\"\nlines = 1\ntime = '(.)'\ntime_format = '%Y-%m-%d %I:%M'", &["time_format"]),
        (Use::Look, "count = \"a\"\nlines = 1\ntime = '(.)'\ntime_format = '%Y-%m-%d %H:%M:%S %Z'", &["time_format"]),
        (Use::Look, "count = \"a\"\nlines = 1\ntime = '(.)'\ntime_format = '%Q'", &["time_format"]),
        (Use::Act, "count = \"a\"\nlines = 1", &[""]),
    ];
    for (r#use, text, expected) in cases {
        let found = Log::check_call(&call(text), *r#use);
        assert_eq!(found.iter().map(|fault| fault.key.as_str()).collect::<Vec<_>>(), *expected, "{text}");
    }
    assert_eq!(Log::check_backend(&Backend { root: "logs".into() }).len(), 1);
}

/// A line: the seconds since the one before it, or no time of its own, and whether it is an error.
type Line = (Option<u32>, bool);

/// The log, and each line's time in seconds, as a reader with all the time of the world finds it.
fn written(lines: &[Line]) -> (String, Vec<(Option<i64>, bool)>) {
    let (mut text, mut told, mut now_s, mut last) = (String::new(), Vec::new(), 1_795_230_720, None);
    for (since, error) in lines {
        if let Some(since) = since {
            now_s += i64::from(*since);
            last = Some(now_s);
            text += &now_s.to_string();
        }
        text += if *error { " ERROR ü\n" } else { " fine ü\n" };
        told.push((last, *error));
    }
    (text, told)
}

proptest! {
    #[test]
    fn wherever_a_log_is_cut_its_count_is_the_whole_logs_or_none(
        lines in prop::collection::vec((prop::option::weighted(0.8, 0_u32..50), any::<bool>()), 0..40),
        window in 1_u32..12,
        by_lines: bool,
        cut in any::<prop::sample::Index>(),
    ) {
        let (text, told) = written(&lines);
        let newest = told.iter().filter_map(|(time, _)| *time).max();
        let start = newest.map(|newest| newest - i64::from(window) * 60);
        let first = lines.len().saturating_sub(window as usize);
        let inside = |place: usize, time: Option<i64>| if by_lines { place >= first } else { time > start };
        let naive = told.iter().enumerate().filter(|(place, (time, error))| *error && inside(*place, *time)).count();
        let cut = cut.index(text.len() + 1);
        let window = if by_lines { format!("lines = {window}") } else { format!("minutes = {window}") };
        let asked = call(&format!("count = \"ERROR\"\n{window}\ntime = '^(\\d+) '\ntime_format = '%s'"));
        let result = log(&text.as_bytes()[cut..], cut > 0);
        match (Log::see(&asked, &result), Log::read(&asked, &result, 0)) {
            (Seen::Value(value), Reading::Value { sampled_ms, .. }) => {
                prop_assert_eq!(value, naive.to_string().into());
                prop_assert_eq!(sampled_ms, newest.map_or(MODIFIED_MS, |newest| newest * 1000));
            }
            (Seen::Failed(_), Reading::Error(_)) => prop_assert!(cut > 0 || newest.is_none() && !lines.is_empty()),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}
