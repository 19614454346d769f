# Français. Vouvoiement. Au-dessus de chaque phrase est écrit quand elle est dite.

## Start, help, groups
# /start, first private message, bot added
start-welcome = Envoyez-moi vos clips et je prépare leurs métadonnées avec l’IA. Ou dites-moi simplement ce que vous avez en tête.
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = génère mes clips vidéo
example-3 = génère titres, description et tags pour ma vidéo YouTube
example-label-1 = Générer mes clips
example-label-2 = Exporter en MP4 1080p
example-label-3 = Titres pour YouTube
# once per person, before the first upload
start-notice = Votre clip est envoyé au service vidéo NEMO pour être traité. Détails : /privacy. Pour effacer vos données à tout moment : /forget.
# /start with a project open
start-returning = { $tracks ->
    [one] Ravi de vous revoir. Ce projet a {$tracks} piste et dure {$duration}. /status l’affiche, /new en commence un autre.
   *[other] Ravi de vous revoir. Ce projet a {$tracks} pistes et dure {$duration}. /status l’affiche, /new en commence un autre.
}
# /help
help-text =
    Envoyez un clip, puis dites avec vos mots ce que vous voulez. J’accepte {$formats}, ici jusqu’à {$limit} ; les clips courts et sur un seul sujet donnent les meilleures suggestions.

    {$commands}
# bot added to a group or server
group-intro = Bonjour. Dans ce chat, je réponds aux commandes, aux mentions et aux réponses à mes messages ; après /clips on, à chaque clip aussi.
# Discord: a reply to the bot came without its text
group-mention-me = Je ne peux pas lire une réponse qui ne me mentionne pas. Répondez à nouveau avec le @ activé, ou utilisez une commande.
# Discord: words in a project's thread came without their text
thread-mention-me = Ici, je ne peux pas lire les messages qui ne me mentionnent pas. Écrivez à nouveau avec @ et mon nom devant, ou utilisez une commande.
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = Seuls l’auteur de la demande et les administrateurs peuvent utiliser ce bouton.
# token or other private data in a group
group-private-only = ⚠️ Faites-le plutôt dans un chat privé avec moi.
# /clips on
clips-on = Désormais, je traite chaque clip publié ici. /clips off pour arrêter.
# /clips off
clips-off = D’accord, ici je ne réponds que si l’on s’adresse à moi.
# /clips by someone else
clips-admins-only = Seuls les administrateurs peuvent changer cela.
# /clips on, Discord, no message content
clips-need-intent = ⚠️ Discord ne laisse pas ce bot lire les messages d’ici. Adressez-vous à son opérateur, ou utilisez **Générer les métadonnées** sur un message.
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ Telegram me cache les messages ordinaires d’ici, clips compris. Nommez-moi administrateur du groupe, ou demandez à mon opérateur de désactiver mon mode confidentialité.
# something else than video is asked for
not-video = Ce bot ne s’occupe que de vidéo. Envoyez un clip, ou dites-moi quoi faire du vôtre.
# a platform permission is absent
perm-missing = ⚠️ Il me manque ici une autorisation : {$permission}. Demandez-la à la modération, ou écrivez-moi en privé.
perm-threads = ouvrir des fils (Create Public Threads)
perm-view = voir ce salon (View Channel)
perm-send = écrire (Send Messages)
perm-send-threads = écrire dans les fils (Send Messages in Threads)
perm-files = envoyer des fichiers (Attach Files)
perm-history = lire les messages précédents (Read Message History)
# button of an earlier project, as a message to the asker
button-stale = Ce bouton appartient à un projet précédent. Utilisez les boutons du dernier message.
# second press, as a message to the asker
button-done = C’est déjà fait.
# a button whose meaning is no longer kept, as a message to the asker
button-old = Ce bouton est trop ancien. Écrivez de nouveau ce que vous voulez, ou utilisez les boutons du dernier message.

## Session and account
# first call of a session
setup-connecting = Préparation…
# backend unreachable
setup-failed = ⚠️ Je n’arrive pas à joindre le service vidéo pour le moment. Merci de patienter quelques minutes.
# session gone, new one made
session-renewed = Votre session précédente a expiré, j’en ai ouvert une nouvelle. Merci de renvoyer le clip.
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ Le service n’a plus de compte gratuit libre pour ce bot en ce moment. Connectez le vôtre avec /connect, ou réessayez dans quelques jours.
# the user's own token is refused
account-expired = ⚠️ Le jeton de votre compte ne fonctionne plus. Envoyez-en un nouveau avec /connect.
# the operator's token is refused
account-operator-down = ⚠️ Le compte de ce bot a un problème. L’opérateur a été prévenu.
# /connect without a token
connect-ask = Envoyez /connect suivi du jeton de votre compte NEMO. Je le conserve chiffré, ne l’utilise que pour vous et ne l’affiche plus jamais.
# token accepted
connect-done = ✅ Compte connecté. Votre prochain clip commence un nouveau projet sur votre propre compte.
# token refused
connect-bad = ⚠️ Ce jeton n’a pas été accepté. Copiez-le à nouveau depuis les réglages de votre compte sur {$web} et envoyez-le avec /connect.
# token posted in a group
connect-leaked = ⚠️ D’autres ont pu voir ce jeton. Révoquez-le dans les réglages de votre compte et envoyez-moi le nouveau en privé.
# Disconnect pressed
connect-removed = Compte déconnecté. J’ai effacé le jeton ici ; votre prochain clip commence un nouveau projet.

## Upload
# file accepted
upload-received = {$name} bien reçu ({$size}, {$duration}). Envoi en cours…
# the same where the platform does not tell how long it is
upload-received-plain = {$name} bien reçu ({$size}). Envoi en cours…
# edited at most every 5 s
upload-progress = ⏳ Envoi de {$name} : {$pct} % ({$done} sur {$size})
# finished, no caption
upload-done = ✅ C’est envoyé. Que dois-je en faire ?
# finished, the clip had a caption
upload-caption-used = ✅ C’est envoyé. En cours : « {$request} »
# several files
upload-album = { $n ->
    [one] {$n} fichier reçu. Je l’ajoute à ce projet.
   *[other] {$n} fichiers reçus. Je les ajoute à ce projet dans l’ordre.
}
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ Telegram me laisse télécharger des fichiers jusqu’à {$limit} ; celui-ci fait {$size}. Envoyez un lien vers le fichier, ou un clip plus court.
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ Telegram me laisse télécharger des fichiers jusqu’à {$limit} ; celui-ci est plus gros. Envoyez un lien vers le fichier, ou un clip plus court.
# over the service's limit
upload-too-large-service = ⚠️ {$name} fait {$size} ; la limite est de {$limit}. Compressez-le ou raccourcissez-le, puis renvoyez-le.
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ Pour le service vidéo, {$name} ({$size}) est trop gros. Compressez-le ou raccourcissez-le, puis renvoyez-le.
# wrong type
upload-unsupported = ⚠️ Je ne peux pas utiliser les fichiers {$ext}. J’accepte : {$formats}.
# the service refuses a type that it should take
upload-refused-type = ⚠️ Le service vidéo ne peut pas utiliser {$name}. Enregistrez-le dans un autre format et renvoyez-le : {$formats}.
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ Le fichier dépasse la limite de {$limit}. Compressez-le ou raccourcissez-le, puis renvoyez-le.
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ Le service vidéo ne peut pas utiliser ce type de fichier. J’accepte : {$formats}.
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ Je ne peux pas utiliser ce lien. Il faut un lien public et direct vers un fichier vidéo.
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ Je ne vois pas la taille de ce fichier et ne peux donc pas savoir s’il arrive entier. Merci de le renvoyer.
# the platform's file link has run out
upload-expired = ⚠️ Le lien de votre pièce jointe a expiré. Merci de renvoyer le clip.
# broke off
upload-failed = { $pct ->
    [100] ⚠️ L’envoi n’a pas abouti. Le projet n’a pas changé ; merci de renvoyer le clip.
   *[other] ⚠️ L’envoi s’est interrompu à {$pct} %. Le projet n’a pas changé ; merci de renvoyer le clip.
}
# below another reason why a clip did not get in
upload-again = Ensuite, merci de renvoyer le clip.
# user stopped it
upload-cancelled = Envoi arrêté. Le projet n’a pas changé.
# user stopped it, and some files are in the project; the next one follows
upload-stopped = Envoi arrêté.
# below why one of several files did not get in
upload-partly = Déjà dans le projet, de ce message : {$names}.
# /upload with nothing, "I want to upload"
upload-how = Joignez un clip à un message ici, ou envoyez /upload avec un lien public vers le fichier.
# edit wished, project empty
upload-none-yet = Ce projet n’a pas encore de clip. Envoyez-en un en pièce jointe ou par lien.

## Work
# the request is sent
work-started = ⏳ Je m’en occupe…
# every 2 min of silence, in the same message
work-still = ⏳ J’y travaille encore… ({$elapsed} pour l’instant)
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = Ce n’est pas fini. Je ne pourrai bientôt plus modifier ce message ; appuyez sur **Voir le résultat** pour voir ce qui est arrivé.
# below the last message of a long reply; the file comes next
reply-whole = 📄 C’est trop long pour être affiché ici ; le texte entier suit dans un fichier.
# the same where not all of it was kept
reply-part = 📄 C’est trop long pour être affiché ici ; ce que j’en ai gardé suit dans un fichier, et il peut en manquer une partie.
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ Le service vidéo est très sollicité. Je réessaierai {$when}.
# a further request while one runs; becomes the live message of its turn
work-queued = Je suis encore sur votre demande précédente. Celle-ci est au rang {$place} de la file.
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ Je regarde votre clip…
work-generating = ⏳ Je génère le clip…
work-music = ⏳ Je travaille sur le son…
work-editing = ⏳ Je travaille sur la timeline…
# with work-started, before generation or editing
work-long = Cela peut prendre quelques minutes.
# after an edit, two or three steps
work-next = Et maintenant, par exemple : {$steps}
edit-ask = Que dois-je changer ? Dites-le avec vos mots, par exemple : {$steps}
# the steps
next-title = ajouter un titre
next-music = ajouter de la musique
next-shorter = raccourcir
next-export = exporter le MP4
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ La vidéo brute est prête. Le service y met la dernière main…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ Votre réponse est prête, voir plus haut.
# the same where it ended otherwise
work-ping-ended = ⚠️ Votre demande est terminée, voir plus haut.
# a message is edited while it is worked on
edit-too-late = Je travaille déjà sur votre première version. Envoyez la modification dans un nouveau message.
# the inbox is full; at most once a minute
work-queue-full = { $n ->
    [one] ⚠️ Vous avez déjà {$n} demande en attente. Renvoyez celle-ci quand elle sera terminée.
   *[other] ⚠️ Vous avez déjà {$n} demandes en attente. Renvoyez celle-ci quand l’une d’elles sera terminée.
}
# waiting request dropped
work-dropped = Abandonné : « {$request} »
# user stopped
work-stopped = Je n’attends plus. Le service peut encore terminer cette modification ; /status montre où on en est.
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ C’était trop long et j’ai cessé d’attendre. Je n’ai rien renvoyé, vous ne serez donc pas débité deux fois.
# no words, project changed
work-silent-done = ✅ C’est fait. Changements : {$diff}
# no words, project as before
work-silent-nochange = Je n’ai pas eu de réponse et le projet n’a pas changé. Essayez autrement, par exemple « {$example} ».
# the run failed, and no change is to be seen
work-failed = ⚠️ Le service vidéo a signalé un problème et n’a pas terminé (référence {$reference}). Je n’ai pas renvoyé votre demande.
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ Le service a signalé un problème avant la fin. Changements malgré tout : {$diff}
# the service added more after the first result
work-second-stage = Le service a aussi fait des changements de lui-même : {$diff}
# bot restarted in mid-work
work-resumed = J’ai été redémarré pendant ce travail. Je vérifie le résultat…
# stream lost
work-rechecking = La connexion a été coupée. Je vérifie si la modification est passée…
# state changed after a lost stream
work-recovered = ✅ La connexion a été coupée, mais la modification est passée. Changements : {$diff}
# still unchanged after all checks
work-unknown = ⚠️ La connexion a été coupée et le projet n’a pas changé. Je n’ai pas renvoyé votre demande.
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ Je ne peux pas lire le projet pour le moment et ne sais pas si votre demande est passée. Vérifiez d’abord l’état : réessayer pourrait l’exécuter deux fois.
# a request failed inside the bot three times
work-gave-up = ⚠️ Je n’ai pas pu traiter ce message (référence {$reference}). Essayez de le dire autrement.
# what waited too long to be begun, after a restore or a long stop
work-too-old = Ce message a attendu plus de deux jours, je ne l’ai donc pas traité. Renvoyez-le si vous le voulez toujours.
# orderly stop during a request, below the text so far
work-back-soon = Je redémarre, la réponse s’arrête donc ici. Je vérifie le résultat dans un instant.
# /cancel with nothing running
cancel-nothing = Rien n’est en cours.
# /new
new-done = Nouveau projet. Envoyez un clip pour commencer ; le précédent n’est pas effacé.
# /new while a request runs
new-busy = Je travaille encore sur le projet actuel.
# the bot cannot save
store-down = ⚠️ Un instant : je ne peux pas enregistrer les messages pour le moment. Je réponds dès que possible.
# too few replicas of the store have a request
store-unconfirmed = ⚠️ Je n’ai pas pu enregistrer votre demande en toute sécurité, je ne l’ai donc pas envoyée. Rien n’a été facturé.
# anything unforeseen
error-internal = ⚠️ Quelque chose a mal tourné de mon côté (référence {$reference}). Votre demande n’a pas été envoyée deux fois.
# the service refuses the request, and would again
error-refused = ⚠️ Le service vidéo a refusé cette demande (référence {$reference}). Dites-le autrement, ou prévenez l’opérateur du bot.
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ Je ne peux pas lire ce que j’avais enregistré ici (référence {$reference}), je repars donc de zéro. Vos projets côté service ne sont pas effacés.
# own limiter; at most once a minute
limit-rate = { $n ->
    [one] Vous avez atteint la limite de {$n} demande par {$period}. Réessayez {$when}.
   *[other] Vous avez atteint la limite de {$n} demandes par {$period}. Réessayez {$when}.
}
# 429 from the service, after its one retry
limit-service = ⚠️ Le service vidéo est très sollicité. Il devrait être disponible {$when}.

## Metadata
# head of the card
meta-result = **Titres, description et tags** pour {$name}
# the same where nothing tells the clip
meta-result-unnamed = **Titres, description et tags**
# above titles alone
meta-titles = **Titres**
# above the description
meta-description = **Description**
# above the tags
meta-tags = **Tags**
# above the hashtags
meta-hashtags = **Hashtags**
# above the chapters
meta-chapters = **Chapitres**
# a title that the agent recommends
meta-recommended = {$title} (recommandé)
# fields in a count
meta-part-title = titre
meta-part-description = description
meta-part-caption = texte
meta-part-tags = tags
meta-part-hashtags = hashtags
meta-part-chapters = chapitres
meta-part-mentions = mentions
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ Conforme aux limites de {$platform} : {$counts}.
# some field is too long, or there is too much of it
meta-check-over = ⚠️ Trop pour {$platform} : {$counts}.
# all rules pass
meta-check-ok = ✅ Conforme aux limites de {$platform} : titre {$t}/{$tmax}, description {$d}/{$dmax}, tags {$g}/{$gmax}.
# a title is too long
meta-check-bad = ⚠️ Le titre {$n} fait {$len} caractères ; {$platform} en accepte {$max}.
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ La description fait {$len} octets ; {$platform} en accepte {$max}.
# allowed, not advised
meta-check-warn = {$platform} n’affiche que les {$shown} premiers caractères du titre {$n}.
# tags over budget
meta-trimmed = { $n ->
    [one] J’ai laissé de côté {$n} tag pour tenir dans les {$max} caractères de {$platform} : {$list}
   *[other] J’ai laissé de côté {$n} tags pour tenir dans les {$max} caractères de {$platform} : {$list}
}
# automatic repairs
meta-repaired = Ajusté pour {$platform} : {$list}
# what was adjusted: angle brackets
meta-fix-angles = < et > remplacés par ‹ et ›
# what was adjusted: characters that nobody sees
meta-fix-invisible = caractères invisibles supprimés
# what was adjusted: the same twice
meta-fix-repeated = en double, donc omis : {$list}
# what was adjusted: tags that are too long
meta-fix-long = trop longs, donc omis : {$list}
# what was adjusted: too many
meta-fix-many = au-delà de la limite, donc omis : {$list}
# what was adjusted: hashtags
meta-fix-hashtags = hashtags corrigés : {$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform} conseille moins : {$counts}.
# chapters break the rules
meta-chapters-bad = ⚠️ {$platform} ignorera ces chapitres : {$reason}.
# why
meta-chapters-start = le premier doit commencer à 0:00
meta-chapters-few = il en faut au moins trois
meta-chapters-order = chacun doit venir après le précédent
meta-chapters-close = chacun doit durer au moins 10 secondes
meta-chapters-beyond = l’un d’eux dépasse la fin du clip
# **Another language** pressed
meta-language-ask = Dans quelle langue dois-je les écrire ?
# a post too long for X, in several
meta-thread = { $n ->
    [one] Tient en {$n} post :
   *[other] Fil de {$n} posts :
}
# files attached
meta-files = Fichiers pour {$name}. Le CSV s’ouvre dans Excel ; le fichier de tags est prêt à coller.
# files attached, where nothing tells the clip
meta-files-unnamed = Vos fichiers. Le CSV s’ouvre dans Excel ; le fichier de tags est prêt à coller.
# a button of titles, description and tags that are no longer kept
meta-gone = Je n’ai plus ces titres et ces tags. /meta en écrit de nouveaux.
# **Generate metadata** on a message without a clip
meta-no-clip = Ce message n’a pas de clip. Choisissez un message avec une vidéo.

## Status and credits
# /status
status-timeline = { $n ->
    [one] **Timeline** ({$n} piste) :
   *[other] **Timeline** ({$n} pistes) :
}
# one per track
status-line = {$i}. {$track} : {$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name} ({$from}–{$to} s{$volume})
# the text of a title, inside a line
status-text = « {$text} »
# behind the times of a segment that has a sound
status-volume = , {$percent} %
# between the segments of a line
status-also = {$first}, {$second}
# more tracks or segments than shown
status-more = et {$n} de plus
# alt text of the picture
status-alt = { $n ->
    [one] Timeline, {$duration}, {$n} piste. {$lines}
   *[other] Timeline, {$duration}, {$n} pistes. {$lines}
}
# no draft
status-empty = Il n’y a encore rien ici. Envoyez un clip pour commencer.
# clips, and no timeline
status-clips = { $n ->
    [one] Il y a {$n} clip dans ce projet et pas encore de timeline. Dites-moi quoi en faire.
   *[other] Il y a {$n} clips dans ce projet et pas encore de timeline. Dites-moi quoi en faire.
}
# a timeline that cannot be read
status-unreadable = Je ne peux pas lire la timeline de ce projet, mais elle est là : vous pouvez continuer le montage et l’exporter.
# with the timeline, while a request runs
status-working = ⏳ Une demande est en cours depuis {$elapsed}.
# /credits, visible to the asker only where the platform can
credits-show = Crédits : {$available} disponibles, {$frozen} réservés, {$total} au total. L’export est gratuit.
# below the threshold after a job
credits-low = Il vous reste {$available} crédits.
# balance cannot be read
credits-unknown = ⚠️ Je ne peux pas lire le solde pour le moment.
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ Plus de crédits. Inscrivez-vous avec ce lien personnel pour garder votre projet : {$url}
# the same where others read it
credits-out-group = ⚠️ Plus de crédits. En vous inscrivant, vous gardez votre projet.
# out of credits, the user's own account
credits-out-own = ⚠️ Plus de crédits sur votre compte. Rechargez-le sur {$web}.
# out of credits, operator's account
credits-out-operator = ⚠️ Plus de crédits sur le compte de ce bot. L’opérateur a été prévenu.

## Export
# /export accepted
export-queued = ⏳ Rendu de votre MP4 en cours. Il faut en général de 30 à 90 secondes.
# each poll, same message
export-progress = ⏳ Rendu en cours… {$elapsed} (en général moins de 90 secondes)
export-unanswered = ⏳ Le service vidéo ne répond pas. Je continue d’essayer.
# /export while one runs
export-running = Ce rendu est déjà en cours ({$elapsed}). Le fichier arrivera ici.
# not done after 5 min
export-patience = ⏳ Le rendu continue après {$elapsed}. Le fichier arrivera ici tout seul ; /export vérifie aussitôt et n’en lance pas un second.
# not done at the deadline
export-gave-up = ⚠️ Le rendu n’était pas terminé après {$elapsed}, j’ai cessé de demander. Votre projet n’a pas changé.
# /cancel or Stop during a render
export-stopped = Export arrêté. Votre projet n’a pas changé.
# what was kept of a render does not open
export-lost = ⚠️ J’ai perdu la trace de votre export (référence {$reference}). Merci de le relancer.
# more than the service gives is asked for
export-max = Le service exporte au plus en 1080x1920. Je fais le rendu à cette taille.
# the status message becomes the result, with one of the two lines below
export-done = ✅ Votre MP4 est prêt : {$details}.
export-done-plain = ✅ Votre MP4 est prêt.
joined = {$first}, {$second}
# two lines in one
joined-lines = {$first} ; {$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = À télécharger avant {$expiry} : {$url}
# expiry unknown
export-link = Télécharger : {$url}
# below a result: the project in a browser, for one person
web-link = Ce lien ouvre le projet dans le navigateur. Il est à vous seul : ne le transmettez pas.
# there is no link, and the file is about to be sent
export-file-next = Le fichier arrive dans le prochain message. Sinon, exportez à nouveau ; c’est gratuit.
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ Il est trop gros pour être envoyé ici, et le service n’a pas donné de lien. Demandez un montage plus court et exportez à nouveau.
# there is no link, and the file could not be sent
export-file-lost = ⚠️ Je n’ai pas pu récupérer le fichier auprès du service vidéo. Exportez à nouveau ; c’est gratuit.
# the service does not know the project any more
export-session-gone = ⚠️ Le service vidéo n’a plus ce projet, il n’y a donc rien à exporter. Merci de renvoyer le clip.
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ Votre MP4 est prêt, voir plus haut.
# no segment in the draft
export-nothing = Il n’y a encore rien à exporter. Envoyez d’abord un clip ou demandez un montage.
# failed twice
export-failed = ⚠️ Le rendu a échoué deux fois. Votre projet n’a pas changé.
export-refused = ⚠️ Le service vidéo a refusé ce rendu (référence {$reference}). Votre projet n’a pas changé.
# the plan does not allow it
export-plan-blocked = ⚠️ L’offre de ce compte ne comprend pas l’export. Ce n’est pas une question de crédits. {$plan_help}
# inside the former, anonymous account
export-plan-help = Inscrivez-vous sur {$web} pour le débloquer.

## Language, privacy
# /language
language-ask = Quelle langue dois-je utiliser ? {$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = D’accord, langue choisie : {$language}.
# not understood
language-unknown = Je ne connais pas « {$value} ». Essayez un nom comme English ou 中文.
# /privacy
privacy-text = Je conserve : vos identifiants d’utilisateur et de chat, la langue, le compte, les identifiants de projets, l’historique des tâches, les noms des clips, les demandes récentes, la dernière réponse, les textes écrits pour vos clips et la réponse en cours, le tout chiffré, pendant {$days} jours au plus. Les clips passent par ce bot vers NEMO et ne sont pas conservés ici. Ce bot n’utilise rien pour entraîner des modèles. Tout effacer : /forget
# below the former, where the operator has a policy
privacy-policy = Politique complète : {$url}
# /forget, first step
privacy-forget = Cela efface de ce bot vos réglages, vos projets, le jeton de votre compte et l’historique, et arrête ce qui est en cours. Les fichiers déjà chez NEMO suivent la politique de NEMO.
# /forget, second step
privacy-forgotten = { $n ->
    [one] Effacé : {$n} enregistrement.
   *[other] Effacés : {$n} enregistrements.
}
# Keep pressed
privacy-kept = Rien n’a été effacé.

## What changed
diff-clip-added = clip ajouté à {$at} ({$duration})
diff-clip-removed = clip retiré à {$at}
diff-clip-trimmed = clip à {$at} : {$before} → {$after}
diff-clip-moved = clip déplacé de {$before} à {$after}
diff-text-added = texte « {$text} » à {$from}–{$to}
diff-text-changed = le texte à {$at} devient « {$text} »
diff-text-removed = texte retiré à {$at}
diff-audio-added = ajout : {$name} ({$volume})
diff-audio-changed = {$name} : {$before} → {$after}
diff-audio-removed = retrait : {$name}
diff-canvas = image {$before} → {$after}
diff-duration = durée {$before} → {$after}
diff-media = { $n ->
    [one] {$n} nouveau média
   *[other] {$n} nouveaux médias
}
diff-other = autres modifications

## The picture of a timeline
# above it
picture-title = { $n ->
    [one] Timeline · {$n} piste · {$duration}
   *[other] Timeline · {$n} pistes · {$duration}
}
# above it, where no length is known
picture-title-untimed = { $n ->
    [one] Timeline · {$n} piste
   *[other] Timeline · {$n} pistes
}
# tracks that are not drawn
picture-more = { $n ->
    [one] +{$n} piste
   *[other] +{$n} pistes
}
# below it; diff is one or more of the sentences above
picture-changed = changements : {$diff}

## Track names
track-video = Vidéo
track-audio = Musique
track-text = Titre
track-other = Piste {$n}

## Buttons
btn-retry = Réessayer
btn-copy-title = Copier le titre {$n}
btn-stop = Arrêter
btn-copy-description = Copier la description
btn-get-result = Voir le résultat
btn-copy-tags = Copier les tags
btn-status = Voir l’état
btn-more-titles = Plus de titres
btn-drop = Abandonner
btn-shorter = Plus court
btn-export = Exporter le MP4
btn-other-language = Autre langue
btn-edit = Modifier
btn-files = Fichiers
btn-edit-more = Continuer le montage
btn-shorten = Raccourcir
btn-meta = Titres + tags
btn-fix = Corriger
btn-do-it = Exécuter
btn-use-title = Prendre le titre {$n}
btn-full-reply = Réponse complète
btn-open-web = Ouvrir sur le web
btn-keep = Garder
btn-delete = Effacer
btn-only-clip = Le clip seul
btn-disconnect = Déconnecter
btn-new = Nouveau projet
btn-wait = Attendre
btn-open-private = Ouvrir le chat privé
btn-share = Partager ici
btn-my-data = Mes données

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = Écris trois titres, une description et des tags de cette vidéo pour {$platforms}.
# the same, right after an upload
ask-meta-clip = J’ai envoyé {$name}. Écris trois titres, une description et des tags pour {$platforms}.
# More titles
ask-more-titles = Écris cinq autres titres pour cette vidéo. Ne change rien d’autre.
# Shorter
ask-shorter = Raccourcis les titres et la description.
# Shorten it
ask-shorten-title = Raccourcis le titre {$n} à {$max} caractères au plus : « {$title} »
# Another language
ask-other-language = Écris les titres, la description et les tags dans cette langue : {$language}.
# Use title N
ask-use-title = Prends le titre {$n} : « {$title} »
# Only the clip
ask-only-clip = Enlève la musique, le titre et les effets ajoutés automatiquement. Garde le clip.

## Commands, as menus describe them
command-start = Commencer ici
command-help = Comment utiliser ce bot
command-new = Commencer un nouveau projet
command-meta = Titres, description et tags
command-status = Afficher la timeline
command-credits = Afficher les crédits restants
command-export = Faire le rendu et envoyer le MP4
command-upload = Ajouter un clip par fichier ou par lien
command-cancel = Arrêter la tâche en cours
command-connect = Utiliser votre propre compte NEMO
command-language = Changer de langue
command-privacy = Ce que je conserve
command-forget = Effacer mes données
command-clips = Traiter chaque clip publié ici (admins)
command-generate = Générer les métadonnées
option-clip = Votre vidéo
option-link = Un lien vers une vidéo
option-token = Le jeton de votre compte NEMO
option-state = Activer ou désactiver
option-language = La langue que j’utilise

## Measures: pieces of the sentences above
# between the whole and the tenths
decimal-sign = ,
size-bytes = {$n} o
size-kilobytes = {$n} Ko
size-megabytes = {$n} Mo
size-gigabytes = {$n} Go
# how long something has taken
took-seconds = {$s} s
took-minutes = {$m} min
took-minutes-seconds = {$m} min {$s} s
took-hours = {$h} h
took-hours-minutes = {$h} h {$m} min
took-days = {$d} j
took-days-hours = {$d} j {$h} h
# how long from now, after "try again"
when-seconds = { $n ->
    [one] dans {$n} seconde
   *[other] dans {$n} secondes
}
when-minutes = { $n ->
    [one] dans {$n} minute
   *[other] dans {$n} minutes
}
when-hours = { $n ->
    [one] dans {$n} heure
   *[other] dans {$n} heures
}
when-days = { $n ->
    [one] dans {$n} jour
   *[other] dans {$n} jours
}
# after "per"; other periods are worded as how long something takes
period-minute = minute
period-hour = heure
period-day = jour
# a moment, for example 2026-08-03 14:30
moment = {$date} {$time} UTC
