// The page's own words, in English and Chinese. Where the person's language is another one, the page speaks English.

import { GROUPS, SCENARIOS } from "./scenarios.js";

const WORDS = {
  en: {
    explain: "The real bot, emulated services: nothing leaves this machine.",
    language: "Your language",
    panes: "Panes",
    chat: "Chat",
    log: "What the backend sees",
    "log-short": "Backend log",
    lost: "The connection is lost; trying again…",
    bot: "NEMO bot",
    online: "online",
    messages: "Messages",
    "start-title": "Send the bot a clip",
    "start-text": "It writes titles, descriptions and tags, edits on request and exports an MP4.",
    "start-or": "or drop your own anywhere here, or try one of these",
    sample: "Use the sample clip",
    hints: ["/start", "Write titles and tags for my YouTube video", "What can you do?"],
    commands: "Commands",
    files: "Files to send",
    "as-file": "Send as a plain file",
    attach: "Attach files",
    write: "Message",
    caption: "Add a caption",
    send: "Send",
    drop: "Drop to attach",
    filter: "Show",
    "filter-nemo": "Backend",
    "filter-telegram": "Chat",
    "filter-all": "All",
    scenario: "The backend plays",
    release: "Let it go on",
    released: "It goes on.",
    quiet: "Nothing yet. Each call that the bot makes appears here.",
    newest: "Newest",
    close: "Close",
    edited: "edited",
    copy: "Copy",
    copied: "Copied",
    more: "Show more",
    less: "Show less",
    download: "Download",
    remove: "Remove",
    cancel: "Cancel",
    again: "Try again",
    waiting: "waiting",
    news: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
    "to-end": "Newest",
    rang: "The bot sent a message that rings",
    "action-typing": "typing…",
    thinking: "Thinking…",
    stop: "Stop",
    draft: "draft",
    "action-upload_video": "sending a video…",
    "action-record_video": "preparing a video…",
    "action-upload_document": "sending a file…",
    "action-upload_photo": "sending a picture…",
    "action-other": "busy…",
    "answer-none": "The bot has not answered this press yet.",
    playing: (name) => `The backend now plays “${name}”.`,
    "error-lost": "The sandbox does not answer. Is it still running?",
    "error-other": "That did not work.",
    "error-stranger": "The sandbox serves only its own page on this machine.",
    "error-wrong": "The sandbox did not understand this.",
    "error-gone": "That is not there any more.",
    "error-too-long": "This text is too long for a chat.",
    "error-too-large": "This file is too large for the sandbox; 600 MB is the limit.",
    "error-empty": "This file is empty.",
    "error-full": "The sandbox keeps at most 4 GB of files. Start it again to make room.",
    "error-broken-off": "The upload broke off.",
    "error-disk": "The sandbox cannot store the file. Is the disk full?",
    "error-busy": "Too much at once. Close another window of this page.",
    "error-stopping": "The sandbox is stopping.",
    "error-copy": "The browser did not let the page copy.",
    "error-folder": "A folder cannot be sent; pick the files in it.",
  },
  zh: {
    explain: "真实的机器人，模拟的服务：数据不离开本机。",
    language: "你的语言",
    panes: "面板",
    chat: "聊天",
    log: "后端看到的内容",
    "log-short": "后端日志",
    lost: "连接已断开，正在重试…",
    bot: "NEMO 机器人",
    online: "在线",
    messages: "消息",
    "start-title": "发一段视频给机器人",
    "start-text": "它会写标题、描述和标签，按要求剪辑，并导出 MP4。",
    "start-or": "也可以把自己的视频拖到这里，或试试下面的话",
    sample: "使用示例视频",
    hints: ["/start", "为我的 YouTube 视频写标题和标签", "你能做什么？"],
    commands: "命令",
    files: "待发送的文件",
    "as-file": "作为普通文件发送",
    attach: "添加文件",
    write: "消息",
    caption: "添加说明",
    send: "发送",
    drop: "松开即可添加",
    filter: "显示",
    "filter-nemo": "后端",
    "filter-telegram": "聊天",
    "filter-all": "全部",
    scenario: "后端场景",
    release: "让它继续",
    released: "已继续。",
    quiet: "还没有内容。机器人的每次调用都会显示在这里。",
    newest: "最新",
    close: "关闭",
    edited: "已编辑",
    copy: "复制",
    copied: "已复制",
    more: "展开",
    less: "收起",
    download: "下载",
    remove: "移除",
    cancel: "取消",
    again: "重试",
    waiting: "等待中",
    news: (count) => `${count} 条新消息`,
    "to-end": "最新",
    rang: "机器人发来一条带提示音的消息",
    "action-typing": "正在输入…",
    thinking: "正在思考…",
    stop: "停止",
    draft: "草稿",
    "action-upload_video": "正在发送视频…",
    "action-record_video": "正在准备视频…",
    "action-upload_document": "正在发送文件…",
    "action-upload_photo": "正在发送图片…",
    "action-other": "处理中…",
    "answer-none": "机器人还没有回应这次点击。",
    playing: (name) => `后端正在播放场景“${name}”。`,
    "error-lost": "沙盒没有响应，它还在运行吗？",
    "error-other": "操作没有成功。",
    "error-stranger": "沙盒只为本机上它自己的页面服务。",
    "error-wrong": "沙盒没有理解这个请求。",
    "error-gone": "它已经不在了。",
    "error-too-long": "这段文字太长，聊天无法发送。",
    "error-too-large": "文件太大，沙盒的上限是 600 MB。",
    "error-empty": "这个文件是空的。",
    "error-full": "沙盒最多保存 4 GB 文件。重新启动即可腾出空间。",
    "error-broken-off": "上传中断了。",
    "error-disk": "沙盒无法保存文件，磁盘满了吗？",
    "error-busy": "打开的太多了，请关闭本页面的其他窗口。",
    "error-stopping": "沙盒正在停止。",
    "error-copy": "浏览器不允许页面复制。",
    "error-folder": "不能发送文件夹，请选择其中的文件。",
  },
};

let spoken = "en";

/// Switches the page to the language that is nearest to the person's, and rewrites the labels in the document.
export function speak(language) {
  spoken = language.startsWith("zh") ? "zh" : "en";
  document.documentElement.lang = spoken === "zh" ? "zh-Hans" : "en";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  const attributes = { wordLabel: ["aria-label"], wordTitle: ["title", "aria-label"], wordPlaceholder: ["placeholder"] };
  for (const [key, names] of Object.entries(attributes)) {
    const selector = `[data-${key.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const element of document.querySelectorAll(selector)) {
      for (const name of names) element.setAttribute(name, word(element.dataset[key]));
    }
  }
}

/// The words for `key`; `undefined` if there are none.
export function word(key, ...values) {
  const words = WORDS[spoken][key];
  return typeof words === "function" ? words(...values) : words;
}

/// What the scenario of this name does, if the page has words for it.
export const scenario = (name) => SCENARIOS[spoken][name];

/// The headings of the menu of scenarios, and the names under each.
export const headings = () => GROUPS.map((group) => ({ label: group[spoken], names: group.names }));

/// The language tag that dates are written in.
export const tag = () => (spoken === "zh" ? "zh-CN" : "en");
