//! Slips of shape.

use super::{Case, case};

/// Slips of shape, which the JSON Schema refuses too.
pub(in crate::playbook) const SHAPES: &[Case] = &[
    case("format = 1\n", "format = ¦\"1\"\n", "`format` must be a whole number, and is a text", "without quotes"),
    case("format = 1\n", "format = ¦-1\n", "`format`: -1 is less than the minimum of 0", "The format of this file"),
    case("format = 1\nservice = \"shop\"\n", "¦format = 1\n", "`service` is missing", "add `service = …`: the service"),
    case("service = \"shop\"", "service = ¦3", "`service` must be a text, and is a number", "in quotes: `\"3\"`"),
    case(
        "[symptoms.bad-arm]",
        "¦colour = 1\n[symptoms.bad-arm]",
        "unknown key `colour` in `metrics.p99`",
        "known here: `bands`",
    ),
    case("warn = \"> 0.5%\"", "¦warm = \"> 0.5%\"", "unknown key `warm` in `metrics.errors`", "did you mean `warn`?"),
    case("[hold]", "[¦holt]\nx = 1\n[hold]", "unknown key `holt`", "did you mean `hold`?"),
    case("[symptoms.bad-arm]", "[¦symtoms.bad-arm]", "unknown key `symtoms`", "did you mean `symptoms`?"),
    case(
        "[metrics.errors]\nunit",
        "[¦metric.other]\nunit = 1\n[metrics.errors]\nunit",
        "unknown key `metric`",
        "did you mean `metrics`?",
    ),
    case("edge.http = {", "edge.¦htp = {", "unknown key `htp` in `backends.edge`", "did you mean `http`?"),
    case(
        "\"127.0.0.1:6379\" }",
        "\"127.0.0.1:6379\", ¦password = \"x\" }",
        "unknown key `password`",
        "use `password_env`",
    ),
    case(
        "url = \"http://127.0.0.1:8080\"",
        "url = \"http://127.0.0.1:8080\", ¦token = \"x\"",
        "unknown key `token`",
        "use `bearer_env` or `basic",
    ),
    case("post = \"/blue\" }", "post = ¦[\"/blue\"] }", "`post` must be a text, and is a list", "Path of a POST"),
    case(
        "pick = [\"pointer\", \"flag\"]",
        "pick = ¦\"pointer\"",
        "`pick` must be a list, and is a text",
        "`[\"pointer\"]`",
    ),
    case(
        "pick = [\"pointer\", \"flag\"]",
        "pick = [\"pointer\", ¦7, \"flag\"]",
        "this must be a text, and is a number",
        "quotes",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "verify = { probe = \"arm\", is = \"blue\" }\napproval = ¦\"two\"",
        "\"two\" is no approval",
        "`second-person`",
    ),
    case("watch = true", "watch = ¦\"yes\"", "`watch` must be true or false", "hold is met"),
    case("unit = \"ms\"", "unit = ¦\"millis\"", "\"millis\" is no unit", "known here: `number`, `ratio`"),
    case("baseline = 50", "baseline = ¦\"50\"", "`baseline` must be a number or a table", "without quotes"),
    case("baseline = 50", "baseline = { ¦ofset = \"1h\" }", "unknown key `ofset`", "did you mean `offset`?"),
    case(
        "[levers.pointer]\nhttp = { backend = \"edge\", post = \"/blue\" }\nverify = { probe = \"arm\", is = \"blue\" }",
        "[levers.¦pointer]\nhttp = { backend = \"edge\", post = \"/blue\" }",
        "lever `pointer` has no read-back",
        "add `verify = { probe",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "¦verfy = { probe = \"arm\", is = \"blue\" }",
        "unknown key `verfy`",
        "did you mean `verify`?",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "verify = { probe = \"arm\", ¦\"é\" = \"blue\" }",
        "unknown key `é`",
        "known here: `above`",
    ),
    case(
        "verify = { probe = \"arm\", is = \"blue\" }",
        "verify = { is = \"é\", ¦prob = \"arm\" }",
        "unknown key `prob`",
        "did you mean `probe`?",
    ),
    case("agree = 3", "agree = ¦-3", "`agree`: -3 is less than the minimum of 0", "agreeing looks"),
    case("agree = 3", "agree = ¦99999999999", "`agree`: 99999999999 is greater than the maximum", "agreeing looks"),
    case("probe = \"flag\" }, note", "¦prob = \"flag\" }, note", "unknown key `prob`", "did you mean `probe`?"),
    case("id = \"look\"\n", "¦iD = \"look\"\n", "unknown key `iD`", "did you mean `id`?"),
    case("stops_on = \"sixty-done\"", "stops_on = ¦\"sixty-doen\"", "is no stops_on", "did you mean `sixty-done`?"),
    case(
        "[comms.first]\nbody = \"Rolling back {{ service }} since {{ started }}.\"\n",
        "[comms.¦first]\n",
        "`body` is missing in `comms.first`",
        "add `body = …`",
    ),
    case("clock = \"60s\"", "clock = ¦\"61s\"", "\"61s\" is no clock", "did you mean `60s`?"),
    case("[[steps]]\nid = \"look\"\n", "¦[[steps]]\n", "`id` is missing in `steps`", "add `id = …`: its id"),
];
