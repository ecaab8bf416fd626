//! A git pack, measured before it is unpacked: what its objects come to, deltas applied
//! (gitformat-pack). A few kB can stand for many GB.

use std::collections::HashMap;
use std::io::Read;

use flate2::{Decompress, FlushDecompress, Status};

use crate::text::budget::{PACK_CHAIN, PACK_OBJECTS, PACK_UNPACKED};

/// Whether the objects of a pack stay within the budget.
///
/// # Errors
///
/// In words, if they do not, or if the pack is none.
pub fn measure(pack: &[u8]) -> Result<(), String> {
    let header = pack.get(..12).filter(|header| header.starts_with(b"PACK"));
    let count = header
        .and_then(|header| header[8..].try_into().ok())
        .map(u32::from_be_bytes)
        .ok_or("the pack is cut off or not git's")?;
    if count > PACK_OBJECTS {
        return Err(format!("the pack has more than {PACK_OBJECTS} objects"));
    }
    let mut walk = PackWalk {
        pack,
        at: 12,
        left: PACK_UNPACKED,
        chains: HashMap::new(),
    };
    for _ in 0..count {
        walk.object()?;
    }
    Ok(())
}

struct PackWalk<'a> {
    pack: &'a [u8],
    at: usize,
    /// Bytes that the objects to come may have.
    left: u64,
    /// How many deltas stand between an object and one that is whole, by where it starts.
    chains: HashMap<usize, usize>,
}

fn broken() -> String {
    "the pack is damaged".to_owned()
}

impl PackWalk<'_> {
    fn byte(&mut self) -> Result<u8, String> {
        let byte = self.pack.get(self.at).copied().ok_or_else(broken)?;
        self.at += 1;
        Ok(byte)
    }

    fn object(&mut self) -> Result<(), String> {
        let start = self.at;
        let first = self.byte()?;
        let mut size = u64::from(first & 15);
        let (mut byte, mut shift) = (first, 4);
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            size |= u64::from(byte & 0x7f)
                .checked_shl(shift)
                .filter(|_| shift < 57)
                .ok_or_else(broken)?;
            shift += 7;
        }
        let chain = match (first >> 4) & 7 {
            1..=4 => 0,
            6 => {
                let base = start.checked_sub(self.distance()?).ok_or_else(broken)?;
                1 + self.chains.get(&base).copied().ok_or_else(broken)?
            }
            // Bases by name would have to be hashed to be found; no server sends them that was
            // offered the other kind.
            7 => return Err("the pack has deltas of a kind that was not asked for".to_owned()),
            _ => return Err(broken()),
        };
        if chain > PACK_CHAIN {
            return Err(format!(
                "the pack has more than {PACK_CHAIN} deltas upon each other"
            ));
        }
        self.spend(size)?;
        let head = self.inflate(size)?;
        if chain > 0 {
            let (_, rest) = number(&head)?;
            let (result, _) = number(rest)?;
            self.spend(result)?;
        }
        self.chains.insert(start, chain);
        Ok(())
    }

    /// How far before a delta its base starts.
    fn distance(&mut self) -> Result<usize, String> {
        let mut byte = self.byte()?;
        let mut distance = usize::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            distance = distance
                .checked_add(1)
                .and_then(|distance| distance.checked_mul(128))
                .ok_or_else(broken)?
                | usize::from(byte & 0x7f);
        }
        Ok(distance)
    }

    fn spend(&mut self, bytes: u64) -> Result<(), String> {
        let left = self.left.checked_sub(bytes);
        self.left =
            left.ok_or_else(|| format!("the pack's objects have more than {PACK_UNPACKED} bytes"))?;
        Ok(())
    }

    /// Passes over the compressed bytes of an object and gives its first ones.
    fn inflate(&mut self, size: u64) -> Result<Vec<u8>, String> {
        let mut inflater = Decompress::new(true);
        let mut head = Vec::new();
        let mut buffer = vec![0; 16 << 10];
        loop {
            let (before_in, before_out) = (inflater.total_in(), inflater.total_out());
            let status = inflater
                .decompress(&self.pack[self.at..], &mut buffer, FlushDecompress::None)
                .map_err(|_| broken())?;
            let taken = usize::try_from(inflater.total_in() - before_in).map_err(|_| broken())?;
            let made = usize::try_from(inflater.total_out() - before_out).map_err(|_| broken())?;
            self.at += taken;
            // Two numbers of at most ten bytes stand at the front of a delta.
            let _ = buffer[..made]
                .take(32_u64.saturating_sub(head.len() as u64))
                .read_to_end(&mut head);
            if inflater.total_out() > size {
                return Err(broken());
            }
            match status {
                Status::StreamEnd if inflater.total_out() == size => return Ok(head),
                Status::StreamEnd => return Err(broken()),
                _ if taken == 0 && made == 0 => return Err(broken()),
                _ => {}
            }
        }
    }
}

/// A number at the front of a delta, and what comes after it.
fn number(bytes: &[u8]) -> Result<(u64, &[u8]), String> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok((number, &bytes[at + 1..]));
        }
    }
    Err(broken())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// An object's header and compressed bytes; `delta` tells how far before it its base starts.
    fn object(kind: u8, bytes: &[u8], size: usize, delta: &[u8]) -> Vec<u8> {
        let mut object = vec![(kind << 4) | 0x80 | (size & 15) as u8];
        let mut rest = size >> 4;
        while rest > 0x7f {
            object.push(0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        object.push(rest as u8);
        object.extend(delta);
        let mut encoder = flate2::write::ZlibEncoder::new(object, flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn pack(objects: &[Vec<u8>]) -> Vec<u8> {
        let count = u32::try_from(objects.len()).unwrap();
        let mut pack = [b"PACK\0\0\0\x02".as_slice(), &count.to_be_bytes()].concat();
        pack.extend(objects.concat());
        pack
    }

    fn delta(result: u64, distance: u8) -> Vec<u8> {
        let mut bytes = vec![4];
        let mut rest = result;
        while rest > 0x7f {
            bytes.push(0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        object(6, &bytes, bytes.len(), &[distance])
    }

    #[test]
    fn a_pack_of_ordinary_objects_stays_within_the_budget() {
        let base = object(3, b"text", 4, b"");
        let distance = u8::try_from(base.len()).unwrap();
        assert_eq!(measure(&pack(&[base, delta(100, distance)])), Ok(()));
    }

    #[test]
    fn a_small_pack_that_stands_for_a_large_one_is_refused() {
        let base = object(3, b"text", 4, b"");
        let distance = u8::try_from(base.len()).unwrap();
        let of_one = delta(1 << 33, distance);
        let zeros = vec![0; 1 << 20];
        let chain: Vec<Vec<u8>> = std::iter::successors(Some(base.clone()), |before| {
            Some(delta(4, u8::try_from(before.len()).unwrap()))
        })
        .take(200)
        .collect();
        let many = [b"PACK\0\0\0\x02".as_slice(), &u32::MAX.to_be_bytes()].concat();
        for (pack, why) in [
            (pack(&[base.clone(), of_one]), "more than 67108864 bytes"),
            (
                pack(&vec![object(3, &zeros, zeros.len(), b""); 65]),
                "more than 67108864 bytes",
            ),
            (pack(&[object(3, &zeros, 4, b"")]), "damaged"),
            (pack(&[object(6, b"text", 4, &[127])]), "damaged"),
            (pack(&chain), "more than 100 deltas"),
            (many, "more than 50000 objects"),
            (b"PACK".to_vec(), "cut off"),
            (pack(&[base])[..15].to_vec(), "damaged"),
        ] {
            let refused = measure(&pack).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
    }
}
