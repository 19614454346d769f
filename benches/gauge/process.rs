//! What a process costs, as Linux counts it.

use std::time::Duration;

/// `/proc` counts CPU time in hundredths of a second, whatever the kernel's own tick. Source: `USER_HZ` of proc(5).
const TICK: Duration = Duration::from_millis(10);

/// CPU time of all threads of a process until now. Source: fields 14 and 15 of `stat` of proc(5).
pub(crate) fn cpu(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name, in parentheses, may hold anything.
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let ticks: u32 = rest.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u32>().unwrap()).sum();
    TICK * ticks
}

/// The memory of a process now, in bytes. Source: `VmRSS` of proc(5).
pub(crate) fn resident(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    resident.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}
