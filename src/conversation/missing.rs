//! What the bot may not do in a place is named there, once.

use std::time::Duration;

use super::inbox::place_key;
use super::shift::Shift;
use crate::chat::permission::Permission;
use crate::chat::surface::{Surface, Target};
use crate::ingress::PlaceNote;
use crate::language::Language;
use crate::say::Say;
use crate::store::{StoreError, Vault};

/// What is missing at the target and was never named in its place.
pub(crate) async fn unnamed(vault: &Vault, surface: &dyn Surface, to: &Target) -> Result<Vec<Permission>, StoreError> {
    let mut missing = surface.missing(to);
    if !missing.is_empty() {
        let key = place_key(to.conversation.platform, &to.conversation.place);
        let note = vault.load::<PlaceNote>(&key).await?.map(|(_, note)| note).unwrap_or_default();
        missing.retain(|permission| !note.named.contains(permission));
    }
    Ok(missing)
}

/// From now on these are named in the target's place, for as long as its note is kept.
pub(crate) async fn named(
    vault: &Vault,
    to: &Target,
    permissions: &[Permission],
    keep: Duration,
) -> Result<(), StoreError> {
    let key = place_key(to.conversation.platform, &to.conversation.place);
    let name = |note: Option<PlaceNote>| {
        let mut note = note.unwrap_or_default();
        let new: Vec<_> = permissions.iter().copied().filter(|one| !note.named.contains(one)).collect();
        note.named.extend(new);
        Some(note)
    };
    vault.change(&key, Some(keep), name).await.map(drop)
}

/// The sentence on them.
pub(crate) fn sentence(permissions: &[Permission], language: &Language) -> Say {
    let joined = |first, second| Say::Joined { first, second }.text(language);
    let permission = permissions.iter().map(|one| worded(*one).text(language)).reduce(joined);
    Say::PermMissing { permission: permission.unwrap_or_default() }
}

fn worded(permission: Permission) -> Say {
    match permission {
        Permission::View => Say::PermView,
        Permission::Send => Say::PermSend,
        Permission::SendInThreads => Say::PermSendThreads,
        Permission::AttachFiles => Say::PermFiles,
        Permission::ReadHistory => Say::PermHistory,
        Permission::OpenThreads => Say::PermThreads,
    }
}

impl Shift {
    /// Names what is missing here, as far as it is known by now.
    pub(super) async fn name_missing(&self) {
        let (vault, to) = (&self.worker.vault, self.target());
        let outcome = match unnamed(vault, self.surface.as_ref(), &to).await {
            Ok(missing) if missing.is_empty() => return,
            Ok(missing) => {
                if self.tell_asker(sentence(&missing, &self.language()), Vec::new()).await.is_none() {
                    return;
                }
                named(vault, &to, &missing, self.worker.settings.keep).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "What was named of missing permissions could not be read or stored");
        }
    }
}
