use super::*;

fn shown(source: &str) -> String {
    RichText::markdown(source).plain_text()
}

fn grown(source: &str) -> String {
    RichText::growing(source).plain_text()
}

#[test]
fn everything_that_agents_write_is_drawn_for_a_chat() {
    insta::assert_snapshot!(shown(SAMPLE), @r"
    Your video plan

    Here is what I did, with ffmpeg -i a.mp4 and the docs — nothing lost & kept.

    1. Night Ride | 4K: a calm ride
    2. Taipei after midnight on a scooter
      • with sub-items
      • and code
    3. Last one, see https://example.com/more

    A quiet ride,
    no talking.

    # | Title          | Length
    --+----------------+-------
    1 | Night Ride     | 35
    2 | After Midnight | 34

    def cut(a, b):
        return a ** b  # `not` a mark

    ———

    Done: 2 * 3 * 4 = 24, snake_case_name, 5 ~ 6, a[0], *literal*. cover

    • one
    • two

    tail
    ");
}

#[test]
fn marks_become_a_tree() {
    let text = RichText::markdown("a **b _c_** `d` [e](https://example.com/x)\nf");
    assert_eq!(
        text.blocks(),
        [Block::Paragraph(vec![
            Inline::Text("a ".into()),
            Inline::Bold(vec![Inline::Text("b ".into()), Inline::Italic(words("c"))]),
            Inline::Text(" ".into()),
            Inline::Code("d".into()),
            Inline::Text(" ".into()),
            Inline::Link { text: words("e"), url: "https://example.com/x".into() },
            Inline::Break,
            Inline::Text("f".into()),
        ])]
    );
}

#[test]
fn html_is_shown_and_never_passed() {
    assert_eq!(shown("a <b>bold</b> <script>alert(1)</script>"), "a <b>bold</b> <script>alert(1)</script>");
    assert_eq!(shown("<div onclick=\"x\">\nhello\n</div>"), "<div onclick=\"x\">\nhello\n</div>");
}

#[test]
fn only_web_addresses_become_links() {
    for target in [
        "tg://user?id=1",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@example.com",
        "/docs",
        "https://t.me/bot",
        "https://user:secret@example.com/",
        "https://T.ME./x",
        "HTTP://Telegram.me/x",
    ] {
        let text = RichText::markdown(&format!("[words]({target})"));
        assert_eq!(text.blocks(), [Block::Paragraph(words("words"))], "{target}");
    }
    let text = RichText::markdown("[words](http://example.com)");
    assert!(matches!(text.drawn().spans[0].mark, Mark::Link(ref url) if url == "http://example.com/"));
}

#[test]
fn a_link_without_words_shows_its_address() {
    assert_eq!(
        shown("[](https://example.com/a) ![](https://example.com/b)"),
        "https://example.com/a https://example.com/b"
    );
}

#[test]
fn a_link_that_looks_like_another_address_shows_its_own() {
    assert_eq!(shown("[https://bank.example](https://evil.example/x)"), "https://evil.example/x");
    assert_eq!(shown("[Go to bank.example now](https://evil.example/x)"), "https://evil.example/x");
    assert_eq!(shown("[**bank**.example](https://evil.example/x)"), "https://evil.example/x");
    assert_eq!(shown("[bank.example](https://bank.example.evil.example/)"), "https://bank.example.evil.example/");
    assert_eq!(shown("[www.Example.com](https://example.com/)"), "www.Example.com");
    assert_eq!(shown("[example.com](https://example.com/a/b)"), "example.com");
    assert_eq!(shown("[final cut.mp4](https://example.com/f?sig=1)"), "final cut.mp4");
    assert_eq!(shown("[see this.](https://example.com/f)"), "see this.");
}

#[test]
fn no_mention_is_live_but_what_is_to_be_copied_stays() {
    assert_eq!(shown("ask @someone, or (@other)"), "ask @\u{2060}someone, or (@\u{2060}other)");
    assert_eq!(shown("@**name** and &#64;name and **a** @_b_"), "@\u{2060}name and @\u{2060}name and a @\u{2060}b");
    assert_eq!(shown("`@name`\n\n```\n@name t.me/x\n```"), "@name\n\n@name t.me/x");
    assert_eq!(
        shown("me@example.com https://www.example.com/@name a @ b"),
        "me@example.com https://www.example.com/@name a @ b"
    );
    assert_eq!(shown("http://x/@name"), "http://x/@\u{2060}name");
    assert_eq!(
        shown("tg://resolve?domain=x t.me/x https://t.me/x"),
        "tg:\u{2060}//resolve?domain=x t.me\u{2060}/x https://t.me\u{2060}/x"
    );
    assert_eq!(shown("[x](https://example.com) @name"), "x @\u{2060}name");
    assert_eq!(RichText::plain("@name").plain_text(), "@name");
}

#[test]
fn nothing_hidden_survives() {
    assert_eq!(clean("a\u{202E}b\u{2066}c\u{0}\u{1b}[31md\r\ne\rf\tg"), "abc[31md\ne\nf\tg");
    assert_eq!(clean("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}"), "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}");
    assert_eq!(clean("می\u{200C}خواهم"), "می\u{200C}خواهم");
    assert_eq!(clean("pay\u{200D}pal\u{200C}"), "paypal");
    assert_eq!(clean("hi\u{E0041}\u{E0042}"), "hi");
    let england = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}";
    assert_eq!(clean(england), england);
    assert_eq!(clean(&format!("a{}", "\u{301}".repeat(50))), format!("a{}", "\u{301}".repeat(4)));
    assert_eq!(shown("a&#8238;b `c&#8238;`"), "ab c&#8238;");
}

#[test]
fn a_definition_that_leads_nowhere_is_a_line_like_any_other() {
    assert_eq!(shown("[Tags]: lamp\n\nhello"), "[Tags]: lamp\n\nhello");
    assert_eq!(shown("[1]: https://example.com"), "[1]: https://example.com");
    assert_eq!(shown("see [docs][1]\n\n[1]: https://example.com"), "see docs");
}

#[test]
fn our_sentences_read_bold_and_nothing_else() {
    let text = RichText::sentence("**Timeline** (2 tracks):\n1 * 2 * 3 _x_ <b> # no\n\nBye ** all");
    assert_eq!(text.plain_text(), "Timeline (2 tracks):\n1 * 2 * 3 _x_ <b> # no\n\nBye ** all");
    assert_eq!(text.blocks().len(), 2);
    assert_eq!(text.drawn().spans.len(), 1);
}

#[test]
fn plain_words_keep_their_lines() {
    assert_eq!(RichText::plain("a *b*\n\n  c\n").plain_text(), "a *b*\n\n  c");
    assert_eq!(RichText::bold("a\nb").plain_text(), "a\nb");
    assert_eq!(RichText::code_block("\n  a\nb\n", Some("rust")).plain_text(), "  a\nb");
    assert!(RichText::plain(" \n\u{200B}").is_empty());
    assert!(RichText::default().split(utf16(100)).is_empty());
}

#[test]
fn texts_stand_one_below_the_other() {
    let text = RichText::bold("Title").then(RichText::default()).then(RichText::plain("a\nb"));
    assert_eq!(text.plain_text(), "Title\n\na\nb");
}

#[test]
fn a_text_survives_the_store() {
    let text = RichText::markdown(SAMPLE);
    let stored = serde_json::to_string(&text).unwrap();
    assert_eq!(serde_json::from_str::<RichText>(&stored).unwrap(), text);
}

#[test]
fn a_wide_table_is_not_aligned_and_links_in_it_are_written_out() {
    let long = "x".repeat(70);
    assert_eq!(
        shown(&format!("|a|b|\n|-|-|\n|{long}|[c](https://example.com)|")),
        format!("a | b\n{long} | c (https://example.com/)")
    );
    assert_eq!(shown("|名|b|\n|-|-|\n|a|c|"), "名 | b\n---+--\na  | c");
}

#[test]
fn a_long_text_is_cut_between_blocks() {
    let source = format!("{}\n\n{}\n\n{}", "a ".repeat(30).trim(), "b ".repeat(30).trim(), "c ".repeat(30).trim());
    let parts: Vec<String> = RichText::markdown(&source).split(utf16(125)).iter().map(RichText::plain_text).collect();
    assert_eq!(
        parts,
        [format!("{}\n\n{}", "a ".repeat(30).trim(), "b ".repeat(30).trim()), "c ".repeat(30).trim().into()]
    );
}

#[test]
fn a_heading_stays_with_its_text() {
    let source = format!("{}\n\n# Head\n\n{}", "a".repeat(60), "b".repeat(60));
    let parts: Vec<String> = RichText::markdown(&source).split(utf16(80)).iter().map(RichText::plain_text).collect();
    assert_eq!(parts, ["a".repeat(60), format!("Head\n\n{}", "b".repeat(60))]);
    let parts: Vec<String> = takes(&source, utf16(80)).iter().map(RichText::plain_text).collect();
    assert_eq!(parts, ["a".repeat(60), format!("Head\n\n{}", "b".repeat(60))]);
}

#[test]
fn a_cut_list_goes_on_with_its_numbers() {
    let source = "1. aaaa aaaa aaaa\n2. bbbb bbbb bbbb bbbb bbbb bbbb bbbb bbbb bbbb\n   - cccc\n3. dddd";
    let parts: Vec<String> = RichText::markdown(source).split(utf16(40)).iter().map(RichText::plain_text).collect();
    assert_eq!(parts, ["1. aaaa aaaa aaaa\n2. bbbb bbbb bbbb", "bbbb bbbb bbbb bbbb bbbb bbbb\n  • cccc", "3. dddd"]);
}

#[test]
fn code_and_bold_go_on_in_the_next_part() {
    let code = RichText::code_block(&"let a = 1;\n".repeat(20), Some("rust"));
    let parts = code.split(utf16(100));
    assert!(parts.len() > 1);
    for part in &parts {
        let [Block::Code { language, text }] = part.blocks() else { panic!("{part:?}") };
        assert_eq!(language.as_deref(), Some("rust"));
        assert!(text.starts_with("let") && text.ends_with(';'));
    }
    for part in RichText::bold(&"word ".repeat(30)).split(utf16(40)) {
        assert!(
            matches!(part.blocks(), [Block::Paragraph(line)] if matches!(line.as_slice(), [Inline::Bold(_)])),
            "{part:?}"
        );
    }
}

#[test]
fn what_a_reader_sees_as_one_character_is_not_cut() {
    let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}";
    for part in RichText::plain(&family.repeat(40)).split(utf16(40)) {
        assert_eq!(part.plain_text().replace(family, ""), "");
    }
}

#[test]
fn a_message_is_taken_at_a_block_border_and_the_rest_goes_on() {
    let source = format!("{}\n\n{}", "first words ".repeat(5), "second words ".repeat(5));
    let taken = take(&source, utf16(100));
    assert_eq!(taken.text.plain_text(), "first words ".repeat(5).trim());
    assert_eq!(&source[taken.used..], "second words ".repeat(5));
    assert_eq!(taken.reopen, "");
}

#[test]
fn a_fence_that_is_cut_is_opened_again() {
    let source = format!("Look:\n\n```rust\n{}```\nBye", "    let a = 1;\n".repeat(12));
    let taken = take(&source, utf16(100));
    assert_eq!(taken.reopen, "```rust\n");
    assert!(source[taken.used..].starts_with("    let"));
    let parts = takes(&source, utf16(100));
    assert!(parts.last().unwrap().plain_text().ends_with("    let a = 1;\n\nBye"));
    for part in &parts {
        assert!(
            part.blocks()
                .iter()
                .any(|block| matches!(block, Block::Code { language: Some(name), .. } if name == "rust")),
            "{part:?}"
        );
    }
}

#[test]
fn a_fence_deep_in_a_list_ends_where_it_ends() {
    let source = format!("- a\n  - b\n    - c\n\n      ```sh\n{}      ```\n- tail", "      echo 1\n".repeat(30));
    let parts = takes(&source, utf16(80));
    assert_eq!(parts.last().unwrap().plain_text().lines().last(), Some("• tail"));
    for part in &parts {
        assert!(!part.plain_text().contains('`'), "{part:?}");
    }
}

#[test]
fn a_table_that_is_cut_shows_its_head_again() {
    let source = format!("| # | Title |\n|---|---|\n{}", "| 1 | Words in a row |\n".repeat(20));
    for part in takes(&source, utf16(200)) {
        assert!(part.plain_text().starts_with("# | Title"), "{part:?}");
    }
}

#[test]
fn bold_words_that_are_cut_go_on_bold() {
    let source = format!("**{}** end", "word ".repeat(40).trim());
    let taken = take(&source, utf16(60));
    assert_eq!(taken.reopen, "**");
    for part in takes(&source, utf16(60)) {
        assert!(!part.plain_text().contains('*'), "{part:?}");
        assert!(matches!(part.drawn().spans[0].mark, Mark::Bold));
    }
}

#[test]
fn a_link_is_not_cut() {
    let source = format!("{} [some words to press](https://example.com/) after", "word ".repeat(9).trim());
    for part in takes(&source, utf16(50)) {
        assert!(!part.plain_text().contains(['[', ']', '(']), "{part:?}");
    }
}

#[test]
fn only_a_window_of_a_large_source_is_looked_at() {
    // What stands far behind would make a link of these words, and a link is not cut.
    let near = format!("{} [{}][far]\n\n", "word ".repeat(14).trim(), "words in brackets ".repeat(3).trim());
    let filler = "and more words ".repeat(400);
    let (plain, linked) = ("words\n".repeat(200_000), "[far]: https://example.com/\n\n".repeat(40_000));
    let limit = utf16(100);
    let cut = |far: &str| take(&format!("{near}{filler}\n\n{far}"), limit);
    assert_eq!(cut(&plain), cut(&linked));
    let close = take(&format!("{near}{linked}"), limit);
    assert_ne!(cut(&plain).used, close.used, "the words would be cut elsewhere if the rest were looked at");
}

#[test]
fn half_written_marks_are_not_shown() {
    for (source, seen) in [
        ("**bo", "bo"),
        ("**", ""),
        ("a **", "a"),
        ("a **b*", "a b"),
        ("a **b** *", "a b"),
        ("a `co", "a co"),
        ("a `", "a"),
        ("a ``co`", "a co"),
        ("see [wor", "see wor"),
        ("see [words]", "see words"),
        ("see [words](htt", "see words"),
        ("see [**wo", "see wo"),
        ("see ![co", "see co"),
        ("see <https://exa", "see"),
        ("a &am", "a"),
        ("a \\", "a"),
        ("a\n\n``", "a"),
        ("a\n\n```", "a"),
        ("a\n\n```ru", "a"),
        ("a\n\n```rust\nx", "a\n\nx"),
        ("```\nx\n``", "x"),
        ("```\nx\n```", "x"),
        ("a\n-", "a"),
        ("a\n--", "a"),
        ("a\n\n1", "a"),
        ("a\n\n1.", "a"),
        ("1. a\n2. **", "1. a"),
        ("a\n\n##", "a"),
        ("> ", ""),
        ("a\n\n| b | c", "a"),
        ("a\n\n| b | c |\n|--", "a"),
        ("| b | c |\n|---|---|\n| d", "b | c\n--+--"),
        ("~~go", "go"),
        ("a_b_", "a_b_"),
        ("x [0] y", "x [0] y"),
        ("2 * 3", "2 * 3"),
        ("a *b **c", "a b c"),
    ] {
        assert_eq!(grown(source), seen, "{source:?}");
    }
}

#[test]
fn growing_bold_words_are_bold_already() {
    let drawn = RichText::growing("a **b c").drawn();
    assert_eq!((drawn.text.as_str(), drawn.spans.len()), ("a b c", 1));
    let drawn = RichText::growing("a `b **c").drawn();
    assert_eq!((drawn.text.as_str(), &drawn.spans[0].mark), ("a b **c", &Mark::Code));
}

#[test]
fn a_growing_text_never_shows_half_a_mark() {
    let code = "return a ** b  # `not` a mark";
    for (end, _) in SAMPLE.char_indices() {
        let seen = RichText::growing(&SAMPLE[..end]).plain_text().replace(code, "");
        let seen = seen.replace("return a **", "").replace("`not", "").replace("*literal*", "");
        for half in ["**", "``", "](", "~~", "[the", "_calm", "[cover", "<http"] {
            assert!(!seen.contains(half), "{half} in {seen:?} of {:?}", &SAMPLE[..end]);
        }
    }
    assert_eq!(RichText::growing(SAMPLE), RichText::markdown(SAMPLE));
}
