use super::*;

mod properties;
mod stories;

/// A sample with everything in it that agents write.
const SAMPLE: &str = "\
# Your *video* plan

Here is **what I did**, with `ffmpeg -i a.mp4` and [the docs](https://example.com/docs?a=1_2) — ~~nothing~~ lost & kept.

1. **Night Ride** | 4K: a _calm_ ride
2. Taipei **after _midnight_** on a scooter
   - with sub-items
   - and `code`
3. Last one, see <https://example.com/more>

> A quiet ride,
> **no talking**.

| # | Title | Length |
|---|:-----:|-------:|
| 1 | Night *Ride* | 35 |
| 2 | After `Midnight` | 34 |

```python
def cut(a, b):
    return a ** b  # `not` a mark
```

---

Done: 2 * 3 * 4 = 24, snake_case_name, 5 ~ 6, a[0], \\*literal\\*. ![cover](https://example.com/c.png)

* one
* **two**

~~~
tail
~~~
";

fn utf16(max: usize) -> TextLimit {
    TextLimit::Utf16(max)
}

fn words(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.to_owned())]
}

/// What a reader reads, without the white space that a cut may eat.
fn ink(text: &str) -> String {
    text.chars().filter(|c| clean::is_visible(*c)).collect()
}

/// Reads a source message by message, as a live message does.
fn takes(source: &str, limit: TextLimit) -> Vec<RichText> {
    let mut parts = Vec::new();
    let mut rest = source.to_owned();
    while !rest.is_empty() {
        let taken = take(&rest, limit);
        assert!(taken.used > 0 && taken.used <= rest.len(), "{rest:?} gave {taken:?}");
        if taken.used == rest.len() {
            parts.push(RichText::markdown(&rest));
            break;
        }
        assert!(taken.reopen.len() < taken.used, "no progress: {rest:?} gave {taken:?}");
        rest = format!("{}{}", taken.reopen, &rest[taken.used..]);
        parts.push(taken.text);
    }
    parts.retain(|part| !part.is_empty());
    parts
}
