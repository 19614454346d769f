//! Servers, channels and private chats come to be, and change under the bot's feet.

use serde_json::json;

use super::world::{Channel, Guild, Kind, Person, State};
use super::{DiscordEmulator, Shared};

/// Who owns the servers of a run.
const OWNER: u64 = 1;

impl DiscordEmulator {
    /// A server where the bot is installed.
    pub fn a_server(&self, name: &str) -> u64 {
        self.shared.found(name, true)
    }

    /// A text channel of a server. The bot may do there what a bot usually may.
    pub fn a_channel(&self, server: u64, name: &str) -> u64 {
        let now_ms = self.shared.clock.now().as_millis();
        let mut state = self.shared.state();
        let id = state.next_id(now_ms);
        state.channels.insert(id, Channel::new(id, Kind::Text, name, Some(server), now_ms));
        self.shared.tell_channel(&mut state, "CHANNEL_CREATE", id);
        drop(state);
        self.shared.changed();
        id
    }

    /// A channel of a server where the bot is not installed; people bring it along.
    pub fn a_foreign_channel(&self, name: &str) -> u64 {
        let server = self.shared.found("A server without the bot", false);
        self.a_channel(server, name)
    }

    /// A private chat among people, without the bot.
    pub fn a_group(&self, people: &[&Person]) -> u64 {
        let now_ms = self.shared.clock.now().as_millis();
        let mut state = self.shared.state();
        let id = state.next_id(now_ms);
        let mut channel = Channel::new(id, Kind::Group, "", None, now_ms);
        channel.people = people.iter().map(|person| person.id).collect();
        channel.owner = people.first().map_or(OWNER, |person| person.id);
        state.channels.insert(id, channel);
        for person in people {
            state.meet(person, id);
        }
        id
    }

    /// The private chat of somebody with the bot.
    pub fn dm(&self, who: &Person) -> u64 {
        let mut state = self.shared.state();
        state.people.insert(who.id, who.clone());
        self.shared.dm_of(&mut state, who.id)
    }

    /// A thread that somebody opened, in a channel.
    pub fn opens_thread(&self, who: &Person, channel: u64, name: &str) -> u64 {
        let now_ms = self.shared.clock.now().as_millis();
        let mut state = self.shared.state();
        let id = state.next_id(now_ms);
        let parent = state.channels.get(&channel).map(|parent| (parent.guild, parent.allowed));
        let (guild, allowed) = parent.unwrap_or_default();
        let mut thread = Channel::new(id, Kind::Thread, name, guild, now_ms);
        (thread.parent, thread.owner, thread.allowed) = (Some(channel), who.id, allowed);
        state.channels.insert(id, thread);
        state.meet(who, id);
        self.shared.tell_channel(&mut state, "THREAD_CREATE", id);
        drop(state);
        self.shared.changed();
        id
    }

    /// Sets what the bot may do in a channel, in the bits of [`permissions`](super::permissions). Its threads have their
    /// own from when they were opened.
    pub fn allows(&self, channel: u64, permissions: u64) {
        if let Some(channel) = self.shared.state().channels.get_mut(&channel) {
            channel.allowed = permissions;
        }
    }

    /// Sets what somebody may do in a channel, as interactions tell it.
    pub fn grants(&self, who: &Person, channel: u64, permissions: u64) {
        if let Some(channel) = self.shared.state().channels.get_mut(&channel) {
            channel.grants.insert(who.id, permissions);
        }
    }

    /// Archives a thread, and locks it so that only moderators wake it.
    pub fn archives(&self, thread: u64, locked: bool) {
        self.shared.archive(&mut self.shared.state(), thread, locked);
    }

    /// Somebody takes no private messages from the bot any more.
    pub fn closes_dm(&self, who: &Person) {
        let id = self.dm(who);
        if let Some(channel) = self.shared.state().channels.get_mut(&id) {
            channel.closed = true;
        }
    }

    /// A server's premium tier, which raises what may be uploaded on the real Discord; here see
    /// [`upload_limit`](Self::upload_limit).
    pub fn boosts(&self, server: u64, tier: u8) {
        let mut state = self.shared.state();
        let Some(guild) = state.guilds.get_mut(&server) else { return };
        guild.premium_tier = tier;
        let told = guild.has_bot.then(|| self.shared.guild(server, guild));
        if let Some(wire) = told {
            self.shared.tell(&mut state, None, "GUILD_UPDATE", &wire);
        }
        drop(state);
        self.shared.changed();
    }

    /// The bot is thrown out of a server. Its channels refuse every call from now on.
    pub fn throws_out(&self, server: u64) {
        let mut state = self.shared.state();
        if let Some(guild) = state.guilds.get_mut(&server) {
            guild.has_bot = false;
        }
        self.shared.tell(&mut state, None, "GUILD_DELETE", &json!({ "id": server.to_string() }));
        drop(state);
        self.shared.changed();
    }
}

impl Shared {
    /// Makes a server.
    fn found(&self, name: &str, has_bot: bool) -> u64 {
        let mut state = self.state();
        let id = state.next_id(self.clock.now().as_millis());
        let members = std::collections::BTreeSet::default();
        let guild = Guild { name: name.to_owned(), has_bot, owner: OWNER, members, premium_tier: 0 };
        if has_bot {
            let wire = self.arriving_guild(&state, id, &guild);
            self.tell(&mut state, None, "GUILD_CREATE", &wire);
        }
        state.guilds.insert(id, guild);
        id
    }

    /// Archives a thread, and only that.
    pub(super) fn archive(&self, state: &mut State, thread: u64, locked: bool) {
        if let Some(channel) = state.channels.get_mut(&thread).filter(|channel| channel.kind == Kind::Thread) {
            (channel.archived, channel.locked) = (true, locked);
            self.tell_channel(state, "THREAD_UPDATE", thread);
            self.changed();
        }
    }

    /// The private chat with somebody, opened if it is not.
    pub(super) fn dm_of(&self, state: &mut State, who: u64) -> u64 {
        let with = |channel: &&Channel| channel.kind == Kind::Dm && channel.people.contains(&who);
        if let Some(known) = state.channels.values().find(with) {
            return known.id;
        }
        let now_ms = self.clock.now().as_millis();
        let id = state.next_id(now_ms);
        let mut channel = Channel::new(id, Kind::Dm, "", None, now_ms);
        channel.people.insert(who);
        state.channels.insert(id, channel);
        id
    }
}

impl State {
    /// Remembers somebody, and that they are where this channel is.
    pub(super) fn meet(&mut self, person: &Person, channel: u64) {
        self.people.insert(person.id, person.clone());
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        if let Some(guild) = guild.and_then(|guild| self.guilds.get_mut(&guild)) {
            guild.members.insert(person.id);
        }
    }
}
