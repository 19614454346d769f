//! What the tree of dependencies must hold.

use std::collections::BTreeSet;
use std::process::Command;

/// `name vVERSION` of everything that the program is built from.
fn tree() -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

fn versions(tree: &BTreeSet<String>, package: &str) -> Vec<String> {
    let start = format!("{package} v");
    tree.iter().filter_map(|line| line.strip_prefix(&start)).map(str::to_owned).collect()
}

#[test]
fn there_is_one_http_client_one_tls_and_one_sqlite() {
    let tree = tree();
    assert!(tree.len() > 100, "the tree was read: {}", tree.len());
    let reqwest = versions(&tree, "reqwest");
    assert!(reqwest.len() == 1 && reqwest[0].starts_with("0.12."), "reqwest: {reqwest:?}");
    assert!(versions(&tree, "rustls").is_empty(), "TLS is the system's");
    assert_eq!(versions(&tree, "libsqlite3-sys").len(), 1, "an older SQLite beside ours would be taken by chance");
}
