# 한국어. 해요체. 어떤 때 하는 말인지는 문장 위 주석에 있어요.

## Start, help, groups
# /start, first private message, bot added
start-welcome = 영상을 보내 주시면 AI로 제목, 설명, 태그를 만들어 드려요. 하고 싶은 걸 그냥 말해 주셔도 돼요.
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = 내 영상 클립 만들어 줘
example-3 = 유튜브 영상 제목, 설명, 태그 만들어 줘
example-label-1 = 영상 클립 만들기
example-label-2 = 1080p MP4 내보내기
example-label-3 = 유튜브 제목과 태그
# once per person, before the first upload
start-notice = 영상은 처리를 위해 NEMO 영상 서비스로 전송돼요. 자세한 내용은 /privacy, 데이터 삭제는 언제든 /forget 을 쓰세요.
# /start with a project open
start-returning = 다시 오셨네요. 이 프로젝트는 트랙 {$tracks}개, 길이 {$duration}예요. /status 로 볼 수 있고, /new 로 새로 시작해요.
# /help
help-text =
    영상을 보내고 원하는 걸 편하게 말해 주세요. {$formats} 형식을 받고, 여기서는 {$limit}까지예요. 짧고 주제가 뚜렷한 영상일수록 결과가 좋아요.

    {$commands}
# bot added to a group or server
group-intro = 안녕하세요. 이 채팅에서는 명령어, 멘션, 제 메시지에 대한 답장에 답해요. /clips on 뒤에는 모든 영상도 처리해요.
# Discord: a reply to the bot came without its text
group-mention-me = 저를 멘션하지 않은 답장은 읽을 수 없어요. @를 켜고 다시 답장하거나 명령어를 써 주세요.
# Discord: words in a project's thread came without their text
thread-mention-me = 여기에서는 저를 멘션하지 않은 메시지를 읽을 수 없어요. 앞에 @와 제 이름을 붙여 다시 보내거나 명령어를 써 주세요.
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = 이 버튼은 요청한 사람이나 관리자만 쓸 수 있어요.
# token or other private data in a group
group-private-only = ⚠️ 저와의 개인 채팅에서 해 주세요.
# /clips on
clips-on = 이제부터 여기에 올라오는 모든 영상을 처리해요. /clips off 로 끌 수 있어요.
# /clips off
clips-off = 알겠어요. 여기서는 불러 주실 때만 답할게요.
# /clips by someone else
clips-admins-only = 관리자만 바꿀 수 있어요.
# /clips on, Discord, no message content
clips-need-intent = ⚠️ Discord가 이 봇에게 여기 글을 보여 주지 않아요. 봇 운영자에게 문의하거나, 메시지에서 **메타데이터 생성**을 써 주세요.
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ Telegram이 여기의 일반 글과 영상을 저에게 숨겨요. 저를 그룹 관리자로 지정하거나, 운영자에게 개인정보 보호 모드를 꺼 달라고 해 주세요.
# something else than video is asked for
not-video = 이 봇은 영상만 다뤄요. 영상을 보내거나, 어떻게 할지 말해 주세요.
# a platform permission is absent
perm-missing = ⚠️ 여기서는 {$permission} 권한이 없어요. 관리자에게 허용을 부탁하거나 개인 채팅으로 보내 주세요.
perm-threads = 스레드 만들기(Create Public Threads)
perm-view = 채널 보기(View Channel)
perm-send = 메시지 쓰기(Send Messages)
perm-send-threads = 스레드에 쓰기(Send Messages in Threads)
perm-files = 파일 보내기(Attach Files)
perm-history = 이전 메시지 읽기(Read Message History)
# button of an earlier project, as a message to the asker
button-stale = 이전 프로젝트의 버튼이에요. 가장 최근 메시지의 버튼을 써 주세요.
# second press, as a message to the asker
button-done = 이미 끝났어요.
# a button whose meaning is no longer kept, as a message to the asker
button-old = 이 버튼은 너무 오래됐어요. 원하는 내용을 다시 적거나 가장 최근 메시지의 버튼을 써 주세요.

## Session and account
# first call of a session
setup-connecting = 준비하고 있어요…
# backend unreachable
setup-failed = ⚠️ 지금은 영상 서비스에 연결할 수 없어요. 몇 분만 기다려 주세요.
# session gone, new one made
session-renewed = 이전 세션이 만료돼서 새로 시작했어요. 영상을 다시 보내 주세요.
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ 지금은 이 봇이 쓸 수 있는 무료 계정이 없어요. /connect 로 본인 계정을 연결하거나 며칠 뒤 다시 시도해 주세요.
# the user's own token is refused
account-expired = ⚠️ 계정 토큰이 더는 작동하지 않아요. /connect 로 새 토큰을 보내 주세요.
# the operator's token is refused
account-operator-down = ⚠️ 이 봇의 계정에 문제가 있어요. 운영자에게 알렸어요.
# /connect without a token
connect-ask = /connect 뒤에 NEMO 계정 토큰을 붙여 보내 주세요. 암호화해서 저장하고, 본인을 위해서만 쓰며, 다시 보여 주지 않아요.
# token accepted
connect-done = ✅ 연결됐어요. 다음 영상부터 본인 계정에서 새 프로젝트를 시작해요.
# token refused
connect-bad = ⚠️ 그 토큰은 쓸 수 없었어요. {$web} 의 계정 설정에서 다시 복사해 /connect 로 보내 주세요.
# token posted in a group
connect-leaked = ⚠️ 다른 사람이 이 토큰을 봤을 수 있어요. 계정 설정에서 폐기하고 새 토큰을 개인 채팅으로 보내 주세요.
# Disconnect pressed
connect-removed = 연결을 끊고 여기 있던 토큰을 삭제했어요. 다음 영상부터 새 프로젝트를 시작해요.

## Upload
# file accepted
upload-received = {$name} 받았어요({$size}, {$duration}). 업로드하고 있어요…
# the same where the platform does not tell how long it is
upload-received-plain = {$name} 받았어요({$size}). 업로드하고 있어요…
# edited at most every 5 s
upload-progress = ⏳ {$name} 업로드 중: {$pct}%({$done} / {$size})
# finished, no caption
upload-done = ✅ 업로드했어요. 이제 무엇을 할까요?
# finished, the clip had a caption
upload-caption-used = ✅ 업로드했어요. 작업 중: “{$request}”
# several files
upload-album = 파일 {$n}개를 받았어요. 순서대로 이 프로젝트에 추가할게요.
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ Telegram에서는 {$limit}까지만 받을 수 있는데 이 파일은 {$size}예요. 파일 링크나 더 짧은 영상을 보내 주세요.
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ Telegram에서는 {$limit}까지만 받을 수 있는데 이 파일은 더 커요. 파일 링크나 더 짧은 영상을 보내 주세요.
# over the service's limit
upload-too-large-service = ⚠️ {$name} 크기는 {$size}이고 한도는 {$limit}예요. 압축하거나 잘라서 다시 보내 주세요.
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ {$name}({$size}) 파일은 영상 서비스에 너무 커요. 압축하거나 잘라서 다시 보내 주세요.
# wrong type
upload-unsupported = ⚠️ {$ext} 파일은 쓸 수 없어요. 지원 형식: {$formats}.
# the service refuses a type that it should take
upload-refused-type = ⚠️ 영상 서비스가 {$name} 파일을 쓸 수 없어요. 다른 형식으로 저장해 다시 보내 주세요: {$formats}.
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ 파일이 한도 {$limit}보다 커요. 압축하거나 잘라서 다시 보내 주세요.
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ 영상 서비스가 이런 파일은 쓸 수 없어요. 지원 형식: {$formats}.
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ 그 링크는 쓸 수 없어요. 누구나 열 수 있는 영상 파일의 직접 링크여야 해요.
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ 파일 크기를 알 수 없어서 다 받았는지 확인할 수 없어요. 다시 보내 주세요.
# the platform's file link has run out
upload-expired = ⚠️ 첨부 파일 링크가 만료됐어요. 영상을 다시 보내 주세요.
# broke off
upload-failed = { $pct ->
    [100] ⚠️ 업로드하지 못했어요. 프로젝트는 그대로예요. 영상을 다시 보내 주세요.
   *[other] ⚠️ 업로드가 {$pct}%에서 끊겼어요. 프로젝트는 그대로예요. 영상을 다시 보내 주세요.
}
# below another reason why a clip did not get in
upload-again = 그런 다음 영상을 다시 보내 주세요.
# user stopped it
upload-cancelled = 업로드를 멈췄어요. 프로젝트는 그대로예요.
# user stopped it, and some files are in the project; the next one follows
upload-stopped = 업로드를 멈췄어요.
# below why one of several files did not get in
upload-partly = 이 메시지에서 프로젝트에 들어간 영상: {$names}
# /upload with nothing, "I want to upload"
upload-how = 여기 메시지에 영상을 첨부하거나, /upload 뒤에 공개된 파일 링크를 붙여 보내 주세요.
# edit wished, project empty
upload-none-yet = 이 프로젝트에는 아직 영상이 없어요. 첨부 파일이나 링크로 보내 주세요.

## Work
# the request is sent
work-started = ⏳ 작업하고 있어요…
# every 2 min of silence, in the same message
work-still = ⏳ 아직 작업하고 있어요…(지금까지 {$elapsed})
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = 아직 끝나지 않았어요. 곧 이 메시지를 바꿀 수 없게 되니 **결과 보기**를 눌러 확인해 주세요.
# below the last message of a long reply; the file comes next
reply-whole = 📄 여기에 다 보여 드리기엔 길어요. 전체를 아래에 파일로 보낼게요.
# the same where not all of it was kept
reply-part = 📄 여기에 다 보여 드리기엔 길어요. 남아 있는 부분을 아래에 파일로 보낼게요. 일부 빠졌을 수 있어요.
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ 영상 서비스가 바빠요. {$when}에 다시 시도할게요.
# a further request while one runs; becomes the live message of its turn
work-queued = 앞선 요청을 처리하고 있어요. 이 요청은 {$place}번째로 기다리고 있어요.
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ 클립을 살펴보고 있어요…
work-generating = ⏳ 클립을 만들고 있어요…
work-music = ⏳ 소리를 다듬고 있어요…
work-editing = ⏳ 타임라인을 편집하고 있어요…
# with work-started, before generation or editing
work-long = 몇 분 걸릴 수 있어요.
# after an edit, two or three steps
work-next = 다음에 할 수 있는 일: {$steps}
edit-ask = 무엇을 바꿀까요? 편하게 말해 주세요. 예: {$steps}
# the steps
next-title = 제목 넣기
next-music = 음악 넣기
next-shorter = 더 짧게 하기
next-export = MP4 내보내기
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ 편집 전 영상이 준비됐어요. 서비스가 마무리하고 있어요…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ 답변이 준비됐어요. 위를 봐 주세요.
# the same where it ended otherwise
work-ping-ended = ⚠️ 요청이 끝났어요. 위를 봐 주세요.
# a message is edited while it is worked on
edit-too-late = 처음 내용으로 이미 작업하고 있어요. 바꿀 점은 새 메시지로 보내 주세요.
# the inbox is full; at most once a minute
work-queue-full = ⚠️ 이미 요청 {$n}개가 기다리고 있어요. 하나가 끝나면 다시 보내 주세요.
# waiting request dropped
work-dropped = 취소했어요: “{$request}”
# user stopped
work-stopped = 기다리는 걸 멈췄어요. 서비스에서 이 편집을 마칠 수도 있으니, 지금 상태는 /status 로 확인해 주세요.
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ 너무 오래 걸려서 기다리는 걸 멈췄어요. 다시 보내지 않았으니 두 번 차감되지 않아요.
# no words, project changed
work-silent-done = ✅ 끝났어요. 바뀐 점: {$diff}
# no words, project as before
work-silent-nochange = 답이 없었고 프로젝트도 그대로예요. 다르게 말해 보세요. 예: “{$example}”
# the run failed, and no change is to be seen
work-failed = ⚠️ 영상 서비스에서 문제가 생겨 끝내지 못했어요(참조 번호 {$reference}). 요청을 다시 보내지는 않았어요.
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ 끝나기 전에 서비스에서 문제가 생겼어요. 바뀐 점: {$diff}
# the service added more after the first result
work-second-stage = 서비스가 스스로 더한 변경: {$diff}
# bot restarted in mid-work
work-resumed = 작업 중에 다시 시작됐어요. 결과를 확인하고 있어요…
# stream lost
work-rechecking = 연결이 끊겼어요. 편집이 적용됐는지 확인하고 있어요…
# state changed after a lost stream
work-recovered = ✅ 연결은 끊겼지만 편집은 적용됐어요. 바뀐 점: {$diff}
# still unchanged after all checks
work-unknown = ⚠️ 연결이 끊겼고 프로젝트는 그대로예요. 요청을 다시 보내지는 않았어요.
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ 지금은 프로젝트를 읽을 수 없어서 요청이 반영됐는지 알 수 없어요. 먼저 상태를 확인해 주세요. 다시 시도하면 두 번 실행될 수 있어요.
# a request failed inside the bot three times
work-gave-up = ⚠️ 이 메시지를 처리하지 못했어요(참조 번호 {$reference}). 다르게 말해 주세요.
# what waited too long to be begun, after a restore or a long stop
work-too-old = 이 메시지는 이틀 넘게 기다려서 시작하지 않았어요. 아직 필요하면 다시 보내 주세요.
# orderly stop during a request, below the text so far
work-back-soon = 다시 시작하느라 답변이 여기서 끊겼어요. 잠시 뒤 결과를 확인할게요.
# /cancel with nothing running
cancel-nothing = 진행 중인 작업이 없어요.
# /new
new-done = 새 프로젝트예요. 영상을 보내 시작하세요. 이전 프로젝트는 지워지지 않아요.
# /new while a request runs
new-busy = 아직 지금 프로젝트를 작업하고 있어요.
# the bot cannot save
store-down = ⚠️ 잠시만요. 지금은 메시지를 저장할 수 없어요. 가능해지면 바로 답할게요.
# too few replicas of the store have a request
store-unconfirmed = ⚠️ 요청을 안전하게 저장하지 못해 보내지 않았어요. 크레딧은 차감되지 않았어요.
# anything unforeseen
error-internal = ⚠️ 제 쪽에서 문제가 생겼어요(참조 번호 {$reference}). 요청을 두 번 보내지는 않았어요.
# the service refuses the request, and would again
error-refused = ⚠️ 영상 서비스가 이 요청을 거절했어요(참조 번호 {$reference}). 다르게 말하거나 봇 운영자에게 알려 주세요.
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ 여기 저장된 내용을 읽을 수 없어서(참조 번호 {$reference}) 새로 시작해요. 서비스에 있는 프로젝트는 지워지지 않았어요.
# own limiter; at most once a minute
limit-rate = {$period}당 {$n}회 한도에 도달했어요. {$when}에 다시 시도해 주세요.
# 429 from the service, after its one retry
limit-service = ⚠️ 영상 서비스가 바빠요. {$when}에는 다시 될 거예요.

## Metadata
# head of the card
meta-result = {$name}의 **제목, 설명, 태그**
# the same where nothing tells the clip
meta-result-unnamed = **제목, 설명, 태그**
# above titles alone
meta-titles = **제목**
# above the description
meta-description = **설명**
# above the tags
meta-tags = **태그**
# above the hashtags
meta-hashtags = **해시태그**
# above the chapters
meta-chapters = **챕터**
# a title that the agent recommends
meta-recommended = {$title}(추천)
# fields in a count
meta-part-title = 제목
meta-part-description = 설명
meta-part-caption = 본문
meta-part-tags = 태그
meta-part-hashtags = 해시태그
meta-part-chapters = 챕터
meta-part-mentions = 멘션
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ {$platform} 제한에 맞아요: {$counts}.
# some field is too long, or there is too much of it
meta-check-over = ⚠️ {$platform} 제한을 넘었어요: {$counts}.
# all rules pass
meta-check-ok = ✅ {$platform} 제한에 맞아요: 제목 {$t}/{$tmax}, 설명 {$d}/{$dmax}, 태그 {$g}/{$gmax}.
# a title is too long
meta-check-bad = ⚠️ 제목 {$n}번은 {$len}자예요. {$platform} 한도는 {$max}자예요.
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ 설명이 {$len}바이트예요. {$platform} 한도는 {$max}바이트예요.
# allowed, not advised
meta-check-warn = {$platform}에서는 제목 {$n}번의 앞 {$shown}자만 보여요.
# tags over budget
meta-trimmed = {$platform}의 {$max}자 한도에 맞추려고 태그 {$n}개를 뺐어요: {$list}
# automatic repairs
meta-repaired = {$platform}에 맞게 고쳤어요: {$list}
# what was adjusted: angle brackets
meta-fix-angles = <, > 기호를 ‹, ›로 바꿈
# what was adjusted: characters that nobody sees
meta-fix-invisible = 보이지 않는 문자 삭제
# what was adjusted: the same twice
meta-fix-repeated = 중복되어 뺌: {$list}
# what was adjusted: tags that are too long
meta-fix-long = 너무 길어서 뺌: {$list}
# what was adjusted: too many
meta-fix-many = 한도를 넘어 뺌: {$list}
# what was adjusted: hashtags
meta-fix-hashtags = 해시태그를 바로잡음: {$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform}에서는 더 적게 쓰는 것이 좋아요: {$counts}.
# chapters break the rules
meta-chapters-bad = ⚠️ {$platform}에서 이 챕터를 무시할 거예요: {$reason}.
# why
meta-chapters-start = 첫 챕터는 0:00에 시작해야 해요
meta-chapters-few = 챕터가 세 개 이상이어야 해요
meta-chapters-order = 챕터는 시간 순서대로 있어야 해요
meta-chapters-close = 챕터마다 10초 이상이어야 해요
meta-chapters-beyond = 영상 길이를 넘는 챕터가 있어요
# **Another language** pressed
meta-language-ask = 어떤 언어로 쓸까요?
# a post too long for X, in several
meta-thread = 게시물 {$n}개예요:
# files attached
meta-files = {$name}의 파일이에요. CSV는 Excel에서 열리고, 태그 파일은 그대로 붙여 넣을 수 있어요.
# files attached, where nothing tells the clip
meta-files-unnamed = 파일이에요. CSV는 Excel에서 열리고, 태그 파일은 그대로 붙여 넣을 수 있어요.
# a button of titles, description and tags that are no longer kept
meta-gone = 이 제목과 태그는 이제 남아 있지 않아요. /meta 로 새로 만들 수 있어요.
# **Generate metadata** on a message without a clip
meta-no-clip = 그 메시지에는 영상이 없어요. 영상이 있는 메시지를 골라 주세요.

## Status and credits
# /status
status-timeline = **타임라인**(트랙 {$n}개):
# one per track
status-line = {$i}. {$track}: {$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name}({$from}–{$to}초{$volume})
# the text of a title, inside a line
status-text = “{$text}”
# behind the times of a segment that has a sound
status-volume = , {$percent}%
# between the segments of a line
status-also = {$first}, {$second}
# more tracks or segments than shown
status-more = 그 밖에 {$n}개
# alt text of the picture
status-alt = 타임라인, {$duration}, 트랙 {$n}개. {$lines}
# no draft
status-empty = 아직 아무것도 없어요. 영상을 보내 시작하세요.
# clips, and no timeline
status-clips = 이 프로젝트에는 영상 {$n}개가 있고 타임라인은 아직 없어요. 어떻게 할지 말해 주세요.
# a timeline that cannot be read
status-unreadable = 이 프로젝트의 타임라인을 읽을 수 없지만 남아 있어요. 계속 편집하고 내보낼 수 있어요.
# with the timeline, while a request runs
status-working = ⏳ 요청을 처리한 지 {$elapsed} 됐어요.
# /credits, visible to the asker only where the platform can
credits-show = 크레딧: 사용 가능 {$available}, 예약 {$frozen}, 합계 {$total}. 내보내기는 무료예요.
# below the threshold after a job
credits-low = 크레딧이 {$available} 남았어요.
# balance cannot be read
credits-unknown = ⚠️ 지금은 잔액을 확인할 수 없어요.
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ 크레딧을 다 썼어요. 이 전용 링크로 가입하면 프로젝트를 유지할 수 있어요: {$url}
# the same where others read it
credits-out-group = ⚠️ 크레딧을 다 썼어요. 가입하면 프로젝트를 유지할 수 있어요.
# out of credits, the user's own account
credits-out-own = ⚠️ 계정의 크레딧을 다 썼어요. {$web} 에서 충전해 주세요.
# out of credits, operator's account
credits-out-operator = ⚠️ 이 봇 계정의 크레딧을 다 썼어요. 운영자에게 알렸어요.

## Export
# /export accepted
export-queued = ⏳ MP4를 렌더링하고 있어요. 보통 30~90초 걸려요.
# each poll, same message
export-progress = ⏳ 렌더링 중… {$elapsed}(보통 90초 안에 끝나요)
export-unanswered = ⏳ 영상 서비스가 응답하지 않아요. 계속 시도하고 있어요.
# /export while one runs
export-running = 이미 렌더링하고 있어요({$elapsed}). 파일은 여기로 보내 드려요.
# not done after 5 min
export-patience = ⏳ {$elapsed} 지났지만 아직 렌더링 중이에요. 파일은 자동으로 여기에 와요. /export 는 바로 확인만 하고 새로 시작하지 않아요.
# not done at the deadline
export-gave-up = ⚠️ 렌더링이 {$elapsed} 안에 끝나지 않아 확인을 멈췄어요. 프로젝트는 그대로예요.
# /cancel or Stop during a render
export-stopped = 내보내기를 멈췄어요. 프로젝트는 그대로예요.
# what was kept of a render does not open
export-lost = ⚠️ 내보내기 상태를 놓쳤어요(참조 번호 {$reference}). 다시 시작해 주세요.
# more than the service gives is asked for
export-max = 서비스는 최대 1080x1920까지 내보내요. 그 크기로 렌더링할게요.
# the status message becomes the result, with one of the two lines below
export-done = ✅ MP4가 준비됐어요: {$details}.
export-done-plain = ✅ MP4가 준비됐어요.
joined = {$first}, {$second}
# two lines in one
joined-lines = {$first}; {$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = {$expiry} 전에 다운로드하세요: {$url}
# expiry unknown
export-link = 다운로드: {$url}
# below a result: the project in a browser, for one person
web-link = 이 링크로 브라우저에서 프로젝트를 열 수 있어요. 본인 전용이니 다른 사람에게 주지 마세요.
# there is no link, and the file is about to be sent
export-file-next = 파일은 다음 메시지로 와요. 오지 않으면 다시 내보내 주세요. 무료예요.
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ 너무 커서 여기로 보낼 수 없고, 서비스가 링크도 주지 않았어요. 더 짧게 잘라 다시 내보내 주세요.
# there is no link, and the file could not be sent
export-file-lost = ⚠️ 영상 서비스에서 파일을 받지 못했어요. 다시 내보내 주세요. 무료예요.
# the service does not know the project any more
export-session-gone = ⚠️ 영상 서비스에 이 프로젝트가 더는 없어서 렌더링할 수 없어요. 영상을 다시 보내 주세요.
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ MP4가 준비됐어요. 위를 봐 주세요.
# no segment in the draft
export-nothing = 아직 내보낼 것이 없어요. 먼저 영상을 보내거나 편집을 요청해 주세요.
# failed twice
export-failed = ⚠️ 렌더링이 두 번 실패했어요. 프로젝트는 그대로예요.
export-refused = ⚠️ 영상 서비스가 렌더링을 거절했어요(참조 번호 {$reference}). 프로젝트는 그대로예요.
# the plan does not allow it
export-plan-blocked = ⚠️ 이 계정의 요금제에는 내보내기가 없어요. 크레딧 문제는 아니에요. {$plan_help}
# inside the former, anonymous account
export-plan-help = {$web} 에서 가입하면 쓸 수 있어요.

## Language, privacy
# /language
language-ask = 어떤 언어로 말할까요? {$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = 알겠어요. 이제부터 쓸 언어: {$language}
# not understood
language-unknown = “{$value}”는 모르는 언어예요. English나 中文 같은 이름으로 입력해 주세요.
# /privacy
privacy-text = 보관하는 것: 사용자 및 채팅 ID, 언어, 계정, 프로젝트 ID, 작업 기록, 영상 이름, 최근 요청, 마지막 답변, 영상을 위해 쓴 글, 작성 중인 답변. 암호화해서 최대 {$days}일 동안 보관해요. 영상은 이 봇을 거쳐 NEMO로 가고 여기에는 저장되지 않아요. 이 봇은 무엇도 모델 학습에 쓰지 않아요. 모두 삭제: /forget
# below the former, where the operator has a policy
privacy-policy = 전체 정책: {$url}
# /forget, first step
privacy-forget = 이 봇에서 설정, 프로젝트, 계정 토큰, 기록을 삭제하고 진행 중인 작업을 멈춰요. 이미 NEMO에 있는 파일은 NEMO 정책을 따라요.
# /forget, second step
privacy-forgotten = 기록 {$n}개를 삭제했어요.
# Keep pressed
privacy-kept = 아무것도 삭제하지 않았어요.

## What changed
diff-clip-added = {$at}에 클립 추가({$duration})
diff-clip-removed = {$at}의 클립 삭제
diff-clip-trimmed = {$at}의 클립: {$before} → {$after}
diff-clip-moved = 클립 이동: {$before} → {$after}
diff-text-added = 텍스트 “{$text}”({$from}–{$to})
diff-text-changed = {$at}의 텍스트를 “{$text}”로 변경
diff-text-removed = {$at}의 텍스트 삭제
diff-audio-added = {$name} 추가({$volume})
diff-audio-changed = {$name}: {$before} → {$after}
diff-audio-removed = {$name} 삭제
diff-canvas = 화면 {$before} → {$after}
diff-duration = 길이 {$before} → {$after}
diff-media = 새 미디어 {$n}개
diff-other = 그 밖의 변경

## The picture of a timeline
# above it
picture-title = 타임라인 · 트랙 {$n}개 · {$duration}
# above it, where no length is known
picture-title-untimed = 타임라인 · 트랙 {$n}개
# tracks that are not drawn
picture-more = 트랙 {$n}개 더
# below it; diff is one or more of the sentences above
picture-changed = 바뀐 점: {$diff}

## Track names
track-video = 영상
track-audio = 배경 음악
track-text = 제목
track-other = 트랙 {$n}

## Buttons
btn-retry = 다시 시도
btn-copy-title = 제목 {$n} 복사
btn-stop = 중지
btn-copy-description = 설명 복사
btn-get-result = 결과 보기
btn-copy-tags = 태그 복사
btn-status = 상태 확인
btn-more-titles = 제목 더 만들기
btn-drop = 취소하기
btn-shorter = 더 짧게
btn-export = MP4 내보내기
btn-other-language = 다른 언어
btn-edit = 편집
btn-files = 파일
btn-edit-more = 더 편집하기
btn-shorten = 줄이기
btn-meta = 제목 + 태그
btn-fix = 고치기
btn-do-it = 실행
btn-use-title = 제목 {$n} 사용
btn-full-reply = 전체 답변
btn-open-web = 웹에서 열기
btn-keep = 유지
btn-delete = 삭제
btn-only-clip = 영상만 남기기
btn-disconnect = 연결 끊기
btn-new = 새로 시작
btn-wait = 기다리기
btn-open-private = 개인 채팅 열기
btn-share = 여기에 공유
btn-my-data = 내 데이터

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = 이 영상의 {$platforms}용 제목 세 개, 설명, 태그를 써 주세요.
# the same, right after an upload
ask-meta-clip = {$name} 파일을 업로드했어요. {$platforms}용 제목 세 개, 설명, 태그를 써 주세요.
# More titles
ask-more-titles = 이 영상의 제목을 다섯 개 더 써 주세요. 다른 건 바꾸지 마세요.
# Shorter
ask-shorter = 제목과 설명을 더 짧게 해 주세요.
# Shorten it
ask-shorten-title = 제목 {$n}번을 {$max}자 이내로 줄여 주세요: “{$title}”
# Another language
ask-other-language = 제목, 설명, 태그를 이 언어로 써 주세요: {$language}.
# Use title N
ask-use-title = 제목 {$n}번을 사용해 주세요: “{$title}”
# Only the clip
ask-only-clip = 자동으로 추가된 음악, 제목, 효과를 없애고 영상만 남겨 주세요.

## Commands, as menus describe them
command-start = 여기서 시작
command-help = 이 봇 사용법
command-new = 새 프로젝트 시작
command-meta = 제목, 설명, 태그
command-status = 타임라인 보기
command-credits = 남은 크레딧 보기
command-export = MP4를 렌더링해서 보내기
command-upload = 파일이나 링크로 영상 추가
command-cancel = 진행 중인 작업 중지
command-connect = 내 NEMO 계정 쓰기
command-language = 언어 바꾸기
command-privacy = 보관하는 데이터
command-forget = 내 데이터 삭제
command-clips = 여기 올라온 모든 영상 처리(관리자)
command-generate = 메타데이터 생성
option-clip = 내 영상
option-link = 영상 링크
option-token = NEMO 계정 토큰
option-state = 켜거나 끄기
option-language = 사용할 언어

## Measures: pieces of the sentences above
# between the whole and the tenths
decimal-sign = .
size-bytes = {$n} B
size-kilobytes = {$n} KB
size-megabytes = {$n} MB
size-gigabytes = {$n} GB
# how long something has taken
took-seconds = {$s}초
took-minutes = {$m}분
took-minutes-seconds = {$m}분 {$s}초
took-hours = {$h}시간
took-hours-minutes = {$h}시간 {$m}분
took-days = {$d}일
took-days-hours = {$d}일 {$h}시간
# how long from now, after "try again"
when-seconds = {$n}초 후
when-minutes = {$n}분 후
when-hours = {$n}시간 후
when-days = {$n}일 후
# after "per"; other periods are worded as how long something takes
period-minute = 1분
period-hour = 1시간
period-day = 1일
# a moment, for example 2026-08-03 14:30
moment = {$date} {$time} UTC
