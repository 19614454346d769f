//! `/language`: the person's choice, kept with the person and so for every place.

use super::person::Person;
use super::shift::Shift;
use super::voice::Key;
use crate::chat::choice::Action;
use crate::chat::inbound::{Inbound, InboundKind};
use crate::language::Language;
use crate::say::{LANGUAGES, Say};
use crate::work::held::HeldError;

/// What the person may type is quoted back at this length at most.
const QUOTED: usize = 40;

impl Shift {
    /// Takes the language that the command names, or offers all of them.
    pub(super) async fn choose_language(&self, inbound: &Inbound) -> Result<(), HeldError> {
        let InboundKind::Command { argument, .. } = &inbound.kind else { return Ok(()) };
        let given = argument.trim();
        if given.is_empty() {
            let names: Vec<_> = LANGUAGES.iter().map(Language::own_name).collect();
            self.tell_asker(Say::LanguageAsk { languages: names.join(" · ") }, offers()).await;
            return Ok(());
        }
        // A language that the bot does not speak would be promised in English.
        if let Some(language) = Language::named(given).filter(|language| LANGUAGES.contains(language)) {
            return self.speak(language).await;
        }
        let value: String = given.chars().take(QUOTED).collect();
        self.tell_asker(Say::LanguageUnknown { value }, offers()).await;
        Ok(())
    }

    /// Takes the language of a button.
    pub(super) async fn speak_by(&self, argument: &str) -> Result<(), HeldError> {
        match LANGUAGES.iter().find(|language| argument_of(language) == argument) {
            Some(language) => self.speak(language.clone()).await,
            None => Ok(()),
        }
    }

    async fn speak(&self, language: Language) -> Result<(), HeldError> {
        let choose = |person: &mut Person| {
            person.language = Some(language.clone());
            Vec::new()
        };
        self.save_with_person(choose, |_| ()).await?;
        self.speaks_as_chosen(language.clone());
        self.tell_asker(Say::LanguageSet { language: language.own_name().to_owned() }, Vec::new()).await;
        Ok(())
    }

    /// Looks up what the person chose, here or in another place.
    pub(super) async fn read_choice(&self) -> Result<(), HeldError> {
        let person = self.person().await?;
        if let Some(language) = person.and_then(|(_, person)| person.language) {
            self.speaks_as_chosen(language);
        }
        Ok(())
    }
}

/// A button for each language, with its own name for itself.
fn offers() -> Vec<Key> {
    let offer = |language: &Language| {
        let says = Say::LanguageName { language: language.own_name().to_owned() };
        Key { argument: argument_of(language), ..Key::new(says, Action::Language) }
    };
    LANGUAGES.iter().map(offer).collect()
}

/// A language in the six letters that a button has room for.
pub(super) fn argument_of(language: &Language) -> String {
    language.tag().replace('-', "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_button_of_its_own() {
        let mut arguments: Vec<_> = LANGUAGES.iter().map(argument_of).collect();
        assert!(arguments.iter().all(|argument| argument.len() <= 6), "{arguments:?}");
        arguments.dedup();
        assert_eq!(arguments.len(), LANGUAGES.len());
    }
}
