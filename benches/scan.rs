//! What scanning costs, as ratios in one run: to reading, to inflating, to one core. Times of a
//! machine say little, their ratios much.
#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::fs::File;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{fs, io};

use object::write::{Object, StandardSection};
use object::{Architecture, BinaryFormat, Endianness};
use release_check::for_tests::artefact::{ExaminationLimits, ExaminedFile};
use release_check::for_tests::outside::artefact_files;

const MIB: usize = 1 << 20;

fn main() -> ExitCode {
    // With paths of real ones they are measured instead.
    let real: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .map(PathBuf::from)
        .collect();
    for path in &real {
        let ratio = ratio(100, || examined(path), || fs::read(path).expect("a file"));
        println!("{}: {ratio:.2} x the time of reading it", path.display());
    }
    if !real.is_empty() {
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let module = module();
    let object = folder.path().join("module.so");
    fs::write(&object, &module).expect("a file");
    let wheel = folder
        .path()
        .join("x-1-cp311-abi3-manylinux_2_34_x86_64.whl");
    fs::write(&wheel, wheel_of(&module)).expect("a wheel");
    let many = folder.path().join("dist");
    fs::create_dir(&many).expect("a folder");
    for at in 0..100 {
        fs::copy(
            &wheel,
            many.join(format!("x-1-{at}-cp311-abi3-manylinux_2_34_x86_64.whl")),
        )
        .expect("a wheel");
    }
    let cores = rayon::current_num_threads();
    let object_ratio = ratio(300, || scan(&object), || fs::read(&object).expect("a file"));
    let wheel_ratio = ratio(10, || scan(&wheel), || inflate(&wheel));
    let single = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a pool");
    let speedup = ratio(3, || single.install(|| scan(&many)), || scan(&many));
    let wanted = if cores == 1 {
        0.9
    } else {
        0.7 * cores.min(8) as f64
    };
    println!("14 MB shared object: {object_ratio:.2} x the time of reading it (at most 1.2)");
    println!("wheel: {wheel_ratio:.2} x the time of inflating it (at most 1.3)");
    println!("100 wheels: {speedup:.2} x as fast with {cores} cores (at least {wanted:.1})");
    let good = object_ratio <= 1.2 && wheel_ratio <= 1.3 && speedup >= wanted;
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// How many times longer the first work takes than the second: the shortest time of each, for what
/// else the machine does only ever adds. They take turns, so that it adds to both.
fn ratio<T, U>(times: usize, one: impl Fn() -> T, other: impl Fn() -> U) -> f64 {
    fn time<T>(work: impl Fn() -> T) -> Duration {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed()
    }
    let (mut first, mut second) = (Duration::MAX, Duration::MAX);
    for _ in 0..times {
        first = first.min(time(&one));
        second = second.min(time(&other));
    }
    first.as_secs_f64() / second.as_secs_f64()
}

fn examined(path: &Path) -> Vec<ExaminedFile> {
    artefact_files::examine(
        Path::new("."),
        &[PathBuf::from(path)],
        &ExaminationLimits::default(),
    )
    .expect("a path")
}

fn scan(path: &Path) -> Vec<ExaminedFile> {
    let found = examined(path);
    assert!(
        found
            .iter()
            .any(|file| file.openssl.iter().any(|found| found
                .version
                .is_some_and(|version| version.to_string() == "3.5.4"))),
        "nothing found"
    );
    found
}

fn inflate(path: &Path) -> u64 {
    let mut archive = zip::ZipArchive::new(File::open(path).expect("a file")).expect("a zip");
    (0..archive.len())
        .map(|at| {
            io::copy(
                &mut archive.by_index(at).expect("a member"),
                &mut io::sink(),
            )
            .expect("a member")
        })
        .sum()
}

/// A module the size of the largest real ones: half code, half constants with all the words that
/// OpenSSL's have, at many times the density.
fn module() -> Vec<u8> {
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    // As compressible as machine code is: few different bytes, often repeated.
    let words: Vec<[u8; 8]> = (0..4000).map(|_| random().to_le_bytes()).collect();
    let mut code = Vec::with_capacity(8 * MIB);
    while code.len() < 8 * MIB {
        code.extend(words[(random() % 4000) as usize]);
    }
    let mut constants =
        b"\0OpenSSL 3.5.4 30 Sep 2025\0built on: Tue Sep 30 12:00:00 2025 UTC\0OpenSSL Default Provider\0".to_vec();
    while constants.len() < 6 * MIB {
        let number = random();
        constants.extend(
            format!(
                "SSL_R_{number:x}\0ssl/statem/statem_{}.c\0crypto/OPENSSL_{}\0",
                number % 977,
                number % 499
            )
            .bytes(),
        );
        constants.extend([0; 16]);
        constants.extend(words[(number % 4000) as usize]);
    }
    let text = object.section_id(StandardSection::Text);
    object.append_section_data(text, &code, 16);
    let data = object.section_id(StandardSection::ReadOnlyData);
    object.append_section_data(data, &constants, 16);
    object.write().expect("an object")
}

fn wheel_of(module: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .expect("a member");
        writer.write_all(bytes).expect("a member");
    };
    add("x/_rust.so", module);
    for at in 0..100 {
        add(
            &format!("x/module_{at}.py"),
            "def answer():\n    return 42\n".repeat(100).as_bytes(),
        );
    }
    writer.finish().expect("a zip").into_inner()
}
