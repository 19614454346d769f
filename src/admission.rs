//! May this user start this turn now? Quotas come here; today everyone may.

use crate::say::Say;

/// Asked just before a turn is written ahead. `Err` is the sentence that refuses it.
pub const fn admit() -> Result<(), Say> {
    Ok(())
}
