//! The command line of backwise: arguments, files, prompts, colour and exit codes around the
//! library, which has the meaning.

mod app;
mod batch;
mod check;
mod cli;
mod compare;
mod export;
mod failure;
mod language;
mod output;
mod replay;
mod report;
mod session;
mod terminal;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use terminal::style;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match app::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err((failure, words)) => {
            let text = failure.told(words);
            if !text.is_empty() {
                // With standard error gone there is nobody left to tell.
                let text = style::for_stderr(text.trim_end());
                let _ = writeln!(std::io::stderr(), "{text}");
            }
            failure.exit_code()
        }
    }
}
