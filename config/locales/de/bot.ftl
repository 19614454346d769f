# Deutsch. Die Anrede ist „du“. Wann ein Satz gesagt wird, steht über ihm.

## Start, help, groups
# /start, first private message, bot added
start-welcome = Schick mir deine Videoclips, und ich erstelle mit KI die Metadaten dazu. Oder erzähl einfach, was du vorhast.
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = erstelle meine Videoclips
example-3 = erstelle Titel, Beschreibung und Tags für mein YouTube-Video
example-label-1 = Videoclips erstellen
example-label-2 = 1080p MP4 exportieren
example-label-3 = YouTube: Titel und Tags
# once per person, before the first upload
start-notice = Dein Clip wird zur Verarbeitung an den Videodienst NEMO geschickt. Mehr dazu: /privacy. Daten jederzeit löschen: /forget.
# /start with a project open
start-returning = { $tracks ->
    [one] Willkommen zurück. Dieses Projekt hat {$tracks} Spur und ist {$duration} lang. /status zeigt es, /new beginnt ein neues.
   *[other] Willkommen zurück. Dieses Projekt hat {$tracks} Spuren und ist {$duration} lang. /status zeigt es, /new beginnt ein neues.
}
# /help
help-text =
    Schick einen Clip und sag in deinen Worten, was du möchtest. Ich nehme {$formats}, hier bis {$limit}; kurze Clips mit klarem Thema geben die besten Vorschläge.

    {$commands}
# bot added to a group or server
group-intro = Hallo. In diesem Chat reagiere ich auf Befehle, Erwähnungen und Antworten auf meine Nachrichten; nach /clips on auch auf jeden Clip.
# Discord: a reply to the bot came without its text
group-mention-me = Eine Antwort, die mich nicht erwähnt, kann ich nicht lesen. Antworte noch einmal mit eingeschaltetem @ oder nimm einen Befehl.
# Discord: words in a project's thread came without their text
thread-mention-me = Nachrichten, die mich nicht erwähnen, kann ich hier nicht lesen. Schreib es noch einmal mit @ und meinem Namen davor oder nimm einen Befehl.
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = Diesen Button kann nur benutzen, wer die Anfrage gestellt hat oder Admin ist.
# token or other private data in a group
group-private-only = ⚠️ Bitte mach das in einem privaten Chat mit mir.
# /clips on
clips-on = Ab jetzt bearbeite ich jeden Clip, der hier gepostet wird. /clips off beendet das.
# /clips off
clips-off = Okay, hier antworte ich nur noch, wenn ich angesprochen werde.
# /clips by someone else
clips-admins-only = Das können nur Admins ändern.
# /clips on, Discord, no message content
clips-need-intent = ⚠️ Discord lässt diesen Bot hier nicht mitlesen. Frag seinen Betreiber oder nimm **Metadaten erstellen** bei einer Nachricht.
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ Telegram verbirgt hier gewöhnliche Nachrichten vor mir, auch Clips. Mach mich zum Admin dieser Gruppe oder bitte meinen Betreiber, den Privatsphäre-Modus auszuschalten.
# something else than video is asked for
not-video = Dieser Bot kann nur Video. Schick einen Clip oder sag, was ich mit einem tun soll.
# a platform permission is absent
perm-missing = ⚠️ Mir fehlt hier das Recht: {$permission}. Bitte die Moderation darum oder schreib mir privat.
perm-threads = Threads eröffnen (Create Public Threads)
perm-view = den Kanal sehen (View Channel)
perm-send = schreiben (Send Messages)
perm-send-threads = in Threads schreiben (Send Messages in Threads)
perm-files = Dateien senden (Attach Files)
perm-history = frühere Nachrichten lesen (Read Message History)
# button of an earlier project, as a message to the asker
button-stale = Dieser Button gehört zu einem früheren Projekt. Nimm die Buttons der neuesten Nachricht.
# second press, as a message to the asker
button-done = Das ist schon erledigt.
# a button whose meaning is no longer kept, as a message to the asker
button-old = Dieser Button ist zu alt. Schreib noch einmal, was du möchtest, oder nimm die Buttons der neuesten Nachricht.

## Session and account
# first call of a session
setup-connecting = Ich bereite alles vor…
# backend unreachable
setup-failed = ⚠️ Ich erreiche den Videodienst gerade nicht. Bitte warte ein paar Minuten.
# session gone, new one made
session-renewed = Deine frühere Sitzung ist abgelaufen, ich habe eine neue begonnen. Bitte schick den Clip noch einmal.
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ Der Dienst hat für diesen Bot gerade kein Gratiskonto mehr frei. Verbinde dein eigenes mit /connect oder versuch es in ein paar Tagen wieder.
# the user's own token is refused
account-expired = ⚠️ Dein Konto-Token gilt nicht mehr. Schick mit /connect ein neues.
# the operator's token is refused
account-operator-down = ⚠️ Mit dem Konto dieses Bots stimmt etwas nicht. Der Betreiber weiß Bescheid.
# /connect without a token
connect-ask = Schick /connect mit dem Token deines NEMO-Kontos. Ich speichere es verschlüsselt, nutze es nur für dich und zeige es nie wieder an.
# token accepted
connect-done = ✅ Verbunden. Dein nächster Clip beginnt ein neues Projekt auf deinem eigenen Konto.
# token refused
connect-bad = ⚠️ Dieses Token wurde nicht angenommen. Kopier es noch einmal aus den Kontoeinstellungen auf {$web} und schick es mit /connect.
# token posted in a group
connect-leaked = ⚠️ Andere könnten dieses Token gesehen haben. Widerrufe es in den Kontoeinstellungen und schick mir das neue privat.
# Disconnect pressed
connect-removed = Getrennt. Ich habe das Token hier gelöscht; dein nächster Clip beginnt ein neues Projekt.

## Upload
# file accepted
upload-received = {$name} ist da ({$size}, {$duration}). Ich lade hoch…
# the same where the platform does not tell how long it is
upload-received-plain = {$name} ist da ({$size}). Ich lade hoch…
# edited at most every 5 s
upload-progress = ⏳ Ich lade {$name} hoch: {$pct} % ({$done} von {$size})
# finished, no caption
upload-done = ✅ Hochgeladen. Was soll ich damit machen?
# finished, the clip had a caption
upload-caption-used = ✅ Hochgeladen. In Arbeit: „{$request}“
# several files
upload-album = { $n ->
    [one] {$n} Datei ist da. Ich füge sie diesem Projekt hinzu.
   *[other] {$n} Dateien sind da. Ich füge sie der Reihe nach diesem Projekt hinzu.
}
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ Telegram lässt mich Dateien bis {$limit} herunterladen; diese hat {$size}. Schick einen Link zur Datei oder einen kürzeren Clip.
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ Telegram lässt mich Dateien bis {$limit} herunterladen; diese ist größer. Schick einen Link zur Datei oder einen kürzeren Clip.
# over the service's limit
upload-too-large-service = ⚠️ {$name} hat {$size}; erlaubt sind {$limit}. Komprimier oder kürz die Datei und schick sie noch einmal.
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ Dem Videodienst ist {$name} ({$size}) zu groß. Komprimier oder kürz die Datei und schick sie noch einmal.
# wrong type
upload-unsupported = ⚠️ Mit {$ext}-Dateien kann ich nichts anfangen. Ich nehme: {$formats}.
# the service refuses a type that it should take
upload-refused-type = ⚠️ Der Videodienst kann {$name} nicht verwenden. Speicher die Datei in einem anderen Format und schick sie noch einmal: {$formats}.
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ Die Datei ist größer als die erlaubten {$limit}. Komprimier oder kürz sie und schick sie noch einmal.
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ Der Videodienst kann diese Art Datei nicht verwenden. Ich nehme: {$formats}.
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ Mit diesem Link kann ich nichts anfangen. Es muss ein öffentlicher, direkter Link zu einer Videodatei sein.
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ Ich sehe nicht, wie groß diese Datei ist, und weiß darum nicht, ob sie ganz ankommt. Bitte schick sie noch einmal.
# the platform's file link has run out
upload-expired = ⚠️ Der Link zu deinem Anhang ist abgelaufen. Bitte schick den Clip noch einmal.
# broke off
upload-failed = { $pct ->
    [100] ⚠️ Der Upload ist nicht durchgekommen. Das Projekt ist unverändert; bitte schick den Clip noch einmal.
   *[other] ⚠️ Der Upload ist bei {$pct} % abgebrochen. Das Projekt ist unverändert; bitte schick den Clip noch einmal.
}
# below another reason why a clip did not get in
upload-again = Schick danach bitte den Clip noch einmal.
# user stopped it
upload-cancelled = Upload gestoppt. Das Projekt ist unverändert.
# user stopped it, and some files are in the project; the next one follows
upload-stopped = Upload gestoppt.
# below why one of several files did not get in
upload-partly = Aus dieser Nachricht schon im Projekt: {$names}.
# /upload with nothing, "I want to upload"
upload-how = Häng hier einen Clip an eine Nachricht an oder schick /upload mit einem öffentlichen Link zur Datei.
# edit wished, project empty
upload-none-yet = In diesem Projekt ist noch kein Clip. Schick einen als Anhang oder Link.

## Work
# the request is sent
work-started = ⏳ Ich bin dran…
# every 2 min of silence, in the same message
work-still = ⏳ Ich bin noch dran… (bisher {$elapsed})
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = Das dauert noch. Ich kann diese Nachricht nicht mehr lange ändern; mit **Ergebnis holen** siehst du, was kam.
# below the last message of a long reply; the file comes next
reply-whole = 📄 Das ist länger, als ich hier zeigen kann; der ganze Text kommt unten als Datei.
# the same where not all of it was kept
reply-part = 📄 Das ist länger, als ich hier zeigen kann; was ich davon behalten habe, kommt unten als Datei und ist vielleicht nicht vollständig.
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ Der Videodienst ist ausgelastet. Ich versuche es {$when} noch einmal.
# a further request while one runs; becomes the live message of its turn
work-queued = Ich bin noch bei deiner vorigen Anfrage. Diese hier hat Platz {$place} in der Warteschlange.
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ Ich sehe mir deinen Clip an…
work-generating = ⏳ Ich erzeuge den Clip…
work-music = ⏳ Ich arbeite am Ton…
work-editing = ⏳ Ich arbeite an der Timeline…
# with work-started, before generation or editing
work-long = Das kann ein paar Minuten dauern.
# after an edit, two or three steps
work-next = Als Nächstes könntest du: {$steps}
edit-ask = Was soll ich ändern? Sag es mit deinen Worten, zum Beispiel: {$steps}
# the steps
next-title = einen Titel hinzufügen
next-music = Musik hinzufügen
next-shorter = es kürzen
next-export = das MP4 exportieren
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ Das Rohvideo ist fertig. Der Dienst gibt ihm noch den letzten Schliff…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ Deine Antwort ist da, siehe oben.
# the same where it ended otherwise
work-ping-ended = ⚠️ Deine Anfrage ist beendet, siehe oben.
# a message is edited while it is worked on
edit-too-late = Ich arbeite schon mit deiner ersten Fassung. Schick die Änderung als neue Nachricht.
# the inbox is full; at most once a minute
work-queue-full = { $n ->
    [one] ⚠️ Du hast schon {$n} Anfrage in der Warteschlange. Schick diese noch einmal, wenn sie erledigt ist.
   *[other] ⚠️ Du hast schon {$n} Anfragen in der Warteschlange. Schick diese noch einmal, wenn eine davon erledigt ist.
}
# waiting request dropped
work-dropped = Verworfen: „{$request}“
# user stopped
work-stopped = Ich warte nicht mehr. Der Dienst kann diese Änderung trotzdem noch fertigstellen; /status zeigt den Stand.
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ Das hat zu lange gedauert, ich warte nicht mehr. Ich habe es nicht noch einmal geschickt, du zahlst also nicht doppelt.
# no words, project changed
work-silent-done = ✅ Fertig. Geändert: {$diff}
# no words, project as before
work-silent-nochange = Es kam keine Antwort, und das Projekt ist unverändert. Sag es anders, zum Beispiel „{$example}“.
# the run failed, and no change is to be seen
work-failed = ⚠️ Der Videodienst hat ein Problem gemeldet und ist nicht fertig geworden (Kennung {$reference}). Ich habe deine Anfrage nicht noch einmal geschickt.
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ Der Dienst hat ein Problem gemeldet, bevor er fertig war. Trotzdem geändert: {$diff}
# the service added more after the first result
work-second-stage = Der Dienst hat außerdem von sich aus geändert: {$diff}
# bot restarted in mid-work
work-resumed = Ich wurde währenddessen neu gestartet. Ich prüfe jetzt das Ergebnis…
# stream lost
work-rechecking = Die Verbindung ist abgebrochen. Ich prüfe, ob die Änderung angekommen ist…
# state changed after a lost stream
work-recovered = ✅ Die Verbindung ist abgebrochen, aber die Änderung ist angekommen. Geändert: {$diff}
# still unchanged after all checks
work-unknown = ⚠️ Die Verbindung ist abgebrochen, und das Projekt ist unverändert. Ich habe deine Anfrage nicht noch einmal geschickt.
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ Ich kann das Projekt gerade nicht lesen und weiß nicht, ob deine Anfrage angekommen ist. Prüf zuerst den Stand: „Noch einmal“ führt sie vielleicht doppelt aus.
# a request failed inside the bot three times
work-gave-up = ⚠️ Ich konnte diese Nachricht nicht verarbeiten (Kennung {$reference}). Versuch es mit anderen Worten.
# what waited too long to be begun, after a restore or a long stop
work-too-old = Diese Nachricht hat über zwei Tage gewartet, deshalb habe ich nicht damit angefangen. Schick sie noch einmal, wenn du es noch möchtest.
# orderly stop during a request, below the text so far
work-back-soon = Ich werde neu gestartet, darum endet diese Antwort hier. Ich prüfe das Ergebnis gleich.
# /cancel with nothing running
cancel-nothing = Gerade läuft nichts.
# /new
new-done = Neues Projekt. Schick einen Clip, um zu beginnen; dein früheres Projekt bleibt erhalten.
# /new while a request runs
new-busy = Ich arbeite noch am jetzigen Projekt.
# the bot cannot save
store-down = ⚠️ Einen Moment: Ich kann gerade keine Nachrichten speichern. Ich antworte, sobald es geht.
# too few replicas of the store have a request
store-unconfirmed = ⚠️ Ich konnte deine Anfrage gerade nicht sicher speichern und habe sie deshalb nicht abgeschickt. Es wurde nichts berechnet.
# anything unforeseen
error-internal = ⚠️ Bei mir ist etwas schiefgegangen (Kennung {$reference}). Deine Anfrage wurde nicht doppelt geschickt.
# the service refuses the request, and would again
error-refused = ⚠️ Der Videodienst hat diese Anfrage abgelehnt (Kennung {$reference}). Sag es anders oder melde es dem Betreiber des Bots.
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ Ich kann nicht lesen, was ich hier gespeichert hatte (Kennung {$reference}), und fange neu an. Deine Projekte beim Dienst sind nicht gelöscht.
# own limiter; at most once a minute
limit-rate = { $n ->
    [one] Mehr als {$n} Anfrage pro {$period} geht nicht. Versuch es {$when} wieder.
   *[other] Mehr als {$n} Anfragen pro {$period} gehen nicht. Versuch es {$when} wieder.
}
# 429 from the service, after its one retry
limit-service = ⚠️ Der Videodienst ist ausgelastet. Er sollte {$when} wieder frei sein.

## Metadata
# head of the card
meta-result = **Titel, Beschreibung und Tags** für {$name}
# the same where nothing tells the clip
meta-result-unnamed = **Titel, Beschreibung und Tags**
# above titles alone
meta-titles = **Titel**
# above the description
meta-description = **Beschreibung**
# above the tags
meta-tags = **Tags**
# above the hashtags
meta-hashtags = **Hashtags**
# above the chapters
meta-chapters = **Kapitel**
# a title that the agent recommends
meta-recommended = {$title} (empfohlen)
# fields in a count
meta-part-title = Titel
meta-part-description = Beschreibung
meta-part-caption = Text
meta-part-tags = Tags
meta-part-hashtags = Hashtags
meta-part-chapters = Kapitel
meta-part-mentions = Erwähnungen
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ Passt für {$platform}: {$counts}.
# some field is too long, or there is too much of it
meta-check-over = ⚠️ Zu viel für {$platform}: {$counts}.
# all rules pass
meta-check-ok = ✅ Passt für {$platform}: Titel {$t}/{$tmax}, Beschreibung {$d}/{$dmax}, Tags {$g}/{$gmax}.
# a title is too long
meta-check-bad = ⚠️ Titel {$n} hat {$len} Zeichen; {$platform} erlaubt {$max}.
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ Die Beschreibung hat {$len} Byte; {$platform} erlaubt {$max}.
# allowed, not advised
meta-check-warn = {$platform} zeigt nur die ersten {$shown} Zeichen von Titel {$n}.
# tags over budget
meta-trimmed = { $n ->
    [one] Ich habe {$n} Tag weggelassen, damit es in die {$max} Zeichen von {$platform} passt: {$list}
   *[other] Ich habe {$n} Tags weggelassen, damit es in die {$max} Zeichen von {$platform} passt: {$list}
}
# automatic repairs
meta-repaired = Für {$platform} angepasst: {$list}
# what was adjusted: angle brackets
meta-fix-angles = < und > durch ‹ und › ersetzt
# what was adjusted: characters that nobody sees
meta-fix-invisible = unsichtbare Zeichen entfernt
# what was adjusted: the same twice
meta-fix-repeated = doppelt, daher weggelassen: {$list}
# what was adjusted: tags that are too long
meta-fix-long = zu lang, daher weggelassen: {$list}
# what was adjusted: too many
meta-fix-many = über dem Limit, daher weggelassen: {$list}
# what was adjusted: hashtags
meta-fix-hashtags = Hashtags berichtigt: {$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform} rät zu weniger: {$counts}.
# chapters break the rules
meta-chapters-bad = ⚠️ {$platform} wird diese Kapitel ignorieren: {$reason}.
# why
meta-chapters-start = das erste muss bei 0:00 beginnen
meta-chapters-few = es müssen mindestens drei sein
meta-chapters-order = jedes muss nach dem vorigen kommen
meta-chapters-close = jedes muss mindestens 10 Sekunden lang sein
meta-chapters-beyond = eines liegt hinter dem Ende des Clips
# **Another language** pressed
meta-language-ask = In welcher Sprache soll ich sie schreiben?
# a post too long for X, in several
meta-thread = { $n ->
    [one] Passt in {$n} Post:
   *[other] Als Thread mit {$n} Posts:
}
# files attached
meta-files = Dateien für {$name}. Die CSV öffnest du in Excel; die Tags-Datei ist fertig zum Einfügen.
# files attached, where nothing tells the clip
meta-files-unnamed = Deine Dateien. Die CSV öffnest du in Excel; die Tags-Datei ist fertig zum Einfügen.
# a button of titles, description and tags that are no longer kept
meta-gone = Diese Titel und Tags habe ich nicht mehr. Mit /meta bekommst du neue.
# **Generate metadata** on a message without a clip
meta-no-clip = In dieser Nachricht ist kein Clip. Wähl eine Nachricht mit Video.

## Status and credits
# /status
status-timeline = { $n ->
    [one] **Timeline** ({$n} Spur):
   *[other] **Timeline** ({$n} Spuren):
}
# one per track
status-line = {$i}. {$track}: {$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name} ({$from}–{$to} s{$volume})
# the text of a title, inside a line
status-text = „{$text}“
# behind the times of a segment that has a sound
status-volume = , {$percent} %
# between the segments of a line
status-also = {$first}, {$second}
# more tracks or segments than shown
status-more = und {$n} weitere
# alt text of the picture
status-alt = { $n ->
    [one] Timeline, {$duration}, {$n} Spur. {$lines}
   *[other] Timeline, {$duration}, {$n} Spuren. {$lines}
}
# no draft
status-empty = Hier ist noch nichts. Schick einen Clip, um zu beginnen.
# clips, and no timeline
status-clips = { $n ->
    [one] In diesem Projekt ist {$n} Clip und noch keine Timeline. Sag mir, was ich damit machen soll.
   *[other] In diesem Projekt sind {$n} Clips und noch keine Timeline. Sag mir, was ich damit machen soll.
}
# a timeline that cannot be read
status-unreadable = Ich kann die Timeline dieses Projekts nicht lesen, aber sie ist da: Du kannst weiter bearbeiten und exportieren.
# with the timeline, while a request runs
status-working = ⏳ Seit {$elapsed} läuft eine Anfrage.
# /credits, visible to the asker only where the platform can
credits-show = Credits: {$available} verfügbar, {$frozen} reserviert, {$total} insgesamt. Exportieren kostet nichts.
# below the threshold after a job
credits-low = Noch {$available} Credits übrig.
# balance cannot be read
credits-unknown = ⚠️ Ich kann das Guthaben gerade nicht abfragen.
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ Keine Credits mehr. Registrier dich mit diesem persönlichen Link, um dein Projekt zu behalten: {$url}
# the same where others read it
credits-out-group = ⚠️ Keine Credits mehr. Wenn du dich registrierst, behältst du dein Projekt.
# out of credits, the user's own account
credits-out-own = ⚠️ Keine Credits mehr auf deinem Konto. Lade es auf {$web} auf.
# out of credits, operator's account
credits-out-operator = ⚠️ Keine Credits mehr auf dem Konto dieses Bots. Der Betreiber weiß Bescheid.

## Export
# /export accepted
export-queued = ⏳ Ich rendere dein MP4. Das dauert meist 30 bis 90 Sekunden.
# each poll, same message
export-progress = ⏳ Ich rendere… {$elapsed} (meist unter 90 Sekunden)
export-unanswered = ⏳ Der Videodienst antwortet nicht. Ich versuche es weiter.
# /export while one runs
export-running = Das wird schon gerendert ({$elapsed}). Die Datei kommt hierher.
# not done after 5 min
export-patience = ⏳ Nach {$elapsed} wird noch gerendert. Die Datei kommt von allein hierher; /export fragt sofort nach und startet nichts Zweites.
# not done at the deadline
export-gave-up = ⚠️ Das Rendern war nach {$elapsed} nicht fertig, ich frage nicht weiter nach. Dein Projekt ist unverändert.
# /cancel or Stop during a render
export-stopped = Export gestoppt. Dein Projekt ist unverändert.
# what was kept of a render does not open
export-lost = ⚠️ Ich habe deinen Export aus den Augen verloren (Kennung {$reference}). Bitte starte ihn noch einmal.
# more than the service gives is asked for
export-max = Der Dienst exportiert höchstens 1080x1920. Ich rendere in dieser Größe.
# the status message becomes the result, with one of the two lines below
export-done = ✅ Dein MP4 ist fertig: {$details}.
export-done-plain = ✅ Dein MP4 ist fertig.
joined = {$first}, {$second}
# two lines in one
joined-lines = {$first}; {$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = Lade es bis {$expiry} herunter: {$url}
# expiry unknown
export-link = Herunterladen: {$url}
# below a result: the project in a browser, for one person
web-link = Dieser Link öffnet das Projekt im Browser. Er gehört nur dir, gib ihn nicht weiter.
# there is no link, and the file is about to be sent
export-file-next = Die Datei kommt mit der nächsten Nachricht. Wenn nicht, exportier noch einmal; das kostet nichts.
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ Die Datei ist zu groß für diesen Chat, und der Dienst gab keinen Link. Bitte um einen kürzeren Schnitt und exportier noch einmal.
# there is no link, and the file could not be sent
export-file-lost = ⚠️ Ich konnte die Datei nicht vom Videodienst holen. Bitte exportier noch einmal; das kostet nichts.
# the service does not know the project any more
export-session-gone = ⚠️ Der Videodienst hat dieses Projekt nicht mehr, es gibt also nichts zu rendern. Bitte schick den Clip noch einmal.
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ Dein MP4 ist fertig, siehe oben.
# no segment in the draft
export-nothing = Es gibt noch nichts zu exportieren. Schick zuerst einen Clip oder sag, was geschnitten werden soll.
# failed twice
export-failed = ⚠️ Das Rendern ist zweimal fehlgeschlagen. Dein Projekt ist unverändert.
export-refused = ⚠️ Der Videodienst hat das Rendern abgelehnt (Kennung {$reference}). Dein Projekt ist unverändert.
# the plan does not allow it
export-plan-blocked = ⚠️ Der Tarif dieses Kontos enthält keinen Export. Mit Credits hat das nichts zu tun. {$plan_help}
# inside the former, anonymous account
export-plan-help = Registrier dich auf {$web}, um ihn freizuschalten.

## Language, privacy
# /language
language-ask = Welche Sprache soll ich sprechen? {$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = Okay, ab jetzt {$language}.
# not understood
language-unknown = „{$value}“ kenne ich nicht. Versuch einen Namen wie English oder 中文.
# /privacy
privacy-text = Ich speichere: deine Nutzer- und Chat-IDs, Sprache, Konto, Projekt-IDs, Auftragsverlauf, Namen von Clips, die jüngsten Anfragen, die letzte Antwort, die Texte zu deinen Clips und eine laufende Antwort, verschlüsselt, höchstens {$days} Tage lang. Clips gehen durch diesen Bot zu NEMO und werden hier nicht gespeichert. Dieser Bot nutzt nichts davon, um Modelle zu trainieren. Alles löschen: /forget
# below the former, where the operator has a policy
privacy-policy = Vollständige Datenschutzerklärung: {$url}
# /forget, first step
privacy-forget = Das löscht deine Einstellungen, Projekte, dein Konto-Token und deinen Verlauf bei diesem Bot und stoppt, was läuft. Für Dateien, die schon bei NEMO sind, gelten die Regeln von NEMO.
# /forget, second step
privacy-forgotten = { $n ->
    [one] Gelöscht: {$n} Eintrag.
   *[other] Gelöscht: {$n} Einträge.
}
# Keep pressed
privacy-kept = Es wurde nichts gelöscht.

## What changed
diff-clip-added = Clip bei {$at} hinzugefügt ({$duration})
diff-clip-removed = Clip bei {$at} entfernt
diff-clip-trimmed = Clip bei {$at}: {$before} → {$after}
diff-clip-moved = Clip von {$before} nach {$after} verschoben
diff-text-added = Text „{$text}“ bei {$from}–{$to}
diff-text-changed = Text bei {$at} jetzt „{$text}“
diff-text-removed = Text bei {$at} entfernt
diff-audio-added = {$name} hinzugefügt ({$volume})
diff-audio-changed = {$name}: {$before} → {$after}
diff-audio-removed = {$name} entfernt
diff-canvas = Bild {$before} → {$after}
diff-duration = Länge {$before} → {$after}
diff-media = { $n ->
    [one] {$n} neues Medium
   *[other] {$n} neue Medien
}
diff-other = andere Änderungen

## The picture of a timeline
# above it
picture-title = { $n ->
    [one] Timeline · {$n} Spur · {$duration}
   *[other] Timeline · {$n} Spuren · {$duration}
}
# above it, where no length is known
picture-title-untimed = { $n ->
    [one] Timeline · {$n} Spur
   *[other] Timeline · {$n} Spuren
}
# tracks that are not drawn
picture-more = { $n ->
    [one] +{$n} Spur
   *[other] +{$n} Spuren
}
# below it; diff is one or more of the sentences above
picture-changed = geändert: {$diff}

## Track names
track-video = Video
track-audio = Musik
track-text = Titel
track-other = Spur {$n}

## Buttons
btn-retry = Noch einmal
btn-copy-title = Titel {$n} kopieren
btn-stop = Stopp
btn-copy-description = Beschreibung kopieren
btn-get-result = Ergebnis holen
btn-copy-tags = Tags kopieren
btn-status = Stand prüfen
btn-more-titles = Mehr Titel
btn-drop = Verwerfen
btn-shorter = Kürzer
btn-export = MP4 exportieren
btn-other-language = Andere Sprache
btn-edit = Bearbeiten
btn-files = Dateien
btn-edit-more = Weiter bearbeiten
btn-shorten = Kürzen
btn-meta = Titel + Tags
btn-fix = Korrigieren
btn-do-it = Ausführen
btn-use-title = Titel {$n} nehmen
btn-full-reply = Ganze Antwort
btn-open-web = Im Web öffnen
btn-keep = Behalten
btn-delete = Löschen
btn-only-clip = Nur den Clip
btn-disconnect = Trennen
btn-new = Neues beginnen
btn-wait = Warten
btn-open-private = Privaten Chat öffnen
btn-share = Hier teilen
btn-my-data = Meine Daten

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = Schreib drei Titel, eine Beschreibung und Tags zu diesem Video für {$platforms}.
# the same, right after an upload
ask-meta-clip = Ich habe {$name} hochgeladen. Schreib dazu drei Titel, eine Beschreibung und Tags für {$platforms}.
# More titles
ask-more-titles = Schreib fünf weitere Titel für dieses Video. Ändere sonst nichts.
# Shorter
ask-shorter = Kürze die Titel und die Beschreibung.
# Shorten it
ask-shorten-title = Kürze Titel {$n} auf höchstens {$max} Zeichen: „{$title}“
# Another language
ask-other-language = Schreib die Titel, die Beschreibung und die Tags in dieser Sprache: {$language}.
# Use title N
ask-use-title = Nimm Titel {$n}: „{$title}“
# Only the clip
ask-only-clip = Entferne die Musik, den Titel und die Effekte, die automatisch hinzugefügt wurden. Behalte den Clip.

## Commands, as menus describe them
command-start = Hier geht es los
command-help = So benutzt du diesen Bot
command-new = Neues Projekt beginnen
command-meta = Titel, Beschreibung und Tags
command-status = Timeline zeigen
command-credits = Übrige Credits zeigen
command-export = MP4 rendern und schicken
command-upload = Clip als Datei oder Link hinzufügen
command-cancel = Laufenden Auftrag stoppen
command-connect = Dein eigenes NEMO-Konto benutzen
command-language = Sprache wechseln
command-privacy = Was ich speichere
command-forget = Meine Daten löschen
command-clips = Jeden Clip hier bearbeiten (nur Admins)
command-generate = Metadaten erstellen
option-clip = Dein Video
option-link = Link zu einem Video
option-token = Das Token deines NEMO-Kontos
option-state = Ein- oder ausschalten
option-language = Die Sprache, die ich spreche

## Measures: pieces of the sentences above
# between the whole and the tenths
decimal-sign = ,
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
    [one] in {$n} Sekunde
   *[other] in {$n} Sekunden
}
when-minutes = { $n ->
    [one] in {$n} Minute
   *[other] in {$n} Minuten
}
when-hours = { $n ->
    [one] in {$n} Stunde
   *[other] in {$n} Stunden
}
when-days = { $n ->
    [one] in {$n} Tag
   *[other] in {$n} Tagen
}
# after "per"; other periods are worded as how long something takes
period-minute = Minute
period-hour = Stunde
period-day = Tag
# a moment, for example 2026-08-03 14:30
moment = {$date}, {$time} UTC
