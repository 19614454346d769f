//! Which kind of Chinese: a vote of the common characters that the two kinds write differently.
//!
//! Left out are characters that one kind shares with the other in some words (后, 里, 台, 干, 只, 面 …).

use std::collections::HashMap;
use std::sync::LazyLock;

/// Simplified characters. The one at the same place in [`TRADITIONAL`] is written instead there.
const SIMPLIFIED: &[&str] = &[
    "这们来个时说国过会学对开关进还没发动样种实经头问让给话视频标题签辑导输载传链转换删减画声乐图长宽错误请谢帮为吗么",
    "听见觉现显变调边点线红绿蓝黄颜体简写读语译词认识试设计记讲议论证评该课谁选适连运远达迟钟钱银铁键镜闪门间闻队阳阴",
    "陆际随难电页项顺须预领风飞饭馆马车轨轻较务历压厅县参双号叶员响团园围场块坏报处备复够夹奖妈孙宝审宫寻将尔尝层属岁",
    "币师带广库应张弹强归当录径总战户扩护择挥据损数断无旧术机杂权条极构枪检欢汉汇沟泪测济浏湾满滚滤灯灵热爱状独环网码",
    "确离积稳穷笔级纪约纯纸组细终结绍统继续维编缩罗职联脑节苏药获虑虽补装规订训许详费资质购赛赞跃踪轮软迁递逻邮释锁静",
    "韩顾额鲜鸟龙优价众伤侧储儿兰兴养兽冻净凤击创别剧办劳势区医华协单卖卫厂厉却叠吓启喷亲亿仅从仓东丝两严丢业丰临举义",
    "书买乱争亚产观览触贴败责赢赶尽渐虚饰圆叙宾剂缓绪绘综辅专档讯帧态残撷暂栏脚缘决况齐墙坚夺隐闭闹阅阔颗饮饼骗验腾鱼",
    "鸡麦",
];

/// Their traditional forms.
const TRADITIONAL: &[&str] = &[
    "這們來個時說國過會學對開關進還沒發動樣種實經頭問讓給話視頻標題簽輯導輸載傳鏈轉換刪減畫聲樂圖長寬錯誤請謝幫為嗎麼",
    "聽見覺現顯變調邊點線紅綠藍黃顏體簡寫讀語譯詞認識試設計記講議論證評該課誰選適連運遠達遲鐘錢銀鐵鍵鏡閃門間聞隊陽陰",
    "陸際隨難電頁項順須預領風飛飯館馬車軌輕較務歷壓廳縣參雙號葉員響團園圍場塊壞報處備復夠夾獎媽孫寶審宮尋將爾嘗層屬歲",
    "幣師帶廣庫應張彈強歸當錄徑總戰戶擴護擇揮據損數斷無舊術機雜權條極構槍檢歡漢匯溝淚測濟瀏灣滿滾濾燈靈熱愛狀獨環網碼",
    "確離積穩窮筆級紀約純紙組細終結紹統繼續維編縮羅職聯腦節蘇藥獲慮雖補裝規訂訓許詳費資質購賽讚躍蹤輪軟遷遞邏郵釋鎖靜",
    "韓顧額鮮鳥龍優價眾傷側儲兒蘭興養獸凍淨鳳擊創別劇辦勞勢區醫華協單賣衛廠厲卻疊嚇啟噴親億僅從倉東絲兩嚴丟業豐臨舉義",
    "書買亂爭亞產觀覽觸貼敗責贏趕盡漸虛飾圓敘賓劑緩緒繪綜輔專檔訊幀態殘擷暫欄腳緣決況齊牆堅奪隱閉鬧閱闊顆飲餅騙驗騰魚",
    "雞麥",
];

/// Those of [`SIMPLIFIED`] that Japanese writes too (JIS X 0208).
const JAPANESE_TOO: &[&str] = &[
    "来个国会学没画声听点黄体写随参双号叶坏宝将属广当径据数断无旧机条泪湾灯状独网装踪静价儿区医厂却从乱争触尽虚叙档残",
    "脚决况麦",
];

/// Other frequent characters that Japanese does not write.
const CHINESE_ONLY: &str = "你您吧呢她咱哪";

/// What a character tells.
#[derive(Clone, Copy, Debug, Default)]
struct Ballot {
    simplified: bool,
    traditional: bool,
    not_japanese: bool,
}

static BALLOTS: LazyLock<HashMap<char, Ballot>> = LazyLock::new(|| {
    let mut ballots: HashMap<char, Ballot> = HashMap::new();
    for letter in letters(SIMPLIFIED) {
        ballots.insert(letter, Ballot { simplified: true, not_japanese: true, ..Ballot::default() });
    }
    for letter in letters(JAPANESE_TOO) {
        ballots.entry(letter).or_default().not_japanese = false;
    }
    for letter in letters(TRADITIONAL) {
        ballots.insert(letter, Ballot { traditional: true, ..Ballot::default() });
    }
    for letter in CHINESE_ONLY.chars() {
        ballots.insert(letter, Ballot { not_japanese: true, ..Ballot::default() });
    }
    ballots
});

fn letters(table: &'static [&'static str]) -> impl Iterator<Item = char> {
    table.iter().flat_map(|line| line.chars())
}

/// How a text in Chinese characters was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vote {
    /// More simplified than traditional characters: positive; as many: zero.
    pub(super) lead: i32,
    /// A character stands in it that Japanese does not have.
    pub(super) not_japanese: bool,
}

impl Vote {
    /// Counts the characters of `text`.
    pub(super) fn of(text: &str) -> Self {
        text.chars().filter_map(|letter| BALLOTS.get(&letter)).fold(
            Self { lead: 0, not_japanese: false },
            |vote, ballot| Self {
                lead: vote.lead + i32::from(ballot.simplified) - i32::from(ballot.traditional),
                not_japanese: vote.not_japanese || ballot.not_japanese,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_pairs_and_no_character_votes_twice() {
        let (simplified, traditional): (Vec<_>, Vec<_>) =
            (letters(SIMPLIFIED).collect(), letters(TRADITIONAL).collect());
        assert_eq!(simplified.len(), traditional.len());
        let mut all = [simplified.clone(), traditional].concat();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(letters(JAPANESE_TOO).all(|letter| simplified.contains(&letter)));
    }
}
