//! Arrows between layers point down only.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module with what it may import of ours, lowest layer first. The drawing in `lib.rs` is the same.
const LAYERS: &[(&str, &[&str])] = &[
    // L0 vocabulary
    ("clock", &[]),
    ("crash", &[]),
    ("telemetry", &[]),
    ("language", &[]),
    ("chat", &["clock"]),
    ("say", &["chat", "clock", "language"]),
    ("settings", &["language"]),
    // pure, and L1 clients
    ("gui", &[]),
    ("intent", &[]),
    ("metadata", &[]),
    ("nemo", &["clock"]),
    ("store", &["clock"]),
    ("timeline", &["chat", "language", "nemo", "say"]),
    // L2 core
    ("admission", &["say"]),
    ("work", &["store", "clock", "crash", "telemetry"]),
    ("ingress", &["chat", "clock", "store", "telemetry", "work"]),
    (
        "conversation",
        &[
            "admission",
            "chat",
            "clock",
            "crash",
            "gui",
            "ingress",
            "intent",
            "language",
            "metadata",
            "nemo",
            "render",
            "say",
            "store",
            "telemetry",
            "timeline",
            "work",
        ],
    ),
    (
        "render",
        &[
            "chat",
            "clock",
            "conversation",
            "crash",
            "language",
            "nemo",
            "say",
            "store",
            "telemetry",
            "timeline",
            "work",
        ],
    ),
    // L3 adapters
    ("pace", &[]),
    ("discord", &["chat", "say", "language", "clock", "crash", "ingress", "pace"]),
    ("telegram", &["chat", "say", "clock", "crash", "ingress", "pace"]),
    ("server", &["clock", "telemetry"]),
    // L4 compose
    (
        "app",
        &[
            "chat",
            "clock",
            "conversation",
            "discord",
            "ingress",
            "language",
            "nemo",
            "render",
            "say",
            "server",
            "settings",
            "store",
            "telegram",
            "telemetry",
            "work",
        ],
    ),
    ("sandbox", &["app", "clock", "settings"]),
    ("cli", &["app", "gui", "intent", "language", "metadata", "sandbox", "settings", "store", "telemetry"]),
];

/// What stories of an adapter may see besides: the emulator that they play against, over sockets.
const STORIES: ([&str; 2], [&str; 2]) =
    (["surface_tests.rs", "api_tests.rs"], ["sandbox::discord", "sandbox::journal"]);

#[test]
fn arrows_between_layers_point_down_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in rust_files(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let module = inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs");
        if matches!(module, "main" | "lib") {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{module} is in no layer: give it one in this test and in the drawing of lib.rs"));
            continue;
        };
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            for imported in imports(line) {
                seen += 1;
                let own = imported == module || imported.starts_with(&format!("{module}::"));
                let fine = allowed.iter().any(|path| imported == *path || imported.starts_with(&format!("{path}::")));
                let (stories, emulators) = STORIES;
                let story = stories.iter().any(|name| file.ends_with(name))
                    && emulators.iter().any(|path| imported.starts_with(path));
                if !own && !fine && !story {
                    wrong.push(format!("{}:{}: {module} may not see {imported}: {line}", inside.display(), number + 1));
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} imports were read: this test looks in the wrong place");
    let drawing = include_str!("../../src/lib.rs").lines().filter_map(|line| line.strip_prefix("//! L"));
    assert!(wrong.is_empty(), "{}\n\n{}", wrong.join("\n"), drawing.collect::<Vec<_>>().join("\n"));
}

/// The paths after `crate::` in a line of code, whether in a `use` or in passing.
fn imports(line: &str) -> Vec<String> {
    let code = line.trim_start();
    if code.starts_with("//") {
        return Vec::new();
    }
    code.match_indices("crate::")
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$'))
        .flat_map(|(at, found)| {
            let rest = &code[at + found.len()..];
            // `use crate::{a, b::c}` names several.
            match rest.strip_prefix('{') {
                Some(list) => list.split(['}', ';']).next().unwrap_or_default().split(',').map(path).collect(),
                None => vec![path(rest)],
            }
        })
        .filter(|path| !path.is_empty())
        .collect()
}

fn path(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':').collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files
}
