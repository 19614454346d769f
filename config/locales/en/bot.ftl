# Every sentence that the bot says, in English. The other locales have the same messages with the same arguments;
# tests/it/locales.rs holds that. A comment says when a sentence is said. `**…**` is bold; nothing else is markup.
# Buttons are messages of their own (btn-…) and never stand in a sentence.

## Start, help, groups
# /start, first private message, bot added
start-welcome = Share your video clips and I'll get started on AI metadata generation. Or just tell me what you're thinking.
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = generate my video clips
example-3 = generate titles, descriptions, and tags for my YouTube video
example-label-1 = Generate my video clips
example-label-2 = Export 1080p MP4
example-label-3 = YouTube titles and tags
# once per person, before the first upload
start-notice = Your clip is sent to the NEMO video service to be processed. Details: /privacy. Delete your data any time: /forget.
# /start with a project open
start-returning = { $tracks ->
    [one] Welcome back. This project has {$tracks} track, {$duration} long. /status shows it, /new starts another.
   *[other] Welcome back. This project has {$tracks} tracks, {$duration} long. /status shows it, /new starts another.
}
# /help
help-text =
    Send a clip, then say what you want in your own words. I take {$formats}, up to {$limit} here; short, focused clips give the best suggestions.

    {$commands}
# bot added to a group or server
group-intro = Hi. In this chat I answer commands, mentions, and replies to my messages; after /clips on, every clip too.
# Discord: a reply to the bot came without its text
group-mention-me = I can't read a reply that doesn't mention me. Reply again with the @ switched on, or use a command.
# Discord: words in a project's thread came without their text
thread-mention-me = I can't read messages here that don't mention me. Write it again with @ and my name in front, or use a command.
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = Only the person who asked or an administrator can use this button.
# token or other private data in a group
group-private-only = ⚠️ Please do this in a private chat with me.
# /clips on
clips-on = From now on I take every clip that is posted here. /clips off stops it.
# /clips off
clips-off = OK, here I only answer when addressed.
# /clips by someone else
clips-admins-only = Only an administrator can change this.
# /clips on, Discord, no message content
clips-need-intent = ⚠️ Discord doesn't let this bot read posts here. Ask its operator, or use **Generate metadata** on a message.
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ Telegram hides ordinary posts from me here, clips too. Make me an administrator of this group, or ask my operator to switch my privacy mode off.
# something else than video is asked for
not-video = This bot is for video only. Send a clip, or tell me what to do with one.
# a platform permission is absent
perm-missing = ⚠️ I'm not allowed to {$permission} here. Ask a moderator to allow it, or write to me in private.
perm-threads = open threads (Create Public Threads)
perm-view = see this channel (View Channel)
perm-send = write (Send Messages)
perm-send-threads = write in threads (Send Messages in Threads)
perm-files = send files (Attach Files)
perm-history = read earlier messages (Read Message History)
# button of an earlier project, as a message to the asker
button-stale = This button belongs to an earlier project. Use the buttons of the newest message.
# second press, as a message to the asker
button-done = That is already done.
# a button whose meaning is no longer kept, as a message to the asker
button-old = This button is too old. Write again what you want, or use the buttons of the newest message.

## Session and account
# first call of a session
setup-connecting = Setting up…
# backend unreachable
setup-failed = ⚠️ I can't reach the video service right now. Please wait a few minutes.
# session gone, new one made
session-renewed = Your earlier session expired, so I started a new one. Please send the clip again.
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ The service has no free account left for this bot at the moment. Connect your own with /connect, or try again in a few days.
# the user's own token is refused
account-expired = ⚠️ Your account token no longer works. Send a new one with /connect.
# the operator's token is refused
account-operator-down = ⚠️ This bot's account needs attention. The operator has been told.
# /connect without a token
connect-ask = Send /connect with your NEMO account token. I store it encrypted, use it only for you and never show it again.
# token accepted
connect-done = ✅ Connected. Your next clip starts a new project on your own account.
# token refused
connect-bad = ⚠️ That token was not accepted. Copy it again from your account settings at {$web} and send it with /connect.
# token posted in a group
connect-leaked = ⚠️ Others may have seen this token. Revoke it in your account settings and send the new one to me in private.
# Disconnect pressed
connect-removed = Disconnected. I deleted the token here; your next clip starts a new project.

## Upload
# file accepted
upload-received = Got {$name} ({$size}, {$duration}). Uploading…
# the same where the platform does not tell how long it is
upload-received-plain = Got {$name} ({$size}). Uploading…
# edited at most every 5 s
upload-progress = ⏳ Uploading {$name}: {$pct}% ({$done} of {$size})
# finished, no caption
upload-done = ✅ Uploaded. What should I do with it?
# finished, the clip had a caption
upload-caption-used = ✅ Uploaded. Working on: "{$request}"
# several files
upload-album = { $n ->
    [one] Got {$n} file. I'll add it to this project.
   *[other] Got {$n} files. I'll add them to this project in order.
}
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ Telegram lets me download files up to {$limit}; this one has {$size}. Send a link to the file, or a shorter clip.
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ Telegram lets me download files up to {$limit}; this one is larger. Send a link to the file, or a shorter clip.
# over the service's limit
upload-too-large-service = ⚠️ {$name} is {$size}; the limit is {$limit}. Compress or trim it and send it again.
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ The video service finds {$name} ({$size}) too large. Compress or trim it and send it again.
# wrong type
upload-unsupported = ⚠️ I can't use {$ext} files. I accept: {$formats}.
# the service refuses a type that it should take
upload-refused-type = ⚠️ The video service can't use {$name}. Save it in another format and send it again: {$formats}.
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ The file is larger than the limit of {$limit}. Compress or trim it and send it again.
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ The video service can't use this type of file. I accept: {$formats}.
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ I can't use that link. It must be a public, direct link to a video file.
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ I can't see how big that file is, so I can't tell a whole file from half of one. Please send it again.
# the platform's file link has run out
upload-expired = ⚠️ The link to your attachment has expired. Please send the clip again.
# broke off
upload-failed = { $pct ->
    [100] ⚠️ The upload did not get through. Nothing was added to the project; please send the clip again.
   *[other] ⚠️ The upload broke off at {$pct}%. Nothing was added to the project; please send the clip again.
}
# below another reason why a clip did not get in
upload-again = Then please send the clip again.
# user stopped it
upload-cancelled = Upload stopped. Nothing was added to the project.
# user stopped it, and some files are in the project; the next one follows
upload-stopped = Upload stopped.
# below why one of several files did not get in
upload-partly = Already in the project from this message: {$names}.
# /upload with nothing, "I want to upload"
upload-how = Attach a clip to a message here, or send /upload with a public link to the file.
# edit wished, project empty
upload-none-yet = There is no clip in this project yet. Send one as an attachment or a link.

## Work
# the request is sent
work-started = ⏳ Working on it…
# every 2 min of silence, in the same message
work-still = ⏳ Still working… ({$elapsed} so far)
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = This goes on. I can't change this message much longer; press **Get result** to see what came.
# below the last message of a long reply; the file comes next
reply-whole = 📄 This is longer than I can show here; all of it comes as a file below.
# the same where not all of it was kept
reply-part = 📄 This is longer than I can show here; what I kept of it comes as a file below, and some may be missing.
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ The video service is busy. I'll try again {$when}.
# a further request while one runs; becomes the live message of its turn
work-queued = I'm still on your previous request. This one is number {$place} in line.
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ Looking at your clip…
work-generating = ⏳ Generating the clip…
work-music = ⏳ Working on the sound…
work-editing = ⏳ Working on the timeline…
# with work-generating
work-long = This may take a few minutes.
# after an edit, two or three steps
work-next = Next you could: {$steps}
edit-ask = What should I change? Say it in your own words, for example: {$steps}
# the steps
next-title = add a title
next-music = add music
next-shorter = make it shorter
next-export = export the MP4
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ The raw video is ready. The service is still finishing it…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ Your answer is ready, see above.
# the same where it ended otherwise
work-ping-ended = ⚠️ Your request has ended, see above.
# a message is edited while it is worked on
edit-too-late = I'm already working on your first wording. Send the change as a new message.
# the inbox is full; at most once a minute
work-queue-full = { $n ->
    [one] ⚠️ You already have {$n} request waiting. Send this again when it is done.
   *[other] ⚠️ You already have {$n} requests waiting. Send this again when one is done.
}
# waiting request dropped
work-dropped = Dropped: "{$request}"
# user stopped
work-stopped = Stopped waiting. The service may still finish this edit; /status shows the current state.
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ This took too long and I stopped waiting. I did not send it again, so you won't be charged twice.
# no words, project changed
work-silent-done = ✅ Done. What changed: {$diff}
# no words, project as before
work-silent-nochange = I got no answer and the project did not change. Try rephrasing, for example "{$example}".
# the run failed, and no change is to be seen
work-failed = ⚠️ The video service reported a problem and did not finish this (reference {$reference}). I did not send your request again.
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ The service reported a problem before it was done. What changed all the same: {$diff}
# the service added more after the first result
work-second-stage = The service also made changes of its own: {$diff}
# bot restarted in mid-work
work-resumed = I was restarted while working on this. Checking the result now…
# stream lost
work-rechecking = The connection broke. I'm checking whether the edit went through…
# state changed after a lost stream
work-recovered = ✅ The connection broke, but the edit went through. What changed: {$diff}
# still unchanged after all checks
work-unknown = ⚠️ The connection broke and the project has not changed. I did not send your request again.
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ I can't read the project right now, so I don't know whether your request went through. Check the status first: trying again may do it twice.
# a request failed inside the bot three times
work-gave-up = ⚠️ I could not process this message (reference {$reference}). Try saying it differently.
# what waited too long to be begun, after a restore or a long stop
work-too-old = This message waited for more than two days, so I did not start on it. Send it again if you still want it.
# orderly stop during a request, below the text so far
work-back-soon = I'm being restarted, so this answer was cut here. I'll check the result in a moment.
# /cancel with nothing running
cancel-nothing = Nothing is running.
# /new
new-done = New project. Send a clip to begin; your earlier project is not deleted.
# /new while a request runs
new-busy = I'm still working on the current project.
# the bot cannot save
store-down = ⚠️ One moment: I can't save messages right now. I'll answer as soon as I can.
# too few replicas of the store have a request
store-unconfirmed = ⚠️ I couldn't store your request safely just now, so I haven't sent it. Nothing was charged.
# anything unforeseen
error-internal = ⚠️ Something went wrong on my side (reference {$reference}). Your request was not sent twice.
# the service refuses the request, and would again
error-refused = ⚠️ The video service refused this request (reference {$reference}). Say it differently, or tell the operator of this bot.
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ I can't read what I had stored here (reference {$reference}), so I start afresh. Your projects at the service are not deleted.
# own limiter; at most once a minute
limit-rate = { $n ->
    [one] You've reached the limit of {$n} request per {$period}. Try again {$when}.
   *[other] You've reached the limit of {$n} requests per {$period}. Try again {$when}.
}
# 429 from the service, after its one retry
limit-service = ⚠️ The video service is busy. It should be free again {$when}.

## Metadata
# head of the card
meta-result = **Titles, description and tags** for {$name}
# the same where nothing tells the clip
meta-result-unnamed = **Titles, description and tags**
# above titles alone
meta-titles = **Titles**
# above the description
meta-description = **Description**
# above the tags
meta-tags = **Tags**
# above the hashtags
meta-hashtags = **Hashtags**
# above the chapters
meta-chapters = **Chapters**
# a title that the agent recommends
meta-recommended = {$title} (recommended)
# fields in a count
meta-part-title = title
meta-part-description = description
meta-part-caption = text
meta-part-tags = tags
meta-part-hashtags = hashtags
meta-part-chapters = chapters
meta-part-mentions = mentions
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ Fits {$platform} limits: {$counts}.
# some field is too long, or there is too much of it
meta-check-over = ⚠️ Too much for {$platform}: {$counts}.
# all rules pass
meta-check-ok = ✅ Fits {$platform} limits: title {$t}/{$tmax}, description {$d}/{$dmax}, tags {$g}/{$gmax}.
# a title is too long
meta-check-bad = ⚠️ Title {$n} is {$len} characters; {$platform} allows {$max}.
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ The description is {$len} bytes; {$platform} allows {$max}.
# allowed, not advised
meta-check-warn = {$platform} shows only the first {$shown} characters of title {$n}.
# tags over budget
meta-trimmed = { $n ->
    [one] I left out {$n} tag to fit {$platform}'s {$max}-character limit: {$list}
   *[other] I left out {$n} tags to fit {$platform}'s {$max}-character limit: {$list}
}
# automatic repairs
meta-repaired = Adjusted for {$platform}: {$list}
# what was adjusted: angle brackets
meta-fix-angles = < and > replaced by ‹ and ›
# what was adjusted: characters that nobody sees
meta-fix-invisible = invisible characters removed
# what was adjusted: the same twice
meta-fix-repeated = repeated, so left out: {$list}
# what was adjusted: tags that are too long
meta-fix-long = too long, so left out: {$list}
# what was adjusted: too many
meta-fix-many = over the limit, so left out: {$list}
# what was adjusted: hashtags
meta-fix-hashtags = hashtags spelled so that they work: {$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform} advises less: {$counts}.
# chapters break the rules
meta-chapters-bad = ⚠️ {$platform} will ignore these chapters: {$reason}.
# why
meta-chapters-start = the first has to be at 0:00
meta-chapters-few = there have to be three or more
meta-chapters-order = each has to come after the one before
meta-chapters-close = each has to be 10 seconds or longer
meta-chapters-beyond = one lies beyond the end of the clip
# **Another language** pressed
meta-language-ask = Which language should they be in?
# a post too long for X, in several
meta-thread = { $n ->
    [one] It fits in {$n} post:
   *[other] As a thread of {$n} posts:
}
# files attached
meta-files = Files for {$name}. The CSV opens in Excel; the tags file is ready to paste.
# files attached, where nothing tells the clip
meta-files-unnamed = Your files. The CSV opens in Excel; the tags file is ready to paste.
# a button of titles, description and tags that are no longer kept
meta-gone = I no longer have these titles and tags. /meta writes new ones.
# **Generate metadata** on a message without a clip
meta-no-clip = That message has no clip. Choose a message with a video.

## Status and credits
# /status
status-timeline = { $n ->
    [one] **Timeline** ({$n} track):
   *[other] **Timeline** ({$n} tracks):
}
# one per track
status-line = {$i}. {$track}: {$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name} ({$from}-{$to}s{$volume})
# the text of a title, inside a line
status-text = "{$text}"
# behind the times of a segment that has a sound
status-volume = , {$percent}%
# between the segments of a line
status-also = {$first}, {$second}
# more tracks or segments than shown
status-more = and {$n} more
# alt text of the picture
status-alt = { $n ->
    [one] Timeline, {$duration}, {$n} track. {$lines}
   *[other] Timeline, {$duration}, {$n} tracks. {$lines}
}
# no draft
status-empty = Nothing here yet. Send a clip to begin.
# clips, and no timeline
status-clips = { $n ->
    [one] There is {$n} clip in this project and no timeline yet. Tell me what to do with it.
   *[other] There are {$n} clips in this project and no timeline yet. Tell me what to do with them.
}
# a timeline that cannot be read
status-unreadable = I can't read this project's timeline, but it is there: you can go on editing and export it.
# with the timeline, while a request runs
status-working = ⏳ A request has been running for {$elapsed}.
# /credits, visible to the asker only where the platform can
credits-show = Credits: {$available} available, {$frozen} reserved, {$total} total. Exporting is free.
# below the threshold after a job
credits-low = {$available} credits left.
# balance cannot be read
credits-unknown = ⚠️ I can't read the balance right now.
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ No credits left. Register with this personal link to keep your project: {$url}
# the same where others read it
credits-out-group = ⚠️ No credits left. Registering keeps your project.
# out of credits, the user's own account
credits-out-own = ⚠️ No credits left on your account. Top up at {$web}.
# out of credits, operator's account
credits-out-operator = ⚠️ No credits left on this bot's account. The operator has been told.

## Export
# /export accepted
export-queued = ⏳ Rendering your MP4. This usually takes 30 to 90 seconds.
# each poll, same message
export-progress = ⏳ Rendering… {$elapsed} (usually under 90 seconds)
export-unanswered = ⏳ The video service does not answer. I keep trying.
# /export while one runs
export-running = This render is already running ({$elapsed}). The file will come here.
# not done after 5 min
export-patience = ⏳ Still rendering after {$elapsed}. The file will come here by itself; /export asks at once and does not start a second one.
# not done at the deadline
export-gave-up = ⚠️ The render did not finish in {$elapsed}, so I stopped asking. Your project is unchanged.
# /cancel or Stop during a render
export-stopped = Export stopped. Your project is unchanged.
# what was kept of a render does not open
export-lost = ⚠️ I lost track of your export (reference {$reference}). Please start it again.
# more than the service gives is asked for
export-max = The service exports at most 1080x1920. I'll render it at that size.
# the status message becomes the result, with one of the two lines below
export-done = ✅ Your MP4 is ready: {$details}.
export-done-plain = ✅ Your MP4 is ready.
joined = {$first}, {$second}
# two lines in one
joined-lines = {$first}; {$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = Download it before {$expiry}: {$url}
# expiry unknown
export-link = Download: {$url}
# below a result: the project in a browser, for one person
web-link = This link opens the project in a browser. It is yours alone, so keep it to yourself.
# there is no link, and the file is about to be sent
export-file-next = The file comes as the next message. If it does not, export again; that is free.
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ It is too large to send here, and the service gave no link. Ask for a shorter cut and export again.
# there is no link, and the file could not be sent
export-file-lost = ⚠️ I could not get the file from the video service. Please export again; that is free.
# the service does not know the project any more
export-session-gone = ⚠️ The video service no longer has this project, so there is nothing to render. Please send the clip again.
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ Your MP4 is ready, see above.
# no segment in the draft
export-nothing = There is nothing to export yet. Send a clip or ask for an edit first.
# failed twice
export-failed = ⚠️ The render failed twice. Your project is unchanged.
export-refused = ⚠️ The video service refused to render this (reference {$reference}). Your project is unchanged.
# the plan does not allow it
export-plan-blocked = ⚠️ Export is not included in this account's plan. This is not about credits. {$plan_help}
# inside the former, anonymous account
export-plan-help = Register at {$web} to unlock it.

## Language, privacy
# /language
language-ask = Which language should I use? {$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = OK, {$language} from now on.
# not understood
language-unknown = I don't know "{$value}". Try a name such as English or 中文.
# /privacy
privacy-text = I keep: your user and chat ids, language, account, project ids, job history, names of clips, recent requests, the last reply, the texts written for your clips and an answer under way, encrypted, for at most {$days} days. Clips pass through this bot to NEMO and are not stored here. Nothing is used to train models by this bot. Delete everything: /forget
# below the former, where the operator has a policy
privacy-policy = Full policy: {$url}
# /forget, first step
privacy-forget = This deletes your settings, projects, account token and history from this bot, and stops what is running. Files already at NEMO follow NEMO's own policy.
# /forget, second step
privacy-forgotten = { $n ->
    [one] Deleted: {$n} record.
   *[other] Deleted: {$n} records.
}
# Keep pressed
privacy-kept = Nothing was deleted.

## What changed
diff-clip-added = clip added at {$at} ({$duration})
diff-clip-removed = clip removed at {$at}
diff-clip-trimmed = clip at {$at}: {$before} → {$after}
diff-clip-moved = clip moved from {$before} to {$after}
diff-text-added = text "{$text}" at {$from}–{$to}
diff-text-changed = text at {$at} now "{$text}"
diff-text-removed = text removed at {$at}
diff-audio-added = {$name} added ({$volume})
diff-audio-changed = {$name}: {$before} → {$after}
diff-audio-removed = {$name} removed
diff-canvas = picture {$before} → {$after}
diff-duration = length {$before} → {$after}
diff-media = { $n ->
    [one] {$n} new file
   *[other] {$n} new files
}
diff-other = other changes

## The picture of a timeline
# above it
picture-title = { $n ->
    [one] Timeline · {$n} track · {$duration}
   *[other] Timeline · {$n} tracks · {$duration}
}
# above it, where no length is known
picture-title-untimed = { $n ->
    [one] Timeline · {$n} track
   *[other] Timeline · {$n} tracks
}
# tracks that are not drawn
picture-more = { $n ->
    [one] +{$n} track
   *[other] +{$n} tracks
}
# below it; diff is one or more of the sentences above
picture-changed = changed: {$diff}

## Track names
track-video = Video
track-audio = BGM
track-text = Title
track-other = Track {$n}

## Buttons
btn-retry = Try again
btn-copy-title = Copy title {$n}
btn-stop = Stop
btn-copy-description = Copy description
btn-get-result = Get result
btn-copy-tags = Copy tags
btn-status = Check status
btn-more-titles = More titles
btn-drop = Drop it
btn-shorter = Shorter
btn-export = Export MP4
btn-other-language = Another language
btn-edit = Edit
btn-files = Files
btn-edit-more = Edit more
btn-shorten = Shorten it
btn-meta = Titles + tags
btn-fix = Fix it
btn-do-it = Do it
btn-use-title = Use title {$n}
btn-full-reply = Full reply
btn-open-web = Open in web
btn-keep = Keep
btn-delete = Delete
btn-only-clip = Only the clip
btn-disconnect = Disconnect
btn-new = Start a new one
btn-wait = Wait
btn-open-private = Open private chat
btn-share = Share here
btn-my-data = My data

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = Write three titles, a description and tags for this video for {$platforms}.
# the same, right after an upload
ask-meta-clip = I uploaded {$name}. Write three titles, a description and tags for it for {$platforms}.
# More titles
ask-more-titles = Write five more titles for this video. Change nothing else.
# Shorter
ask-shorter = Make the titles and the description shorter.
# Shorten it
ask-shorten-title = Shorten title {$n} to at most {$max} characters: "{$title}"
# Another language
ask-other-language = Write the titles, the description and the tags in {$language}.
# Use title N
ask-use-title = Use title {$n}: "{$title}"
# Only the clip
ask-only-clip = Remove the music, title and effects that were added automatically. Keep the clip.

## Commands, as menus describe them
command-start = Start here
command-help = How to use this bot
command-new = Start a new project
command-meta = Titles, description and tags
command-status = Show the timeline
command-credits = Show remaining credits
command-export = Render and send the MP4
command-upload = Add a clip by file or link
command-cancel = Stop the current job
command-connect = Use your own NEMO account
command-language = Change language
command-privacy = What I store
command-forget = Delete my data
command-clips = Take every clip posted here (administrators)
command-generate = Generate metadata
option-clip = Your video
option-link = A link to a video
option-token = Your NEMO account token
option-state = Switch it on or off
option-language = The language to speak

## Measures: pieces of the sentences above
# between the whole and the tenths
decimal-sign = .
size-bytes = {$n} B
size-kilobytes = {$n} KB
size-megabytes = {$n} MB
size-gigabytes = {$n} GB
# how long something has taken
took-seconds = {$s} s
took-minutes = {$m} min
took-minutes-seconds = {$m} min {$s} s
took-hours = {$h} h
took-hours-minutes = {$h} h {$m} min
took-days = {$d} d
took-days-hours = {$d} d {$h} h
# how long from now, after "try again"
when-seconds = { $n ->
    [one] in {$n} second
   *[other] in {$n} seconds
}
when-minutes = { $n ->
    [one] in {$n} minute
   *[other] in {$n} minutes
}
when-hours = { $n ->
    [one] in {$n} hour
   *[other] in {$n} hours
}
when-days = { $n ->
    [one] in {$n} day
   *[other] in {$n} days
}
# after "per"; other periods are worded as how long something takes
period-minute = minute
period-hour = hour
period-day = day
# a moment, for example 2026-08-03 14:30
moment = {$date} {$time} UTC
