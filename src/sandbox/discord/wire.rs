//! People, channels and servers as the wire shows them.

use serde_json::{Value, json};

use super::Shared;
use super::message::written;
use super::permissions;
use super::world::{Channel, Guild, Kind, State};

/// When everybody joined; nothing depends on it.
const JOINED_MS: u64 = 1_735_689_600_000;
/// What people may do.
const PEOPLE_MAY: u64 = permissions::USUAL;

impl Shared {
    /// A user by id; the bot's is the application's.
    pub(super) fn user(&self, state: &State, id: u64) -> Value {
        let is_bot = id == self.settings.application;
        let person = state.people.get(&id);
        let name = if is_bot { &self.settings.name } else { person.map_or(&self.unknown, |person| &person.name) };
        let mut wire = json!({
            "id": id.to_string(),
            "username": username(name, id),
            "avatar": null,
            "discriminator": if is_bot { "1234" } else { "0" },
            "public_flags": 0,
            "flags": 0,
            "global_name": if is_bot { Value::Null } else { json!(name) },
            "primary_guild": null,
        });
        if is_bot {
            wire["bot"] = json!(true);
        }
        self.add_novelty(&mut wire);
        wire
    }

    /// The bot as it sees itself.
    pub(super) fn me(&self, state: &State) -> Value {
        let mut wire = self.user(state, self.settings.application);
        wire["mfa_enabled"] = json!(true);
        wire["locale"] = json!("en-US");
        wire["verified"] = json!(true);
        wire["email"] = Value::Null;
        wire
    }

    /// A member without its user.
    pub(super) fn member(&self) -> Value {
        let mut wire = json!({
            "avatar": null,
            "banner": null,
            "communication_disabled_until": null,
            "flags": 0,
            "joined_at": written(JOINED_MS),
            "nick": null,
            "pending": false,
            "premium_since": null,
            "roles": [],
            "mute": false,
            "deaf": false,
        });
        self.add_novelty(&mut wire);
        wire
    }

    /// A member with its user.
    pub(super) fn full_member(&self, state: &State, id: u64) -> Value {
        let mut wire = self.member();
        wire["user"] = self.user(state, id);
        wire
    }

    /// A channel, thread or private chat.
    pub(super) fn channel(&self, state: &State, channel: &Channel) -> Value {
        let last = channel.messages.keys().next_back();
        let mut wire = json!({
            "id": channel.id.to_string(),
            "type": channel.kind.number(),
            "flags": 0,
            "last_message_id": last.map(u64::to_string),
        });
        match channel.kind {
            Kind::Dm | Kind::Group => {
                wire["recipients"] = channel.people.iter().map(|id| self.user(state, *id)).collect();
                if channel.kind == Kind::Group {
                    wire["name"] = json!(channel.name);
                    wire["icon"] = Value::Null;
                    wire["owner_id"] = json!(channel.owner.to_string());
                }
            }
            Kind::Text | Kind::Thread => {
                wire["guild_id"] = json!(channel.guild.map(|id| id.to_string()));
                wire["name"] = json!(channel.name);
                wire["parent_id"] = json!(channel.parent.map(|id| id.to_string()));
                wire["rate_limit_per_user"] = json!(0);
            }
        }
        if channel.kind == Kind::Text {
            wire["position"] = json!(0);
            wire["permission_overwrites"] = json!([]);
            wire["nsfw"] = json!(false);
            wire["topic"] = Value::Null;
        }
        if channel.kind == Kind::Thread {
            let opened = written(channel.opened_ms);
            wire["owner_id"] = json!(channel.owner.to_string());
            wire["thread_metadata"] = json!({
                "archived": channel.archived,
                "auto_archive_duration": 1440,
                "archive_timestamp": opened,
                "create_timestamp": opened,
                "locked": channel.locked,
            });
            for count in ["message_count", "total_message_sent"] {
                wire[count] = json!(channel.messages.len());
            }
            wire["member_count"] = json!(2);
        }
        self.add_novelty(&mut wire);
        wire
    }

    /// A channel inside an interaction.
    pub(super) fn partial_channel(&self, state: &State, channel: &Channel, user: u64) -> Value {
        let mut wire = self.channel(state, channel);
        if channel.guild.is_some() {
            wire["permissions"] = json!(person_may(channel, user).to_string());
        }
        wire
    }

    /// A server as REST shows it.
    pub(super) fn guild(&self, id: u64, guild: &Guild) -> Value {
        let everyone = json!({
            "id": id.to_string(),
            "name": "@everyone",
            "permissions": permissions::USUAL.to_string(),
            "position": 0,
            "color": 0,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "hoist": false,
            "managed": false,
            "mentionable": false,
            "icon": null,
            "unicode_emoji": null,
            "flags": 0,
        });
        let mut wire = json!({
            "id": id.to_string(),
            "name": guild.name,
            "owner_id": guild.owner.to_string(),
            "features": [],
            "region": "us-west",
            "afk_timeout": 300,
            "system_channel_flags": 0,
            "widget_enabled": false,
            "verification_level": 0,
            "roles": [everyone],
            "default_message_notifications": 1,
            "mfa_level": 0,
            "explicit_content_filter": 0,
            "max_presences": null,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "premium_tier": guild.premium_tier,
            "premium_subscription_count": 0,
            "preferred_locale": "en-US",
            "premium_progress_bar_enabled": false,
            "nsfw": false,
            "nsfw_level": 0,
            "emojis": [],
            "stickers": [],
        });
        for absent in [
            "icon",
            "description",
            "home_header",
            "splash",
            "discovery_splash",
            "banner",
            "application_id",
            "afk_channel_id",
            "system_channel_id",
            "widget_channel_id",
            "vanity_url_code",
            "rules_channel_id",
            "safety_alerts_channel_id",
            "public_updates_channel_id",
            "incidents_data",
        ] {
            wire[absent] = Value::Null;
        }
        self.add_novelty(&mut wire);
        wire
    }

    /// A server as the gateway announces it.
    pub(super) fn arriving_guild(&self, state: &State, id: u64, guild: &Guild) -> Value {
        let mut wire = self.guild(id, guild);
        let inside = |kind| {
            let all = state.channels.values().filter(move |at| at.guild == Some(id) && at.kind == kind);
            all.filter(|channel| channel.allowed & permissions::VIEW != 0)
        };
        let of = |kind| -> Value {
            let open = inside(kind).filter(|channel| !channel.archived);
            open.map(|channel| self.channel(state, channel)).collect()
        };
        wire["joined_at"] = json!(written(JOINED_MS));
        wire["large"] = json!(false);
        wire["unavailable"] = json!(false);
        wire["member_count"] = json!(guild.members.len() + 1);
        wire["members"] = json!([self.full_member(state, self.settings.application)]);
        wire["channels"] = of(Kind::Text);
        wire["threads"] = of(Kind::Thread);
        for empty in ["voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"] {
            wire[empty] = json!([]);
        }
        wire
    }
}

/// What a person may do in a channel.
pub(super) fn person_may(channel: &Channel, user: u64) -> u64 {
    channel.grants.get(&user).copied().unwrap_or(PEOPLE_MAY)
}

/// A name as Discord's user names are: small letters, digits, dots, underscores.
fn username(name: &str, id: u64) -> String {
    let plain: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if plain.chars().any(|c| c.is_ascii_alphanumeric()) { plain } else { format!("user_{id}") }
}
