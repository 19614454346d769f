# 日本語。です・ます体。どの場面の文かは、各文の上のコメントにあります。

## Start, help, groups
# /start, first private message, bot added
start-welcome = 動画を送ってください。AI でタイトルや説明文、タグを作り始めます。やりたいことを話すだけでも大丈夫です。
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = 動画クリップを生成して
example-3 = YouTube 動画のタイトル、説明文、タグを生成して
example-label-1 = 動画クリップを生成
example-label-2 = 1080p MP4 を書き出す
example-label-3 = YouTube のタイトルとタグ
# once per person, before the first upload
start-notice = 動画は処理のため NEMO 動画サービスに送られます。詳しくは /privacy、データの削除はいつでも /forget でできます。
# /start with a project open
start-returning = おかえりなさい。このプロジェクトは {$tracks} トラック、長さ {$duration} です。/status で表示、/new で新しく始められます。
# /help
help-text =
    動画を送って、やりたいことを自由に書いてください。対応形式は {$formats}、ここでの上限は {$limit} です。短くテーマの絞られた動画ほど良い提案ができます。

    {$commands}
# bot added to a group or server
group-intro = こんにちは。このチャットではコマンド、メンション、私のメッセージへの返信に答えます。/clips on のあとは、すべての動画も処理します。
# Discord: a reply to the bot came without its text
group-mention-me = メンションのない返信は読めません。@ をオンにしてもう一度返信するか、コマンドを使ってください。
# Discord: words in a project's thread came without their text
thread-mention-me = ここではメンションのないメッセージは読めません。先頭に @ と私の名前を付けてもう一度送るか、コマンドを使ってください。
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = このボタンを使えるのは、依頼した人か管理者だけです。
# token or other private data in a group
group-private-only = ⚠️ 私との個別チャットでお願いします。
# /clips on
clips-on = これから、ここに投稿された動画をすべて処理します。/clips off でやめられます。
# /clips off
clips-off = わかりました。ここでは呼ばれたときだけ答えます。
# /clips by someone else
clips-admins-only = これを変更できるのは管理者だけです。
# /clips on, Discord, no message content
clips-need-intent = ⚠️ Discord の設定により、このボットはここの投稿を読めません。運営者に連絡するか、メッセージの**メタデータを生成**を使ってください。
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ Telegram では、ここの通常の投稿も動画も私には見えません。私をグループの管理者にするか、運営者にプライバシーモードの解除を頼んでください。
# something else than video is asked for
not-video = このボットが扱えるのは動画だけです。動画を送るか、どうしたいか教えてください。
# a platform permission is absent
perm-missing = ⚠️ ここでは{$permission}権限がありません。モデレーターに許可をもらうか、個別チャットで話しかけてください。
perm-threads = スレッドを作成する（Create Public Threads）
perm-view = チャンネルを見る（View Channel）
perm-send = 書き込む（Send Messages）
perm-send-threads = スレッドに書き込む（Send Messages in Threads）
perm-files = ファイルを送る（Attach Files）
perm-history = 過去のメッセージを読む（Read Message History）
# button of an earlier project, as a message to the asker
button-stale = これは前のプロジェクトのボタンです。いちばん新しいメッセージのボタンを使ってください。
# second press, as a message to the asker
button-done = それはもう済んでいます。
# a button whose meaning is no longer kept, as a message to the asker
button-old = このボタンは古くなりました。ご希望をもう一度書くか、いちばん新しいメッセージのボタンを使ってください。

## Session and account
# first call of a session
setup-connecting = 準備しています…
# backend unreachable
setup-failed = ⚠️ いま動画サービスに接続できません。数分お待ちください。
# session gone, new one made
session-renewed = 前のセッションの期限が切れたので、新しく始めました。動画をもう一度送ってください。
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ いまこのボットで使える無料アカウントがありません。/connect で自分のアカウントをつなぐか、数日後にもう一度お試しください。
# the user's own token is refused
account-expired = ⚠️ アカウントのトークンが使えなくなりました。/connect で新しいものを送ってください。
# the operator's token is refused
account-operator-down = ⚠️ このボットのアカウントに問題があります。運営者には連絡済みです。
# /connect without a token
connect-ask = /connect に続けて NEMO アカウントのトークンを送ってください。暗号化して保存し、ご本人のためだけに使い、再び表示することはありません。
# token accepted
connect-done = ✅ つながりました。次の動画から、あなたのアカウントで新しいプロジェクトを始めます。
# token refused
connect-bad = ⚠️ このトークンは使えませんでした。{$web} のアカウント設定からコピーし直して、/connect で送ってください。
# token posted in a group
connect-leaked = ⚠️ このトークンは他の人に見られたかもしれません。アカウント設定で無効にして、新しいものを個別チャットで送ってください。
# Disconnect pressed
connect-removed = 接続を解除し、ここにあったトークンを削除しました。次の動画から新しいプロジェクトを始めます。

## Upload
# file accepted
upload-received = {$name}（{$size}、{$duration}）を受け取りました。アップロードしています…
# the same where the platform does not tell how long it is
upload-received-plain = {$name}（{$size}）を受け取りました。アップロードしています…
# edited at most every 5 s
upload-progress = ⏳ {$name} をアップロード中：{$pct}%（{$done} / {$size}）
# finished, no caption
upload-done = ✅ アップロードしました。どうしますか？
# finished, the clip had a caption
upload-caption-used = ✅ アップロードしました。実行中：「{$request}」
# several files
upload-album = {$n} 個のファイルを受け取りました。順番にこのプロジェクトへ追加します。
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ Telegram では {$limit} までのファイルしか受け取れません。このファイルは {$size} です。ファイルへのリンクか、短い動画を送ってください。
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ Telegram では {$limit} までのファイルしか受け取れません。このファイルはそれより大きいです。ファイルへのリンクか、短い動画を送ってください。
# over the service's limit
upload-too-large-service = ⚠️ {$name} は {$size} で、上限は {$limit} です。圧縮するか短くして、もう一度送ってください。
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ {$name}（{$size}）は動画サービスには大きすぎます。圧縮するか短くして、もう一度送ってください。
# wrong type
upload-unsupported = ⚠️ {$ext} ファイルは使えません。対応形式：{$formats}。
# the service refuses a type that it should take
upload-refused-type = ⚠️ 動画サービスで {$name} を使えませんでした。別の形式で保存して、もう一度送ってください：{$formats}。
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ ファイルが上限の {$limit} を超えています。圧縮するか短くして、もう一度送ってください。
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ この種類のファイルは動画サービスで使えません。対応形式：{$formats}。
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ このリンクは使えません。動画ファイルへの、公開された直接リンクが必要です。
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ ファイルの大きさがわからず、全部届いたか確かめられません。もう一度送ってください。
# the platform's file link has run out
upload-expired = ⚠️ 添付ファイルのリンクの期限が切れました。動画をもう一度送ってください。
# broke off
upload-failed = { $pct ->
    [100] ⚠️ アップロードできませんでした。プロジェクトは変わっていません。動画をもう一度送ってください。
   *[other] ⚠️ アップロードが {$pct}% で途切れました。プロジェクトは変わっていません。動画をもう一度送ってください。
}
# below another reason why a clip did not get in
upload-again = そのあと、動画をもう一度送ってください。
# user stopped it
upload-cancelled = アップロードを止めました。プロジェクトは変わっていません。
# user stopped it, and some files are in the project; the next one follows
upload-stopped = アップロードを止めました。
# below why one of several files did not get in
upload-partly = このメッセージからプロジェクトに入っている動画：{$names}
# /upload with nothing, "I want to upload"
upload-how = ここのメッセージに動画を添付するか、/upload に続けて公開されたファイルのリンクを送ってください。
# edit wished, project empty
upload-none-yet = このプロジェクトにはまだ動画がありません。添付ファイルかリンクで送ってください。

## Work
# the request is sent
work-started = ⏳ 作業しています…
# every 2 min of silence, in the same message
work-still = ⏳ まだ作業しています…（経過 {$elapsed}）
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = まだ続きます。このメッセージはまもなく更新できなくなるので、**結果を見る**を押して確認してください。
# below the last message of a long reply; the file comes next
reply-whole = 📄 長くてここには収まりません。全文を下にファイルで送ります。
# the same where not all of it was kept
reply-part = 📄 長くてここには収まりません。残っている分を下にファイルで送ります。一部欠けているかもしれません。
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ 動画サービスが混み合っています。{$when}にもう一度試します。
# a further request while one runs; becomes the live message of its turn
work-queued = 前のご依頼を処理中です。これは {$place} 番目に待っています。
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ クリップを確認しています…
work-generating = ⏳ クリップを生成しています…
work-music = ⏳ 音声を調整しています…
work-editing = ⏳ タイムラインを編集しています…
# with work-started, before generation or editing
work-long = 数分かかることがあります。
# after an edit, two or three steps
work-next = 次にできること：{$steps}
edit-ask = どこを変えますか？普段の言葉で伝えてください。例：{$steps}
# the steps
next-title = タイトルを入れる
next-music = 音楽を付ける
next-shorter = 短くする
next-export = MP4 を書き出す
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ 編集前の動画ができました。サービスが仕上げをしています…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ 回答ができました。上をご覧ください。
# the same where it ended otherwise
work-ping-ended = ⚠️ ご依頼の処理が終わりました。上をご覧ください。
# a message is edited while it is worked on
edit-too-late = すでに最初の内容で作業を始めています。変更は新しいメッセージで送ってください。
# the inbox is full; at most once a minute
work-queue-full = ⚠️ すでに {$n} 件のご依頼が待っています。どれかが終わってから、もう一度送ってください。
# waiting request dropped
work-dropped = 取り消しました：「{$request}」
# user stopped
work-stopped = 待つのをやめました。この編集はサービス側で完了することもあります。いまの状態は /status で見られます。
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ 時間がかかりすぎたため、待つのをやめました。再送はしていないので、二重に課金されることはありません。
# no words, project changed
work-silent-done = ✅ 完了しました。変更点：{$diff}
# no words, project as before
work-silent-nochange = 返事がなく、プロジェクトも変わっていません。言い方を変えてみてください。例：「{$example}」
# the run failed, and no change is to be seen
work-failed = ⚠️ 動画サービスで問題が起き、完了しませんでした（参照番号 {$reference}）。ご依頼の再送はしていません。
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ 完了前にサービスで問題が起きました。変更点：{$diff}
# the service added more after the first result
work-second-stage = サービスが自動で加えた変更：{$diff}
# bot restarted in mid-work
work-resumed = 作業中に再起動しました。結果を確認しています…
# stream lost
work-rechecking = 接続が切れました。編集が反映されたか確認しています…
# state changed after a lost stream
work-recovered = ✅ 接続は切れましたが、編集は完了していました。変更点：{$diff}
# still unchanged after all checks
work-unknown = ⚠️ 接続が切れ、プロジェクトは変わっていません。ご依頼の再送はしていません。
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ いまプロジェクトを読めないため、ご依頼が反映されたかわかりません。先に状態を確認してください。やり直すと二重に実行されることがあります。
# a request failed inside the bot three times
work-gave-up = ⚠️ このメッセージを処理できませんでした（参照番号 {$reference}）。別の言い方でお試しください。
# what waited too long to be begun, after a restore or a long stop
work-too-old = このメッセージは2日以上待っていたため、処理を始めませんでした。まだ必要でしたら、もう一度送ってください。
# orderly stop during a request, below the text so far
work-back-soon = 再起動のため、回答がここで途切れました。まもなく結果を確認します。
# /cancel with nothing running
cancel-nothing = いま実行中のものはありません。
# /new
new-done = 新しいプロジェクトです。動画を送って始めましょう。前のプロジェクトは消えていません。
# /new while a request runs
new-busy = まだ今のプロジェクトを処理しています。
# the bot cannot save
store-down = ⚠️ 少しお待ちください。いまメッセージを保存できません。できるようになり次第お答えします。
# too few replicas of the store have a request
store-unconfirmed = ⚠️ ご依頼を安全に保存できなかったため、送信していません。クレジットは使われていません。
# anything unforeseen
error-internal = ⚠️ こちらで問題が起きました（参照番号 {$reference}）。ご依頼は二重に送られていません。
# the service refuses the request, and would again
error-refused = ⚠️ 動画サービスがこのご依頼を受け付けませんでした（参照番号 {$reference}）。別の言い方にするか、ボットの運営者に知らせてください。
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ ここに保存した内容を読めないため（参照番号 {$reference}）、最初から始めます。サービス上のプロジェクトは消えていません。
# own limiter; at most once a minute
limit-rate = {$period}あたり {$n} 件の上限に達しました。{$when}にもう一度お試しください。
# 429 from the service, after its one retry
limit-service = ⚠️ 動画サービスが混み合っています。{$when}には空く見込みです。

## Metadata
# head of the card
meta-result = {$name} の**タイトル、説明文、タグ**
# the same where nothing tells the clip
meta-result-unnamed = **タイトル、説明文、タグ**
# above titles alone
meta-titles = **タイトル**
# above the description
meta-description = **説明文**
# above the tags
meta-tags = **タグ**
# above the hashtags
meta-hashtags = **ハッシュタグ**
# above the chapters
meta-chapters = **チャプター**
# a title that the agent recommends
meta-recommended = {$title}（おすすめ）
# fields in a count
meta-part-title = タイトル
meta-part-description = 説明文
meta-part-caption = 本文
meta-part-tags = タグ
meta-part-hashtags = ハッシュタグ
meta-part-chapters = チャプター
meta-part-mentions = メンション
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ {$platform} の制限内です：{$counts}。
# some field is too long, or there is too much of it
meta-check-over = ⚠️ {$platform} の制限を超えています：{$counts}。
# all rules pass
meta-check-ok = ✅ {$platform} の制限内です：タイトル {$t}/{$tmax}、説明文 {$d}/{$dmax}、タグ {$g}/{$gmax}。
# a title is too long
meta-check-bad = ⚠️ タイトル {$n} は {$len} 文字です。{$platform} の上限は {$max} 文字です。
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ 説明文は {$len} バイトです。{$platform} の上限は {$max} バイトです。
# allowed, not advised
meta-check-warn = {$platform} に表示されるのは、タイトル {$n} の最初の {$shown} 文字だけです。
# tags over budget
meta-trimmed = {$platform} の上限（{$max} 文字）に収めるため、タグを {$n} 個省きました：{$list}
# automatic repairs
meta-repaired = {$platform} に合わせて調整しました：{$list}
# what was adjusted: angle brackets
meta-fix-angles = < と > を ‹ と › に置き換え
# what was adjusted: characters that nobody sees
meta-fix-invisible = 見えない文字を削除
# what was adjusted: the same twice
meta-fix-repeated = 重複のため省略：{$list}
# what was adjusted: tags that are too long
meta-fix-long = 長すぎるため省略：{$list}
# what was adjusted: too many
meta-fix-many = 上限を超えるため省略：{$list}
# what was adjusted: hashtags
meta-fix-hashtags = ハッシュタグを修正：{$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform} ではもっと少なめがおすすめです：{$counts}。
# chapters break the rules
meta-chapters-bad = ⚠️ {$platform} ではこのチャプターは無視されます：{$reason}。
# why
meta-chapters-start = 最初は 0:00 から始まる必要があります
meta-chapters-few = 3 つ以上必要です
meta-chapters-order = 時間順に並んでいる必要があります
meta-chapters-close = それぞれ 10 秒以上必要です
meta-chapters-beyond = 動画の終わりを過ぎたものがあります
# **Another language** pressed
meta-language-ask = どの言語で書きますか？
# a post too long for X, in several
meta-thread = 投稿は {$n} 件です：
# files attached
meta-files = {$name} のファイルです。CSV は Excel で開けます。タグのファイルはそのまま貼り付けられます。
# files attached, where nothing tells the clip
meta-files-unnamed = ファイルです。CSV は Excel で開けます。タグのファイルはそのまま貼り付けられます。
# a button of titles, description and tags that are no longer kept
meta-gone = これらのタイトルとタグはもう残っていません。/meta で新しく作れます。
# **Generate metadata** on a message without a clip
meta-no-clip = そのメッセージには動画がありません。動画のあるメッセージを選んでください。

## Status and credits
# /status
status-timeline = **タイムライン**（{$n} トラック）：
# one per track
status-line = {$i}. {$track}：{$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name}（{$from}–{$to} 秒{$volume}）
# the text of a title, inside a line
status-text = 「{$text}」
# behind the times of a segment that has a sound
status-volume = 、{$percent}%
# between the segments of a line
status-also = {$first}、{$second}
# more tracks or segments than shown
status-more = ほか {$n} 件
# alt text of the picture
status-alt = タイムライン、{$duration}、{$n} トラック。{$lines}
# no draft
status-empty = まだ何もありません。動画を送って始めましょう。
# clips, and no timeline
status-clips = このプロジェクトには動画が {$n} 本あり、タイムラインはまだありません。どうするか教えてください。
# a timeline that cannot be read
status-unreadable = このプロジェクトのタイムラインを読めませんが、残っています。編集の続きも書き出しもできます。
# with the timeline, while a request runs
status-working = ⏳ 処理を始めて {$elapsed} たちました。
# /credits, visible to the asker only where the platform can
credits-show = クレジット：利用可能 {$available}、予約済み {$frozen}、合計 {$total}。書き出しは無料です。
# below the threshold after a job
credits-low = クレジットの残りは {$available} です。
# balance cannot be read
credits-unknown = ⚠️ いま残高を確認できません。
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ クレジットがなくなりました。この専用リンクで登録すると、プロジェクトを残せます：{$url}
# the same where others read it
credits-out-group = ⚠️ クレジットがなくなりました。登録するとプロジェクトを残せます。
# out of credits, the user's own account
credits-out-own = ⚠️ アカウントのクレジットがなくなりました。{$web} で追加してください。
# out of credits, operator's account
credits-out-operator = ⚠️ このボットのアカウントのクレジットがなくなりました。運営者には連絡済みです。

## Export
# /export accepted
export-queued = ⏳ MP4 をレンダリングしています。通常 30〜90 秒かかります。
# each poll, same message
export-progress = ⏳ レンダリング中… {$elapsed}（通常 90 秒以内）
export-unanswered = ⏳ 動画サービスから応答がありません。引き続き試しています。
# /export while one runs
export-running = レンダリングはすでに始まっています（{$elapsed}）。できあがったファイルはここに届きます。
# not done after 5 min
export-patience = ⏳ {$elapsed} たちましたが、まだレンダリング中です。ファイルは自動でここに届きます。/export ならすぐ確認でき、二重には始まりません。
# not done at the deadline
export-gave-up = ⚠️ レンダリングが {$elapsed} たっても終わらないため、確認をやめました。プロジェクトは変わっていません。
# /cancel or Stop during a render
export-stopped = 書き出しを止めました。プロジェクトは変わっていません。
# what was kept of a render does not open
export-lost = ⚠️ 書き出しの状況がわからなくなりました（参照番号 {$reference}）。もう一度始めてください。
# more than the service gives is asked for
export-max = 書き出しは最大 1080x1920 です。このサイズでレンダリングします。
# the status message becomes the result, with one of the two lines below
export-done = ✅ MP4 ができました：{$details}。
export-done-plain = ✅ MP4 ができました。
joined = {$first}、{$second}
# two lines in one
joined-lines = {$first}；{$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = {$expiry} までにダウンロードしてください：{$url}
# expiry unknown
export-link = ダウンロード：{$url}
# below a result: the project in a browser, for one person
web-link = このリンクでプロジェクトをブラウザで開けます。あなた専用なので、人には渡さないでください。
# there is no link, and the file is about to be sent
export-file-next = ファイルは次のメッセージで届きます。届かなければもう一度書き出してください。無料です。
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ 大きすぎてここには送れず、サービスからのリンクもありません。短くしてもう一度書き出してください。
# there is no link, and the file could not be sent
export-file-lost = ⚠️ 動画サービスからファイルを受け取れませんでした。もう一度書き出してください。無料です。
# the service does not know the project any more
export-session-gone = ⚠️ 動画サービスにこのプロジェクトがもうないため、レンダリングできません。動画をもう一度送ってください。
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ MP4 ができました。上をご覧ください。
# no segment in the draft
export-nothing = 書き出せるものがまだありません。先に動画を送るか、編集を頼んでください。
# failed twice
export-failed = ⚠️ レンダリングに 2 回失敗しました。プロジェクトは変わっていません。
export-refused = ⚠️ 動画サービスがレンダリングを受け付けませんでした（参照番号 {$reference}）。プロジェクトは変わっていません。
# the plan does not allow it
export-plan-blocked = ⚠️ このアカウントのプランでは書き出しできません。クレジットとは関係ありません。{$plan_help}
# inside the former, anonymous account
export-plan-help = {$web} で登録すると使えるようになります。

## Language, privacy
# /language
language-ask = どの言語で話しましょうか？ {$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = わかりました。これからは{$language}で話します。
# not understood
language-unknown = 「{$value}」はわかりません。English や 中文 のような言語名で試してください。
# /privacy
privacy-text = 保存するもの：ユーザー ID とチャット ID、言語、アカウント、プロジェクト ID、作業履歴、動画の名前、最近のご依頼、最後の回答、動画のために書いた文章、作成中の回答。暗号化して最長 {$days} 日間保存します。動画はこのボットを通って NEMO に渡り、ここには保存されません。このボットは何もモデルの学習に使いません。すべて削除：/forget
# below the former, where the operator has a policy
privacy-policy = ポリシー全文：{$url}
# /forget, first step
privacy-forget = このボットから設定、プロジェクト、アカウントのトークン、履歴を削除し、実行中のものを止めます。すでに NEMO にあるファイルには NEMO のポリシーが適用されます。
# /forget, second step
privacy-forgotten = {$n} 件の記録を削除しました。
# Keep pressed
privacy-kept = 何も削除していません。

## What changed
diff-clip-added = {$at} にクリップを追加（{$duration}）
diff-clip-removed = {$at} のクリップを削除
diff-clip-trimmed = {$at} のクリップ：{$before} → {$after}
diff-clip-moved = クリップを {$before} から {$after} へ移動
diff-text-added = 文字「{$text}」（{$from}–{$to}）
diff-text-changed = {$at} の文字を「{$text}」に変更
diff-text-removed = {$at} の文字を削除
diff-audio-added = {$name} を追加（{$volume}）
diff-audio-changed = {$name}：{$before} → {$after}
diff-audio-removed = {$name} を削除
diff-canvas = 画面 {$before} → {$after}
diff-duration = 長さ {$before} → {$after}
diff-media = 新しい素材 {$n} 個
diff-other = その他の変更

## The picture of a timeline
# above it
picture-title = タイムライン · {$n} トラック · {$duration}
# above it, where no length is known
picture-title-untimed = タイムライン · {$n} トラック
# tracks that are not drawn
picture-more = ほか {$n} トラック
# below it; diff is one or more of the sentences above
picture-changed = 変更点：{$diff}

## Track names
track-video = 映像
track-audio = BGM
track-text = タイトル
track-other = トラック {$n}

## Buttons
btn-retry = もう一度
btn-copy-title = タイトル {$n} をコピー
btn-stop = 停止
btn-copy-description = 説明文をコピー
btn-get-result = 結果を見る
btn-copy-tags = タグをコピー
btn-status = 状態を確認
btn-more-titles = 別のタイトル
btn-drop = 取り消す
btn-shorter = 短くする
btn-export = MP4 を書き出す
btn-other-language = 別の言語
btn-edit = 編集
btn-files = ファイル
btn-edit-more = さらに編集
btn-shorten = 短縮する
btn-meta = タイトル＋タグ
btn-fix = 修正する
btn-do-it = 実行
btn-use-title = タイトル {$n} を使う
btn-full-reply = 回答の全文
btn-open-web = ウェブで開く
btn-keep = 残す
btn-delete = 削除
btn-only-clip = 動画だけ
btn-disconnect = 接続を解除
btn-new = 新しく始める
btn-wait = 待つ
btn-open-private = 個別チャットを開く
btn-share = ここで共有
btn-my-data = 自分のデータ

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = この動画について、{$platforms} 用のタイトルを3つ、説明文、タグを書いてください。
# the same, right after an upload
ask-meta-clip = {$name} をアップロードしました。{$platforms} 用のタイトルを3つ、説明文、タグを書いてください。
# More titles
ask-more-titles = この動画のタイトルをあと5つ書いてください。ほかは何も変えないでください。
# Shorter
ask-shorter = タイトルと説明文を短くしてください。
# Shorten it
ask-shorten-title = タイトル {$n} を {$max} 文字以内に短くしてください：「{$title}」
# Another language
ask-other-language = タイトル、説明文、タグを{$language}で書いてください。
# Use title N
ask-use-title = タイトル {$n} を使ってください：「{$title}」
# Only the clip
ask-only-clip = 自動で追加された音楽、タイトル、エフェクトを取り除いて、動画だけ残してください。

## Commands, as menus describe them
command-start = ここから始める
command-help = このボットの使い方
command-new = 新しいプロジェクトを始める
command-meta = タイトル、説明文、タグ
command-status = タイムラインを表示
command-credits = クレジットの残りを表示
command-export = MP4 をレンダリングして送る
command-upload = ファイルやリンクから動画を追加
command-cancel = 実行中の作業を止める
command-connect = 自分の NEMO アカウントを使う
command-language = 言語を変える
command-privacy = 保存している内容
command-forget = 自分のデータを削除
command-clips = ここに投稿された動画をすべて処理（管理者）
command-generate = メタデータを生成
option-clip = あなたの動画
option-link = 動画へのリンク
option-token = NEMO アカウントのトークン
option-state = オンまたはオフにする
option-language = 使う言語

## Measures: pieces of the sentences above
# between the whole and the tenths
decimal-sign = .
size-bytes = {$n} B
size-kilobytes = {$n} KB
size-megabytes = {$n} MB
size-gigabytes = {$n} GB
# how long something has taken
took-seconds = {$s} 秒
took-minutes = {$m} 分
took-minutes-seconds = {$m} 分 {$s} 秒
took-hours = {$h} 時間
took-hours-minutes = {$h} 時間 {$m} 分
took-days = {$d} 日
took-days-hours = {$d} 日 {$h} 時間
# how long from now, after "try again"
when-seconds = {$n} 秒後
when-minutes = {$n} 分後
when-hours = {$n} 時間後
when-days = {$n} 日後
# after "per"; other periods are worded as how long something takes
period-minute = 1 分
period-hour = 1 時間
period-day = 1 日
# a moment, for example 2026-08-03 14:30
moment = {$date} {$time} UTC
