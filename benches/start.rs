//! How long the program takes to start, against a hello-world of clap in the same run.
//!
//! `cargo bench --bench start`. The hello-world is this very file, started again with one word,
//! so that both are built alike and are measured in turn.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser as _;

const ROUNDS: usize = 300;
const HELLO: &str = "--greet-once";

#[derive(clap::Parser)]
struct Hello {
    #[arg(long)]
    greet_once: bool,
    #[arg(long)]
    name: Option<String>,
}

fn main() -> std::io::Result<()> {
    if std::env::args().any(|argument| argument == HELLO) {
        let hello = Hello::parse();
        println!("hello {} {}", hello.name.unwrap_or_default(), hello.greet_once);
        return Ok(());
    }
    let this = std::env::current_exe()?;
    let programs = [
        ("hello-world of clap", this.to_string_lossy().into_owned(), vec![HELLO]),
        (
            "backwise, up to the first question",
            env!("CARGO_BIN_EXE_backwise").to_owned(),
            vec!["--partial", "--format", "json"],
        ),
    ];
    let mut times: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for ((_, program, arguments), times) in programs.iter().zip(&mut times) {
            let begin = Instant::now();
            let status = Command::new(program).args(arguments).stdout(Stdio::null()).status()?;
            times.push(begin.elapsed());
            assert!(status.success());
        }
    }
    let medians = times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    for ((name, ..), median) in programs.iter().zip(medians) {
        println!("{name:<36} median {:.2} ms", median.as_secs_f64() * 1000.0);
    }
    let ratio = medians[1].as_secs_f64() / medians[0].as_secs_f64();
    let extra = medians[1].saturating_sub(medians[0]).as_secs_f64() * 1000.0;
    println!("ratio {ratio:.1}; the rule set adds {extra:.1} ms");
    Ok(())
}
