# The program's own words. What a rule set says stands in the rule set.

language-name = English
yes = Yes
no = No
and = and
and-before-i = and
or = or
or-before-o = or
quoted = "{ $text }"
local-emergency-number = your local emergency number

## What a person is told

heading-emergency = Get emergency help now
heading-tell-helpers = Tell the people who help you
heading-warning-signs = Warning signs
heading-same-day = Be seen today
heading-prompt = See a professional soon, before anything else
heading-suggestion = Suggestion: { $title }
heading-after-check = After the check: { $title }
heading-options = Start with the first of these
heading-cautions = Avoid, or ask about first
heading-findings = What your answers show
heading-runner-up = What else could fit
heading-compared = How the kinds of care compare
heading-differences = Where the sources differ
heading-open = Not answered yet
heading-tips = Finding a professional
heading-until-then = Until then
heading-meanwhile = What you can do now
heading-look-again = When to look again
heading-professional = See a professional
heading-signs = Get help now if you notice any of these
heading-own-words = In your own words
heading-sources = Sources
heading-about = About this result
heading-in-short = In short
then = Then: { $title }.
title-unscreened = Answer the open questions first
unscreened = Some questions that could show a warning sign are not answered yet. Until they are, no kind of care is suggested.
open-signs = Some questions that could show a warning sign are not answered yet.
why = Why:
ask-before-start = Ask a doctor before you start; the reason is below.
ask-first = Ask a doctor first.
avoid = avoid { $items }
ask-before = ask a doctor before { $items }
colophon = { $id }, version { $version }, reviewed { $reviewed }, hash { $hash }; backwise { $program }.
compared-note = Points add up the reasons for each. They guide the choice; some answers decide by themselves.
suggested-mark = suggested
points = { $number ->
    [one] { $number } point
   *[other] { $number } points
}
scale-reading = { $value } of { $to }
scale-unsure = not sure
scale-open = not answered
where-reading = Marked: { $regions }.
where-none = No region is marked.
body-back = back
body-title = Where it hurts
heading-changes = What would change this
change-as-well = With "{ $answer }" as well.
change-without = Without "{ $answer }".
change-instead = With "{ $answer }" instead of "{ $given }".
and-as-well = And as well:

## The whole account

heading-warnings-fired = Warnings that fired
because-of = { $because } Because of: { $answers }
heading-points = Points
points-ahead = What is suggested is ahead by { $points }.
points-level = What is suggested has as many points as the next.
points-behind = What is suggested is { $points } behind; the order of the suggestions decided.
heading-fired = Rules that fired, and the answers that made them
always = always
heading-nearly = Rules that lacked one thing
lacks = This would count too if { $missing }.
said-answer = the answer to "{ $question }" is { $answers }
said-marked = at least { $number } of these are marked in "{ $question }": { $answers }
said-not = this does not hold: { $part }
said-at-least-of = at least { $number } of these hold: { $parts }
said-finding = this holds: "{ $text }"
said-or-more = { $number } or more
said-or-less = { $number } or less
heading-elsewhere = The smallest changes that would lead elsewhere
heading-possible = What could still come of what is open
open-one = Whatever the answers to what is open, how soon to be seen and the suggestion stay as they are.
open-too-many = Too many questions are open to work out which suggestions remain possible.
open-settled = Whatever the answers to these, the suggestion, how soon to be seen, and what to avoid stay as they are.
open-higher = How soon to be seen may still change to: { $levels }.
open-first = This one settles most: "{ $question }"

## The hand-over sheet

sheet-title = Hand-over sheet
sheet-date = Date
sheet-client = Client
sheet-signs = { $yes } of { $asked } yes, { $unsure } not sure
sheet-signs-open = { $open ->
    [one] { $open } not answered
   *[other] { $open } not answered
}
heading-where-and-how-bad = Where, and how bad
heading-history = Onset and duration
heading-hands-on = Cautions, hands-on work first
no-cautions = No caution follows from these answers.
heading-answers = What was answered
heading-not-asked = Not asked, or not answered
heading-rules = Why: the rules that hold
column-rule = Reason
column-points = Points
column-sources = Sources
column-question = Question
column-answer = Answer
heading-next-best = Next best, and what would change it
heading-client-words = In the client's own words
heading-notes = Notes
not-asked-none = Every question that fits these answers was answered.
not-asked-branches = Not asked, as other answers made them needless: { $questions }
left-out-until-seen = What was said of treatments and wishes is left out here until the person has been seen.
answered-no = { $no } of the { $asked } asked one at a time: No
note-cut = cut here; the record has all { $number } characters
rules-more = { $number ->
    [one] And { $number } more, { $points }.
   *[other] And { $number } more, together { $points }.
}

## Comparing records

compare-title = What has changed
heading-new-warnings = New warning signs
heading-lasting-warnings = Warning signs that are still there
heading-unanswered-warnings = Warning signs without an answer this time
unanswered-note = They were found the time before and may still be there. Until you have answered the questions about them, do as you were told then.
heading-gone-warnings = Warning signs no longer found
gone-note = Not finding a sign again does not rule out its cause. Mention it when you see a professional.
no-new-warnings = No warning sign is new. That does not rule out a serious cause.
heading-course = The course in numbers
heading-care = How soon to be seen
care-may-rise = In the latest record, questions about warning signs are open: it may have to be sooner.
heading-suggestions = The suggestion
heading-changed = Answers that changed
heading-records = The records
column-earlier = Before
column-later = Now
course-better = Since { $since }: better by { $points }, a change that matters.
course-worse = Since { $since }: worse by { $points }, a change that matters.
course-better-little = Since { $since }: better by { $points }, too little to count as a change that matters.
course-worse-little = Since { $since }: worse by { $points }, too little to count as a change that matters.
course-same = Since { $since }: no change.
course-unknown = It cannot be compared, as a number is missing.
since-last = the time before
since-first = the first time
no-answer = –
nothing-changed = No answer changed.
record-line = version { $version }
record-older = made with version { $version } of the rules, which are at { $now } now; judged anew with the rules of now
record-dropped = left out, as they do not fit the rules of now: { $answers }
care-emergency = emergency (help is needed now)
care-same-day = today
care-prompt = within days
care-routine = routine
suggestion-changed = { $earlier } before, { $later } now.
suggestion-same = The same as before: { $later }.
suggestion-unnamed = no treatment
people-reference = { $question } differs: { $values }
people-back = { $question } went back: { $values }
people-ahead = { $question } went ahead by more than one step: { $values }

## Notes beside the result

note-written = wrote { $file }
note-emergency = Get emergency help now. { $advice }
note-language = there are no texts in `{ $tag }` for this rule set; they are in { $language }
note-translation = the texts in `{ $tag }` do not fit this rule set; English is used
note-country = no number is known for `{ $country }`; the general words are used
note = note
note-not-counted = { $count ->
    [one] { $flags } does not count: with the other answers it is not asked
   *[other] { $flags } do not count: with the other answers they are not asked
}
note-made-with = `{ $file }` was made with version { $version } of the rules; judged anew with version { $now }
note-left-out = left out, as they fit no more: { $answers }

## The interview

progress = Question { $number } of about { $about }
why-asked = Why this is asked: { $why }
so-far = So far: { $note }
nothing-said = (nothing)
first-question = This is the first question.
kept-in = Each answer is kept in { $file } as you give it. Ctrl-C stops at any time.
kept-nowhere = Ctrl-C stops at any time; nothing is kept then.
review-complete = Your answers
review-so-far = Your answers so far
review-pick = Pick an answer to change it.
see-result = See the result
go-on = Go on with the questions
stop-ask = The questions left cannot change the result. Do you want to stop here?
stop-about = Whatever you answer, how soon to be seen, the suggestion and what to avoid stay as they are.
stop-why = Your answers so far settle the result. The rest would still tell a professional more about you.
wrong-too-many = Please choose at most { $most }.
wrong-nothing-but-none = Nothing is marked yet. If nothing applies, mark "{ $none }".
wrong-nothing = Nothing is marked yet.
wrong-alone = "{ $answer }" cannot go with another answer.
wrong-one = Please choose one answer.
wrong-too-long = Too long: the text has { $number } characters, at most { $most } can be kept.

# The keys of the drawn prompts; the narrow ones for windows that have no room for more.
keys-one = { $arrows } move, Enter answers, Esc goes back, Ctrl-C stops
keys-many = { $arrows } move, Space marks, Enter when done, Esc goes back, Ctrl-C stops
keys-one-narrow = { $arrows } Enter, Esc back
keys-many-narrow = { $arrows } Space marks, Enter, Esc back
keys-arrows = Up/Down
keys-text = Type, then Enter; it may stay empty. < goes back, ? says why, Ctrl-C stops
keys-text-again = Enter keeps it, or type another; - empties it, < goes back, ? says why
keys-page = page { $page } of { $pages }: Left/Right turn it

# What is typed in plain lines, in small letters; several words for one thing stand side by side.
typed-back = b
typed-save = s
typed-unsure = u
typed-yes = y
typed-no = n
plain-prompt = Answer:
plain-given = Your answer: { $answer }.
plain-scale = { $from } means { $low }. { $to } means { $high }.
plain-before = Your answer so far: { $answer }. Enter alone keeps it.
plain-number = Type a number from { $from } to { $to }.
plain-unsure = Type { typed-unsure } for: { $unsure }.
plain-many = Type one or more numbers from 1 to { $count }, such as 1 2.
plain-at-most = Type one or more numbers from 1 to { $count }, at most { $most }, such as 1 2.
plain-one = Type one number from 1 to { $count }.
plain-text = Type your answer. It may stay empty.
plain-keys = Then Enter. { typed-back } goes back, ? says why.
plain-save = { typed-save } saves and stops.
plain-no-answer = "{ $typed }" is no answer here.
plain-no-session = Nothing is kept without --session, so there is nothing to save.
plain-see-result = Enter alone to see the result. Or type the number of an answer to change it, from 1 to { $count }. { typed-back } goes back.
plain-go-on = Enter alone to go on with the questions. Or type the number of an answer to change it, from 1 to { $count }. { typed-back } goes back.
plain-review-prompt = Enter, or a number:

# Numbers as they are heard: from zero as far as they are irregular, then by tens.
numbers = zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen
tens = twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety
tens-and-ones = { $tens }-{ $ones }

## Answers that are kept

stopped-kept = { $number ->
    [one] stopped: { $number } answer is kept; go on with `{ $command }`
   *[other] stopped: { $number } answers are kept; go on with `{ $command }`
}
stopped-nothing = stopped: nothing was kept; with `--session FILE` you can go on later
session-found = { $number ->
    [one] Going on: { $number } answer is kept in { $file }.
   *[other] Going on: { $number } answers are kept in { $file }.
}
session-edition = They were given under another edition of the questions, version { $now }.
session-version = They were given under version { $version } of the questions; this is { $now }.
session-asked-again = No longer fitting, and asked again if it applies: { $questions }.
session-gone = Kept in the file, though not asked any more: { $answers }.
answers-to-gone = { $number ->
    [one] { $number } answer to a question that there is no more
   *[other] { $number } answers to questions that there are no more
}
session-none = this is no session of an interview
session-none-help = give `--session` a file that it kept, or one that is not there yet
session-shape = this session is not of shape { $shape }
session-shape-help = go on with it in the version of the program that kept it
session-damaged = this session is not as it was written
session-damaged-help = its answers can be taken with `--answers`, once you have looked at them
session-other = this session is of `{ $found }`, not of `{ $expected }`
session-other-help = give its rule set with `--rules`, or begin another session
session-no-text = it is no text, or too long for a session
session-empty = it is empty
session-unusable = `{ $file }` cannot be gone on with, and was left as it is
session-unusable-help = restore it from a copy, or move it away and begin another session
session-changed = `{ $file }` was changed by another program, and was left as it is
session-changed-help = close the other window, and go on with what is in the file

## What fails

error = error
cannot-read = cannot read `{ $file }`: { $reason }
cannot-read-help = check the name, and that it is a file you may read
cannot-write = cannot write `{ $file }`: { $reason }
cannot-write-help = check that its folder exists and that you may write there
reason-not-there = no such file or directory
reason-not-allowed = permission denied
reason-folder = is a directory
reason-no-file = it is not a file
reason-full = no space left on device
different-people = these records look like those of different people
different-people-help = check the files; `--different-people` compares them all the same
record-damaged = this record is damaged, or is no whole record
record-damaged-help = take it from a copy, or give another result or session
record-other = this is a record of `{ $found }`, not of `{ $expected }`
record-other-help = give the rule set it was made with, with `--rules`
cannot-write-full = cannot write `{ $file }`: { $reason }
cannot-write-full-help = make room there, or write to another place
file-too-large = `{ $file }` is larger than { $most } MiB
file-too-large-help = check that it is the file you meant
file-no-text = `{ $file }` is not text: byte { $byte } is not UTF-8
file-no-text-help = check that it is the file you meant
output-is-read = `{ $file }` is read here; the result would be written over it
output-is-read-help = give `--output` another name
open-questions = { $number ->
    [one] { $number } question is open, { $why }
   *[other] { $number } questions are open, { $why }
}
open-questions-help = answer them by flag, or in a file with --answers; --partial assesses without them
open-no-input = and --no-input is given
open-no-terminal = and there is no terminal to ask on
faults = { $number ->
    [one] { $number } fault
   *[other] { $number } faults
}

## Answers that do not fit

did-you-mean = did you mean `{ $near }`?
expected = expected { $what }
expected-others = expected { $known } or one of { $number } others
expected-number = a whole number from { $from } to { $to }
expected-number-unsure = a whole number from { $from } to { $to } or `unsure`
expected-text = text of at most { $most } characters
expected-at-most = at most { $most } of { $words }
expected-some = one or more of { $words }
misfit-no-answer = { $word } is no answer to { $question }
misfit-nothing = no answer is given
misfit-long = the text has { $length } characters
misfit-one = { $question } takes one answer, not { $number }
misfit-many = { $number } answers are too many
misfit-alone = { $word } cannot go with another answer
misfit-alone-help = give { $word } alone, or leave it out
answers-none = expected answers, found { $found }
answers-none-help = write one line for each question, such as `pain: 5`
answers-unknown = { $id } is no question of this rule set
found-nothing = nothing
found-value = a single value
found-list = a list
found-mapping = a mapping

## The list of questions

listing-answer = answer
listing-scale = scale
listing-ends = { $from } is { $low }, { $to } is { $high }
listing-when = asked when
listing-asked = asked
listing-always = always
listing-therapist = a therapist asks
listing-why = why
