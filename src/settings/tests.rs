//! What an operator gets right and wrong.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Write;
use std::time::Duration;

use rstest::rstest;
use secrecy::ExposeSecret;

use super::layers::DEFAULTS;
use super::*;

fn sources(file: Option<&tempfile::NamedTempFile>, variables: &[(&str, &str)]) -> Sources {
    Sources {
        file: file.map(|file| file.path().to_owned()),
        variables: variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect(),
    }
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn with(variables: &[(&str, &str)]) -> Settings {
    Settings::load(&sources(None, variables)).unwrap().settings
}

fn wrong(variables: &[(&str, &str)]) -> Vec<String> {
    Settings::load(&sources(None, variables)).unwrap_err().0
}

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn the_defaults_are_complete_and_right() {
    // Sections deny unknown keys and have no defaults of their own, so this also says that file and types agree.
    let settings = Settings::built_in().unwrap();
    let nemo = &settings.nemo;
    assert_eq!((nemo.turn_timeout, nemo.silence_timeout), (Duration::from_mins(15), Duration::from_mins(10)));
    assert_eq!(nemo.still_working_every, Duration::from_mins(2));
    let looks = (nemo.recheck_first, nemo.recheck_every, nemo.rechecks);
    assert_eq!(looks, (Duration::from_secs(30), Duration::from_mins(1), 5));
    assert_eq!(settings.stream.edit_interval_telegram_private, Duration::from_millis(1100));
    assert_eq!(settings.privacy.keep, Duration::from_hours(90 * 24));
    assert_eq!(settings.server.listen, Listen::At(([127, 0, 0, 1], 9090).into()));
    assert!(settings.telegram.token.is_none() && settings.nemo.token.is_none());
    assert_eq!(settings.store.key_path().unwrap().to_str(), Some("data/nemo-bot.key"));
}

#[test]
fn each_default_stands_once_under_its_own_comment() {
    let (mut section, mut before, mut seen) = ("", "", BTreeSet::new());
    for line in DEFAULTS.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            assert!(before.starts_with("# ") && before.ends_with('.'), "{section}.{key} has no sentence");
            assert!(seen.insert(format!("{section}.{key}")), "{section}.{key} stands twice");
        }
        before = line;
    }
    assert!(seen.len() > 35, "only {} keys were read", seen.len());
}

#[test]
fn a_variable_beats_the_file_and_the_file_beats_the_default() {
    let mine = file("[flood]\nburst = 5\nper_minute = 7\n[telegram]\nclip_chats = [-1001, 2]\n");
    let loaded = Settings::load(&sources(Some(&mine), &[("NEMO_BOT__FLOOD__BURST", "9")])).unwrap();
    let Settings { flood, telegram, nemo, .. } = loaded.settings;
    assert_eq!((flood.burst.get(), flood.per_minute.get(), nemo.rechecks), (9, 7, 5));
    assert_eq!(telegram.clip_chats, [-1001, 2]);
    assert!(loaded.warnings.is_empty());
}

#[rstest]
#[case("NEMO_TOKEN", "NEMO_BOT__NEMO__TOKEN")]
#[case("TELEGRAM_BOT_TOKEN", "NEMO_BOT__TELEGRAM__TOKEN")]
#[case("NEMO_API_URL", "NEMO_BOT__NEMO__API_URL")]
#[case("NEMO_WEB_URL", "NEMO_BOT__NEMO__WEB_URL")]
fn an_alias_beats_the_file_and_loses_to_the_full_name(#[case] alias: &str, #[case] full: &str) {
    let (first, second) = if alias.ends_with("URL") { ("http://first/", "http://second/") } else { ("1:f", "2:s") };
    let read = |variables: &[(&str, &str)]| {
        let mine = file(
            "[nemo]\ntoken = \"0:n\"\napi_url = \"http://file/\"\nweb_url = \"http://file/\"\n[telegram]\ntoken = '0:t'\n",
        );
        let Settings { nemo, telegram, .. } = Settings::load(&sources(Some(&mine), variables)).unwrap().settings;
        match alias {
            "NEMO_TOKEN" => nemo.token.unwrap().expose_secret().to_owned(),
            "TELEGRAM_BOT_TOKEN" => telegram.token.unwrap().expose_secret().to_owned(),
            "NEMO_API_URL" => nemo.api_url.to_string(),
            _ => nemo.web_url.to_string(),
        }
    };
    assert_eq!(read(&[(alias, first)]), first);
    assert_eq!(read(&[(full, second), (alias, first)]), second);
    assert_eq!(read(&[(alias, first), (full, second)]), second);
    assert_eq!(read(&[(alias, first), (full, "")]), first, "an empty variable counts as none");
}

#[test]
fn lists_come_from_variables_with_commas() {
    assert_eq!(with(&[("NEMO_BOT__TELEGRAM__CLIP_CHATS", "-100123, 7,")]).telegram.clip_chats, [-100_123, 7]);
}

#[test]
fn other_peoples_variables_are_not_ours() {
    with(&[("NEMO_BOT_PORT", "tcp://10.0.0.1:80"), ("NEMO_BOT_CONFIG", "elsewhere"), ("PATH", "/bin")]);
}

#[rstest]
#[case("NEMO_BOT__FLOOD__BRUST", "Unknown setting flood.brust in NEMO_BOT__FLOOD__BRUST. Did you mean flood.burst?")]
#[case(
    "NEMO_BOT__TELEGRAM__TOKNE",
    "Unknown setting telegram.tokne in NEMO_BOT__TELEGRAM__TOKNE. Did you mean telegram.token?"
)]
#[case("NEMO_BOT__NEMO__HOLD", "Unknown setting nemo.hold in NEMO_BOT__NEMO__HOLD. Did you mean run.hold?")]
#[case("NEMO_BOT__STORE_URL", "Unknown setting store_url in NEMO_BOT__STORE_URL. Did you mean store.url?")]
fn an_unknown_variable_is_told_with_the_nearest_key(#[case] name: &str, #[case] sentence: &str) {
    assert_eq!(wrong(&[(name, "1")]), [sentence]);
}

#[test]
fn an_unknown_key_in_the_file_is_told_with_the_file() {
    let mine = file("colour = 1\n[run]\nhodl = '20s'\n");
    let path = mine.path().display();
    let error = Settings::load(&sources(Some(&mine), &[])).unwrap_err();
    assert_eq!(error.0[1], format!("Unknown setting run.hodl in {path}. Did you mean run.hold?"));
    assert!(error.0[0].starts_with(&format!("Unknown setting colour in {path}.")), "{error}");
}

#[rstest]
#[case("RUN__HOLD", "15", "run.hold", "a time such as 200ms, 30s, 15m, 24h or 90d")]
#[case("RUN__HOLD", "1h30m", "run.hold", "a time such as 200ms, 30s, 15m, 24h or 90d")]
#[case("RUN__HOLD", "900ms", "run.hold", "1s to 1h")]
#[case("RUN__DRAIN", "2h", "run.drain", "0s to 1h")]
#[case("STORE__SWEEP_EVERY", "15s", "store.sweep_every", "less than run.hold, which is 15s")]
#[case("STORE__SWEEP_EVERY", "0s", "store.sweep_every", "1ms to 30d")]
#[case("STORE__REPLICA_ACKS", "1", "store.replica_acks", "0, where store.url is not that of a Redis")]
#[case("STORE__REPLICA_ACKS", "one", "store.replica_acks", "a whole number of 0 or more")]
#[case("NEMO__RENDER_POLL_EVERY", "0ms", "nemo.render_poll_every", "1ms to 30d")]
#[case("NEMO__RENDER_PATIENCE", "25h", "nemo.render_patience", "at most nemo.render_deadline, which is 1d")]
#[case("NEMO__RECHECKS", "-1", "nemo.rechecks", "a whole number of 0 or more")]
#[case("NEMO__RECHECKS", "1001", "nemo.rechecks", "0 to 1000")]
#[case("NEMO__SKILL_SOURCE", "two words", "nemo.skill_source", "letters, digits and signs of ASCII without spaces")]
#[case("CREDITS__LOW", "1.5", "credits.low", "a whole number of 0 or more")]
#[case("FLOOD__BURST", "0", "flood.burst", "a whole number of 1 or more")]
#[case("TELEGRAM__POLL_TIMEOUT", "51s", "telegram.poll_timeout", "1s to 50s")]
#[case("TELEGRAM__WEBHOOK_CONNECTIONS", "101", "telegram.webhook_connections", "1 to 100")]
#[case("TELEGRAM__WEBHOOK_LISTEN", "off", "telegram.webhook_listen", "an address and a port such as 127.0.0.1:8443")]
#[case(
    "TELEGRAM__WEBHOOK_URL",
    "ftp://bot.example.com",
    "telegram.webhook_url",
    "an address such as https://bot.example.com/telegram, without user or fragment, or nothing"
)]
#[case("TELEGRAM__DRAFTS", "on", "telegram.drafts", "true or false")]
#[case("TELEGRAM__DRAFT_RENEWAL", "26s", "telegram.draft_renewal", "1s to 25s")]
#[case("TELEGRAM__ALBUM_WAIT", "2m", "telegram.album_wait", "0s to 1m")]
#[case("TELEGRAM__LOCAL_FILES", "yes", "telegram.local_files", "true or false")]
#[case(
    "TELEGRAM__LOCAL_FILES",
    "true",
    "telegram.local_files",
    "false, or true with telegram.api_url set to a local Bot API server"
)]
#[case("LANGUAGE__DEFAULT", "klingon!", "language.default", "a language tag such as en, zh-Hans or pt-BR")]
#[case("PRIVACY__KEEP", "23h", "privacy.keep", "1d to 3650d")]
#[case(
    "NEMO__API_URL",
    "ftp://example.com",
    "nemo.api_url",
    "a web address such as https://example.com, without user, query or fragment"
)]
#[case(
    "STORE__URL",
    "postgres://db",
    "store.url",
    "sqlite:PATH, sqlite::memory:, redis://HOST:PORT or rediss://HOST:PORT"
)]
#[case(
    "STORE__URL",
    "sqlite://data/x.db",
    "store.url",
    "sqlite:PATH, sqlite::memory:, redis://HOST:PORT or rediss://HOST:PORT"
)]
#[case("SERVER__LISTEN", "9090", "server.listen", "an address and a port such as 127.0.0.1:9090, or off")]
#[case("LOG__FORMAT", "xml", "log.format", "text or json")]
fn a_wrong_value_is_told_with_what_is_allowed(
    #[case] tail: &str,
    #[case] value: &str,
    #[case] key: &str,
    #[case] allowed: &str,
) {
    let name = format!("NEMO_BOT__{tail}");
    // A hold that is too short is also shorter than the sweep, which is told too.
    assert_eq!(wrong(&[(&name, value)])[0], format!("{key} in {name} is \"{value}\"; allowed: {allowed}."));
}

#[test]
fn a_value_of_another_kind_in_the_file_is_told_like_any_other() {
    let mine = file("[run]\nhold = [1, 2]\n[telegram]\nclip_chats = ['here']\n[log.format]\nof = 1\n");
    let path = mine.path().display();
    assert_eq!(
        Settings::load(&sources(Some(&mine), &[])).unwrap_err().0,
        [
            format!("log.format in {path} is \"a table\"; allowed: text or json."),
            format!("run.hold in {path} is \"[1, 2]\"; allowed: a time such as 200ms, 30s, 15m, 24h or 90d."),
            format!(
                "telegram.clip_chats in {path} is \"[here]\"; allowed: a list of chat ids such as [-1001234567890]."
            ),
        ]
    );
}

#[test]
fn a_webhook_needs_an_address_that_telegram_takes_a_secret_and_a_place_of_its_own() {
    const URL: &str = "NEMO_BOT__TELEGRAM__WEBHOOK_URL";
    const SECRET: &str = "NEMO_BOT__TELEGRAM__WEBHOOK_SECRET";
    let (url, secret) = ((URL, "https://bot.example.com/telegram?x=1"), (SECRET, "canary_-1"));
    let settings = with(&[url, secret]).telegram;
    assert_eq!(settings.webhook_url.unwrap().as_str(), url.1);
    assert_eq!(settings.webhook_secret.unwrap().expose_secret(), secret.1);
    for alone in [url, secret] {
        assert_eq!(wrong(&[alone]).len(), 1, "{alone:?}");
    }
    let long = "x".repeat(257);
    for wrong_secret in ["two words", "canary!", &long] {
        let told = wrong(&[url, (SECRET, wrong_secret)]);
        assert!(told[0].starts_with("telegram.webhook_secret in") && !told[0].contains("canary"), "{told:?}");
    }
    let local = ("NEMO_BOT__TELEGRAM__API_URL", "http://127.0.0.1:8081");
    for address in ["http://bot.example.com/telegram", "https://bot.example.com:9000"] {
        assert_eq!(
            wrong(&[(URL, address), secret]),
            [format!(
                "telegram.webhook_url in {URL} is \"{address}\"; allowed: an https address on one of the ports 443, 80, \
                 88, 8443."
            )]
        );
        with(&[(URL, address), secret, local]);
    }
    let same = [("NEMO_BOT__SERVER__LISTEN", "127.0.0.1:8443"), url, secret];
    assert_eq!(wrong(&same).len(), 1);
    with(&same[..1]);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let told = wrong(&[
        ("NEMO_BOT__RUN__HOLD", "soon"),
        ("NEMO_BOT__RUN__DRIAN", "1s"),
        ("NEMO_BOT__LOG__FORMAT", "xml"),
        ("NEMO_BOT__TELEGRAM__POLL_TIMEOUT", "2m"),
        ("REDIS_URL", "redis://cache"),
    ]);
    assert_eq!(told.len(), 5, "{told:#?}");
}

#[rstest]
#[case("redis://cache:6379/1", "redis://cache:6379/1")]
#[case("rediss://user:canary@cache?x=canary", "rediss://cache")]
fn redis_needs_a_key(#[case] url: &str, #[case] shown: &str) {
    let sentence = format!("{shown} needs a key: set store.key or store.key_file. `nemo-bot keygen` prints one.");
    assert_eq!(wrong(&[("REDIS_URL", url)]), [sentence]);
    let settings = with(&[("REDIS_URL", url), ("NEMO_BOT__STORE__KEY", KEY)]);
    let StoreUrl::Redis(kept) = settings.store.url else { panic!("not Redis") };
    assert_eq!(kept.expose_secret(), url);
    assert!(settings.store.key.is_some());
    with(&[("REDIS_URL", url), ("NEMO_BOT__STORE__KEY_FILE", "/run/secrets/key")]);
}

#[test]
fn one_key_is_enough() {
    let told = wrong(&[("NEMO_BOT__STORE__KEY", KEY), ("NEMO_BOT__STORE__KEY_FILE", "key")]);
    let sentence = "store.key_file in NEMO_BOT__STORE__KEY_FILE is \"key\"; allowed: nothing, where store.key is set.";
    assert_eq!(told, [sentence]);
}

#[rstest]
#[case("sqlite::memory:", None)]
#[case("sqlite:/data/nemo-bot.db", Some("/data/nemo-bot.key"))]
#[case("sqlite:here.db", Some("nemo-bot.key"))]
fn the_key_lies_beside_the_database(#[case] url: &str, #[case] path: Option<&str>) {
    let store = with(&[("NEMO_BOT__STORE__URL", url)]).store;
    assert_eq!(store.key_path().as_deref(), path.map(std::path::Path::new));
    assert_eq!(store.url.to_string(), url);
}

#[test]
fn no_secret_is_in_a_sentence() {
    let told = wrong(&[
        ("TELEGRAM_BOT_TOKEN", "canary"),
        ("NEMO_TOKEN", "two canary words"),
        ("NEMO_BOT__STORE__KEY", "canary"),
        ("NEMO_BOT__STORE__URL", "redis:canary@"),
        ("NEMO_API_URL", "https://user:canary@example.com"),
    ]);
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(told.iter().all(|sentence| !sentence.contains("canary")), "{told:#?}");
    assert!(
        told.contains(
            &"telegram.token in TELEGRAM_BOT_TOKEN is wrong (not shown); \
          allowed: the token as BotFather gives it, such as 123456:ABC-def, or nothing."
                .to_owned()
        )
    );
}

#[test]
fn no_secret_is_in_debug() {
    let variables = [
        ("TELEGRAM_BOT_TOKEN", "1:canary"),
        ("NEMO_TOKEN", "canary"),
        ("REDIS_URL", "redis://:canary@cache"),
        ("NEMO_BOT__STORE__KEY", KEY),
    ];
    let sources = sources(None, &variables);
    let loaded = Settings::load(&sources).unwrap();
    let debug = format!("{sources:?} {loaded:?} {}", loaded.settings.store.url);
    assert!(!debug.contains("canary") && !debug.contains(KEY), "{debug}");
}

#[test]
fn broken_toml_is_told_by_its_place_and_not_by_its_line() {
    let mine = file("[telegram]\ntoken = \"1:canary\n");
    let path = mine.path().display();
    let told = Settings::load(&sources(Some(&mine), &[])).unwrap_err().0;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with(&format!("{path} is not TOML: see line 2, column ")), "{told:?}");
    assert!(!told[0].contains("canary"));
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let sources = Sources { file: Some("/nowhere/nemo.toml".into()), ..Sources::default() };
    let told = Settings::load(&sources).unwrap_err().0;
    assert_eq!(told, ["/nowhere/nemo.toml cannot be read: No such file or directory (os error 2)."]);
}

#[test]
fn a_file_without_end_is_not_read() {
    let sources = Sources { file: Some("/dev/zero".into()), ..Sources::default() };
    assert_eq!(Settings::load(&sources).unwrap_err().0, ["/dev/zero cannot be read: it is larger than 1 MiB."]);
}

#[test]
fn a_discord_token_and_its_intent_are_read() {
    let discord = |variables: &[(&str, &str)]| Settings::load(&sources(None, variables)).map(|it| it.settings.discord);
    let set = discord(&[
        ("DISCORD_TOKEN", "MTIz.abc-d_e.f"),
        ("NEMO_BOT__DISCORD__MESSAGE_CONTENT", "off"),
        ("NEMO_BOT__DISCORD__CLIP_CHANNELS", "12, 13"),
        ("NEMO_BOT__DISCORD__PASS_LINKS", "true"),
    ])
    .unwrap();
    assert_eq!(set.token.unwrap().expose_secret(), "MTIz.abc-d_e.f");
    assert_eq!((set.message_content, set.clip_channels), (MessageContent::Off, vec![12, 13]));
    assert!(set.pass_links);
    let none = discord(&[]).unwrap();
    assert!(!none.pass_links);
    assert!(none.token.is_none() && none.api_url.is_none() && none.message_content == MessageContent::Auto);
    let told = discord(&[("DISCORD_TOKEN", "Bot canary")]).unwrap_err().0;
    assert!(told.len() == 1 && told[0].contains("DISCORD_TOKEN") && !told[0].contains("canary"), "{told:?}");
}

#[test]
fn the_look_of_pictures_is_read() {
    let picture = |variables: &[(&str, &str)]| Settings::load(&sources(None, variables)).map(|it| it.settings.picture);
    let none = picture(&[]).unwrap();
    assert_eq!((none.theme, none.fonts), (PictureTheme::Auto, None));
    let set = picture(&[("NEMO_BOT__PICTURE__THEME", "light"), ("NEMO_BOT__PICTURE__FONTS", "/srv/fonts")]).unwrap();
    assert_eq!((set.theme, set.fonts), (PictureTheme::Light, Some("/srv/fonts".into())));
    let told = picture(&[("NEMO_BOT__PICTURE__THEME", "pink")]).unwrap_err().0;
    assert!(told.len() == 1 && told[0].contains("auto, dark or light"), "{told:?}");
}

#[rstest]
#[case("200ms", Some(200))]
#[case("1.1s", Some(1100))]
#[case("90d", Some(90 * 24 * 3_600_000))]
#[case("0.0004s", Some(0))]
#[case("s", None)]
#[case("-1s", None)]
#[case("1e3s", None)]
#[case("1 s", None)]
#[case("1w", None)]
#[case("99999999999999999999d", None)]
#[case("NaNs", None)]
fn times_are_a_number_and_a_unit(#[case] text: &str, #[case] millis: Option<u64>) {
    assert_eq!(field::parse_time(text), millis.map(Duration::from_millis));
}

#[rstest]
#[case("0ms")]
#[case("200ms")]
#[case("1100ms")]
#[case("15m")]
#[case("90d")]
fn times_are_written_as_they_are_read(#[case] text: &str) {
    assert_eq!(field::written(field::parse_time(text).unwrap()), text);
}
