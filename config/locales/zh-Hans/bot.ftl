# 简体中文。英文文件中的注释说明每句话何时出现。

## Start, help, groups
start-welcome = 发给我视频，我就开始用 AI 生成标题、描述和标签。也可以直接说你的想法。
example-1 = 生成我的视频片段
example-3 = 为我的YouTube视频生成标题、描述和标签
example-label-1 = 生成我的视频片段
example-label-2 = 导出1080p MP4
example-label-3 = YouTube 标题和标签
start-notice = 视频会发送到 NEMO 视频服务处理。说明见 /privacy，随时可用 /forget 删除数据。
start-returning = 欢迎回来。当前项目有 {$tracks} 条轨道，时长 {$duration}。/status 查看，/new 新建。
help-text =
    发送视频，然后用自己的话说需求。支持 {$formats}，此处上限 {$limit}；短而集中的片段效果最好。

    {$commands}
group-intro = 大家好。在本群我只回应命令、@我 和对我消息的回复；/clips on 之后也会处理每段视频。
group-mention-me = 没有 @我 的回复我读不到。请开启 @ 后再回复，或使用命令。
thread-mention-me = 这里没有 @我 的消息我读不到。请在前面加上 @我 再发一次，或使用命令。
group-not-yours-unnamed = 只有提出请求的人或管理员可以使用这个按钮。
group-private-only = ⚠️ 请在与我的私聊中操作。
clips-on = 从现在起，这里发布的每段视频我都会处理。/clips off 可关闭。
clips-off = 好的，在这里我只在被叫到时回应。
clips-admins-only = 只有管理员可以更改此设置。
clips-need-intent = ⚠️ Discord 不允许本机器人读取这里的消息。请联系运营者，或对消息使用**生成标题和标签**。
clips-hidden = ⚠️ Telegram 在这里不让我看到普通消息和视频。请把我设为本群管理员，或请运营者关闭我的隐私模式。
not-video = 本机器人只处理视频。请发送视频，或说说想怎么处理。
perm-missing = ⚠️ 我在这里没有“{$permission}”权限。请管理员开启，或私聊我。
perm-threads = 创建子区（Create Public Threads）
perm-view = 查看频道（View Channel）
perm-send = 发送消息（Send Messages）
perm-send-threads = 在子区发送消息（Send Messages in Threads）
perm-files = 发送文件（Attach Files）
perm-history = 阅读历史消息（Read Message History）
button-stale = 这个按钮属于之前的项目，请使用最新消息里的按钮。
button-done = 已经完成了。
button-old = 这个按钮太旧了。请重新写下您的需求，或使用最新消息里的按钮。

## Session and account
setup-connecting = 正在准备…
setup-failed = ⚠️ 暂时连不上视频服务，请几分钟后再试。
session-renewed = 之前的会话已过期，已新建会话，请重新发送视频。
account-none-left = ⚠️ 服务暂时没有可用的免费账户。可用 /connect 连接自己的账户，或几天后再试。
account-expired = ⚠️ 你的账户令牌已失效，请用 /connect 发送新的令牌。
account-operator-down = ⚠️ 本机器人的账户出现问题，已通知运营者。
connect-ask = 请发送 /connect 加你的 NEMO 账户令牌。我会加密保存，只为你使用，不会再显示。
connect-done = ✅ 已连接。下一段视频会用你自己的账户新建项目。
connect-bad = ⚠️ 令牌无效。请在 {$web} 的账户设置中重新复制，再用 /connect 发送。
connect-leaked = ⚠️ 其他人可能已看到这个令牌。请在账户设置中撤销，再私聊发给我新的令牌。
connect-removed = 已断开，并删除了本机保存的令牌；下一段视频会新建项目。

## Upload
upload-received = 已收到 {$name}（{$size}，{$duration}），正在上传…
upload-received-plain = 已收到 {$name}（{$size}），正在上传…
upload-progress = ⏳ 正在上传 {$name}：{$pct}%（{$done} / {$size}）
upload-done = ✅ 上传完成。想做什么？
upload-caption-used = ✅ 上传完成，正在处理：“{$request}”
upload-album = 收到 {$n} 个文件，会按顺序加入当前项目。
upload-too-large-platform = ⚠️ Telegram 只允许我下载 {$limit} 以内的文件，此文件 {$size}。请发视频链接，或短一些的片段。
upload-too-large-untold = ⚠️ Telegram 只允许我下载 {$limit} 以内的文件，此文件更大。请发视频链接，或短一些的片段。
upload-too-large-service = ⚠️ {$name} 有 {$size}，上限为 {$limit}。请压缩或剪短后再发。
upload-refused-size = ⚠️ 视频服务认为 {$name}（{$size}）太大。请压缩或剪短后再发。
upload-unsupported = ⚠️ 不支持 {$ext} 文件。支持：{$formats}。
upload-refused-type = ⚠️ 视频服务无法使用 {$name}。请换一种格式再发：{$formats}。
upload-too-large-unnamed = ⚠️ 文件超过了 {$limit} 的上限。请压缩或剪短后再发。
upload-unsupported-unnamed = ⚠️ 视频服务不支持这种文件。支持：{$formats}。
upload-link-bad = ⚠️ 无法使用该链接。需要公开的视频文件直链。
upload-no-length = ⚠️ 无法得知文件大小，因此不能确认文件是否完整。请重新发送。
upload-expired = ⚠️ 附件链接已过期，请重新发送视频。
upload-failed = { $pct ->
    [100] ⚠️ 上传没有成功，项目没有变化，请重新发送视频。
   *[other] ⚠️ 上传在 {$pct}% 处中断，项目没有变化，请重新发送视频。
}
upload-again = 之后请重新发送视频。
upload-cancelled = 已停止上传，项目没有变化。
upload-stopped = 已停止上传。
upload-partly = 这条消息中已加入项目：{$names}。
upload-how = 请把视频作为附件发给我，或发送 /upload 加公开的文件链接。
upload-none-yet = 当前项目还没有视频，请发附件或链接。

## Work
work-started = ⏳ 正在处理…
work-still = ⏳ 还在处理…（已用时 {$elapsed}）
work-goes-on = 处理仍在继续。这条消息很快将无法更新，请点**获取结果**查看。
reply-whole = 📄 内容较长，这里放不下，全文以文件形式附在下方。
reply-part = 📄 内容较长，这里放不下，我保存的部分以文件形式附在下方，可能不完整。
work-busy = ⏳ 视频服务繁忙，我会在 {$when}自动重试。
work-queued = 上一个请求还在处理，这条排在第 {$place} 位。
work-looking = ⏳ 正在查看素材…
work-generating = ⏳ 正在生成视频…
work-music = ⏳ 正在处理音乐和声音…
work-editing = ⏳ 正在处理时间线…
work-long = 可能需要几分钟。
work-next = 接下来可以：{$steps}
edit-ask = 想改什么？直接说就行，例如：{$steps}
next-title = 加标题
next-music = 加音乐
next-shorter = 剪短一些
next-export = 导出 MP4
work-raw-ready = ✅ 初版视频已生成，服务还在继续完善…
work-ping = ✅ 已有回复，请看上方消息。
work-ping-ended = ⚠️ 请求已结束，请看上方消息。
edit-too-late = 已在处理修改前的内容，请把改动作为新消息发送。
work-queue-full = ⚠️ 已有 {$n} 条请求在等待，请在完成一条后再发。
work-dropped = 已取消：“{$request}”
work-stopped = 已停止等待。服务端可能仍会完成这次编辑，可用 /status 查看。
work-timeout = ⚠️ 用时过长，已停止等待。没有重复提交，不会重复扣积分。
work-silent-done = ✅ 已完成。改动：{$diff}
work-silent-nochange = 没有收到回复，项目也没有变化。换个说法试试，例如“{$example}”。
work-failed = ⚠️ 视频服务报告了问题，没有完成（编号 {$reference}）。我没有重复提交请求。
work-failed-changed = ⚠️ 服务在完成前报告了问题。已有的改动：{$diff}
work-second-stage = 服务还自行做了改动：{$diff}
work-resumed = 处理过程中我重启了，正在确认结果…
work-rechecking = 连接中断，正在确认编辑是否已完成…
work-recovered = ✅ 连接曾中断，但编辑已完成。改动：{$diff}
work-unknown = ⚠️ 连接中断，项目没有变化。我没有重复提交请求。
work-unread = ⚠️ 暂时读取不到项目，无法确定请求是否已完成。请先查看状态：直接重试可能会重复执行。
work-gave-up = ⚠️ 无法处理这条消息（编号 {$reference}）。请换个说法再试。
# what waited too long to be begun, after a restore or a long stop
work-too-old = 这条消息等了两天以上，所以没有开始处理。如仍需要，请再发一次。
work-back-soon = 我正在重启，回复到此中断，稍后会确认结果。
cancel-nothing = 当前没有进行中的任务。
new-done = 已新建项目，发视频开始吧。之前的项目没有删除。
new-busy = 当前项目还在处理。
store-down = ⚠️ 请稍等：暂时无法保存消息，恢复后会尽快回复。
store-unconfirmed = ⚠️ 刚才没能安全保存您的请求，所以没有发送，也没有扣费。
error-internal = ⚠️ 我这边出了问题（编号 {$reference}），请求没有重复提交。
error-refused = ⚠️ 视频服务拒绝了这个请求（编号 {$reference}）。请换个说法，或联系本机器人的运营者。
kept-unreadable = ⚠️ 无法读取此处保存的数据（编号 {$reference}），已重新开始。服务端的项目没有删除。
limit-rate = 已达到每{$period} {$n} 次的上限，请于 {$when}再试。
limit-service = ⚠️ 视频服务繁忙，请于 {$when}再试。

## Metadata
meta-result = {$name} 的**标题、描述与标签**
meta-result-unnamed = **标题、描述与标签**
meta-titles = **标题**
meta-description = **描述**
meta-tags = **标签**
meta-hashtags = **话题标签**
meta-chapters = **章节**
meta-recommended = {$title}（推荐）
meta-part-title = 标题
meta-part-description = 描述
meta-part-caption = 正文
meta-part-tags = 标签
meta-part-hashtags = 话题标签
meta-part-chapters = 章节
meta-part-mentions = 提及
meta-count = {$part} {$count}/{$limit}
meta-check-fits = ✅ 符合 {$platform} 限制：{$counts}。
meta-check-over = ⚠️ 超出 {$platform} 限制：{$counts}。
meta-check-ok = ✅ 符合 {$platform} 限制：标题 {$t}/{$tmax}，描述 {$d}/{$dmax}，标签 {$g}/{$gmax}。
meta-check-bad = ⚠️ 标题 {$n} 有 {$len} 个字符，{$platform} 上限为 {$max}。
meta-check-bad-bytes = ⚠️ 描述有 {$len} 字节，{$platform} 上限为 {$max}。
meta-check-warn = {$platform} 只显示标题 {$n} 的前 {$shown} 个字符。
meta-trimmed = 为符合 {$platform} 的 {$max} 字符上限，省略了 {$n} 个标签：{$list}
meta-repaired = 已按 {$platform} 要求调整：{$list}
meta-fix-angles = < 和 > 已换成 ‹ 和 ›
meta-fix-invisible = 已去掉不可见字符
meta-fix-repeated = 重复，已省略：{$list}
meta-fix-long = 过长，已省略：{$list}
meta-fix-many = 超出上限，已省略：{$list}
meta-fix-hashtags = 话题标签已改写：{$list}
meta-check-advice = {$platform} 建议更少：{$counts}。
meta-chapters-bad = ⚠️ {$platform} 不会识别这些章节：{$reason}。
meta-chapters-start = 第一个章节须从 0:00 开始
meta-chapters-few = 至少需要三个章节
meta-chapters-order = 章节须按时间先后排列
meta-chapters-close = 每个章节至少10秒
meta-chapters-beyond = 有章节超出视频结尾
meta-language-ask = 用哪种语言来写？
meta-thread = 共 {$n} 条：
meta-files = {$name} 的文件。CSV 可用 Excel 打开，标签文件可直接粘贴。
meta-files-unnamed = 文件已备好。CSV 可用 Excel 打开，标签文件可直接粘贴。
meta-gone = 这些标题和标签已不再保存，发送 /meta 可重新生成。
meta-no-clip = 这条消息没有视频，请选择带视频的消息。

## Status and credits
status-timeline = **时间线**（{$n} 条轨道）：
status-line = {$i}. {$track}：{$segments}
status-segment = {$name}（{$from}-{$to}秒{$volume}）
status-text = “{$text}”
status-volume = ，{$percent}%
status-also = {$first}、{$second}
status-more = 另有 {$n} 项
status-alt = 时间线，{$duration}，{$n} 条轨道。{$lines}
status-empty = 还没有内容，发一段视频开始吧。
status-clips = 当前项目有 {$n} 段视频，还没有时间线。说说想怎么处理吧。
status-unreadable = 无法读取当前项目的时间线，但它仍在：可以继续剪辑和导出。
status-working = ⏳ 有一个请求已运行 {$elapsed}。
credits-show = 积分：可用 {$available}，冻结 {$frozen}，共 {$total}。导出不消耗积分。
credits-low = 剩余 {$available} 积分。
credits-unknown = ⚠️ 暂时无法查询余额。
credits-out-anonymous = ⚠️ 积分已用完。用这个专属链接注册可保留当前项目：{$url}
credits-out-group = ⚠️ 积分已用完，注册可保留当前项目。
credits-out-own = ⚠️ 你的账户积分已用完，请在 {$web} 充值。
credits-out-operator = ⚠️ 本机器人的账户积分已用完，已通知运营者。

## Export
export-queued = ⏳ 正在渲染 MP4，通常需要30到90秒。
export-progress = ⏳ 渲染中… 已用 {$elapsed}（通常不到90秒）
export-unanswered = ⏳ 视频服务暂时没有响应，我会继续尝试。
export-running = 渲染已在进行（{$elapsed}），完成后会发到这里。
export-patience = ⏳ {$elapsed} 后仍在渲染。完成后会自动发到这里；发送 /export 会立即查询，不会重新开始。
export-gave-up = ⚠️ 渲染在 {$elapsed} 内没有完成，已停止查询，项目未受影响。
export-stopped = 已停止导出，项目未受影响。
export-lost = ⚠️ 导出任务的记录无法读取（编号 {$reference}），请重新导出。
export-max = 服务最高导出 1080x1920，将按此尺寸渲染。
export-done = ✅ MP4 已完成：{$details}。
export-done-plain = ✅ MP4 已完成。
joined = {$first}，{$second}
joined-lines = {$first}；{$second}
file-length = {$duration}
file-size = {$size}
export-link-expiring = 请在 {$expiry} 前下载：{$url}
export-link = 下载：{$url}
web-link = 用这个链接可在浏览器中打开项目。它只属于你，请勿转发。
export-file-next = 文件会作为下一条消息发来。如果没有收到，请重新导出，不收费。
export-file-too-large = ⚠️ 文件太大，无法在这里发送，服务也没有提供链接。请剪短后重新导出。
export-file-lost = ⚠️ 无法从视频服务取得文件。请重新导出，不收费。
export-session-gone = ⚠️ 视频服务已没有这个项目，无法渲染。请重新发送视频。
export-ping = ✅ MP4 已完成，请看上方消息。
export-nothing = 还没有可导出的内容，先发视频或提出编辑需求。
export-failed = ⚠️ 渲染失败两次，项目未受影响。
export-refused = ⚠️ 视频服务拒绝了这次渲染（编号 {$reference}），项目未受影响。
export-plan-blocked = ⚠️ 当前账户套餐不含导出，与积分无关。{$plan_help}
export-plan-help = 在 {$web} 注册后即可导出。

## Language, privacy
language-ask = 用哪种语言？{$languages}
language-name = {$language}
language-set = 好的，以后使用{$language}。
language-unknown = 不认识“{$value}”。请输入语言名称，例如 English 或 中文。
privacy-text = 我保存：用户和聊天ID、语言、账户、项目编号、任务记录、视频文件名、最近的请求和回复、为视频写的文案以及进行中的回复，加密存放，最多 {$days} 天。视频经本机器人转给 NEMO，不在本机保存。本机器人不会用数据训练模型。删除全部：/forget
privacy-policy = 完整政策：{$url}
privacy-forget = 将删除你在本机器人的设置、项目、账户令牌和记录，并停止进行中的任务。已在 NEMO 的文件以 NEMO 政策为准。
privacy-forgotten = 已删除 {$n} 条记录。
privacy-kept = 没有删除任何内容。

## What changed
diff-clip-added = {$at} 处添加片段（{$duration}）
diff-clip-removed = 移除 {$at} 处的片段
diff-clip-trimmed = {$at} 处的片段：{$before} → {$after}
diff-clip-moved = 片段从 {$before} 移到 {$after}
diff-text-added = 文字“{$text}”，{$from}–{$to}
diff-text-changed = {$at} 处的文字改为“{$text}”
diff-text-removed = 移除 {$at} 处的文字
diff-audio-added = 添加{$name}（{$volume}）
diff-audio-changed = {$name}：{$before} → {$after}
diff-audio-removed = 移除{$name}
diff-canvas = 画面 {$before} → {$after}
diff-duration = 时长 {$before} → {$after}
diff-media = 新增 {$n} 个素材
diff-other = 其他改动

## The picture of a timeline
picture-title = 时间线 · {$n} 条轨道 · {$duration}
picture-title-untimed = 时间线 · {$n} 条轨道
picture-more = 另有 {$n} 条轨道
picture-changed = 改动：{$diff}

## Track names
track-video = 视频
track-audio = BGM
track-text = 标题
track-other = 轨道 {$n}

## Buttons
btn-retry = 重试
btn-copy-title = 复制标题{$n}
btn-stop = 停止
btn-copy-description = 复制描述
btn-get-result = 获取结果
btn-copy-tags = 复制标签
btn-status = 查看状态
btn-more-titles = 换一批标题
btn-drop = 取消这条
btn-shorter = 短一点
btn-export = 导出 MP4
btn-other-language = 换种语言
btn-edit = 剪辑
btn-files = 下载文件
btn-edit-more = 继续剪辑
btn-shorten = 帮我缩短
btn-meta = 标题+标签
btn-fix = 帮我修正
btn-do-it = 执行
btn-use-title = 使用标题{$n}
btn-full-reply = 完整回复
btn-open-web = 在网页打开
btn-keep = 保留
btn-delete = 删除
btn-only-clip = 只要原片
btn-disconnect = 断开
btn-new = 新建项目
btn-wait = 等待
btn-open-private = 打开私聊
btn-share = 分享到此处
btn-my-data = 我的数据

## Instructions sent to the agent
ask-meta = 为这个视频写三个标题、一段描述和标签，用于{$platforms}。
ask-meta-clip = 我上传了 {$name}。请为它写三个标题、一段描述和标签，用于{$platforms}。
ask-more-titles = 再为这个视频写五个标题，其他不要改。
ask-shorter = 把标题和描述写短一点。
ask-shorten-title = 把标题{$n}缩短到{$max}个字符以内：“{$title}”
ask-other-language = 用{$language}写标题、描述和标签。
ask-use-title = 使用标题{$n}：“{$title}”
ask-only-clip = 去掉自动添加的音乐、标题和特效，只保留视频。

## Commands, as menus describe them
command-start = 开始使用
command-help = 使用说明
command-new = 新建项目
command-meta = 标题、描述与标签
command-status = 查看时间线
command-credits = 查看剩余积分
command-export = 渲染并发送 MP4
command-upload = 用文件或链接添加视频
command-cancel = 停止当前任务
command-connect = 使用自己的 NEMO 账户
command-language = 切换语言
command-privacy = 我保存的数据
command-forget = 删除我的数据
command-clips = 处理这里的每段视频（管理员）
command-generate = 生成标题和标签
option-clip = 你的视频
option-link = 视频链接
option-token = 你的 NEMO 账户令牌
option-state = 开启或关闭
option-language = 使用的语言

## Measures: pieces of the sentences above
decimal-sign = .
size-bytes = {$n} B
size-kilobytes = {$n} KB
size-megabytes = {$n} MB
size-gigabytes = {$n} GB
took-seconds = {$s}秒
took-minutes = {$m}分钟
took-minutes-seconds = {$m}分{$s}秒
took-hours = {$h}小时
took-hours-minutes = {$h}小时{$m}分
took-days = {$d}天
took-days-hours = {$d}天{$h}小时
when-seconds = {$n}秒后
when-minutes = {$n}分钟后
when-hours = {$n}小时后
when-days = {$n}天后
period-minute = 分钟
period-hour = 小时
period-day = 天
moment = {$date} {$time} UTC
