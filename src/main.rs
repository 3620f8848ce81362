//! `goaround`: parse, call, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    goaround::cli::main()
}
