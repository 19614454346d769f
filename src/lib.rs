//! **nemo-bot** brings the NEMO video agent into the chats where creators already are.
//!
//! This page is the map of the crate: its layers, its words, and two walks through it. `README.md` says how to run it,
//! `docs/decisions.md` why it is built this way.
//!
//! The rule behind most of it: **at most once to the agent, at least once to the user.** A turn of the agent costs
//! credits, changes a project and cannot be made repeatable from outside. So a request goes out once or not at all, and
//! the user always hears how it ended. Everything else may happen twice and is built to bear it.
//!
//! # Layers
//!
//! Arrows point down only; `tests/it/layers.rs` reads every `use crate::` and holds that.
//!
//! ```text
//! L4 compose     main  cli  app                  app puts the parts together; cli starts it, checks it
//!                sandbox                         sees app, settings, clock: none of the bot's wire code
//! L3 adapters    discord  telegram               see  chat, say, clock, ingress: never nemo, store, conversation
//!                server                          sees clock, telemetry
//!                pace                            token buckets for both adapters
//! L2 core        conversation  render            know each other and all below; never an adapter
//!                ingress  work  admission        leadership, the claim loop, quotas
//! L1 clients     nemo  store                     see clock; each ignorant of the other and of chat
//!    pure        gui  intent  metadata  timeline values in, values out; no I/O, no clock
//! L0 vocabulary  chat  say  language  clock      what all of them speak of
//!                settings  telemetry  crash      settings: for L4 only, every part has its own small settings struct
//! ```
//!
//! Adapters do not see the core: they get an [`Inlet`] and give a [`Surface`]. A further platform is one module and a
//! few lines in [`app`]. An emulator of the sandbox shares no type with the client that it answers.
//!
//! # Glossary
//!
//! One word for each thing, here, in names and in the log.
//!
//! | word | what it means |
//! |---|---|
//! | *who and where* | |
//! | person | a user of one platform, across all places: notice shown, account, and a list of all that is kept of him or her ([`Person`]) |
//! | place | a chat, channel, thread or topic ([`PlaceId`]); opaque outside its adapter, and for good: a group that its platform renames keeps it |
//! | conversation | one person in one place ([`ConversationId`]): the unit of order, session and privacy |
//! | project | one session at the backend and what we know of it ([`Project`]); a conversation has one open project, and its number counts up |
//! | clip | a video in a project |
//! | account | whose credits are spent ([`Account`]): the person's own, else the operator's, else an anonymous one for each person |
//! | *coming in* | |
//! | ingress | a source of updates that one instance at a time listens to ([`Ingress`]); that instance leads it. Behind a webhook every instance listens, and the leader tells Telegram where |
//! | door | an address of ours that is listened on ([`Door`]) |
//! | inlet | what an adapter may ask of the core ([`Inlet`]) |
//! | inbound | what a user did, free of platform types ([`Inbound`]): a message, a rewording, a command, a press |
//! | burst | what ties the items of an album together ([`BurstId`]) |
//! | inbox | the bounded queue of what waits in a conversation ([`Inbox`] fills it) |
//! | entry | one inbound in an inbox, with the time of its arrival ([`Entry`]) |
//! | *the store* | |
//! | vault | the store as the rest of the crate sees it ([`Vault`]): documents, sealed and bound to their keys |
//! | record | the document of a conversation ([`Record`]) |
//! | aside | where rows are put that do not open ([`Key::aside`]), so that nobody stumbles over them |
//! | shelf | the keys of one conversation ([`Shelf`]) |
//! | partition | a 64th of the store ([`Partition`]); all that belongs to a person is in one, and so is a batch |
//! | batch, version | writes that happen all or not at all ([`Batch`]), and its random name, which its rows carry ([`Version`]) |
//! | confirmed | what replicas stand behind, too: asked of batches after which nothing can be taken back ([`Batch::confirmed`]) |
//! | concern | what an operator should know of a Redis that is fit to be used ([`Concern`]) |
//! | agenda, item | a list of things that have something to do ([`Agenda`]): conversations, renders, ingresses; one of them ([`Item`]) |
//! | wake | to put an item on its agenda, now or for later |
//! | *working* | |
//! | claim | the right to work on an item ([`Claim`]), proved by a random fence in each write |
//! | hold | how long a claim outlives an instance that died; also to prolong it, each third of that time |
//! | rest | to let go of a claim in order, until the next wake or a given time |
//! | lapse | a claim that ran out instead of resting; after three the message is given up in words |
//! | held | a claimed item with its document ([`Held`]): whoever writes must have one |
//! | crew | the loop that claims items of one agenda and puts hands to them ([`Crew`]) |
//! | worker | what all conversations of an instance share ([`Worker`]) |
//! | shift | one claim's work on one conversation (`conversation::shift`) |
//! | turn | one request to the agent and its answer ([`Turn`]), written down before it is sent |
//! | control lane | what answers commands and buttons while a turn runs (`conversation::controls`) |
//! | snapshot | a project before a turn, small enough to keep ([`Snapshot`]); the difference tells what changed |
//! | *going out* | |
//! | surface | what the core may ask of an adapter ([`Surface`]); its limits are data ([`Capabilities`]) |
//! | say | a sentence of ours with typed arguments ([`Say`]), worded in one of the locales |
//! | reply | one message of ours ([`Reply`]): text, buttons, files |
//! | choice | what a button stands for ([`Choice`]), signed, so that a press needs no look-up |
//! | live message | the one message that grows while the agent speaks ([`Live`]); its foot is ours, below the agent's text |
//! | preview | a text that grows and is not a message yet, where the surface has such a thing: Telegram's drafts ([`Surface::preview`]) |
//! | scene | what a picture of a timeline shows ([`Scene`]): the timeline, the one before it, and all words, already worded |
//! | painter | who draws scenes on a thread that may block, within two seconds or not at all ([`Painter`]) |
//! | way back | an adapter's own way to where something came from ([`Back`]); where it ends, **Get result** brings another |
//! | keeper | who stores how the parts of a live message stand, before anything else goes out ([`Keeper`]) |
//! | orphan | a message of ours whose post was never answered, so that nobody knows its name (`conversation::orphan`) |
//! | unshown | a last text that its chat has not taken yet ([`Unshown`]); shown when it does |
//! | ring | to send a new message because an edit makes no phone sound |
//! | render job | one export ([`RenderJob`]) |
//! | ledger | all render jobs with their agenda |
//! | courier | who asks after render jobs and brings the result home ([`Courier`]) |
//! | *metadata* | |
//! | set | titles, description, tags, hashtags and chapters for one platform in one language ([`Set`]) |
//! | generic | the platform of a set whose reply named none; checked for those that the user chose ([`metadata::GENERIC`]) |
//! | finding | what the checker saw in a set ([`Finding`]): an error, a warning, or a repair that it made |
//! | fix | a repair that changes words, so that a button offers it ([`Fix`]) |
//! | card | a result as a chat shows it, as data ([`Card`]) and then in words with its buttons (`conversation::card`) |
//! | shape | what of a complete reply a chat shows as something else: a card, buttons, a state that was read ([`Shape`]) |
//! | *trying out* | |
//! | sandbox | the real bot with emulators in place of Telegram, Discord and NEMO, and a page with both chats |
//! | journal | what the emulators saw, in order (`sandbox::journal`): the page's log, and what tests judge by |
//! | breach | what no client may do, noticed by an emulator; a test fails on the first |
//! | scenario | a way in which an emulator behaves (`sandbox::nemo::Scenario`, `sandbox::telegram::Scenario`, `sandbox::discord::Scenario`), such as a broken stream |
//!
//! # A walk: a message
//!
//! 1. [`telegram`] makes an [`Inbound`] of an update, polled or brought to its webhook, and gives it to its [`Inlet`].
//! 2. [`Inbox`] lets it through the person's flood gate and commits one batch: a mark that the event was seen, the
//!    [`Entry`], a wake on [`Agenda::Conversations`]. Only then does the poll's offset move, or the webhook get its 200.
//! 3. A [`Crew`] gets a [`Claim`], which brings record and inbox along, and hands it to [`Worker::work`]: a shift begins.
//! 4. The shift takes the oldest entry, or an album once it has settled. [`language::choose`] finds the language,
//!    [`intent::of`] tells a command in words from a wish; commands are answered without the agent.
//! 5. Files go first: checked by size and type, then streamed from [`Surface::open`] into [`Nemo::upload`], while their
//!    message goes out beside that. Where a surface gives an address out (`discord.pass_links`), that goes first.
//! 6. A wish becomes a [`Turn`]: account and session are found, a [`Snapshot`] is taken, and the turn is stored as
//!    [`Phase::Dispatched`]. From here on it counts as sent. Then [`Nemo::converse`] sends it.
//! 7. [`AgentEvents`] become text in the [`Live`] message, without talk of a window ([`gui::Growing`]), edited at the
//!    place's pace, continued in a further message when one is full. With `telegram.drafts` it grows as a preview and
//!    is posted when it is complete. [`Held::keep`] stores that text with each heartbeat, and each full part is stored
//!    at once.
//! 8. Meanwhile the control lane reads on: **Stop**, `/status` and `/credits` work at once, wishes are told their place
//!    in line.
//! 9. When the stream ends, the reply gets its shape ([`Shape`]): titles, description and tags become a card in the
//!    foot, what talk of a window was for ([`gui::translate`]) becomes buttons, and the rest stays. The foot says what
//!    changed where the agent did not, and offers the next step; what moved more than one segment is shown as a picture
//!    below. One batch takes the entry out, closes the turn and rests. Had the user asked for the file too, the export
//!    begins.
//! 10. Died on the way? The claim runs out, and the next shift finds the turn in the record. It sends nothing again: it
//!     compares the project with the snapshot and reports. Where the agent's words were complete and stored, it only
//!     puts them back and ends the turn.
//!
//! # A walk: a render
//!
//! 1. `/export`, the button, or words such as "export it" reach a shift. If the newest job still runs, that one is woken.
//! 2. Otherwise a status message is posted, and a [`RenderJob`] under a [`RenderId`] of our own choosing is stored in the
//!    batch that takes the entry out and wakes [`Agenda::Renders`]. The conversation is free again.
//! 3. A [`Crew`] claims the job for the [`Courier`].
//! 4. [`RenderJob::next`] decides, purely: what was [`Seen`] and the time go in, the next state and a [`Todo`] come out.
//!    The courier stores the state, then does as told.
//! 5. The submit is stored as sent before it is. After a crash the backend is asked for that id first, and only an
//!    unknown one is submitted again. An anonymous account whose token is refused at any call is renewed in place.
//! 6. While it renders, the status message tells how long, and the job rests between two questions; later it asks rarely.
//! 7. A render that failed gets one more id, never a third. **Stop** leaves a mark that the courier finds when it is woken.
//! 8. Finished: the status message is edited into the result with its link. That may be repeated. A render without a file
//!    is stored as closing first and then said, by whoever holds it; one that cost three workers their lives, too.
//! 9. Then the job is stored as ringing and one new message goes out, with the video where it fits. Whoever takes up a
//!    job that was ringing sends nothing: it may have gone out. A file without a link is streamed into it.
//! 10. The ended job is kept for two days, so that nothing late starts it anew.
//!
//! [`Account`]: conversation::person::Account
//! [`Agenda::Conversations`]: store::Agenda::Conversations
//! [`Agenda::Renders`]: store::Agenda::Renders
//! [`Agenda`]: store::Agenda
//! [`AgentEvents`]: nemo::AgentEvents
//! [`Back`]: chat::id::Back
//! [`Batch`]: store::Batch
//! [`Batch::confirmed`]: store::Batch::confirmed
//! [`BurstId`]: chat::id::BurstId
//! [`Capabilities`]: chat::surface::Capabilities
//! [`Card`]: metadata::card::Card
//! [`Choice`]: chat::choice::Choice
//! [`Claim`]: store::Claim
//! [`Concern`]: store::redis::Concern
//! [`ConversationId`]: chat::id::ConversationId
//! [`Courier`]: render::courier::Courier
//! [`Crew`]: work::Crew
//! [`Door`]: server::Door
//! [`Entry`]: conversation::record::Entry
//! [`Keeper`]: conversation::live::Keeper
//! [`Key::aside`]: store::Key::aside
//! [`Unshown`]: conversation::record::Unshown
//! [`Held::keep`]: work::held::Held::keep
//! [`Held`]: work::held::Held
//! [`Finding`]: metadata::check::Finding
//! [`Fix`]: metadata::check::Fix
//! [`Inbound`]: chat::inbound::Inbound
//! [`Inbox`]: conversation::inbox::Inbox
//! [`Ingress`]: ingress::Ingress
//! [`Inlet`]: ingress::Inlet
//! [`Item`]: store::Item
//! [`Live`]: conversation::live::Live
//! [`Nemo::converse`]: nemo::Nemo::converse
//! [`Nemo::upload`]: nemo::Nemo::upload
//! [`Painter`]: conversation::picture::Painter
//! [`Partition`]: store::Partition
//! [`Person`]: conversation::person::Person
//! [`Phase::Dispatched`]: conversation::record::Phase::Dispatched
//! [`PlaceId`]: chat::id::PlaceId
//! [`Project`]: conversation::record::Project
//! [`Record`]: conversation::record::Record
//! [`RenderId`]: nemo::RenderId
//! [`RenderJob::next`]: render::RenderJob::next
//! [`RenderJob`]: render::RenderJob
//! [`Reply`]: chat::reply::Reply
//! [`Say`]: say::Say
//! [`Scene`]: timeline::picture::Scene
//! [`Seen`]: render::Seen
//! [`Set`]: metadata::Set
//! [`Shape`]: conversation::shape::Shape
//! [`Shelf`]: conversation::record::Shelf
//! [`Snapshot`]: nemo::Snapshot
//! [`Surface::open`]: chat::surface::Surface::open
//! [`Surface::preview`]: chat::surface::Surface::preview
//! [`Surface`]: chat::surface::Surface
//! [`Todo`]: render::Todo
//! [`Turn`]: conversation::record::Turn
//! [`Vault`]: store::Vault
//! [`Version`]: store::Version
//! [`Worker::work`]: conversation::Worker::work
//! [`Worker`]: conversation::Worker

pub mod admission;
pub mod app;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod conversation;
pub mod crash;
pub mod discord;
pub mod gui;
pub mod ingress;
pub mod intent;
pub mod language;
pub mod metadata;
pub mod nemo;
pub mod pace;
pub mod render;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod say;
pub mod server;
pub mod settings;
pub mod store;
pub mod telegram;
pub mod telemetry;
pub mod timeline;
pub mod work;
