//! What the terminal sends, told apart: keys, pasted text, and replies of the terminal that nobody shall see typed.
//!
//! crossterm's reader is not used: version 0.29 spins for ever once the terminal is gone, hands the answer to a colour
//! query (`ESC ] 11 ; rgb:…`) to the program as typed text, and breaks an escape sequence that arrives in two parts
//! into Escape and letters. Sequences are those of ECMA-48 and of xterm's `ctlseqs`. May use `app`.

use std::time::Duration;

use crate::app::event::{Event, Key, KeyCode};

const ESCAPE: u8 = 0x1b;
/// What makes a sequence of an Escape.
const INTRODUCERS: &[u8] = b"[O]P_^X";
const PASTE_END: &[u8] = b"\x1b[201~";
/// What is kept of one paste, in bytes; far more than any field takes.
const PASTE_LIMIT: usize = 1 << 20;

/// After this silence a lone Escape byte is the Escape key and not the start of a sequence. tmux waits as long.
const ESCAPE_PATIENCE: Duration = Duration::from_millis(10);
/// After this silence a sequence that began is given up.
const SEQUENCE_PATIENCE: Duration = Duration::from_millis(200);
/// After this silence a paste without an end has ended.
const PASTE_PATIENCE: Duration = Duration::from_secs(2);

/// Turns bytes into events; keeps what is not complete yet.
#[derive(Debug, Default)]
pub(super) struct Keyboard {
    pending: Vec<u8>,
    paste: Option<Vec<u8>>,
}

enum Token {
    Key(Key),
    PasteStart,
    Nothing,
}

impl Keyboard {
    /// Takes in bytes as they were read; returns the events that are complete.
    pub(super) fn advance(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        // A terminal sends alt and a key in one piece. After an Escape that was read alone, only what continues a
        // sequence belongs to it, so that Escape and `q` in quick succession are two keys.
        if self.pending == [ESCAPE] && bytes.first().is_some_and(|next| !INTRODUCERS.contains(next)) {
            self.pending.clear();
            events.push(Event::Key(plain_key(KeyCode::Esc)));
        }
        self.pending.extend_from_slice(bytes);
        loop {
            if self.paste.is_some() {
                match self.take_paste() {
                    Some(text) => events.push(Event::Paste(text)),
                    None => return events,
                }
            }
            let Some((used, token)) = token(&self.pending) else { return events };
            self.pending.drain(..used);
            match token {
                Token::Key(key) => events.push(Event::Key(key)),
                Token::PasteStart => self.paste = Some(Vec::new()),
                Token::Nothing => {}
            }
        }
    }

    /// How long to wait for the rest of what has begun; none if nothing has.
    pub(super) fn patience(&self) -> Option<Duration> {
        if self.paste.is_some() {
            return Some(PASTE_PATIENCE);
        }
        match self.pending.len() {
            0 => None,
            1 | 2 => Some(ESCAPE_PATIENCE),
            _ => Some(SEQUENCE_PATIENCE),
        }
    }

    /// The rest did not come: what there is, is all there is.
    pub(super) fn give_up(&mut self) -> Option<Event> {
        let pending = std::mem::take(&mut self.pending);
        if let Some(mut paste) = self.paste.take() {
            append(&mut paste, &pending);
            return Some(Event::Paste(text(&paste)));
        }
        match pending.as_slice() {
            [ESCAPE] => Some(Event::Key(plain_key(KeyCode::Esc))),
            [ESCAPE, letter @ 0x20..=0x7e] => {
                Some(Event::Key(Key { alt: true, ..plain_key(KeyCode::Char(char::from(*letter))) }))
            }
            _ => None,
        }
    }

    /// Moves what was pasted out of the pending bytes; returns the whole text once its end is there.
    fn take_paste(&mut self) -> Option<String> {
        let end = self.pending.windows(PASTE_END.len()).position(|window| window == PASTE_END);
        // Without an end, the last bytes may be the first ones of the end.
        let upto = end.unwrap_or(self.pending.len().saturating_sub(PASTE_END.len()));
        let pasted: Vec<u8> = self.pending.drain(..upto).collect();
        append(self.paste.get_or_insert_default(), &pasted);
        end?;
        self.pending.drain(..PASTE_END.len());
        self.paste.take().map(|paste| text(&paste))
    }
}

fn append(paste: &mut Vec<u8>, bytes: &[u8]) {
    let room = PASTE_LIMIT.saturating_sub(paste.len());
    paste.extend(bytes.iter().take(room));
}

/// Terminals send the line ends of pasted text as the Enter key does.
fn text(paste: &[u8]) -> String {
    String::from_utf8_lossy(paste).replace("\r\n", "\n").replace('\r', "\n")
}

fn plain_key(code: KeyCode) -> Key {
    Key { code, ctrl: false, alt: false }
}

/// The first token and the bytes it takes; none if it is not complete.
fn token(bytes: &[u8]) -> Option<(usize, Token)> {
    match bytes {
        [] | [ESCAPE] => None,
        [ESCAPE, ESCAPE, ..] => Some((1, Token::Key(plain_key(KeyCode::Esc)))),
        [ESCAPE, b'[', rest @ ..] => control_sequence(rest).map(|(used, token)| (used + 2, token)),
        [ESCAPE, b'O', rest @ ..] => rest.first().map(|last| (3, single_shift(*last))),
        [ESCAPE, b']' | b'P' | b'_' | b'^' | b'X', rest @ ..] => {
            reply_length(rest).map(|used| (used + 2, Token::Nothing))
        }
        [ESCAPE, rest @ ..] => character(rest).map(|(used, token)| (used + 1, with_alt(token))),
        _ => character(bytes),
    }
}

fn with_alt(token: Token) -> Token {
    match token {
        Token::Key(key) => Token::Key(Key { alt: true, ..key }),
        other => other,
    }
}

/// The bytes of a reply up to and with its end, BEL or `ESC \`.
fn reply_length(bytes: &[u8]) -> Option<usize> {
    let bell = bytes.iter().position(|byte| *byte == 0x07).map(|at| at + 1);
    let terminator = bytes.windows(2).position(|pair| pair == [ESCAPE, b'\\']).map(|at| at + 2);
    bell.into_iter().chain(terminator).min()
}

fn character(bytes: &[u8]) -> Option<(usize, Token)> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((1, ascii(first)));
    }
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((1, Token::Nothing)),
    };
    match bytes.get(..length) {
        Some(whole) => {
            let typed = std::str::from_utf8(whole).ok().and_then(|text| text.chars().next());
            Some(match typed {
                Some(typed) if !typed.is_control() => (length, Token::Key(plain_key(KeyCode::Char(typed)))),
                Some(_) => (length, Token::Nothing),
                None => (1, Token::Nothing),
            })
        }
        None if bytes.iter().skip(1).all(|byte| (0x80..0xc0).contains(byte)) => None,
        None => Some((1, Token::Nothing)),
    }
}

fn ascii(byte: u8) -> Token {
    let control = |typed: u8| Key { ctrl: true, ..plain_key(KeyCode::Char(char::from(typed))) };
    Token::Key(match byte {
        b'\r' | b'\n' => plain_key(KeyCode::Enter),
        b'\t' => plain_key(KeyCode::Tab),
        0x7f | 0x08 => plain_key(KeyCode::Backspace),
        0 => control(b' '),
        0x01..=0x1a => control(byte + 0x60),
        ESCAPE => plain_key(KeyCode::Esc),
        0x1c..=0x1f => control(byte + 0x40),
        _ => plain_key(KeyCode::Char(char::from(byte))),
    })
}

fn single_shift(last: u8) -> Token {
    let code = match last {
        b'M' => Some(KeyCode::Enter),
        other => cursor_key(other),
    };
    code.map_or(Token::Nothing, |code| Token::Key(plain_key(code)))
}

fn cursor_key(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'R' => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

/// What follows `ESC [`.
fn control_sequence(bytes: &[u8]) -> Option<(usize, Token)> {
    let at = bytes.iter().position(|byte| !(0x20..=0x3f).contains(byte))?;
    let last = *bytes.get(at)?;
    let parameters = bytes.get(..at).unwrap_or_default();
    let used = at + 1;
    match (parameters, last) {
        // The console of Linux sends F1 to F5 as `ESC [ [ A` to `ESC [ [ E`.
        ([], b'[') => bytes.get(used).map(|letter| (used + 1, console_function_key(*letter))),
        // An old mouse report: three more bytes.
        ([], b'M') => (bytes.len() >= used + 3).then_some((used + 3, Token::Nothing)),
        (b"200", b'~') => Some((used, Token::PasteStart)),
        (_, 0x40..=0x7e) => Some((used, sequence_key(parameters, last).map_or(Token::Nothing, Token::Key))),
        // Broken off by something else, which is looked at anew.
        _ => Some((at, Token::Nothing)),
    }
}

fn console_function_key(letter: u8) -> Token {
    match letter {
        b'A'..=b'E' => Token::Key(plain_key(KeyCode::F(letter - b'A' + 1))),
        _ => Token::Nothing,
    }
}

fn sequence_key(parameters: &[u8], last: u8) -> Option<Key> {
    let numbers = numbers(parameters)?;
    let (first, second) = (numbers.first().copied().unwrap_or(1), numbers.get(1).copied().unwrap_or(1));
    match last {
        b'~' if first == 27 => modified(typed_code(*numbers.get(2)?)?, second),
        b'~' => modified(numbered_key(first)?, second),
        b'u' => modified(typed_code(first)?, second),
        b'Z' => Some(plain_key(KeyCode::BackTab)),
        // With a row above 1 this is the answer to a question for the cursor's place, not F3.
        b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' if first == 1 => modified(cursor_key(last)?, second),
        _ => None,
    }
}

/// The parameters as numbers, a missing one as 1; none if they are not those of a key. Sub-parameters count only for
/// the kind of event: a released key (`:3`) is none.
fn numbers(parameters: &[u8]) -> Option<Vec<u32>> {
    let parameters = std::str::from_utf8(parameters).ok()?;
    if parameters.is_empty() {
        return Some(Vec::new());
    }
    parameters
        .split(';')
        .enumerate()
        .map(|(place, parameter)| {
            let (number, sub) = parameter.split_once(':').unwrap_or((parameter, ""));
            if place == 1 && sub == "3" {
                return None;
            }
            if number.is_empty() { Some(1) } else { number.parse().ok() }
        })
        .collect()
}

fn numbered_key(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(u8::try_from(number - 10).ok()?),
        17..=21 => KeyCode::F(u8::try_from(number - 11).ok()?),
        23..=24 => KeyCode::F(u8::try_from(number - 12).ok()?),
        _ => return None,
    })
}

fn typed_code(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        _ => KeyCode::Char(char::from_u32(number).filter(|typed| !typed.is_control())?),
    })
}

/// `modifiers` as xterm counts them: one more than the sum of 1 for shift, 2 for alt and 4 for ctrl.
fn modified(code: KeyCode, modifiers: u32) -> Option<Key> {
    let bits = modifiers.checked_sub(1)?;
    let code = if code == KeyCode::Tab && bits & 1 == 1 { KeyCode::BackTab } else { code };
    Some(Key { code, alt: bits & 2 == 2, ctrl: bits & 4 == 4 })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn key(code: KeyCode) -> Event {
        Event::Key(plain_key(code))
    }

    fn letters(text: &str) -> Vec<Event> {
        text.chars().map(|typed| key(KeyCode::Char(typed))).collect()
    }

    #[rstest]
    #[case(b"a", KeyCode::Char('a'), false, false)]
    #[case("ü".as_bytes(), KeyCode::Char('ü'), false, false)]
    #[case("👍".as_bytes(), KeyCode::Char('👍'), false, false)]
    #[case(b"\r", KeyCode::Enter, false, false)]
    #[case(b"\x7f", KeyCode::Backspace, false, false)]
    #[case(b"\x03", KeyCode::Char('c'), true, false)]
    #[case(b"\x1a", KeyCode::Char('z'), true, false)]
    #[case(b"\x1bx", KeyCode::Char('x'), false, true)]
    #[case(b"\x1b[A", KeyCode::Up, false, false)]
    #[case(b"\x1bOB", KeyCode::Down, false, false)]
    #[case(b"\x1b[1;5C", KeyCode::Right, true, false)]
    #[case(b"\x1b[Z", KeyCode::BackTab, false, false)]
    #[case(b"\x1b[3~", KeyCode::Delete, false, false)]
    #[case(b"\x1b[5~", KeyCode::PageUp, false, false)]
    #[case(b"\x1b[15~", KeyCode::F(5), false, false)]
    #[case(b"\x1b[[B", KeyCode::F(2), false, false)]
    #[case(b"\x1b[24~", KeyCode::F(12), false, false)]
    #[case(b"\x1b[97;5u", KeyCode::Char('a'), true, false)]
    #[case(b"\x1b[27;2;9~", KeyCode::BackTab, false, false)]
    fn one_key(#[case] bytes: &[u8], #[case] code: KeyCode, #[case] ctrl: bool, #[case] alt: bool) {
        let mut keyboard = Keyboard::default();
        assert_eq!(keyboard.advance(bytes), [Event::Key(Key { code, ctrl, alt })]);
        assert_eq!(keyboard.patience(), None);
    }

    #[rstest]
    #[case::colour(b"\x1b]11;rgb:1010/1010/1010\x1b\\")]
    #[case::colour_with_bell(b"\x1b]11;rgb:1010/1010/1010\x07")]
    #[case::device(b"\x1b[?62;22c")]
    #[case::cursor(b"\x1b[12;40R")]
    #[case::version(b"\x1bP>|xterm(390)\x1b\\")]
    #[case::focus(b"\x1b[I")]
    #[case::mouse(b"\x1b[<0;10;10M")]
    #[case::old_mouse(b"\x1b[M !!")]
    #[case::released(b"\x1b[97;1:3u")]
    #[case::no_utf8(b"\xff\x9b")]
    fn replies_of_the_terminal_are_not_typed(#[case] bytes: &[u8]) {
        for split in 1..=bytes.len() {
            let mut keyboard = Keyboard::default();
            let (start, end) = bytes.split_at(split);
            assert_eq!(keyboard.advance(start), []);
            assert_eq!(keyboard.advance(end), []);
            assert_eq!(keyboard.advance(b"ok"), letters("ok"));
        }
    }

    #[test]
    fn a_sequence_in_two_parts_is_one_key() {
        let mut keyboard = Keyboard::default();
        assert_eq!(keyboard.advance(b"\x1b"), []);
        assert_eq!(keyboard.patience(), Some(ESCAPE_PATIENCE));
        assert_eq!(keyboard.advance(b"[A"), [key(KeyCode::Up)]);
    }

    #[test]
    fn escape_and_a_key_read_apart_are_two_keys() {
        let mut keyboard = Keyboard::default();
        assert_eq!(keyboard.advance(b"\x1b"), []);
        assert_eq!(keyboard.advance(b"q"), [key(KeyCode::Esc), key(KeyCode::Char('q'))]);
    }

    #[test]
    fn escape_alone_is_the_escape_key_after_silence() {
        let mut keyboard = Keyboard::default();
        assert_eq!(keyboard.advance(b"\x1b"), []);
        assert_eq!(keyboard.give_up(), Some(key(KeyCode::Esc)));
        assert_eq!(keyboard.advance(b"\x1b\x1b"), [key(KeyCode::Esc)]);
        assert_eq!(keyboard.give_up(), Some(key(KeyCode::Esc)));
        assert_eq!(keyboard.patience(), None);
    }

    #[test]
    fn pasted_text_comes_whole_and_is_never_keys() {
        let bytes = "\x1b[200~q\r\nü\x1b[A\x1b[201~x".as_bytes();
        for split in 0..bytes.len() {
            let mut keyboard = Keyboard::default();
            let (start, end) = bytes.split_at(split);
            let mut events = keyboard.advance(start);
            events.extend(keyboard.advance(end));
            assert_eq!(events, [Event::Paste("q\nü\x1b[A".to_owned()), key(KeyCode::Char('x'))]);
        }
    }

    #[test]
    fn a_paste_without_end_ends_with_the_silence() {
        let mut keyboard = Keyboard::default();
        assert_eq!(keyboard.advance(b"\x1b[200~deploy"), []);
        assert_eq!(keyboard.patience(), Some(PASTE_PATIENCE));
        assert_eq!(keyboard.give_up(), Some(Event::Paste("deploy".to_owned())));
        assert_eq!(keyboard.advance(b"x"), letters("x"));
    }

    #[test]
    fn a_large_paste_is_cut() {
        let mut keyboard = Keyboard::default();
        keyboard.advance(b"\x1b[200~");
        for _ in 0..3 {
            keyboard.advance(&vec![b'x'; PASTE_LIMIT / 2]);
        }
        assert_eq!(keyboard.advance(PASTE_END), [Event::Paste("x".repeat(PASTE_LIMIT))]);
    }
}
