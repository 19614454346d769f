//! What README says is true: its commands, options, settings, variables, paths and chat commands exist. So do the tests
//! that `docs/reliability.md` names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command as Process;

use nemo_bot::chat::command::Command;

const README: &str = include_str!("../../README.md");
const RELIABILITY: &str = include_str!("../../docs/reliability.md");
const DEFAULTS: &str = include_str!("../../config/default.toml");
const MAP: &str = include_str!("../../src/lib.rs");
const TELEMETRY: &str = include_str!("../../src/telemetry.rs");
/// Paths of the operator's server, which look like chat commands.
const ENDPOINTS: [&str; 3] = ["healthz", "readyz", "metrics"];
/// Names with a dot that are files.
const FILE_ENDINGS: [&str; 8] = ["rs", "md", "toml", "db", "key", "png", "ftl", "service"];

#[test]
fn every_invocation_is_one_that_the_program_knows() {
    let mut seen = 0;
    for code in code(README) {
        for words in invocations(&code) {
            let Some(task) = words.first().filter(|word| is_name(word)) else { continue };
            let help = help(&[task]).unwrap_or_else(|| panic!("`nemo-bot {task}` does not exist, see: {code}"));
            for option in words.iter().filter(|word| word.starts_with("--")) {
                let option = option.split('=').next().unwrap();
                assert!(names_of(&help).contains(option), "`nemo-bot {task}` has no {option}");
            }
            seen += 1;
        }
        // An option alone belongs to some command.
        if code.starts_with("--") && !code.contains('\n') {
            let option = code.split([' ', '=']).next().unwrap();
            let tasks = tasks();
            let known = tasks.iter().filter_map(|task| help(&[task])).any(|help| names_of(&help).contains(option));
            assert!(known || option == "--no-default-features", "no command has {option}");
        }
    }
    assert!(seen >= 5, "README shows how to call the program; found {seen} calls");
}

#[test]
fn every_command_of_the_program_is_mentioned() {
    let tasks = tasks();
    assert!(tasks.len() >= 4, "{tasks:?}");
    let said: BTreeSet<String> =
        code(README).iter().flat_map(|code| invocations(code)).filter_map(|words| words.first().cloned()).collect();
    for task in tasks {
        assert!(said.contains(&task), "README does not mention `nemo-bot {task}`");
    }
}

#[test]
fn every_relative_link_and_picture_leads_to_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for target in targets(README) {
        if target.contains("://") || target.starts_with('#') {
            continue;
        }
        let path = target.split('#').next().unwrap();
        assert!(root.join(path).exists(), "README leads to {path}, which is not there");
        seen += 1;
    }
    assert!(seen >= 3, "README has relative links; found {seen}");
}

#[test]
fn every_path_in_code_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ours = ["src/", "tests/", "docs/", "config/", "scripts/"];
    let mut seen = 0;
    for code in code(README) {
        for word in code.split_whitespace().filter(|word| ours.iter().any(|folder| word.starts_with(folder))) {
            assert!(root.join(word).exists(), "README names {word}, which is not there");
            seen += 1;
        }
    }
    assert!(seen >= 3, "README names files of ours; found {seen}");
}

#[test]
fn every_setting_has_a_default() {
    let keys = setting_keys(DEFAULTS);
    assert!(keys.contains("run.drain") && keys.len() > 20, "{keys:?}");
    let mut seen = 0;
    for code in code(README) {
        for word in code.split(|c: char| !(c.is_ascii_alphanumeric() || "_./-:".contains(c))) {
            if let Some(rest) = word.strip_prefix("NEMO_BOT__")
                && rest != "SECTION__KEY"
            {
                let key = rest.to_lowercase().replacen("__", ".", 1);
                assert!(keys.contains(&key), "README sets {word}, and there is no {key}");
                seen += 1;
            }
        }
        if is_setting(&code) {
            assert!(keys.contains(&code), "README names the setting `{code}`, which is not in config/default.toml");
            seen += 1;
        }
    }
    assert!(seen >= 10, "README names settings; found {seen}");
}

#[test]
fn every_variable_is_one_that_the_program_reads() {
    let known = format!("{DEFAULTS}\n{}", help(&[]).unwrap());
    let mut seen = 0;
    for code in code(README) {
        for word in code.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')) {
            let variable = word.contains('_') && word.starts_with(|c: char| c.is_ascii_uppercase());
            if variable && !word.starts_with("NEMO_BOT__") {
                assert!(known.contains(word), "README sets {word}, which nothing reads");
                seen += 1;
            }
        }
    }
    assert!(seen >= 3, "README names variables; found {seen}");
}

#[test]
fn the_chat_commands_are_all_that_there_are_and_no_more() {
    let said: BTreeSet<String> = code(README)
        .iter()
        .filter_map(|code| code.strip_prefix('/'))
        .map(|rest| rest.split_whitespace().next().unwrap_or_default().to_owned())
        .filter(|name| is_name(name) && !ENDPOINTS.contains(&name.as_str()))
        .collect();
    let real: BTreeSet<String> = Command::ALL.iter().map(|command| command.name().to_owned()).collect();
    assert_eq!(said, real);
}

#[test]
fn every_metric_is_one_that_is_counted() {
    let mut seen = 0;
    for code in code(README).iter().filter(|code| code.starts_with("nemo_bot_")) {
        let name = code.split('{').next().unwrap();
        let sources = rust_sources();
        let defined =
            |source: &String| source.lines().find(|line| line.contains(&format!("\"{name}\""))).map(str::to_owned);
        let line = defined(&TELEMETRY.to_owned()).or_else(|| sources.iter().find_map(defined));
        let line = line.unwrap_or_else(|| panic!("README names the metric {name}, which does not exist"));
        let constant = line.trim_start_matches("pub ").trim_start_matches("const ").split(':').next().unwrap();
        let counted = [format!("telemetry::{constant}"), format!("counter!({constant})")];
        let is_counted = |source: &String| counted.iter().any(|counted| source.contains(counted));
        assert!(sources.iter().any(is_counted), "{name} is never counted");
        seen += 1;
    }
    assert!(seen >= 2, "README names metrics; found {seen}");
}

#[test]
fn the_map_of_the_crate_shows_every_module() {
    let drawing = MAP.split("```text").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let shown: BTreeSet<&str> = drawing.split(|c: char| !c.is_ascii_lowercase()).collect();
    let modules: Vec<&str> = MAP.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(modules.len() > 15, "{modules:?}");
    for module in modules {
        assert!(shown.contains(module), "the drawing in src/lib.rs does not show {module}");
    }
}

/// Everything set as code: the lines of fenced blocks, continued ones joined, and spans.
fn code(markdown: &str) -> Vec<String> {
    let (mut found, mut fenced) = (Vec::new(), false);
    for line in markdown.replace("\\\n", " ").lines() {
        assert!(
            line.matches('`').count().is_multiple_of(2) || line.contains("```"),
            "a span goes over two lines: {line}"
        );
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            found.push(line.trim().to_owned());
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// What follows the program's name in a line of shell, up to the end of that command.
fn invocations(code: &str) -> Vec<Vec<String>> {
    code.split(['|', ';', '&', '#'])
        .filter_map(|command| {
            let words: Vec<&str> = command.split_whitespace().collect();
            let at = words.iter().position(|word| {
                let program = word.rsplit(['/', '=']).next().unwrap_or_default();
                program == "nemo-bot" || (*word == "--" && words.contains(&"cargo"))
            })?;
            Some(words[at + 1..].iter().map(|word| (*word).to_owned()).collect())
        })
        .collect()
}

/// The targets of links and pictures.
fn targets(markdown: &str) -> Vec<&str> {
    markdown.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()).collect()
}

/// What the program says of itself or of one of its commands; none if there is no such command.
fn help(arguments: &[&str]) -> Option<String> {
    let told = Process::new(env!("CARGO_BIN_EXE_nemo-bot")).args(arguments).arg("--help").output().unwrap();
    told.status.success().then(|| String::from_utf8(told.stdout).unwrap())
}

/// The commands that the program lists.
fn tasks() -> Vec<String> {
    let help = help(&[]).unwrap();
    let listed = help.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The options in a help text.
fn names_of(help: &str) -> BTreeSet<&str> {
    help.split(|c: char| !(c.is_ascii_lowercase() || c == '-')).filter(|word| word.starts_with("--")).collect()
}

/// `section.key` for each setting of a TOML file.
fn setting_keys(toml: &str) -> BTreeSet<String> {
    let (mut keys, mut section) = (BTreeSet::new(), "");
    for line in toml.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            keys.insert(format!("{section}.{key}"));
        }
    }
    keys
}

#[test]
fn every_test_that_is_named_beside_a_promise_exists() {
    // Names of tests are sentences; nothing else has so many underscores.
    let words = RELIABILITY.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    let named: BTreeSet<&str> = words.filter(|word| word.matches('_').count() >= 4).collect();
    assert!(named.len() > 30, "{named:#?}");
    let mut sources = rust_sources();
    sources.extend(rust_files("tests"));
    let missing: Vec<_> =
        named.iter().filter(|name| !sources.iter().any(|source| source.contains(&format!("fn {name}(")))).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

fn is_setting(code: &str) -> bool {
    let Some((section, key)) = code.split_once('.') else { return false };
    is_name(section) && is_name(key) && !FILE_ENDINGS.contains(&key)
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn rust_sources() -> Vec<String> {
    rust_files("src")
}

fn rust_files(below: &str) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("telemetry.rs") {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(below), &mut found);
    found
}
