//! Writes made-up rows: `generate SEED ROWS [ndjson|csv] [ERRORS]`, the last in thousandths.

mod rows;

use std::io::Write as _;

use rows::{Chance, PEOPLE};

const RULES: &str = include_str!("../../rules/back-pain.yaml");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let seed: u64 = arguments.next().ok_or("a seed is missing")?.parse()?;
    let count: usize = arguments.next().ok_or("a number of rows is missing")?.parse()?;
    let form = arguments.next().unwrap_or_else(|| "ndjson".to_owned());
    let errors: usize = arguments.next().map_or(Ok(3), |errors| errors.parse())?;
    let rules = backwise::RuleSet::read(RULES).map_err(|faults| format!("{faults:?}"))?;
    // Of its own, so that the people are the same whatever the form and the errors.
    let (mut chance, mut slips) = (Chance(seed), Chance(!seed));
    let mut out = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    if form == "csv" {
        writeln!(out, "{}", rows::csv_header(&rules))?;
    }
    for at in 0..count {
        let answers = rows::answers(&rules, &mut chance, PEOPLE);
        let id = format!("r{at}");
        if form == "csv" {
            writeln!(out, "{}", rows::csv(&rules, &id, &answers))?;
            continue;
        }
        let line = rows::json(&rules, &id, &answers, false);
        if slips.one_in_thousand(errors) {
            let broken = rows::mutated(&line, &mut slips);
            out.write_all(&broken)?;
            out.write_all(b"\n")?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(())
}
