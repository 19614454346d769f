//! What is talk and not a field: closing sentences, noise.

/// Sentences of the service about itself.
const NOISE: &[&str] = &[
    "i encountered a temporary issue",
    "i've encountered a temporary issue",
    "我遇到了临时问题",
    "遇到了一个临时问题",
    "一時的な問題が発生しました",
];

/// How the agent ends a reply.
#[rustfmt::skip]
const CLOSING: &[&str] = &[
    "let me know", "would you like", "want me to", "do you want", "feel free", "hope this", "hope these", "i hope", "should i", "shall i",
    "if you'd like", "if you would like", "if you want", "if you need", "just say", "just tell me", "tell me if", "ready to", "need a ", "need any", "need more",
    "i can also", "i kept", "i recommend", "i'd recommend", "i suggest", "my pick", "happy to", "would you prefer", "want more", "want a ", "want any", "all titles are", "all tags are", "these are",
    "如果满意", "如果滿意", "如果您", "如果你", "如需", "需要我", "要不要", "是否需要", "希望这", "希望以上", "您可以", "你可以告诉我", "请告诉我", "欢迎告诉", "要我", "想要", "我可以", "我也可以", "還需要", "还需要", "需要調整", "需要调整", "以上", "推荐使用", "我推荐", "满意的话", "喜欢哪", "請告訴我",
    "¿quieres", "¿te gustaría", "¿te gusta", "¿necesitas", "¿prefieres", "si quieres", "si deseas", "si prefieres", "avísame", "dime si", "espero que", "puedo ",
    "quer que eu", "quer que", "gostaria", "se quiser", "se preferir", "me avise", "espero que", "posso ", "deseja ", "me diga",
    "souhaitez-vous", "voulez-vous", "veux-tu", "si vous", "si tu veux", "dites-moi", "dis-moi", "n'hésit", "j'espère", "je peux",
    "möchtest du", "möchten sie", "soll ich", "sag bescheid", "sag mir", "gib bescheid", "lass mich", "lassen sie", "wenn du", "falls du", "ich kann", "ich hoffe",
    "必要であれば", "必要でしたら", "ご希望", "よろしければ", "いかがでしょう", "気に入", "もっと", "他にも", "他の", "修正が必要", "お気軽に", "調整が必要", "変更",
    "필요하시면", "필요하면", "원하시면", "원하면", "더 필요", "마음에 드", "수정이 필요", "말씀해",
    "хотите", "дайте знать", "если нужно", "если хотите", "надеюсь", "могу ", "нужно ли", "скажите",
    "vuoi che", "vuoi ", "fammi sapere", "se vuoi", "dimmi", "spero", "posso",
    "क्या आप", "अगर आप", "यदि आप", "बताइए", "बताएं", "هل تريد", "هل ترغب", "أخبرني", "إذا أردت", "إذا كنت", "يمكنني",
    "laat me weten", "wil je", "daj znać", "jeśli chcesz", "beri tahu", "apakah anda", "bạn có muốn", "hãy cho tôi", "isterseniz", "ister misin",
];

/// How it speaks of a window...
const POINTING: &[&str] = &[
    "click",
    "tap ",
    "press ",
    "请点击",
    "点击",
    "請點擊",
    "點擊",
    "haz clic",
    "clique",
    "cliquez",
    "klick",
    "нажмите",
    "クリック",
    "클릭",
    "clicca",
    "head to",
    "go to",
    "open the",
];
/// ...that is not there.
const THINGS: &[&str] = &[
    "export",
    "button",
    "download",
    "timeline",
    "panel",
    "导出",
    "按钮",
    "下载",
    "匯出",
    "botón",
    "exportar",
    "descargar",
    "botão",
    "baixar",
    "exporter",
    "télécharger",
    "schaltfläche",
    "herunterladen",
    "экспорт",
    "кнопк",
    "書き出し",
    "ボタン",
    "내보내기",
    "버튼",
    "esporta",
];
/// What a creator says to viewers looks like a closing sentence too.
const TO_VIEWERS: &[&str] = &[
    "comment",
    "below",
    "评论",
    "留言",
    "弹幕",
    "comentario",
    "comentário",
    "commentaire",
    "kommentar",
    "комментари",
    "コメント",
    "댓글",
    "subscribe",
    "订阅",
    "关注",
];
/// Letters that are looked at.
const HEAD: usize = 400;

fn head(line: &str) -> String {
    let start = line.trim_start_matches(|c: char| c.is_whitespace() || "*_>-".contains(c) || super::line::is_sign(c));
    start.chars().take(HEAD).flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }).collect()
}

/// Whether the line is a sentence of the service about itself.
pub(super) fn is_noise(line: &str) -> bool {
    let head = head(line);
    NOISE.iter().any(|noise| head.starts_with(noise))
}

/// Whether the line ends the reply, rather than a field.
pub(super) fn is_closing(line: &str) -> bool {
    let head = head(line);
    if POINTING.iter().any(|word| head.starts_with(word)) {
        return THINGS.iter().any(|word| head.contains(word));
    }
    CLOSING.iter().any(|word| head.starts_with(word)) && !TO_VIEWERS.iter().any(|word| head.contains(word))
}

/// Whether the line reads as a sentence and not as a list of tags.
pub(super) fn is_sentence(line: &str) -> bool {
    let line = line.trim().trim_end_matches(['*', '_', ')', '”', '"', ' ']);
    let line = line.trim_end_matches(super::line::is_sign).trim_end();
    if line.starts_with('#') && !line.starts_with("# ") {
        return false;
    }
    is_closing(line)
        || is_noise(line)
        || (line.ends_with(['.', '!', '?', '。', '！', '？', ':', '：', '।']) && line.chars().count() > 12)
}
