// Files in a message: what plays, what shows, what can be fetched.

import { icon, make, size } from "./kit.js";
import { word } from "./words.js";

/// The elements of a file whose bytes lie at `source`, and its shape: `video`, `picture`, `audio` or `file`.
export function media(file, source) {
  const shape = shapeOf(file);
  const elements = [];
  if (shape === "video") {
    const video = make("video", { src: source, controls: true, playsinline: true, preload: "metadata", "aria-label": file.name ?? "" });
    if (file.kind === "animation") Object.assign(video, { muted: true, loop: true });
    fit(video, file.width, file.height);
    video.addEventListener("loadedmetadata", () => fit(video, video.videoWidth, video.videoHeight));
    elements.push(video);
  } else if (shape === "picture") {
    const picture = make("img", { src: source, alt: file.alt ?? file.name ?? "" });
    fit(picture, file.width, file.height);
    picture.addEventListener("load", () => fit(picture, picture.naturalWidth, picture.naturalHeight));
    elements.push(picture);
  } else if (shape === "audio") {
    elements.push(make("audio", { src: source, controls: true, preload: "metadata" }));
  }
  if (shape === "file" || shape === "audio") {
    const about = [size(file.size), file.mime].filter(Boolean).join(" · ");
    elements.push(
      make("a", { class: "file", href: source, download: file.name ?? "", title: word("download") },
        make("span", { class: "sheet" }, icon("file")),
        make("span", {}, make("b", { dir: "auto" }, file.name ?? "file"), make("small", {}, about))),
    );
  }
  return { shape, elements };
}

/// By the chat's own word for it, where it has one; else by the media type.
function shapeOf({ kind, mime = "" }) {
  if (["video", "animation", "video_note"].includes(kind)) return "video";
  if (kind === "photo" || kind === "sticker") return "picture";
  if (kind === "audio" || kind === "voice") return "audio";
  if (kind === "document") return "file";
  const type = mime?.split("/")[0];
  if (type === "image" && kind === undefined) return "picture";
  if (type === "audio" && kind === undefined) return "audio";
  return type === "video" ? "video" : "file";
}

/// Gives a picture its shape before its bytes are here, within a bubble and a screen.
function fit(element, width, height) {
  if (!(width > 0 && height > 0)) return;
  const scale = Math.min(440 / width, 420 / height, Math.max(1, 260 / width));
  element.style.aspectRatio = `${width} / ${height}`;
  element.style.width = `${Math.round(width * scale)}px`;
}
