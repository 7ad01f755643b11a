//! The README's picture of a result on a terminal is what a terminal is sent.

use expect_test::expect_file;

use crate::program::repository;
use crate::report::person;
use crate::screen::Terminal;

/// So much of the result is in the picture: up to what the answers show.
const LINES: u16 = 41;

#[test]
fn the_picture_of_the_result_is_the_result() {
    let terminal = Terminal::new("--answers me.yaml --color always").size(LINES, 80);
    std::fs::write(terminal.folder.path().join("me.yaml"), person("strain")).unwrap();
    let mut screen = terminal.all_on_screen().start();
    assert_eq!(screen.ends(), 0, "{}", screen.contents());
    screen.until_over();
    let drawn = screen.drawn().replace("\r\n", "\n");
    assert!(drawn.contains("\u{1b}[1m") && drawn.contains('█'), "{drawn}");
    let shown: Vec<&str> = drawn.lines().take(LINES.into()).collect();
    let picture = anstyle_svg::Term::new().render_svg(&shown.join("\n"));
    expect_file![repository("tests/browser/pictures/result.svg")].assert_eq(&picture);
}
