//! `parse_mode` HTML, read as strictly as Telegram reads it: a tag that is unknown, crossed or left open refuses the
//! whole message.

use serde_json::{Map, Value, json};

use super::refusal::Refusal;

struct Open {
    tag: String,
    offset: usize,
    wire: Option<Map<String, Value>>,
}

/// The visible text and its entities.
pub(super) fn read(source: &str) -> Result<(String, Vec<Value>), Refusal> {
    let mut text = String::new();
    let mut offset = 0;
    let mut open: Vec<Open> = Vec::new();
    let mut entities: Vec<Value> = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let at = source.len() - rest.len();
        match first {
            '<' => {
                let end = rest.find('>').ok_or_else(|| fault(format!("Unclosed start tag at byte offset {at}")))?;
                let inside = &rest[1..end];
                if let Some(name) = inside.strip_prefix('/') {
                    entities.extend(close(&mut open, name, offset, at)?);
                } else {
                    open.push(start(inside, offset, at)?);
                }
                rest = &rest[end + 1..];
            }
            '&' => {
                let (shown, length) = reference(rest);
                text.push(shown);
                offset += shown.len_utf16();
                rest = &rest[length..];
            }
            other => {
                text.push(other);
                offset += other.len_utf16();
                rest = &rest[other.len_utf8()..];
            }
        }
    }
    if let Some(last) = open.last() {
        return Err(fault(format!("Can't find end tag corresponding to start tag \"{}\"", last.tag)));
    }
    entities.sort_by_key(|entity| entity["offset"].as_u64());
    Ok((text, entities))
}

fn start(inside: &str, offset: usize, at: usize) -> Result<Open, Refusal> {
    let (tag, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let tag = tag.to_ascii_lowercase();
    let kind = match tag.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "tg-spoiler" => "spoiler",
        "code" => "code",
        "pre" => "pre",
        "a" => "text_link",
        "span" if attribute(rest, "class").as_deref() == Some("tg-spoiler") => "spoiler",
        "span" => return Err(fault(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {at}"))),
        "blockquote" if rest.split_whitespace().any(|word| word.starts_with("expandable")) => "expandable_blockquote",
        "blockquote" => "blockquote",
        _ => return Err(fault(format!("Unsupported start tag \"{tag}\" at byte offset {at}"))),
    };
    let mut wire = Map::new();
    wire.insert("type".to_owned(), json!(kind));
    if kind == "text_link" {
        match attribute(rest, "href").filter(|href| !href.is_empty()) {
            Some(href) => wire.insert("url".to_owned(), json!(href)),
            // Without an address the text stands as it is.
            None => return Ok(Open { tag, offset, wire: None }),
        };
    }
    if kind == "code"
        && let Some(language) = attribute(rest, "class").as_deref().and_then(|class| class.strip_prefix("language-"))
    {
        wire.insert("language".to_owned(), json!(language));
    }
    Ok(Open { tag, offset, wire: Some(wire) })
}

fn close(open: &mut Vec<Open>, name: &str, offset: usize, at: usize) -> Result<Option<Value>, Refusal> {
    let name = name.trim().to_ascii_lowercase();
    let Some(last) = open.pop() else {
        return Err(fault(format!("Unexpected end tag at byte offset {at}")));
    };
    if last.tag != name {
        return Err(fault(format!(
            "Unmatched end tag at byte offset {at}, expected \"</{}>\", found \"</{name}>\"",
            last.tag
        )));
    }
    let Some(mut wire) = last.wire.filter(|_| offset > last.offset) else { return Ok(None) };
    // `<pre><code class="language-x">` is one entity: the language moves to the outer one.
    if last.tag == "code"
        && let Some(outer) = open.last_mut().filter(|outer| outer.tag == "pre" && outer.offset == last.offset)
        && let Some(pre) = outer.wire.as_mut()
    {
        pre.extend(wire.remove("language").map(|language| ("language".to_owned(), language)));
        return Ok(None);
    }
    wire.remove("language").map(|language| (last.tag == "pre").then(|| wire.insert("language".to_owned(), language)));
    wire.insert("offset".to_owned(), json!(last.offset));
    wire.insert("length".to_owned(), json!(offset - last.offset));
    Ok(Some(Value::Object(wire)))
}

fn attribute(source: &str, name: &str) -> Option<String> {
    let after = source.split_once(&format!("{name}="))?.1;
    let quote = after.chars().next().filter(|first| matches!(first, '"' | '\''));
    let value = match quote {
        Some(quote) => after[1..].split(quote).next(),
        None => after.split_whitespace().next(),
    }?;
    let mut out = String::new();
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let (shown, length) = if first == '&' { reference(rest) } else { (first, first.len_utf8()) };
        out.push(shown);
        rest = &rest[length..];
    }
    Some(out)
}

/// The character that `&…;` at the start of `source` stands for, and how many bytes it took.
fn reference(source: &str) -> (char, usize) {
    let literal = ('&', 1);
    // The longest is `&#1114111;`.
    let Some(end) = source.bytes().take(12).position(|byte| byte == b';') else { return literal };
    let shown = match &source[1..end] {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        number => number.strip_prefix('#').and_then(|digits| {
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => digits.parse().ok(),
            };
            code.and_then(char::from_u32)
        }),
    };
    shown.map_or(literal, |shown| (shown, end + 1))
}

fn fault(what: impl AsRef<str>) -> Refusal {
    Refusal::bad(format!("can't parse entities: {}", what.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_entities_in_utf16_units() {
        let (text, entities) = read("🎬 <b>a &lt; b</b> <pre><code class=\"language-rust\">x</code></pre>").unwrap();
        assert_eq!(text, "🎬 a < b x");
        assert_eq!(
            entities,
            [
                json!({ "type": "bold", "offset": 3, "length": 5 }),
                json!({ "type": "pre", "language": "rust", "offset": 9, "length": 1 }),
            ]
        );
    }

    #[test]
    fn a_faulty_tag_is_refused_in_telegrams_words() {
        for (source, words) in [
            ("<b>unclosed", "Can't find end tag corresponding to start tag \"b\""),
            ("<script>x</script>", "Unsupported start tag \"script\" at byte offset 0"),
            ("<b><i>test</b></i>", "Unmatched end tag at byte offset 10, expected \"</i>\", found \"</b>\""),
            ("a</b>", "Unexpected end tag at byte offset 1"),
        ] {
            assert_eq!(read(source).unwrap_err().description, format!("Bad Request: can't parse entities: {words}"));
        }
    }
}
