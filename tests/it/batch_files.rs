//! Batches through the real binary: files as they come, and all that can go wrong with them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};

use crate::made_up::shipped;
use crate::program::{Program, repository};
use crate::rows::{self, Chance, PEOPLE};
use crate::screen::Terminal;

/// So many rows as people answer.
fn people(count: usize) -> String {
    let rules = shipped();
    let mut chance = Chance(21);
    (0..count)
        .map(|at| {
            let answers = rows::answers(&rules, &mut chance, PEOPLE);
            rows::json(&rules, &format!("r{at}"), &answers, false) + "\n"
        })
        .collect()
}

fn batch(text: impl AsRef<[u8]>) -> Program {
    Program::new().file("rows.ndjson", text).args("batch rows.ndjson --quiet")
}

#[test]
fn threads_files_and_standard_input_give_the_same_lines_in_order() {
    let text = people(4_000);
    let one = batch(&text).args("--threads 1").succeeds();
    assert_eq!(one.lines().count(), 4_000);
    let tabs = "id\tpain\na\t5\n";
    let tabs = Program::new().file("a.csv", tabs).args("batch --quiet a.csv --delimiter tab");
    assert_eq!(tabs.succeeds(), batch("{\"id\":\"a\",\"pain\":5}\n").succeeds());
    assert!(one.lines().enumerate().all(|(at, line)| line.contains(&format!("\"r{at}\""))));
    assert_eq!(batch(&text).args("--threads 3").succeeds(), one);
    let few = people(100);
    let stdin = Program::new().args("batch --quiet -").stdin(few.as_bytes());
    assert_eq!(stdin.succeeds(), batch(&few).succeeds());
    let (first, second) = text.split_at(text.find("{\"id\":\"r2000\"").unwrap());
    let both = Program::new().file("a.ndjson", first).file("b.ndjson", second);
    assert_eq!(both.args("batch --quiet a.ndjson b.ndjson").succeeds(), one);
}

#[test]
fn compressed_files_are_read_and_written_by_their_names() {
    let text = people(500);
    let plain = batch(&text).succeeds();
    for ending in ["gz", "zst"] {
        let program = batch(&text).args(&format!("--output out.ndjson.{ending}"));
        program.succeeds();
        let written = std::fs::read(program.path(&format!("out.ndjson.{ending}"))).unwrap();
        assert!(written.len() * 4 < plain.len(), "{ending} is no smaller");
        // Results in full are rows again: read what was written back through the same door.
        let full = batch(&text).args(&format!("--full --output full.ndjson.{ending}"));
        full.succeeds();
        let again = std::fs::read(full.path(&format!("full.ndjson.{ending}"))).unwrap();
        let program = Program::new().file(&format!("in.ndjson.{ending}"), again);
        assert_eq!(program.args(&format!("batch --quiet in.ndjson.{ending}")).succeeds(), plain);
    }
}

#[test]
fn rows_from_any_system_are_read() {
    let text = people(50);
    let plain = batch(&text).succeeds();
    assert_eq!(batch(text.trim_end()).succeeds(), plain, "no line break at the end");
    assert_eq!(batch(text.replace('\n', "\r\n")).succeeds(), plain, "CRLF");
    assert_eq!(batch(format!("\u{feff}{text}")).succeeds(), plain, "a byte order mark");
    assert_eq!(batch(text.replace('\n', "\n\n")).succeeds(), plain, "blank lines");
    assert_eq!(batch("").succeeds(), "");
}

/// Each bad line between two good ones: named where it stands, and the good ones unharmed.
#[test]
fn a_bad_line_is_an_error_line_and_harms_no_other() {
    let good = "{\"id\":1,\"signs-now\":\"very-ill\"}";
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(3 << 20));
    let deep = "[".repeat(50_000);
    let bad: [(&[u8], &str); 9] = [
        (b"{\"pain\":5", "EOF while parsing an object"),
        (b"{\"age\":\"\xff\xfe\"}", "invalid unicode code point"),
        (b"{\"pain\":\x005}", "expected value"),
        (b"{\"pain\":5,\"pain\":6}", "the key `pain` stands twice"),
        (b"{\"pain\":\"05.0\"}", "`05.0` is no answer to `pain`"),
        (long.as_bytes(), "the line is longer than 1 MiB"),
        (deep.as_bytes(), "invalid type: sequence, expected a JSON object"),
        (b"{\"pain\":{\"a\":[{}]}}", "a mapping is no answer to `pain`"),
        (b"\"pain\"", "invalid type: string"),
    ];
    for (line, message) in bad {
        let mut text = format!("{good}\n").into_bytes();
        text.extend_from_slice(line);
        text.extend_from_slice(format!("\n{good}\n").as_bytes());
        for threads in ["1", "2"] {
            let ran = batch(&text).args("--threads").arg(threads).run();
            assert_eq!(ran.code, Some(65), "{message}");
            let lines: Vec<&str> = ran.stdout.lines().collect();
            assert_eq!(lines.len(), 3, "{message}: {}", ran.stdout);
            assert!(lines[0].contains("\"emergency\""), "{}", lines[0]);
            assert_eq!(lines[0], lines[2]);
            assert!(lines[1].starts_with("{\"row\":2,\"error\":\""), "{}", lines[1]);
            assert!(lines[1].contains(message), "{message}: {}", lines[1]);
            assert!(ran.stderr.contains("error: 1 of 3 rows does not fit"), "{}", ran.stderr);
        }
    }
}

/// Rows behind a quote that nothing closes are rows of other people.
#[test]
fn a_quote_that_nothing_closes_takes_no_other_row_with_it() {
    let header = "id,main-complaint,signs-now\n";
    let others = "o,it is sore,both-legs\n".repeat(60_000);
    for (cell, others, message) in [
        ("\"back hurts", others.as_str(), "a quote opens this cell, and none closes it"),
        ("\"\"\"", "o,,both-legs", "a quote opens this cell, and none closes it"),
        ("\"a\nb", "o,,both-legs", "a quote opens this cell, and none closes it"),
        ("\"a", "o,\"b\",both-legs\n", "text stands behind the quote that closes this cell"),
        ("\"a\" b", "o,\"\",both-legs\n", "text stands behind the quote that closes this cell"),
    ] {
        let text = format!("{header}a,fine,none\nb,{cell},none\n{others}");
        for threads in ["1", "2"] {
            let program = Program::new().file("a.csv", &text).args("batch a.csv --columns id,care");
            let ran = program.args("--threads").arg(threads).run();
            assert_eq!(ran.code, Some(65), "{cell}");
            let lines: Vec<&str> = ran.stdout.lines().collect();
            assert_eq!(lines[0], "{\"id\":\"a\",\"care\":\"routine\"}");
            let fault =
                format!("{{\"row\":3,\"id\":\"b\",\"error\":\"{message}\",\"column\":\"main");
            assert!(lines[1].starts_with(&fault), "{cell}: {}", lines[1]);
            let rest = &lines[2..];
            let found = rest.iter().filter(|line| line.contains("\"care\":\"emergency\"")).count();
            assert_eq!(found, others.lines().count(), "{cell}: {:?}", rest.first());
        }
    }
    // The line of the file is told, however many lines a cell before it has.
    let text = format!("{header}a,\"1\n2\n3\",none\nb,\"x\ny\" z,none\nc,,none\n,,\n\"\",,\nd\n");
    let ran = Program::new().file("a.csv", text).args("batch a.csv --columns row").run();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "{\"row\":2}");
    assert!(lines[1].starts_with("{\"row\":5,\"id\":\"b\""), "{}", lines[1]);
    // What follows the line of a quote is taken for rows: here it is none.
    assert!(lines[2].starts_with("{\"row\":6,"), "{}", lines[2]);
    assert_eq!(lines[3], "{\"row\":7}");
    // Rows with nothing in them are passed over.
    assert!(lines[4].contains("\"row\":10,\"id\":\"d\",\"error\":\"the row has 1 cell\""));
    assert_eq!(lines.len(), 5);
}

/// Wherever it stands in the file, and however it comes.
#[test]
fn a_line_is_too_long_or_not_by_its_length_alone() {
    for (length, fits) in [((1 << 20) - 1, true), (1 << 20, true), ((1 << 20) + 1, false)] {
        let line = format!("{{\"id\":\"{}\"}}", "x".repeat(length - 9));
        assert_eq!(line.len(), length);
        let text =
            format!("{{\"pain\":5}}\n{line}\n{{\"pain\":5}}\n{{\"pain\":5}}\n{line}\n{line}");
        let wanted = ["0", if fits { "0" } else { "1" }, "0", "0"];
        let last = if fits { "0" } else { "1" };
        let program = batch(&text).args("--columns care");
        let stdin = Program::new().args("batch --quiet --columns care").stdin(text.as_bytes());
        for ran in [program.run(), stdin.run()] {
            let errors =
                ran.stdout.lines().map(|line| u8::from(line.contains("error")).to_string());
            let errors: Vec<String> = errors.collect();
            assert_eq!(errors[..4], wanted, "{length}");
            assert_eq!(errors[4..], [last, last], "{length}");
        }
    }
}

#[test]
fn an_error_can_be_skipped_or_end_it_all() {
    let text = "{\"id\":1}\n{\"pain\":77}\n{\"id\":2}\n";
    let skipped = batch(text).args("--on-error skip").run();
    assert_eq!((skipped.code, skipped.stdout.lines().count()), (Some(65), 2));
    let stopped = batch(text).args("--on-error stop").run();
    assert_eq!((stopped.code, stopped.stdout.lines().count()), (Some(65), 1));
    let wanted = "error: row 2: column `pain`: `77` is no answer to `pain`; \
                  expected a whole number from 0 to 10 or `unsure`";
    assert!(stopped.stderr.starts_with(wanted), "{}", stopped.stderr);
}

#[test]
fn an_unreadable_file_among_many_is_told_and_the_others_are_read() {
    let row = "{\"id\":1}\n";
    let program = Program::new().file("a.ndjson", row).file("c.ndjson", row);
    let ran = program.args("batch a.ndjson b.ndjson c.ndjson --quiet").run();
    assert_eq!(ran.code, Some(66));
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, lines[2]));
    assert!(lines[1].contains("`b.ndjson` cannot be read: no such file"), "{}", lines[1]);
    assert!(ran.stderr.contains("cannot read `b.ndjson`: no such file"), "{}", ran.stderr);

    let mut broken = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    broken.write_all(people(2_000).as_bytes()).unwrap();
    let mut broken = broken.finish().unwrap();
    broken.truncate(broken.len() / 2);
    let counted = Program::new().file("a.ndjson", row).file("c.ndjson", row);
    let counted = counted.args("batch a.ndjson b.ndjson c.ndjson --summary").run();
    assert!(counted.stdout.starts_with("2 rows, 0 not fitting\n"), "{}", counted.stdout);
    let stopped = Program::new().file("a.ndjson", row).file("c.ndjson", row);
    let stopped = stopped.args("batch a.ndjson b.ndjson c.ndjson --quiet --on-error stop").run();
    assert_eq!(
        (stopped.code, stopped.stdout.as_str()),
        (Some(66), format!("{}\n", lines[0]).as_str())
    );

    let program = Program::new().file("a.ndjson.gz", broken).file("b.ndjson", row);
    let ran = program.args("batch a.ndjson.gz b.ndjson --quiet").run();
    assert_eq!(ran.code, Some(66));
    assert!(ran.stdout.contains("cannot be read from here on"), "{}", ran.stderr);
    assert!(ran.stdout.ends_with("}\n"));
    // The rows before the break are told, and the half of one at the break is none.
    let told = ran.stdout.lines().take_while(|line| !line.contains("\"error\"")).count();
    assert!(told > 500, "{told}");
    assert!(ran.stdout.contains(&format!("\"row\":{},", told + 1)), "{}", ran.stderr);
    assert!(ran.stdout.lines().last().unwrap().contains("\"id\":1"));
}

#[test]
fn a_file_that_cannot_be_finished_never_gets_its_name() {
    let text = people(20) + "{\"pain\":77}\n";
    let program = batch(&text).args("--on-error stop --output out.ndjson");
    let ran = program.run();
    assert_eq!(ran.code, Some(65));
    assert!(!program.path("out.ndjson").exists());
    let kept = std::fs::read_to_string(program.path("out.ndjson.unfinished")).unwrap();
    assert_eq!(kept.lines().count(), 20);
    assert!(ran.stderr.contains("what was written so far is in `out.ndjson.unfinished`"));

    let full = batch(people(3_000)).args("--output /dev/full/out.ndjson").run();
    assert_eq!(full.code, Some(73), "{}", full.stderr);
    if std::path::Path::new("/dev/full").exists() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backwise"));
        command.args(["batch", "--quiet", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped());
        command.stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(people(3_000).as_bytes());
        let ran = child.wait_with_output().unwrap();
        assert_eq!(ran.status.code(), Some(74));
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(told.contains("no space left on device"), "{told}");
    }
}

#[test]
fn a_run_that_was_cut_off_goes_on_where_it_was() {
    let text = people(3_000);
    let whole = batch(&text).succeeds();
    for cut in [0, 1, 1_000, whole.len() / 2, whole.len() - 1, whole.len()] {
        let program =
            batch(&text).file("out.ndjson.unfinished", &whole[..cut]).args("--output out.ndjson");
        let program = program.args("--resume");
        program.succeeds();
        assert!(
            std::fs::read_to_string(program.path("out.ndjson")).unwrap() == whole,
            "cut at {cut}"
        );
    }
    let other = batch(&text)
        .file("out.ndjson.unfinished", whole.replacen("routine", "prompts", 1))
        .args("--output out.ndjson --resume");
    let told = other.fails(2);
    assert!(told.contains("are not those of these rows and these rules"), "{told}");
    let longer = batch(&text)
        .file("out.ndjson.unfinished", format!("{whole}{{}}\n"))
        .args("--output out.ndjson --resume");
    assert!(longer.fails(2).contains("more lines than these rows make"));
    let none = batch(&text).args("--output out.ndjson --resume");
    none.succeeds();
    assert!(none.read("out.ndjson") == whole, "without an earlier run it begins");
    assert!(none.fails(2).contains("`out.ndjson` is whole already"), "nothing is written twice");
    assert!(none.read("out.ndjson") == whole);
}

#[test]
fn an_output_is_never_what_is_read_and_never_left_without_a_row() {
    let text = people(3);
    let same = batch(&text).args("--output ./rows.ndjson");
    assert!(same.fails(2).contains("`rows.ndjson` cannot be read and written at once"));
    assert_eq!(same.read("rows.ndjson"), text);
    let part = Program::new().file("out.unfinished", &text);
    let part = part.args("batch out.unfinished --from ndjson --output out");
    let told = part.fails(2);
    assert!(told.contains("`out.unfinished` cannot be read and written at once"), "{told}");
    assert_eq!(part.read("out.unfinished"), text);
    let program = Program::new().file("a.csv", "piain\n3\n").args("batch a.csv --output out.csv");
    program.fails(65);
    assert_eq!(program.files(), ["a.csv"]);
    let stream = batch(&text).args("--output /dev/stdout");
    assert_eq!(stream.succeeds(), batch(&text).args("--output -").succeeds());
}

/// Another run that writes the same would write over what this one did.
#[cfg(unix)]
#[test]
fn an_output_is_written_by_one_run_at_a_time() {
    let program = batch(people(3)).file("out.unfinished", "{\"id\":1}\n");
    let part = std::fs::File::open(program.path("out.unfinished")).unwrap();
    part.lock().unwrap();
    for flags in ["--output out", "--output out --resume"] {
        let told = batch(people(3));
        let told = told.args(flags);
        std::fs::hard_link(program.path("out.unfinished"), told.path("out.unfinished")).unwrap();
        let told = told.fails(2);
        assert!(told.contains("another run is writing `out.unfinished`"), "{told}");
        assert_eq!(program.read("out.unfinished"), "{\"id\":1}\n");
    }
    drop(part);
    let program = program.args("--output out");
    program.succeeds();
    assert_eq!(program.read("out").lines().count(), 3);
}

#[test]
fn a_list_of_rows_is_told_how_to_become_lines_and_capitals_name_a_form_too() {
    let list = Program::new().file("a.JSON", "[\n{\"pain\":5},\n{\"pain\":6}]\n");
    let told = list.args("batch a.JSON --quiet").run();
    assert_eq!(told.code, Some(65));
    let first = told.stdout.lines().next().unwrap();
    assert!(
        first.contains("one JSON object a line, as `jq -c '.[]'` makes of an array"),
        "{first}"
    );
    let rows = Program::new().file("A.CSV", "id,pain\na,5\n").args("batch A.CSV --quiet");
    assert!(rows.succeeds().starts_with("{\"id\":\"a\""));
}

#[test]
fn answers_that_do_not_count_are_counted() {
    let row = "{\"id\":\"a\",\"signs-now\":[\"none\"],\"now-bladder\":\"yes\"}\n";
    let ran = Program::new().file("a.ndjson", row).args("batch a.ndjson").run();
    assert!(ran.stderr.contains("rows with answers that do not count\n  as they are not asked"));
    let usual = Program::new().file("a.ndjson", "{\"id\":\"a\"}\n").args("batch a.ndjson").run();
    assert!(!usual.stderr.contains("do not count"), "{}", usual.stderr);
    let json = Program::new().file("a.ndjson", row).args("batch a.ndjson --summary --format json");
    assert!(json.succeeds().contains("\"answers_not_asked\":1"));
}

#[test]
fn an_output_that_goes_away_ends_it_quietly() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backwise"));
    command.args(["batch", "--quiet", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let rows = people(20_000);
    let writing = std::thread::spawn(move || {
        let _ = input.write_all(rows.as_bytes());
    });
    let mut first = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ran = child.wait_with_output().unwrap();
    writing.join().unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
    assert_eq!(ran.status.code(), Some(0));
}

#[test]
fn ctrl_c_ends_with_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_backwise"));
    command.args(["batch", "-", "--output", "out.ndjson"]).current_dir(folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let rows = people(6_000);
    input.write_all(rows.as_bytes()).unwrap();
    // It waits for more rows now: tell it to end, and let it find out.
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    drop(input);
    let ran = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(130), "{told}");
    assert!(told.contains("out.ndjson.unfinished`; --resume goes on"), "{told}");
    assert!(!folder.path().join("out.ndjson").exists());
    let kept = std::fs::read_to_string(folder.path().join("out.ndjson.unfinished")).unwrap();
    assert!(kept.is_empty() || kept.ends_with("}\n"));
}

/// Rows that are long in coming: nothing is read, and the signal is heeded all the same.
#[test]
fn ctrl_c_ends_the_wait_for_rows() {
    let mut screen = Terminal::new("batch - --output out.ndjson").start();
    let part = screen.path("out.ndjson.unfinished");
    // It listens to signals before it opens the output.
    let mut looks = 0..4_000;
    while !part.exists() && looks.next().is_some() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    screen.signal("INT");
    assert!(screen.ends_well(130).contains("stopped after 0 rows"));
    assert!(!part.exists() && !screen.path("out.ndjson").exists());
}

/// Another program may ask row by row, and wait for each answer.
#[test]
fn a_row_in_a_pipe_is_not_kept_waiting_for_others() {
    for (from, rows) in [
        ("ndjson", ["{\"id\":1}\n", "{\"id\":2}\n{\"id\":", "3}\n"]),
        ("csv", ["id\n1\n", "2\n\"", "3\"\n"]),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_backwise"))
            .args(["batch", "-", "--quiet", "--columns", "id", "--from", from])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        for (row, text) in (1..).zip(rows) {
            input.write_all(text.as_bytes()).unwrap();
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            // A cell is a text, a number of JSON is none.
            assert_eq!(line.replace('"', ""), format!("{{id:{row}}}\n"));
        }
        drop(input);
        assert_eq!(output.read(&mut [0]).unwrap(), 0);
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn typed_rows_are_answered_one_by_one() {
    let mut screen = Terminal::new("batch - --columns id").all_on_screen().start();
    for row in ["7", "8"] {
        screen.send(&format!("{{\"id\":{row},\"pain\":3}}\n"));
        screen.sees(&format!("{{\"id\":{row}}}"));
        // Nothing else comes onto the line that is typed next.
        assert!(!screen.contents().contains("a second"), "{}", screen.contents());
    }
    screen.send("\u{4}");
    assert!(screen.ends_well(0).contains("2 rows, 0 not fitting"));
}

#[test]
fn each_unknown_name_has_its_own_guess_however_often_it_comes() {
    let ran = batch("{\"pian\":3}\n{\"agee\":1}\n{\"pian\":4}\n").run();
    let guesses = ["did you mean `pain`?", "did you mean `age`?", "did you mean `pain`?"];
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), guesses.len());
    for (line, guess) in lines.iter().zip(guesses) {
        assert!(line.contains(guess), "{line}");
    }
}

#[test]
fn the_summary_is_as_wide_as_the_terminal() {
    let rows = repository("examples/people.ndjson");
    let arguments = format!("batch {} --columns id", rows.display());
    let told = |columns| Terminal::new(&arguments).size(40, columns).start().ends_well(65);
    let (narrow, wide) = (told(60), told(120));
    assert!(narrow.contains("such\n  as a doctor or a physiotherapist, before"), "{narrow}");
    assert!(wide.contains("such as a doctor or a physiotherapist,\n  before"), "{wide}");
}

#[test]
fn without_rows_a_terminal_is_not_waited_for() {
    let mut screen = Terminal::new("batch").start();
    assert!(screen.ends_well(2).contains("name a file with rows"));
}

#[test]
fn a_summary_counts_every_row() {
    let text = people(1_000) + "{\"pain\":77}\n";
    let ran = batch(&text).args("--summary --format json").run();
    assert_eq!(ran.code, Some(65));
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&summary["rows"], &summary["errors"]), (&1001.into(), &1.into()));
    let lines = batch(&text).args("--on-error skip").run().stdout;
    for (column, counts) in [("care", &summary["care"]), ("suggestion", &summary["suggestion"])] {
        let mut all = 0;
        for (word, count) in counts.as_object().unwrap() {
            let told = lines.matches(&format!("\"{column}\":\"{word}\"")).count();
            assert_eq!(count.as_u64(), Some(told as u64), "{column} {word}");
            all += told;
        }
        assert_eq!(all, 1_000);
    }
}

/// What a change of the rules would do to last year's people.
#[test]
fn two_rule_sets_are_compared_on_real_rows() {
    let rules =
        std::fs::read_to_string(crate::program::repository("rules/back-pain.yaml")).unwrap();
    let from = "  - id: strong-pain\n    care: prompt\n    when: { pain: { at-least: 7 } }";
    assert!(rules.contains(from), "the rule set has changed");
    let changed = rules.replace(from, &from.replace("at-least: 7", "at-least: 6"));
    let text = people(2_000);
    let program = batch(&text).file("new.yaml", &changed).args("--against new.yaml");
    let differing = |program: Program| {
        let ran = program.run();
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{}", ran.stdout);
        ran.stdout
    };
    let lines = differing(program);
    assert!(lines.lines().count() > 5, "{lines}");
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let row = text.lines().nth(usize::try_from(line["row"].as_u64().unwrap() - 1).unwrap());
        let row: serde_json::Value = serde_json::from_str(row.unwrap()).unwrap();
        assert_eq!((&row["pain"], &row["id"]), (&6.into(), &line["id"]));
        let [was, is] = [0, 1].map(|at| line["changed"]["warnings"][at].to_string());
        assert!(is.contains("strong-pain") && !was.contains("strong-pain"), "{line}");
    }
    let summary = batch(&text).file("new.yaml", &changed).args("--against new.yaml --summary");
    let summary = differing(summary);
    let count = lines.lines().count();
    assert!(summary.contains(&format!("2000 rows, 0 not fitting, {count} with another result")));
    assert!(summary.contains("routine -> prompt"), "{summary}");
    // What says why is part of a result, and what is still open, too.
    let entry = rules.replace("  - id: strong-or-hard\n", "  - id: hard-or-strong\n");
    let entry = differing(batch(&text).file("new.yaml", entry).args("--against new.yaml"));
    let wanted = "\"changed\":{\"suggested_by\":[\"strong-or-hard\",\"hard-or-strong\"]}";
    assert!(!entry.is_empty() && entry.lines().all(|line| line.contains(wanted)), "{entry}");
    let pain = rules.replace("strong-pain", "pain-that-is-strong");
    let open = batch("{\"id\":1}\n").file("new.yaml", pain).args("--against new.yaml");
    assert!(differing(open).starts_with("{\"changed\":{\"open_warnings\":[["));
    let same = batch(&text).file("same.yaml", &rules).args("--against same.yaml").succeeds();
    assert_eq!(same, "");
    let bad = batch("{\"id\":7,\"pain\":77}\n").file("same.yaml", &rules);
    let bad = bad.args("--against same.yaml").run();
    assert_eq!(bad.code, Some(65));
    assert!(bad.stdout.starts_with("{\"row\":1,\"id\":7,\"error\":"), "{}", bad.stdout);
}

#[test]
fn what_cannot_be_is_said_before_any_row_is_read() {
    let header = |first: &str| {
        Program::new().file("a.csv", format!("id,{first}\n1,2\n")).args("batch a.csv").fails(65)
    };
    assert!(header("piain").contains("did you mean `pain`?"), "{}", header("piain"));
    let twice = header("pain,pain");
    assert!(twice.contains("are about the same"), "{twice}");
    assert!(twice.contains("leave one of them out of the file"), "{twice}");
    let part = header("symptoms.knots");
    assert!(part.contains("`symptoms` has columns for some of its choices"), "{part}");
    assert!(part.contains("add it, or leave the others out with --ignore"), "{part}");
    let choice = header("symptoms.knot");
    let wanted = "`knot` is no choice of `symptoms`; did you mean `symptoms.knots`?";
    assert!(choice.contains(wanted), "{choice}");
    let between = Program::new().file("a.csv", "age;pain\n").args("batch a.csv").fails(65);
    assert!(between.contains("give --delimiter ';'"), "{between}");
    let nameless = Program::new().file("a.csv", "pain\n1\n").args("batch a.csv --id name");
    assert!(nameless.fails(65).contains("`a.csv` has no column `name`"));
    let wide: Vec<u8> = "\u{feff}pain\n3\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = Program::new().file("a.csv", wide).args("batch a.csv");
    assert!(wide.fails(65).contains("UTF-16"));
    for packed in [b"\x1f\x8b\x08".as_slice(), b"\x28\xb5\x2f\xfd\x04"] {
        let packed = Program::new().file("a.csv", packed).args("batch a.csv").fails(65);
        assert!(packed.contains("`a.csv` is compressed, and is not called so"), "{packed}");
    }
    assert!(batch("").args("--columns id,id").fails(2).contains("asked for twice"));
    let wrong = batch("").args("--columns id,cares").fails(2);
    assert!(wrong.contains("did you mean `care`?"), "{wrong}");
    assert!(batch("").args("--full --to csv").fails(2).contains("does not fit into a row of CSV"));
    assert_eq!(Program::new().args("batch nowhere.ndjson --quiet").run().code, Some(66));
}
