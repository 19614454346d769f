//! The 66 sentences, and what must never be touched.

#![allow(clippy::print_stdout, reason = "the figures are to be read")]

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Row {
    text: String,
    expected_action: String,
    ideal_text: String,
}

fn rows() -> Vec<Row> {
    include_str!("../../tests/data/gui.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn whole(text: &str) -> Translated {
    translate(text, &[])
}

#[test]
fn every_sentence_gets_its_action_and_content_stays() {
    let rows = rows();
    let (mut right, mut same, mut wrong) = (0, 0, Vec::new());
    for row in &rows {
        let said = whole(&row.text);
        let action = said.actions.first().map_or("none".to_owned(), |action| format!("{action:?}").to_lowercase());
        right += usize::from(action == row.expected_action && said.actions.len() <= 1);
        let stays = row.ideal_text == row.text;
        same += usize::from(stays && said.text == row.text);
        if action != row.expected_action || stays != (said.text == row.text) {
            wrong.push(format!("{:?} is {action}, not {}; {:?}", row.text, row.expected_action, said.text));
        }
    }
    let content = rows.iter().filter(|row| row.ideal_text == row.text).count();
    println!("GUI sentences: {right} of {} with the expected action, {same} of {content} unchanged", rows.len());
    assert_eq!((rows.len(), content), (66, 12));
    assert!(right == rows.len() && same == content, "{}", wrong.join("\n"));
}

#[test]
fn the_words_can_be_read() {
    assert!(words::read().unwrap().pointer.len() >= 9);
}

#[test]
fn the_rest_of_the_sentence_stays() {
    for (text, stays) in [
        ("Your video is ready! Preview in Timeline panel or click Export to save it.", "Your video is ready!"),
        ("Tags\n\na, b\n\nClick the Export button when you're happy.", "Tags\n\na, b"),
        ("标题已添加。请点击“导出”按钮保存视频。", "标题已添加。"),
        ("视频已生成，请点击右上角的“导出”按钮下载。", "视频已生成。"),
        ("You're running low on credits; check your account page for your balance.", "You're running low on credits."),
        ("Click the Export button. Then tell me what you think.", "Then tell me what you think."),
        ("Done.\n\nClick Export.\n\nAnything else?", "Done.\n\nAnything else?"),
        ("如果满意，可以直接导出。", ""),
    ] {
        assert_eq!(whole(text).text, stays, "{text}");
    }
}

#[test]
fn content_is_never_touched() {
    for text in [
        "Description: Click the button below to export your plants.",
        "## Tags\n\n- click the menu\n- export",
        "**Description**\nOpen the menu.\n\nClick the timeline button.\n",
        "The presenter clicks twice. A cat walks in.",
        "```\nclick the export button.\n```\n",
        "| a | click Export |\n|---|---|\n",
        "> Click Export.\n",
        "Here are 3 title options:\n1. Click Here to Open the Menu\n2. Drag the Button\n",
        "1. Click Here to Learn Excel\n2. Tap Into Joy",
        "Click the link below and subscribe!",
        "I renamed it “Open the Export menu. Click it.” as you asked.",
        "You can find v1.2 at https://example.com/click.export?menu=1",
        "I added a title.",
        " \n",
        "",
    ] {
        let said = whole(text);
        assert_eq!((said.text.as_str(), said.was_changed), (text, false), "{said:?}");
    }
}

#[test]
fn what_the_caller_protects_stays() {
    let text = "Click Export. Click Export. Click Export.";
    let said = translate(text, std::slice::from_ref(&(14..27)));
    assert_eq!(
        (said.text.as_str(), said.actions.as_slice()),
        ("Click Export. ".trim_end(), [Action::Export].as_slice())
    );
    assert_eq!(translate(text, std::slice::from_ref(&(0..text.len()))).text, text);
}

#[test]
fn an_edit_is_offered_as_a_plain_instruction() {
    let said = whole("I see. Drag the audio track's volume slider down to 35%. 双击标题即可修改文字。");
    assert_eq!(said.actions, [Action::Edit]);
    let edit = said.edit.unwrap();
    assert!(edit.starts_with("Please do this in the project yourself") && edit.contains("down to 35%"), "{edit}");
    assert!(whole("拖动音量滑块，把背景音乐调到35%。").edit.unwrap().starts_with("请你直接"));
    assert_eq!(whole("Click Export.").edit, None);
}

#[test]
fn actions_come_once_in_the_order_of_the_reply() {
    let said = whole("Click Export. Check the timeline panel. Hit the download icon. Visit the billing page.");
    assert_eq!(said.actions, [Action::Export, Action::State, Action::Credits]);
    assert_eq!(said.text, "");
}

#[test]
fn the_file_is_noticed_beside_something_else() {
    let said = whole("Preview in Timeline panel or click Export to save it.");
    assert_eq!((said.actions.as_slice(), said.file), ([Action::State].as_slice(), true));
    assert!(
        whole("Click Export.").file && !whole("Check the timeline panel.").file && !whole("Exporting is fun.").file
    );
}

/// Replies made of what the rules look at.
fn replies() -> impl Strategy<Value = String> {
    let pieces = [
        "Click Export. ",
        "Your video is ready! ",
        "Title: Click me",
        "\n",
        "\n\n",
        "```\n",
        "请点击“导出”按钮。",
        "标题：点击\n",
        "- click the tab\n",
        "1. Drag it\n",
        "\"Open. Close",
        "\" ",
        "Open the timeline panel, then tap Export",
        ". ",
        "0:10 ",
        "a, b, c, d\n",
        "“",
        "” ",
        "É",
        "👍 ",
        "# Tags\n",
        "クリックしてください。",
        "Drag the slider. ",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..14).prop_map(|pieces| pieces.concat())
}

/// The text without what nobody sees: white space at the end of a line.
fn visible(text: &str) -> String {
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_shown_of_a_growing_reply_is_never_taken_back(text in replies()) {
        let end = whole(&text);
        let mut shown = String::new();
        let mut growing = Growing::default();
        for (at, _) in text.char_indices() {
            let now = growing.preview(&text[..at]);
            prop_assert!(now.starts_with(&shown), "{:?} became {:?} at {:?}", shown, now, &text[..at]);
            prop_assert_eq!(&now, &Growing::default().preview(&text[..at]), "piece by piece as at once");
            shown = now;
        }
        prop_assert!(end.text.starts_with(&shown), "{:?} became {:?}", shown, end.text);
    }

    #[test]
    fn a_reply_in_pieces_is_translated_as_a_whole(pieces in prop::collection::vec(replies(), 0..4)) {
        let mut growing = Growing::default();
        let (mut text, mut shown) = (String::new(), String::new());
        for (piece, first) in pieces.iter().zip(std::iter::once(true).chain(std::iter::repeat(false))) {
            let more = format!("{}{piece}", if first { "" } else { "\n\n" });
            // A preview that is replaced leaves nothing behind.
            growing.preview("\n\nClick Export. Draft.\n");
            shown += &growing.take(&more);
            text += &more;
        }
        let end = whole(&text);
        prop_assert_eq!(visible(&shown), visible(&end.text));
    }

    #[test]
    fn any_text_can_be_translated(text in "\\PC{0,300}", from in 0_usize..200, to in 0_usize..400) {
        let said = translate(&text, std::slice::from_ref(&(from..to)));
        prop_assert!(said.was_changed || said.text == text);
        prop_assert_eq!(said.edit.is_some(), said.actions.contains(&Action::Edit));
    }

    #[test]
    fn text_without_verbs_of_a_window_stays_byte_for_byte(text in "([a-z]{1,2}|[ .,!\n\"#*0-9一-十]){0,200}") {
        prop_assert_eq!(whole(&text).text, text);
    }
}
