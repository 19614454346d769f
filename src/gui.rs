//! The agent believes that its user sits in front of an editor. Where it speaks of buttons and panels at the end of a
//! reply, those sentences go: what they name is offered by our own buttons.
//!
//! Only the last paragraph is looked at, and only if it is plain text: titles, descriptions, tags, lists, quotes and
//! code are the user's to paste and are never touched.

/// A sentence that tells the user to do this to an interface...
const POINTERS: &[&str] =
    &["click", "tap ", "drag ", "press ", "preview in ", "open the ", "点击", "点选", "拖拽", "打开", "预览"];
/// ...with this, is about an interface that is not there.
const THINGS: &[&str] = &[
    "export",
    "button",
    "panel",
    "timeline",
    "icon",
    "menu",
    "editor",
    "tab",
    "download",
    "导出",
    "按钮",
    "面板",
    "时间线",
    "编辑器",
    "下载",
];
/// Marks of lines that are content.
const CONTENT_MARKS: &[char] =
    &['#', '-', '*', '>', '|', '`', '•', '【', '"', '“', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/// Where the talk of an interface at the end of `text` begins, if it ends with such talk. `text[..cut]` stays.
pub fn trailing_talk(text: &str) -> Option<usize> {
    let start = text.trim_end().rfind("\n\n").map_or(0, |at| at + 2);
    let last = &text[start..];
    // A label before it makes it a field, and a fence makes it code.
    let label = last.split(['\n', '.', '。']).next().is_some_and(|line| line.contains(':') || line.contains('：'));
    if label || last.starts_with(CONTENT_MARKS) || text.matches("```").count() % 2 == 1 {
        return None;
    }
    let mut cut = None;
    let mut at = start;
    for sentence in last.split_inclusive(['.', '!', '?', '。', '！', '？', '\n']) {
        if is_talk(sentence) {
            cut.get_or_insert(at);
        } else if !sentence.trim().is_empty() {
            cut = None;
        }
        at += sentence.len();
    }
    cut
}

fn is_talk(sentence: &str) -> bool {
    let said = sentence.to_lowercase();
    POINTERS.iter().any(|word| said.contains(word)) && THINGS.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> &str {
        trailing_talk(text).map_or(text, |cut| text[..cut].trim_end())
    }

    #[test]
    fn talk_of_an_interface_at_the_end_goes() {
        assert_eq!(
            kept("Your video is ready! Preview in Timeline panel or click Export to save it."),
            "Your video is ready!"
        );
        assert_eq!(kept("Tags\n\na, b\n\nClick the Export button when you're happy."), "Tags\n\na, b");
        assert_eq!(kept("标题已添加。请点击“导出”按钮保存视频。"), "标题已添加。");
    }

    #[test]
    fn content_is_never_touched() {
        for text in [
            "Description: Click the button below to export your plants.",
            "## Tags\n\n- click the menu\n- export",
            "The presenter clicks twice. A cat walks in.",
            "Click the Export button. Then tell me what you think.",
            "```\nclick the export button.",
            "I added a title.",
            "",
        ] {
            assert_eq!(kept(text), text, "{text}");
        }
    }
}
