//! What a whole process costs, read from Linux's `/proc` (proc(5)); elsewhere nothing is known.

use std::fs;
use std::process::{Command, Stdio};

/// What one run costs.
#[derive(Default)]
pub(crate) struct Cost {
    pub(crate) requests: f64,
    /// Of bodies that were sent to it.
    pub(crate) bytes: f64,
    /// Milliseconds, children of the process included.
    pub(crate) cpu: Option<f64>,
    /// KiB, at most.
    pub(crate) memory: Option<u64>,
}

impl Cost {
    /// Prints it beside the goals for requests and CPU, where there are any.
    pub(crate) fn print(&self, goals: Option<(u32, u32)>) {
        let [requests, cpu] = [0, 1].map(|which| {
            let goal = goals.map(|goals| if which == 0 { goals.0 } else { goals.1 });
            goal.map(|goal| format!("  (goal: at most {goal})"))
                .unwrap_or_default()
        });
        println!("requests  {:>8.1}{requests}", self.requests);
        println!("bytes     {:>8.1}  of bodies", self.bytes);
        if let Some(milliseconds) = self.cpu {
            println!("CPU       {milliseconds:>8.2}  ms{cpu}");
        }
        if let Some(memory) = self.memory {
            println!("memory    {:>8.1}  MiB at most", memory as f64 / 1024.0);
        }
    }
}

/// A process whose output nobody reads.
pub(crate) fn silent(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

/// Milliseconds of CPU that finished children and their children have used: fields 16 and 17 of
/// `/proc/self/stat`, in hundredths of a second.
pub(crate) fn children_cpu() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(13)?.parse::<f64>().ok()? + fields.get(14)?.parse::<f64>().ok()?;
    Some(ticks * 10.0)
}

/// The most memory, in KiB, that a run was seen to hold: its high-water mark, read until it ends.
pub(crate) fn peak_memory(command: &mut Command) -> Option<u64> {
    let mut child = silent(command).spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while matches!(child.try_wait(), Ok(None)) {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line
            .and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
            .max(peak);
    }
    peak
}
