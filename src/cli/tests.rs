//! The command line and how the program ends.

use clap::CommandFactory;

use super::*;

fn sources(variables: &[(&str, &str)]) -> Sources {
    let variables = variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
    Sources { file: None, variables }
}

#[test]
fn the_command_line_is_well_formed() {
    CommandLine::command().debug_assert();
    let read = |line: &[&str]| CommandLine::try_parse_from(line).map(|read| read.task);
    assert!(matches!(
        read(&["nemo-bot", "run", "--config", "a.toml"]),
        Ok(Task::Run(Configuration { config: Some(_) }))
    ));
    assert!(matches!(read(&["nemo-bot", "check", "--live"]), Ok(Task::Check { live: true, .. })));
    assert!(matches!(read(&["nemo-bot", "keygen"]), Ok(Task::Keygen)));
    assert!(read(&["nemo-bot"]).is_err() && read(&["nemo-bot", "fly"]).is_err());
}

#[cfg(feature = "sandbox")]
#[test]
fn the_try_out_hears_of_two_settings_and_starts_beside_any_others() {
    let heard =
        |variables: &[(&str, &str)]| Settings::load(&sandbox_sources(sources(variables))).map(|loaded| loaded.settings);
    let drafts = |variables: &[(&str, &str)]| heard(variables).map(|settings| settings.telegram.drafts);
    let links = |variables: &[(&str, &str)]| heard(variables).map(|settings| settings.discord.pass_links);
    let others =
        [("NEMO_BOT__RUN__HODL", "x"), ("NEMO_BOT__STORE__URL", "redis://127.0.0.1"), ("NEMO_TOKEN", "nmv_usr_x")];
    assert_eq!(drafts(&others), Ok(false));
    assert_eq!(drafts(&[others[0], ("NEMO_BOT__TELEGRAM__DRAFTS", "true")]), Ok(true));
    assert!(drafts(&[("NEMO_BOT__TELEGRAM__DRAFTS", "perhaps")]).is_err());
    assert_eq!(links(&others), Ok(false));
    assert_eq!(links(&[others[0], ("NEMO_BOT__DISCORD__PASS_LINKS", "true")]), Ok(true));
}

#[cfg(feature = "sandbox")]
#[test]
fn the_try_out_is_at_8080_unless_told() {
    let read = |line: &[&str]| CommandLine::try_parse_from(line).map(|read| read.task);
    assert!(matches!(read(&["nemo-bot", "sandbox"]), Ok(Task::Sandbox { port: 8080, scenario: None })));
    let line = ["nemo-bot", "sandbox", "--port", "0", "--scenario", "slow"];
    assert!(matches!(read(&line), Ok(Task::Sandbox { port: 0, scenario: Some(name) }) if name == "slow"));
}

#[test]
fn every_command_and_option_has_a_help_text() {
    for command in CommandLine::command().get_subcommands() {
        assert!(command.get_about().is_some(), "{} says nothing", command.get_name());
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
        }
    }
}

#[test]
fn without_a_platform_it_says_what_to_set() {
    assert_eq!(ready_to_run(&sources(&[])).unwrap_err().to_string(), NO_PLATFORM);
    for one in [[("DISCORD_TOKEN", "a.b.c")], [("TELEGRAM_BOT_TOKEN", "1:a")]] {
        assert!(ready_to_run(&sources(&one)).is_ok(), "one platform is enough");
    }
}

#[test]
fn a_wrong_setting_comes_before_a_missing_platform() {
    let error = ready_to_run(&sources(&[("NEMO_BOT__RUN__HOLD", "soon")])).unwrap_err().to_string();
    assert!(error.starts_with("run.hold in NEMO_BOT__RUN__HOLD is \"soon\"; allowed: "), "{error}");
}
