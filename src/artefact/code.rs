//! The constant behind `OpenSSL_version_num`, read from machine code: the function does nothing but
//! return it.

use memchr::memmem;
use object::Architecture;

use crate::openssl::version::Version;

/// As much of a function as can matter, in bytes.
pub(super) const FUNCTION: u64 = 64;

/// The number that this function returns, if it is one of OpenSSL's.
pub(super) fn returned_number(
    architecture: Architecture,
    little_endian: bool,
    function: &[u8],
) -> Option<u32> {
    let code = &function[..function.len().min(FUNCTION as usize)];
    let number = match architecture {
        Architecture::I386 | Architecture::X86_64 | Architecture::X86_64_X32 => x86(code),
        Architecture::Aarch64 | Architecture::Aarch64_Ilp32 => halves(code, true, aarch64),
        Architecture::Arm => arm(code).or_else(|| thumb(code)),
        Architecture::PowerPc | Architecture::PowerPc64 => halves(code, little_endian, power),
        Architecture::S390x => {
            memmem::find(code, &[0xc0, 0x2f]).and_then(|at| word(&code[at + 2..], false))
        }
        Architecture::Riscv32 | Architecture::Riscv64 => riscv(code),
        _ => None,
    };
    number.filter(|&number| Version::from_number(number).is_some())
}

/// The number that some function in the code returns, wherever it stands, because the symbol that
/// names it is stripped: this one, or the same with the other status nibble, which one release
/// carried (UPSTREAM 8).
pub(super) fn returned_anywhere(
    architecture: Architecture,
    code: &[u8],
    number: u32,
) -> Option<u32> {
    let is_it = |found: u32| found == number || found == number | 0xf;
    match architecture {
        Architecture::I386 | Architecture::X86_64 | Architecture::X86_64_X32 => {
            // mov eax, imm32; ret. The lowest byte is the one that differs.
            let [_, rest @ ..] = number.to_le_bytes();
            let needle = [rest[0], rest[1], rest[2], 0xc3];
            memmem::find_iter(code, &needle).find_map(|at| {
                let function = code.get(at.checked_sub(2)?..)?.strip_prefix(&[0xb8])?;
                word(function, true).filter(|found| is_it(*found))
            })
        }
        Architecture::Aarch64 | Architecture::Aarch64_Ilp32 => {
            // mov w0, #low; movk w0, #high, lsl #16; ret: or the same in the 64-bit form, where
            // only the highest byte of either differs.
            let [needle @ .., _] = (0x72a0_0000_u32 | ((number >> 16) << 5)).to_le_bytes();
            memmem::find_iter(code, &needle).find_map(|at| {
                let function = code.get(at.checked_sub(4)?..)?;
                let is_returned = word(function.get(8..)?, true)? == 0xd65f_03c0;
                let low = matches!(aarch64(word(function, true)?), CodeStep::Set(_));
                let high = matches!(aarch64(word(&function[4..], true)?), CodeStep::High(_));
                halves(&function[..8], true, aarch64)
                    .filter(|found| is_returned && low && high && is_it(*found))
            })
        }
        _ => None,
    }
}

/// `mov eax, imm32`, after what compilers put in front of it.
fn x86(code: &[u8]) -> Option<u32> {
    const BEFORE: [&[u8]; 5] = [
        &[0xf3, 0x0f, 0x1e, 0xfa],
        &[0xf3, 0x0f, 0x1e, 0xfb],
        &[0x55],
        &[0x48, 0x89, 0xe5],
        &[0x89, 0xe5],
    ];
    let mut code = code;
    while let Some(rest) = BEFORE.iter().find_map(|before| code.strip_prefix(*before)) {
        code = rest;
    }
    word(
        code.strip_prefix(&[0xb8])
            .or_else(|| code.strip_prefix(&[0x48, 0xc7, 0xc0]))?,
        true,
    )
}

/// One instruction's part in building the number.
enum CodeStep {
    Set(u32),
    High(u32),
    Low(u32),
    Other,
    Return,
}

/// A number built from two halves by fixed-width instructions.
fn halves(code: &[u8], little_endian: bool, decode: fn(u32) -> CodeStep) -> Option<u32> {
    let mut number = None;
    for chunk in code.chunks_exact(4) {
        match decode(word(chunk, little_endian)?) {
            CodeStep::Set(value) => number = Some(value),
            CodeStep::High(high) => number = Some((number.unwrap_or(0) & 0xffff) | (high << 16)),
            CodeStep::Low(low) => number = Some((number.unwrap_or(0) & 0xffff_0000) | low),
            CodeStep::Other => {}
            CodeStep::Return => break,
        }
    }
    number
}

/// `movz`/`movk` of register 0.
fn aarch64(instruction: u32) -> CodeStep {
    let half = (instruction >> 5) & 0xffff;
    match instruction & 0x7fe0_001f {
        0x5280_0000 => CodeStep::Set(half),
        0x52a0_0000 => CodeStep::Set(half << 16),
        0x7280_0000 => CodeStep::Low(half),
        0x72a0_0000 => CodeStep::High(half),
        _ if instruction == 0xd65f_03c0 => CodeStep::Return,
        _ => CodeStep::Other,
    }
}

/// `lis r3`/`ori r3,r3`.
fn power(instruction: u32) -> CodeStep {
    let half = instruction & 0xffff;
    match instruction >> 16 {
        0x3c60 => CodeStep::Set(half << 16),
        0x6063 => CodeStep::Low(half),
        _ if instruction == 0x4e80_0020 => CodeStep::Return,
        _ => CodeStep::Other,
    }
}

/// `ldr r0, [pc, #n]`, `movw r0`/`movt r0`, or `mov r0`/`orr r0, r0` with rotated constants.
fn arm(code: &[u8]) -> Option<u32> {
    let mut number = None;
    for (at, chunk) in code.chunks_exact(4).enumerate() {
        let instruction = word(chunk, true)?;
        let half = ((instruction >> 4) & 0xf000) | (instruction & 0xfff);
        let rotated = (instruction & 0xff).rotate_right((instruction >> 7) & 0x1e);
        match (instruction & 0xfff0_f000, instruction & 0xffff_f000) {
            (_, 0xe59f_0000) => {
                return word(
                    code.get(at * 4 + 8 + usize::try_from(instruction & 0xfff).ok()?..)?,
                    true,
                );
            }
            (0xe300_0000, _) => number = Some(half),
            (0xe340_0000, _) => number = Some((number? & 0xffff) | (half << 16)),
            (_, 0xe3a0_0000) => number = Some(rotated),
            (_, 0xe380_0000) => number = Some(number? | rotated),
            _ if instruction == 0xe12f_ff1e => return number,
            _ => {}
        }
    }
    None
}

/// The same in Thumb's halfwords.
fn thumb(code: &[u8]) -> Option<u32> {
    let halfword = |at: usize| {
        code.get(at..at + 2)
            .map(|bytes| u32::from(bytes[0]) | (u32::from(bytes[1]) << 8))
    };
    let (mut at, mut number) = (0, None);
    while at < 24 {
        let first = halfword(at)?;
        at += 2;
        match first & 0xff00 {
            _ if first == 0x4770 => return number,
            0x2000 => number = Some(first & 0xff),
            0x4800 => {
                // The literal is counted from the next word; whether that is 2 or 4 bytes on
                // depends on where the function stands.
                let literal = at + 4 * usize::try_from(first & 0xff).ok()?;
                let candidates = [literal, literal + 2]
                    .into_iter()
                    .filter_map(|at| word(code.get(at..)?, true));
                return candidates
                    .into_iter()
                    .find(|&number| Version::from_number(number).is_some());
            }
            _ if matches!(first & 0xfbf0, 0xf240 | 0xf2c0) => {
                let second = halfword(at)?;
                at += 2;
                let half = ((first & 0xf) << 12)
                    | ((first & 0x400) << 1)
                    | ((second & 0x7000) >> 4)
                    | (second & 0xff);
                if second & 0x8f00 == 0 {
                    number = Some(if first & 0x80 == 0 {
                        half
                    } else {
                        (number? & 0xffff) | (half << 16)
                    });
                }
            }
            // Another instruction of two halfwords.
            _ if first >= 0xe800 => at += 2,
            _ => {}
        }
    }
    None
}

/// `lui a0`/`addi(w) a0,a0`, the second often compressed.
fn riscv(code: &[u8]) -> Option<u32> {
    let upper = word(code, true)?;
    if upper & 0xfff != 0x537 {
        return None;
    }
    let rest = &code[4..];
    let short = u16::from_le_bytes([*rest.first()?, *rest.get(1)?]);
    let low = match word(rest, true) {
        Some(lower) if matches!(lower & 0x000f_ffff, 0x5_0513 | 0x5_051b) => (lower as i32) >> 20,
        _ if matches!(short & 0xef83, 0x0501 | 0x2501) => {
            let low = i32::from((short >> 2) & 0x1f);
            if short & 0x1000 == 0 { low } else { low - 32 }
        }
        _ => 0,
    };
    Some((upper & 0xffff_f000).wrapping_add_signed(low))
}

fn word(bytes: &[u8], little_endian: bool) -> Option<u32> {
    let bytes = *bytes.first_chunk::<4>()?;
    Some(if little_endian {
        u32::from_le_bytes(bytes)
    } else {
        u32::from_be_bytes(bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What compilers make of `unsigned long OpenSSL_version_num(void) { return 0x30500040; }`.
    #[test]
    fn the_function_in_the_code_of_many_processors() {
        let little: [(Architecture, &[u8]); 12] = [
            (
                Architecture::X86_64,
                &[0xf3, 0x0f, 0x1e, 0xfa, 0xb8, 0x40, 0x00, 0x50, 0x30, 0xc3],
            ),
            (
                Architecture::X86_64,
                &[
                    0x55, 0x48, 0x89, 0xe5, 0xb8, 0x40, 0x00, 0x50, 0x30, 0x5d, 0xc3,
                ],
            ),
            (Architecture::I386, &[0xb8, 0x40, 0x00, 0x50, 0x30, 0xc3]),
            (
                Architecture::Aarch64,
                &[
                    0x00, 0x08, 0x80, 0xd2, 0x00, 0x0a, 0xa6, 0xf2, 0xc0, 0x03, 0x5f, 0xd6,
                ],
            ),
            (
                Architecture::Aarch64,
                &[
                    0x5f, 0x24, 0x03, 0xd5, 0x00, 0x08, 0x80, 0x52, 0x00, 0x0a, 0xa6, 0x72, 0xc0,
                    0x03, 0x5f, 0xd6,
                ],
            ),
            (
                Architecture::Arm,
                &[
                    0x00, 0x00, 0x9f, 0xe5, 0x1e, 0xff, 0x2f, 0xe1, 0x40, 0x00, 0x50, 0x30,
                ],
            ),
            (
                Architecture::Arm,
                &[
                    0x40, 0x00, 0xa0, 0xe3, 0x05, 0x06, 0x80, 0xe3, 0x03, 0x02, 0x80, 0xe3, 0x1e,
                    0xff, 0x2f, 0xe1,
                ],
            ),
            (
                Architecture::Arm,
                &[
                    0x40, 0x00, 0x00, 0xe3, 0x50, 0x00, 0x43, 0xe3, 0x1e, 0xff, 0x2f, 0xe1,
                ],
            ),
            (
                Architecture::Arm,
                &[0x40, 0x20, 0xc3, 0xf2, 0x50, 0x00, 0x70, 0x47],
            ),
            (
                Architecture::Arm,
                &[0x00, 0x48, 0x70, 0x47, 0x40, 0x00, 0x50, 0x30],
            ),
            (
                Architecture::Riscv64,
                &[0x37, 0x05, 0x50, 0x30, 0x1b, 0x05, 0x05, 0x04, 0x82, 0x80],
            ),
            (
                Architecture::PowerPc64,
                &[
                    0x50, 0x30, 0x60, 0x3c, 0x40, 0x00, 0x63, 0x60, 0x20, 0x00, 0x80, 0x4e,
                ],
            ),
        ];
        for (architecture, code) in little {
            assert_eq!(
                returned_number(architecture, true, code),
                Some(0x3050_0040),
                "{architecture:?}"
            );
        }
        let s390x = [0xc0, 0x2f, 0x30, 0x50, 0x00, 0x40, 0x07, 0xfe];
        assert_eq!(
            returned_number(Architecture::S390x, false, &s390x),
            Some(0x3050_0040)
        );
        let power = [
            0x3c, 0x60, 0x30, 0x50, 0x60, 0x63, 0x00, 0x40, 0x4e, 0x80, 0x00, 0x20,
        ];
        assert_eq!(
            returned_number(Architecture::PowerPc, false, &power),
            Some(0x3050_0040)
        );
    }

    #[test]
    fn a_stripped_function_is_found_by_what_it_does() {
        let mut code = vec![0x90; 100];
        code.extend([0xb8, 0x40, 0x00, 0x50, 0x30, 0xc3]);
        assert_eq!(
            returned_anywhere(Architecture::X86_64, &code, 0x3050_0040),
            Some(0x3050_0040)
        );
        assert_eq!(
            returned_anywhere(Architecture::X86_64, &code, 0x3050_0030),
            None
        );
        code[101] = 0x4f;
        assert_eq!(
            returned_anywhere(Architecture::X86_64, &code, 0x3050_0040),
            Some(0x3050_004f)
        );
        code[101] = 0x42;
        assert_eq!(
            returned_anywhere(Architecture::X86_64, &code, 0x3050_0040),
            None
        );
        assert_eq!(
            returned_anywhere(Architecture::X86_64, &code[102..], 0x3050_0040),
            None
        );
        for code in [
            [
                0x00, 0x08, 0x80, 0xd2, 0x00, 0x0a, 0xa6, 0xf2, 0xc0, 0x03, 0x5f, 0xd6,
            ],
            [
                0x00, 0x08, 0x80, 0x52, 0x00, 0x0a, 0xa6, 0x72, 0xc0, 0x03, 0x5f, 0xd6,
            ],
        ] {
            assert_eq!(
                returned_anywhere(Architecture::Aarch64, &code, 0x3050_0040),
                Some(0x3050_0040)
            );
            assert_eq!(
                returned_anywhere(Architecture::Aarch64, &code, 0x3050_0030),
                None
            );
            assert_eq!(
                returned_anywhere(Architecture::Aarch64, &code[..8], 0x3050_0040),
                None
            );
            assert_eq!(
                returned_anywhere(Architecture::Aarch64, &code[4..], 0x3050_0040),
                None
            );
        }
    }

    #[test]
    fn other_functions_return_no_version() {
        let thumb = [0x01, 0x20, 0x70, 0x47, 0x00, 0x00, 0x70, 0x47, 0x00, 0x00];
        for code in [
            &[][..],
            &[0xb8],
            &[0xb8, 1, 0, 0, 0, 0xc3],
            &[0xc3; 8],
            &[0; 64],
            &thumb,
        ] {
            for architecture in [
                Architecture::X86_64,
                Architecture::Riscv64,
                Architecture::Arm,
                Architecture::Aarch64,
                Architecture::S390x,
            ] {
                assert_eq!(
                    returned_number(architecture, true, code),
                    None,
                    "{architecture:?} {code:?}"
                );
            }
        }
    }
}
