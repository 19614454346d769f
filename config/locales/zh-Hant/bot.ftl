# 繁體中文（台灣用語）。句子出現的時機見各句上方的註解。

## Start, help, groups
# /start, first private message, bot added
start-welcome = 把影片傳給我，我就開始用 AI 產生標題、說明和標籤。也可以直接告訴我你的想法。
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = 產生我的影片片段
example-3 = 為我的 YouTube 影片產生標題、說明和標籤
example-label-1 = 產生我的影片片段
example-label-2 = 匯出 1080p MP4
example-label-3 = YouTube 標題和標籤
# once per person, before the first upload
start-notice = 影片會傳送到 NEMO 影片服務處理。詳情請看 /privacy，隨時可用 /forget 刪除資料。
# /start with a project open
start-returning = 歡迎回來。目前的專案有 {$tracks} 條軌道，長度 {$duration}。/status 可查看，/new 可開新專案。
# /help
help-text =
    傳一段影片，再用自己的話說想做什麼。支援 {$formats}，這裡的上限是 {$limit}；短而集中的影片效果最好。

    {$commands}
# bot added to a group or server
group-intro = 大家好。在這裡我只回應指令、提到我的訊息，以及對我訊息的回覆；輸入 /clips on 之後，每段影片都會處理。
# Discord: a reply to the bot came without its text
group-mention-me = 沒有提到我的回覆我讀不到。請開啟 @ 再回覆一次，或使用指令。
# Discord: words in a project's thread came without their text
thread-mention-me = 這裡沒有提到我的訊息我讀不到。請在前面加上 @ 和我的名字再傳一次，或使用指令。
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = 只有提出要求的人或管理員可以使用這個按鈕。
# token or other private data in a group
group-private-only = ⚠️ 請在與我的私訊中操作。
# /clips on
clips-on = 從現在起，這裡發布的每段影片我都會處理。輸入 /clips off 可關閉。
# /clips off
clips-off = 好的，在這裡我只在被叫到時回應。
# /clips by someone else
clips-admins-only = 只有管理員可以變更這項設定。
# /clips on, Discord, no message content
clips-need-intent = ⚠️ Discord 不讓這個機器人讀取這裡的訊息。請聯絡營運者，或在訊息上使用**產生標題和標籤**。
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ Telegram 在這裡不讓我看到一般訊息和影片。請把我設為群組管理員，或請營運者關閉我的隱私模式。
# something else than video is asked for
not-video = 這個機器人只處理影片。請傳影片給我，或說說想怎麼處理。
# a platform permission is absent
perm-missing = ⚠️ 我在這裡沒有{$permission}的權限。請管理員開啟，或私訊我。
perm-threads = 建立討論串（Create Public Threads）
perm-view = 檢視頻道（View Channel）
perm-send = 傳送訊息（Send Messages）
perm-send-threads = 在討論串傳送訊息（Send Messages in Threads）
perm-files = 傳送檔案（Attach Files）
perm-history = 閱讀訊息歷史（Read Message History）
# button of an earlier project, as a message to the asker
button-stale = 這個按鈕屬於先前的專案，請使用最新訊息裡的按鈕。
# second press, as a message to the asker
button-done = 已經完成了。
# a button whose meaning is no longer kept, as a message to the asker
button-old = 這個按鈕太舊了。請重新寫下您的需求，或使用最新訊息裡的按鈕。

## Session and account
# first call of a session
setup-connecting = 準備中…
# backend unreachable
setup-failed = ⚠️ 目前連不上影片服務，請過幾分鐘再試。
# session gone, new one made
session-renewed = 先前的工作階段已過期，我已開啟新的，請重新傳送影片。
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ 服務目前沒有可用的免費帳號。可用 /connect 連結自己的帳號，或過幾天再試。
# the user's own token is refused
account-expired = ⚠️ 你的帳號權杖已失效，請用 /connect 傳送新的權杖。
# the operator's token is refused
account-operator-down = ⚠️ 這個機器人的帳號有狀況，已通知營運者。
# /connect without a token
connect-ask = 請傳送 /connect 加上你的 NEMO 帳號權杖。我會加密保存，只為你使用，也不會再顯示。
# token accepted
connect-done = ✅ 已連結。下一段影片會用你自己的帳號開新專案。
# token refused
connect-bad = ⚠️ 這個權杖無效。請在 {$web} 的帳號設定重新複製，再用 /connect 傳送。
# token posted in a group
connect-leaked = ⚠️ 其他人可能已看到這個權杖。請在帳號設定中撤銷，再私訊傳新的權杖給我。
# Disconnect pressed
connect-removed = 已中斷連結，並刪除這裡保存的權杖；下一段影片會開新專案。

## Upload
# file accepted
upload-received = 收到 {$name}（{$size}，{$duration}），上傳中…
# the same where the platform does not tell how long it is
upload-received-plain = 收到 {$name}（{$size}），上傳中…
# edited at most every 5 s
upload-progress = ⏳ 正在上傳 {$name}：{$pct}%（{$done} / {$size}）
# finished, no caption
upload-done = ✅ 上傳完成。接下來想做什麼？
# finished, the clip had a caption
upload-caption-used = ✅ 上傳完成，正在處理：「{$request}」
# several files
upload-album = 收到 {$n} 個檔案，會依序加入這個專案。
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ Telegram 只讓我下載 {$limit} 以內的檔案，這個有 {$size}。請傳檔案連結，或短一點的影片。
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ Telegram 只讓我下載 {$limit} 以內的檔案，這個更大。請傳檔案連結，或短一點的影片。
# over the service's limit
upload-too-large-service = ⚠️ {$name} 有 {$size}，上限是 {$limit}。請壓縮或剪短後再傳一次。
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ 影片服務認為 {$name}（{$size}）太大。請壓縮或剪短後再傳一次。
# wrong type
upload-unsupported = ⚠️ 不支援 {$ext} 檔案。支援的格式：{$formats}。
# the service refuses a type that it should take
upload-refused-type = ⚠️ 影片服務無法使用 {$name}。請存成其他格式再傳一次：{$formats}。
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ 檔案超過 {$limit} 的上限。請壓縮或剪短後再傳一次。
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ 影片服務不支援這種檔案。支援的格式：{$formats}。
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ 這個連結無法使用。需要公開、直接指向影片檔的連結。
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ 看不到檔案大小，所以無法確認檔案是否完整。請重新傳送。
# the platform's file link has run out
upload-expired = ⚠️ 附件的連結已過期，請重新傳送影片。
# broke off
upload-failed = { $pct ->
    [100] ⚠️ 上傳沒有成功，專案沒有變動，請重新傳送影片。
   *[other] ⚠️ 上傳在 {$pct}% 時中斷，專案沒有變動，請重新傳送影片。
}
# below another reason why a clip did not get in
upload-again = 之後請重新傳送影片。
# user stopped it
upload-cancelled = 已停止上傳，專案沒有變動。
# user stopped it, and some files are in the project; the next one follows
upload-stopped = 已停止上傳。
# below why one of several files did not get in
upload-partly = 這則訊息中已加入專案：{$names}。
# /upload with nothing, "I want to upload"
upload-how = 請在這裡以附件傳送影片，或傳送 /upload 加上公開的檔案連結。
# edit wished, project empty
upload-none-yet = 這個專案還沒有影片，請傳附件或連結。

## Work
# the request is sent
work-started = ⏳ 處理中…
# every 2 min of silence, in the same message
work-still = ⏳ 還在處理…（已花 {$elapsed}）
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = 還要一段時間。這則訊息很快就無法更新了，請按**取得結果**查看。
# below the last message of a long reply; the file comes next
reply-whole = 📄 內容太長，這裡放不下，全文以檔案附在下方。
# the same where not all of it was kept
reply-part = 📄 內容太長，這裡放不下，我保存的部分以檔案附在下方，可能不完整。
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ 影片服務忙碌中，我會在 {$when}再試一次。
# a further request while one runs; becomes the live message of its turn
work-queued = 上一個要求還在處理，這個排在第 {$place} 位。
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ 正在查看素材…
work-generating = ⏳ 正在生成影片…
work-music = ⏳ 正在處理音樂和聲音…
work-editing = ⏳ 正在處理時間軸…
# with work-started, before generation or editing
work-long = 可能需要幾分鐘。
# after an edit, two or three steps
work-next = 接下來可以：{$steps}
edit-ask = 想改什麼？直接說就行，例如：{$steps}
# the steps
next-title = 加上標題
next-music = 加上音樂
next-shorter = 剪短一點
next-export = 匯出 MP4
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ 原始影片已產生，服務還在做最後處理…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ 已有回覆，請看上方訊息。
# the same where it ended otherwise
work-ping-ended = ⚠️ 你的要求已結束，請看上方訊息。
# a message is edited while it is worked on
edit-too-late = 我已經在處理修改前的內容，請把修改另外傳一則新訊息。
# the inbox is full; at most once a minute
work-queue-full = ⚠️ 已有 {$n} 個要求在等待，請等其中一個完成再傳。
# waiting request dropped
work-dropped = 已取消：「{$request}」
# user stopped
work-stopped = 已停止等待。服務仍可能完成這次剪輯，可用 /status 查看目前狀態。
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ 等得太久，我已停止等待。我沒有重送你的要求，不會重複扣點。
# no words, project changed
work-silent-done = ✅ 完成。變更：{$diff}
# no words, project as before
work-silent-nochange = 沒有收到回覆，專案也沒有變動。換個說法試試，例如「{$example}」。
# the run failed, and no change is to be seen
work-failed = ⚠️ 影片服務回報有問題，沒有完成（編號 {$reference}）。我沒有重送你的要求。
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ 服務在完成前回報有問題。已有的變更：{$diff}
# the service added more after the first result
work-second-stage = 服務還自行做了變更：{$diff}
# bot restarted in mid-work
work-resumed = 處理到一半時我重新啟動了，正在確認結果…
# stream lost
work-rechecking = 連線中斷，正在確認剪輯是否已完成…
# state changed after a lost stream
work-recovered = ✅ 連線曾中斷，但剪輯已完成。變更：{$diff}
# still unchanged after all checks
work-unknown = ⚠️ 連線中斷，專案沒有變動。我沒有重送你的要求。
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ 目前讀取不到專案，無法確定你的要求是否已完成。請先查看狀態：直接再試可能會重複執行。
# a request failed inside the bot three times
work-gave-up = ⚠️ 無法處理這則訊息（編號 {$reference}）。請換個說法再試。
# what waited too long to be begun, after a restore or a long stop
work-too-old = 這則訊息等了兩天以上，所以我沒有開始處理。如果還需要，請再傳一次。
# orderly stop during a request, below the text so far
work-back-soon = 我正在重新啟動，所以回覆到這裡中斷，稍後會確認結果。
# /cancel with nothing running
cancel-nothing = 目前沒有進行中的工作。
# /new
new-done = 新專案開好了，傳影片就能開始。先前的專案沒有刪除。
# /new while a request runs
new-busy = 目前的專案還在處理。
# the bot cannot save
store-down = ⚠️ 請稍等：目前無法儲存訊息，恢復後會盡快回覆。
# too few replicas of the store have a request
store-unconfirmed = ⚠️ 剛才沒能安全儲存您的請求，所以沒有送出，也沒有扣費。
# anything unforeseen
error-internal = ⚠️ 我這邊出了問題（編號 {$reference}）。你的要求沒有重送。
# the service refuses the request, and would again
error-refused = ⚠️ 影片服務拒絕了這個要求（編號 {$reference}）。請換個說法，或聯絡這個機器人的營運者。
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ 無法讀取這裡保存的資料（編號 {$reference}），所以我重新開始。服務上的專案沒有刪除。
# own limiter; at most once a minute
limit-rate = 已達每{$period} {$n} 次的上限，請在 {$when}再試。
# 429 from the service, after its one retry
limit-service = ⚠️ 影片服務忙碌中，請在 {$when}再試。

## Metadata
# head of the card
meta-result = {$name} 的**標題、說明和標籤**
# the same where nothing tells the clip
meta-result-unnamed = **標題、說明和標籤**
# above titles alone
meta-titles = **標題**
# above the description
meta-description = **說明**
# above the tags
meta-tags = **標籤**
# above the hashtags
meta-hashtags = **主題標籤**
# above the chapters
meta-chapters = **章節**
# a title that the agent recommends
meta-recommended = {$title}（推薦）
# fields in a count
meta-part-title = 標題
meta-part-description = 說明
meta-part-caption = 內文
meta-part-tags = 標籤
meta-part-hashtags = 主題標籤
meta-part-chapters = 章節
meta-part-mentions = 提及
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ 符合 {$platform} 的限制：{$counts}。
# some field is too long, or there is too much of it
meta-check-over = ⚠️ 超過 {$platform} 的限制：{$counts}。
# all rules pass
meta-check-ok = ✅ 符合 {$platform} 的限制：標題 {$t}/{$tmax}，說明 {$d}/{$dmax}，標籤 {$g}/{$gmax}。
# a title is too long
meta-check-bad = ⚠️ 標題 {$n} 有 {$len} 個字元，{$platform} 上限是 {$max}。
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ 說明有 {$len} 位元組，{$platform} 上限是 {$max}。
# allowed, not advised
meta-check-warn = {$platform} 只會顯示標題 {$n} 的前 {$shown} 個字元。
# tags over budget
meta-trimmed = 為符合 {$platform} 的 {$max} 字元上限，略過了 {$n} 個標籤：{$list}
# automatic repairs
meta-repaired = 已依 {$platform} 的要求調整：{$list}
# what was adjusted: angle brackets
meta-fix-angles = < 和 > 已換成 ‹ 和 ›
# what was adjusted: characters that nobody sees
meta-fix-invisible = 已移除看不見的字元
# what was adjusted: the same twice
meta-fix-repeated = 重複，已略去：{$list}
# what was adjusted: tags that are too long
meta-fix-long = 過長，已略去：{$list}
# what was adjusted: too many
meta-fix-many = 超過上限，已略去：{$list}
# what was adjusted: hashtags
meta-fix-hashtags = 主題標籤已改寫：{$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform} 建議少一點：{$counts}。
# chapters break the rules
meta-chapters-bad = ⚠️ {$platform} 不會採用這些章節：{$reason}。
# why
meta-chapters-start = 第一個章節要從 0:00 開始
meta-chapters-few = 至少要有三個章節
meta-chapters-order = 章節要依時間先後排列
meta-chapters-close = 每個章節至少要 10 秒
meta-chapters-beyond = 有章節超出影片結尾
# **Another language** pressed
meta-language-ask = 要用哪種語言寫？
# a post too long for X, in several
meta-thread = 共 {$n} 則貼文：
# files attached
meta-files = {$name} 的檔案。CSV 可用 Excel 開啟，標籤檔可直接貼上。
# files attached, where nothing tells the clip
meta-files-unnamed = 你的檔案。CSV 可用 Excel 開啟，標籤檔可直接貼上。
# a button of titles, description and tags that are no longer kept
meta-gone = 這些標題和標籤已不再保存，輸入 /meta 可重新產生。
# **Generate metadata** on a message without a clip
meta-no-clip = 那則訊息沒有影片，請選有影片的訊息。

## Status and credits
# /status
status-timeline = **時間軸**（{$n} 條軌道）：
# one per track
status-line = {$i}. {$track}：{$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name}（{$from}-{$to} 秒{$volume}）
# the text of a title, inside a line
status-text = 「{$text}」
# behind the times of a segment that has a sound
status-volume = ，{$percent}%
# between the segments of a line
status-also = {$first}、{$second}
# more tracks or segments than shown
status-more = 還有 {$n} 項
# alt text of the picture
status-alt = 時間軸，{$duration}，{$n} 條軌道。{$lines}
# no draft
status-empty = 這裡還沒有內容，傳一段影片開始吧。
# clips, and no timeline
status-clips = 這個專案有 {$n} 段影片，還沒有時間軸。告訴我想怎麼處理吧。
# a timeline that cannot be read
status-unreadable = 我讀不到這個專案的時間軸，但它還在：可以繼續剪輯和匯出。
# with the timeline, while a request runs
status-working = ⏳ 有一個要求已執行 {$elapsed}。
# /credits, visible to the asker only where the platform can
credits-show = 點數：可用 {$available}，保留 {$frozen}，共 {$total}。匯出不扣點。
# below the threshold after a job
credits-low = 剩下 {$available} 點。
# balance cannot be read
credits-unknown = ⚠️ 目前無法查詢餘額。
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ 點數用完了。用這個專屬連結註冊，就能保留專案：{$url}
# the same where others read it
credits-out-group = ⚠️ 點數用完了。註冊就能保留專案。
# out of credits, the user's own account
credits-out-own = ⚠️ 你的帳號點數用完了，請到 {$web} 儲值。
# out of credits, operator's account
credits-out-operator = ⚠️ 這個機器人的帳號點數用完了，已通知營運者。

## Export
# /export accepted
export-queued = ⏳ 正在匯出 MP4，通常需要 30 到 90 秒。
# each poll, same message
export-progress = ⏳ 匯出中… {$elapsed}（通常不到 90 秒）
export-unanswered = ⏳ 影片服務暫時沒有回應，我會繼續嘗試。
# /export while one runs
export-running = 已經在匯出了（{$elapsed}），完成後檔案會傳到這裡。
# not done after 5 min
export-patience = ⏳ 過了 {$elapsed} 還在匯出。完成後檔案會自動傳到這裡；/export 會立刻查詢，不會重新開始。
# not done at the deadline
export-gave-up = ⚠️ 匯出在 {$elapsed} 內沒有完成，我已停止查詢。專案沒有變動。
# /cancel or Stop during a render
export-stopped = 已停止匯出。專案沒有變動。
# what was kept of a render does not open
export-lost = ⚠️ 讀不到你的匯出進度（編號 {$reference}），請重新匯出。
# more than the service gives is asked for
export-max = 服務最高可匯出 1080x1920，我會用這個尺寸匯出。
# the status message becomes the result, with one of the two lines below
export-done = ✅ 你的 MP4 好了：{$details}。
export-done-plain = ✅ 你的 MP4 好了。
joined = {$first}，{$second}
# two lines in one
joined-lines = {$first}；{$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = 請在 {$expiry} 前下載：{$url}
# expiry unknown
export-link = 下載：{$url}
# below a result: the project in a browser, for one person
web-link = 這個連結可在瀏覽器開啟專案。它只屬於你，請不要轉傳。
# there is no link, and the file is about to be sent
export-file-next = 檔案會在下一則訊息傳來。如果沒收到，請再匯出一次，不收費。
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ 檔案太大，無法在這裡傳送，服務也沒有提供連結。請剪短後再匯出。
# there is no link, and the file could not be sent
export-file-lost = ⚠️ 無法從影片服務取得檔案。請再匯出一次，不收費。
# the service does not know the project any more
export-session-gone = ⚠️ 影片服務上已沒有這個專案，無法匯出。請重新傳送影片。
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ 你的 MP4 好了，請看上方訊息。
# no segment in the draft
export-nothing = 還沒有可以匯出的內容，請先傳影片或說想怎麼剪。
# failed twice
export-failed = ⚠️ 匯出失敗兩次。專案沒有變動。
export-refused = ⚠️ 影片服務拒絕了這次匯出（編號 {$reference}）。專案沒有變動。
# the plan does not allow it
export-plan-blocked = ⚠️ 這個帳號的方案不含匯出，與點數無關。{$plan_help}
# inside the former, anonymous account
export-plan-help = 到 {$web} 註冊即可使用。

## Language, privacy
# /language
language-ask = 要用哪種語言？{$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = 好的，之後使用{$language}。
# not understood
language-unknown = 我不認識「{$value}」。請輸入語言名稱，例如 English 或 中文。
# /privacy
privacy-text = 我會保存：使用者和聊天 ID、語言、帳號、專案 ID、工作紀錄、影片檔名、最近的要求和回覆、為影片寫的文案以及進行中的回覆，加密存放，最多 {$days} 天。影片經由這個機器人傳給 NEMO，不存放在這裡。這個機器人不會用任何資料訓練模型。全部刪除：/forget
# below the former, where the operator has a policy
privacy-policy = 完整政策：{$url}
# /forget, first step
privacy-forget = 這會從這個機器人刪除你的設定、專案、帳號權杖和紀錄，並停止進行中的工作。已在 NEMO 的檔案依 NEMO 的政策處理。
# /forget, second step
privacy-forgotten = 已刪除 {$n} 筆紀錄。
# Keep pressed
privacy-kept = 沒有刪除任何內容。

## What changed
diff-clip-added = 在 {$at} 加入片段（{$duration}）
diff-clip-removed = 移除 {$at} 的片段
diff-clip-trimmed = {$at} 的片段：{$before} → {$after}
diff-clip-moved = 片段從 {$before} 移到 {$after}
diff-text-added = 文字「{$text}」，{$from}–{$to}
diff-text-changed = {$at} 的文字改為「{$text}」
diff-text-removed = 移除 {$at} 的文字
diff-audio-added = 加入{$name}（{$volume}）
diff-audio-changed = {$name}：{$before} → {$after}
diff-audio-removed = 移除{$name}
diff-canvas = 畫面 {$before} → {$after}
diff-duration = 長度 {$before} → {$after}
diff-media = 新增 {$n} 個素材
diff-other = 其他變更

## The picture of a timeline
# above it
picture-title = 時間軸 · {$n} 條軌道 · {$duration}
# above it, where no length is known
picture-title-untimed = 時間軸 · {$n} 條軌道
# tracks that are not drawn
picture-more = 還有 {$n} 條軌道
# below it; diff is one or more of the sentences above
picture-changed = 變更：{$diff}

## Track names
track-video = 影片
track-audio = 配樂
track-text = 標題
track-other = 軌道 {$n}

## Buttons
btn-retry = 再試一次
btn-copy-title = 複製標題 {$n}
btn-stop = 停止
btn-copy-description = 複製說明
btn-get-result = 取得結果
btn-copy-tags = 複製標籤
btn-status = 查看狀態
btn-more-titles = 換一批標題
btn-drop = 取消這個
btn-shorter = 短一點
btn-export = 匯出 MP4
btn-other-language = 換個語言
btn-edit = 剪輯
btn-files = 下載檔案
btn-edit-more = 繼續剪輯
btn-shorten = 幫我縮短
btn-meta = 標題＋標籤
btn-fix = 幫我修正
btn-do-it = 執行
btn-use-title = 使用標題 {$n}
btn-full-reply = 完整回覆
btn-open-web = 在網頁開啟
btn-keep = 保留
btn-delete = 刪除
btn-only-clip = 只留影片
btn-disconnect = 中斷連結
btn-new = 開新專案
btn-wait = 等待
btn-open-private = 開啟私訊
btn-share = 分享到這裡
btn-my-data = 我的資料

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = 為這段影片寫三個標題、一段說明和標籤，用於 {$platforms}。
# the same, right after an upload
ask-meta-clip = 我上傳了 {$name}。請為它寫三個標題、一段說明和標籤，用於 {$platforms}。
# More titles
ask-more-titles = 再為這段影片寫五個標題，其他都不要改。
# Shorter
ask-shorter = 把標題和說明寫短一點。
# Shorten it
ask-shorten-title = 把標題 {$n} 縮短到 {$max} 個字元以內：「{$title}」
# Another language
ask-other-language = 用{$language}寫標題、說明和標籤。
# Use title N
ask-use-title = 使用標題 {$n}：「{$title}」
# Only the clip
ask-only-clip = 移除自動加入的音樂、標題和特效，只保留影片。

## Commands, as menus describe them
command-start = 開始使用
command-help = 使用說明
command-new = 開新專案
command-meta = 標題、說明和標籤
command-status = 查看時間軸
command-credits = 查看剩餘點數
command-export = 匯出並傳送 MP4
command-upload = 用檔案或連結加入影片
command-cancel = 停止目前的工作
command-connect = 使用自己的 NEMO 帳號
command-language = 切換語言
command-privacy = 我保存的資料
command-forget = 刪除我的資料
command-clips = 處理這裡的每段影片（管理員）
command-generate = 產生標題和標籤
option-clip = 你的影片
option-link = 影片連結
option-token = 你的 NEMO 帳號權杖
option-state = 開啟或關閉
option-language = 要使用的語言

## Measures: pieces of the sentences above
# between the whole and the tenths
decimal-sign = .
size-bytes = {$n} B
size-kilobytes = {$n} KB
size-megabytes = {$n} MB
size-gigabytes = {$n} GB
# how long something has taken
took-seconds = {$s} 秒
took-minutes = {$m} 分鐘
took-minutes-seconds = {$m} 分 {$s} 秒
took-hours = {$h} 小時
took-hours-minutes = {$h} 小時 {$m} 分
took-days = {$d} 天
took-days-hours = {$d} 天 {$h} 小時
# how long from now, after "try again"
when-seconds = {$n} 秒後
when-minutes = {$n} 分鐘後
when-hours = {$n} 小時後
when-days = {$n} 天後
# after "per"; other periods are worded as how long something takes
period-minute = 分鐘
period-hour = 小時
period-day = 天
# a moment, for example 2026-08-03 14:30
moment = {$date} {$time} UTC
