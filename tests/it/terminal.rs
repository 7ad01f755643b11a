//! The interview on a terminal, by what stands on the screen.

use crate::screen::{CTRL_C, ENTER, Terminal};

#[test]
fn a_whole_interview() {
    let mut screen = Terminal::small("--format json").start();
    screen.mark("Do you have any of these?", &["None of these"]);
    screen.answer("How old are you?", "18 to 34");
    screen.answer("How bad is the pain?", "5");
    println!("{}", screen.sees("What does it feel like"));
    screen.mark("What does it feel like", &["stiff"]);
    println!("{}", screen.sees("What would you like"));
    screen.send("walk\r");
    println!("{}", screen.sees("See the result"));
    screen.send(ENTER);
    println!("{}", screen.ends_well(0));
    println!("{}", screen.result());
}

#[test]
fn ctrl_c_x() {
    let mut screen = Terminal::small("--session me.session").start();
    screen.mark("Do you have any of these?", &["None of these"]);
    screen.sees("How old are you?");
    screen.sees_keys();
    screen.send(CTRL_C);
    println!("{}", screen.ends_well(130));
}
