use super::{COPY_LIMIT, card};
use crate::metadata::parse;

#[test]
fn a_card_numbers_titles_and_tells_what_a_button_holds() {
    let long = "wide ".repeat(60);
    let reply =
        format!("**Titles:**\n1. One\n2. Two ⭐\n3. {long}\n\n**Description:**\nHi <there>.\n\n**Tags:** a, b, a");
    let parsed = parse(&reply, false).unwrap();
    let card = card(&parsed, &["youtube".to_owned(), "bilibili".to_owned()], None);
    let face = &card.faces[0];
    let titles: Vec<_> =
        face.titles.iter().map(|line| (line.number, line.recommended, line.title.fits_button)).collect();
    assert_eq!(titles, [(1, false, true), (2, true, true), (3, false, false)]);
    assert_eq!((face.tags.text.as_str(), face.tags.fits_button), ("a, b", true));
    assert_eq!(face.description.text, "Hi ‹there›.", "what is copied is repaired for the first platform");
    assert!(!face.hashtags.fits_button, "an empty text is nothing to copy");
    let platforms: Vec<_> = face.checked.iter().map(|checked| (checked.platform.as_str(), checked.fits())).collect();
    assert_eq!(platforms, [("youtube", false), ("bilibili", false)]);
    assert_eq!(COPY_LIMIT, 256);
}

#[test]
fn a_set_of_a_platform_is_checked_for_it_alone_and_an_unknown_choice_is_youtube() {
    let parsed = parse("## TikTok\n**Caption:** hello #a\n\n## Hashtags\n#one", false).unwrap();
    let card = card(&parsed, &["nowhere".to_owned()], None);
    let checked: Vec<_> = card.faces.iter().flat_map(|face| &face.checked).map(|one| one.platform.as_str()).collect();
    assert_eq!(checked, ["tiktok", "youtube"]);
}
