use super::*;

#[test]
fn reads_what_agents_write() {
    let text = RichText::markdown(
        "# Hi\n\nSome **bold** `code` [x](https://example.com)\n\n1. one\n2. two\n   - in\n\n> q\n\n```rust\nfn a() {}\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    );
    assert_eq!(
        text.plain_text(),
        "Hi\n\nSome bold code x\n\n1. one\n2. two\n  • in\n\nq\n\nfn a() {}\n\na | b\n--+--\n1 | 2"
    );
}
