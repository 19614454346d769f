//! Each row of the table of checks, with its level and its repair.

use super::{ChapterFault, Checked, Finding, Fix, Level, Part, check};
use crate::metadata::limits::limits;
use crate::metadata::repair::{repair, thread};
use crate::metadata::{Chapter, Set, count};

fn words(letters: usize) -> String {
    "abcd ".repeat(letters / 5 + 1)[..letters].trim_end().to_owned() + if letters.is_multiple_of(5) { "x" } else { "" }
}

fn tags(count: usize, letters: usize) -> Vec<String> {
    (0..count).map(|at| format!("{at:0letters$}")).collect()
}

fn hashtags(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("#tag{at}")).collect()
}

fn of<'a>(checked: &'a Checked, rule: &str) -> Vec<&'a Finding> {
    checked.findings.iter().filter(|finding| finding.rule == rule).collect()
}

fn levels(set: &Set, platform: &str, rule: &str) -> Vec<Level> {
    of(&check(set, platform, None), rule).iter().map(|finding| finding.level).collect()
}

fn titled(title: &str) -> Set {
    Set { titles: vec![title.to_owned()], ..Set::default() }
}

fn described(description: &str) -> Set {
    Set { description: description.to_owned(), ..Set::default() }
}

fn hashtagged(count: usize) -> Set {
    Set { hashtags: hashtags(count), ..Set::default() }
}

fn chaptered(times: &[u32]) -> Set {
    let chapters = times.iter().map(|at_s| Chapter { at_s: *at_s, title: "part".to_owned() }).collect();
    Set { chapters, ..Set::default() }
}

use Level::{Error, Repaired, Warning};

#[test]
fn a_title_is_held_to_its_platform_and_a_shorter_one_is_offered() {
    for (platform, rule, most) in
        [("youtube", "T1", 100), ("youtube_shorts", "T1", 100), ("bilibili", "B1", 80), ("douyin", "Y1", 30)]
    {
        assert!(!levels(&titled(&words(most)), platform, rule).contains(&Error), "{platform}");
        let long = titled(&words(most + 1));
        let checked = check(&long, platform, None);
        let found = of(&checked, rule);
        assert_eq!((found[0].level, found[0].fix, found[0].index), (Error, Some(Fix::ShortenTitle(1)), Some(0)));
        assert_eq!((found[0].actual, found[0].limit), (Some(most + 1), Some(most)), "{platform}");
        assert!(!checked.fits());
        let mended = repair(&long, platform, Fix::ShortenTitle(1), None);
        assert!(check(&mended, platform, None).fits() || platform == "bilibili", "{platform}: {mended:?}");
        assert!(mended.titles[0].ends_with("abcd…"), "cut at a word: {}", mended.titles[0]);
    }
    assert_eq!(levels(&titled(&words(71)), "youtube", "T1"), [Warning]);
    assert_eq!(levels(&titled(&words(69)), "youtube", "T1"), []);
    assert_eq!(levels(&titled(""), "youtube", "T1"), [Error]);
    // Chinese is counted whole, Latin letters by half.
    assert_eq!(levels(&titled(&"番".repeat(20)), "xiaohongshu", "R1"), []);
    assert_eq!(levels(&titled(&"番".repeat(21)), "xiaohongshu", "R1"), [Error]);
    assert_eq!(levels(&titled(&words(39)), "xiaohongshu", "R1"), []);
    let mended = repair(&titled(&"番".repeat(30)), "xiaohongshu", Fix::ShortenTitle(1), None);
    assert_eq!(mended.titles[0], "番".repeat(19) + "…");
}

#[test]
fn angle_brackets_become_quotes_that_youtube_takes() {
    let set = Set { titles: vec!["fine".to_owned(), "a <b>".to_owned()], ..described("x > y") };
    let checked = check(&set, "youtube", None);
    assert_eq!(checked.set.titles, ["fine", "a ‹b›"]);
    assert_eq!(checked.set.description, "x › y");
    let found = of(&checked, "T2");
    assert_eq!(
        found.iter().map(|one| (one.part, one.index, one.level)).collect::<Vec<_>>(),
        [(Part::Title, Some(1), Repaired), (Part::Description, None, Repaired)]
    );
    assert!(checked.fits());
    assert_eq!(check(&set, "bilibili", None).set.titles[1], "a <b>", "others take them");
}

#[test]
fn a_description_is_counted_in_bytes_where_the_platform_does() {
    assert_eq!(levels(&described(&"番".repeat(1_666)), "youtube", "D1"), []);
    assert_eq!(levels(&described(&"番".repeat(1_667)), "youtube", "D1"), [Error]);
    let long = described(&format!("{}\n\n{}", words(4_000), words(2_000)));
    let mended = repair(&long, "youtube", Fix::CutDescription, None);
    assert_eq!(mended.description, words(4_000), "cut at the end of a paragraph");
    let set = Set { tags: vec!["miso soup".to_owned()], ..described("All about eggs.") };
    assert_eq!(levels(&set, "youtube", "D1"), [Warning]);
    let set = Set { tags: vec!["miso eggs".to_owned()], ..described("All about eggs.") };
    assert_eq!(levels(&set, "youtube", "D1"), []);
    assert_eq!(levels(&described(&words(2_001)), "bilibili", "B4"), [Error]);
    assert_eq!(levels(&described(&words(251)), "bilibili", "B4"), [Warning]);
    assert_eq!(levels(&described(""), "bilibili", "B4"), [Error]);
    assert_eq!(levels(&described(&words(1_001)), "xiaohongshu", "R2"), [Error]);
    assert_eq!(levels(&described(&words(1_000)), "xiaohongshu", "R2"), []);
}

#[test]
fn tags_beyond_a_limit_are_left_out_and_named() {
    let set = Set { tags: tags(60, 9), ..Set::default() };
    let checked = check(&set, "youtube", None);
    let found = of(&checked, "G1");
    assert_eq!((found[0].level, found[0].actual, found[0].removed.len()), (Repaired, Some(599), 10));
    assert_eq!(count::tags(&checked.set.tags), 499);
    assert_eq!(found[0].removed, set.tags[50..]);
    assert!(found.iter().any(|one| one.level == Warning && one.name == "many_tags"));
    assert_eq!(levels(&Set { tags: tags(13, 34), ..Set::default() }, "youtube", "G1"), [Warning], "above 450");

    let set = Set { tags: vec!["a".repeat(101), "b".repeat(31), "c".to_owned()], ..Set::default() };
    let checked = check(&set, "youtube", None);
    assert_eq!(checked.set.tags, set.tags[1..]);
    let found = of(&checked, "G2");
    assert_eq!((found[0].level, &found[0].removed), (Repaired, &vec!["a".repeat(101)]));
    assert_eq!((found[1].level, found[1].actual), (Warning, Some(31)));

    let set = Set { tags: tags(12, 5), description: "d".to_owned(), ..titled("t") };
    let checked = check(&set, "bilibili", None);
    assert_eq!((checked.set.tags.len(), &of(&checked, "B2")[0].removed), (10, &set.tags[10..].to_vec()));
    assert!(checked.fits());
    let set = Set { tags: vec!["番".repeat(21), "ok".to_owned()], ..Set::default() };
    assert_eq!(check(&set, "bilibili", None).set.tags, ["ok"]);
    assert_eq!(levels(&Set::default(), "bilibili", "B2"), [Error], "an empty list is refused");

    let set = Set { repeated: vec!["eggs".to_owned()], ..Set::default() };
    let checked = check(&set, "youtube", None);
    assert_eq!((of(&checked, "G3")[0].level, &of(&checked, "G3")[0].removed[..]), (Repaired, &["eggs".to_owned()][..]));
}

#[test]
fn hashtags_are_counted_and_brought_into_form() {
    for (platform, rule, warn, error) in [
        ("youtube", "H1", 15, Some(60)),
        ("tiktok", "K2", 5, None),
        ("instagram_reels", "I2", 5, Some(30)),
        ("linkedin", "L2", 5, None),
        ("xiaohongshu", "R3", 10, None),
    ] {
        assert_eq!(levels(&hashtagged(warn), platform, rule), [], "{platform}");
        assert_eq!(levels(&hashtagged(warn + 1), platform, rule), [Warning], "{platform}");
        if let Some(error) = error {
            assert_eq!(levels(&hashtagged(error + 1), platform, rule), [Error], "{platform}");
        }
        let mended = repair(&hashtagged(warn + 1), platform, Fix::KeepHashtags, None);
        assert_eq!(mended.hashtags, hashtags(5));
    }
    let checked = check(&hashtagged(7), "douyin", None);
    assert_eq!((checked.set.hashtags.len(), &of(&checked, "Y2")[0].removed[..]), (5, &hashtags(7)[5..]));
    let set = Set {
        hashtags: ["#smart lamp", "#हिन्दी", "#2026", "#!"].map(str::to_owned).to_vec(), ..Set::default()
    };
    let checked = check(&set, "tiktok", None);
    assert_eq!(checked.set.hashtags, ["#smartlamp", "#हिन्दी", "#2026"]);
    assert_eq!(levels(&set, "tiktok", "H2"), [Repaired, Warning, Repaired]);
}

#[test]
fn chapters_that_youtube_would_ignore_are_told_with_their_reason_and_mended() {
    for (times, fault) in [
        (&[5, 20, 40][..], ChapterFault::NotFromStart),
        (&[0, 20], ChapterFault::TooFew),
        (&[0, 40, 20], ChapterFault::NotAscending),
        (&[0, 9, 20], ChapterFault::TooClose),
        (&[0, 20, 70], ChapterFault::BeyondEnd),
    ] {
        let checked = check(&chaptered(times), "youtube", Some(60));
        let found: Vec<_> = of(&checked, "C1").iter().map(|one| (one.level, one.fault, one.fix)).collect();
        // Nobody but the agent finds more of them.
        let fix = Some(Fix::MendChapters).filter(|_| fault != ChapterFault::TooFew);
        assert_eq!(found, [(Error, Some(fault), fix)], "{times:?}");
        assert!(check(&chaptered(times), "tiktok", Some(60)).findings.is_empty());
    }
    assert_eq!(levels(&chaptered(&[0, 10, 20]), "youtube", "C1"), []);
    let mut long = chaptered(&[0, 10, 20]);
    long.chapters[1].title = words(51);
    assert_eq!(levels(&long, "youtube", "C1"), [Warning]);
    let mut set = chaptered(&[3, 8, 40, 30]);
    set.description = "Hello.\n\n0:03 part\n0:08 part\n0:40 part\n0:30 part\n\nBye.".to_owned();
    let mended = repair(&set, "youtube", Fix::MendChapters, Some(60));
    assert_eq!(mended.description, "Hello.\n\n0:00 part\n0:30 part\n0:40 part\n\nBye.");
    assert!(check(&mended, "youtube", Some(60)).fits());
}

#[test]
fn captions_are_counted_with_their_hashtags() {
    for (platform, rule, most) in [("tiktok", "K1", 2_200), ("instagram_reels", "I1", 2_200), ("linkedin", "L1", 3_000)]
    {
        assert!(!levels(&described(&words(most)), platform, rule).contains(&Error), "{platform}");
        let long = Set { hashtags: hashtags(2), ..described(&words(most)) };
        assert_eq!(levels(&long, platform, rule), [Error], "{platform}");
        let mended = repair(&long, platform, Fix::TrimCaption, None);
        assert!(check(&mended, platform, None).fits(), "{platform}");
        assert!(mended.caption().ends_with("#tag0 #tag1"), "hashtags come last");
    }
    assert_eq!(levels(&described(&words(151)), "tiktok", "K1"), [Warning]);
    assert_eq!(levels(&described(&"@one two ".repeat(21)), "instagram_reels", "I3"), [Error]);
    assert_eq!(levels(&described(&"番".repeat(131)), "x", "X1"), [Warning]);
    let long = described(&"番茄 ".repeat(100));
    assert_eq!(levels(&long, "x", "X1"), [Error]);
    let posts = thread(&long);
    assert!(posts.len() >= 2 && posts.iter().all(|post| count::x_weighted(post) <= 280), "{posts:?}");
    assert_eq!(posts.concat().matches('番').count(), 100, "no word is lost");
}

#[test]
fn what_is_not_seen_goes_and_what_a_script_needs_stays() {
    let family = "👨‍👩‍👧 می‌خواهم क्‍ष ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣";
    let set = titled(&format!("a\u{200b}b\u{202e}c\u{7} x\u{200d}y {family}"));
    let checked = check(&set, "tiktok", None);
    assert_eq!(checked.set.titles[0], format!("abc xy {family}"));
    let found = of(&checked, "P1");
    assert_eq!(found[0].removed, ["U+200B", "U+202E", "U+0007", "U+200D"]);
    assert_eq!((found[0].level, found[0].index), (Repaired, Some(0)));
    let names = |title: &str| {
        check(&titled(title), "tiktok", None).findings.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    assert_eq!(names("LOOK AT THIS NOW"), ["all_capitals"]);
    assert_eq!(names("A 4K POV"), [""; 0]);
    assert_eq!(names("one 🌿🌱🌲🌳"), ["many_emoji"]);
    assert_eq!(names("one 🌿🌱👨‍👩‍👧"), [""; 0]);
}

#[test]
fn every_rule_of_the_table_is_one_that_the_checker_knows() {
    let source = concat!(include_str!("fields.rs"), include_str!("../check.rs"));
    for rule in &limits().rules {
        assert!(source.contains(&format!("\"{}\"", rule.id)), "{} is never checked", rule.id);
    }
}

#[test]
fn the_line_of_what_fits_where_has_each_count_beside_its_limit() {
    let set = Set { tags: tags(3, 5), ..described("hello") };
    let set = Set { titles: vec!["one".to_owned(), "longest".to_owned()], ..set };
    let line = |platform: &str| {
        let measures = check(&set, platform, None).measures;
        measures.into_iter().map(|one| (one.part, one.count, one.limit)).collect::<Vec<_>>()
    };
    assert_eq!(
        line("youtube"),
        [(Part::Title, 7, 100), (Part::Description, 5, 5_000), (Part::Tags, 17, 500), (Part::Hashtags, 0, 60)]
    );
    assert_eq!(line("bilibili"), [(Part::Title, 7, 80), (Part::Description, 5, 2_000), (Part::Tags, 3, 10)]);
    assert_eq!(line("x"), [(Part::Caption, 5, 280)]);
}

#[test]
fn an_unusual_end_of_a_line_ends_it_as_usual_and_glues_no_words() {
    for end in ['\u{2028}', '\u{2029}', '\u{85}', '\u{b}'] {
        let set = Set { description: format!("Before{end}after."), ..titled(&format!("Before{end}after")) };
        let checked = check(&set, "youtube", None);
        assert_eq!(checked.set.description, "Before\nafter.", "{end:?}");
        assert_eq!(checked.set.titles, ["Before after"], "{end:?}");
        assert_eq!(of(&checked, "P1").len(), 2, "{end:?}");
    }
}
