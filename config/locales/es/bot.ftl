# Español. Se tutea. Encima de cada frase está cuándo se dice.

## Start, help, groups
# /start, first private message, bot added
start-welcome = Comparte tus clips y me pongo a generar los metadatos con IA. O cuéntame qué tienes en mente.
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = genera mis clips de video
example-3 = genera títulos, descripción y etiquetas para mi video de YouTube
example-label-1 = Generar mis clips
example-label-2 = Exportar MP4 1080p
example-label-3 = Títulos para YouTube
# once per person, before the first upload
start-notice = Tu clip se envía al servicio de video NEMO para procesarlo. Detalles: /privacy. Borra tus datos cuando quieras: /forget.
# /start with a project open
start-returning = { $tracks ->
    [one] Hola de nuevo. Este proyecto tiene {$tracks} pista y dura {$duration}. /status lo muestra, /new empieza otro.
   *[other] Hola de nuevo. Este proyecto tiene {$tracks} pistas y dura {$duration}. /status lo muestra, /new empieza otro.
}
# /help
help-text =
    Envía un clip y di con tus palabras qué quieres. Acepto {$formats}, aquí hasta {$limit}; los clips cortos y centrados en un tema dan las mejores sugerencias.

    {$commands}
# bot added to a group or server
group-intro = Hola. En este chat respondo a comandos, menciones y respuestas a mis mensajes; con /clips on, también a cada clip.
# Discord: a reply to the bot came without its text
group-mention-me = No puedo leer una respuesta que no me menciona. Responde otra vez con la @ activada o usa un comando.
# Discord: words in a project's thread came without their text
thread-mention-me = Aquí no puedo leer los mensajes que no me mencionan. Escríbelo otra vez con @ y mi nombre delante, o usa un comando.
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = Solo quien lo pidió o un administrador puede usar este botón.
# token or other private data in a group
group-private-only = ⚠️ Hazlo en un chat privado conmigo, por favor.
# /clips on
clips-on = A partir de ahora proceso cada clip que se publique aquí. /clips off lo desactiva.
# /clips off
clips-off = De acuerdo, aquí solo respondo cuando me hablan.
# /clips by someone else
clips-admins-only = Solo los administradores pueden cambiar esto.
# /clips on, Discord, no message content
clips-need-intent = ⚠️ Discord no deja que este bot lea los mensajes de aquí. Pregunta a su operador o usa **Generar metadatos** en un mensaje.
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ Telegram me oculta los mensajes normales de aquí, también los clips. Hazme administrador del grupo o pide a mi operador que desactive mi modo de privacidad.
# something else than video is asked for
not-video = Este bot es solo para video. Envía un clip o dime qué hacer con uno.
# a platform permission is absent
perm-missing = ⚠️ Aquí me falta este permiso: {$permission}. Pídelo a la moderación o escríbeme en privado.
perm-threads = abrir hilos (Create Public Threads)
perm-view = ver este canal (View Channel)
perm-send = escribir (Send Messages)
perm-send-threads = escribir en hilos (Send Messages in Threads)
perm-files = enviar archivos (Attach Files)
perm-history = leer mensajes anteriores (Read Message History)
# button of an earlier project, as a message to the asker
button-stale = Este botón es de un proyecto anterior. Usa los botones del mensaje más reciente.
# second press, as a message to the asker
button-done = Eso ya está hecho.
# a button whose meaning is no longer kept, as a message to the asker
button-old = Este botón es demasiado antiguo. Escribe de nuevo lo que quieres o usa los botones del mensaje más reciente.

## Session and account
# first call of a session
setup-connecting = Preparando todo…
# backend unreachable
setup-failed = ⚠️ Ahora mismo no puedo conectar con el servicio de video. Espera unos minutos, por favor.
# session gone, new one made
session-renewed = Tu sesión anterior caducó y abrí una nueva. Envía el clip otra vez, por favor.
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ El servicio no tiene ahora cuentas gratuitas libres para este bot. Conecta la tuya con /connect o prueba dentro de unos días.
# the user's own token is refused
account-expired = ⚠️ El token de tu cuenta ya no funciona. Envía uno nuevo con /connect.
# the operator's token is refused
account-operator-down = ⚠️ Hay un problema con la cuenta de este bot. El operador ya está avisado.
# /connect without a token
connect-ask = Envía /connect con el token de tu cuenta de NEMO. Lo guardo cifrado, lo uso solo para ti y no lo vuelvo a mostrar.
# token accepted
connect-done = ✅ Cuenta conectada. Tu próximo clip empieza un proyecto nuevo en tu propia cuenta.
# token refused
connect-bad = ⚠️ Ese token no fue aceptado. Cópialo otra vez desde los ajustes de tu cuenta en {$web} y envíalo con /connect.
# token posted in a group
connect-leaked = ⚠️ Es posible que otros hayan visto este token. Revócalo en los ajustes de tu cuenta y envíame el nuevo en privado.
# Disconnect pressed
connect-removed = Cuenta desconectada. Borré el token de aquí; tu próximo clip empieza un proyecto nuevo.

## Upload
# file accepted
upload-received = Recibido {$name} ({$size}, {$duration}). Subiendo…
# the same where the platform does not tell how long it is
upload-received-plain = Recibido {$name} ({$size}). Subiendo…
# edited at most every 5 s
upload-progress = ⏳ Subiendo {$name}: {$pct} % ({$done} de {$size})
# finished, no caption
upload-done = ✅ Subido. ¿Qué hago con él?
# finished, the clip had a caption
upload-caption-used = ✅ Subido. Trabajando en: «{$request}»
# several files
upload-album = { $n ->
    [one] {$n} archivo recibido. Lo añadiré a este proyecto.
   *[other] {$n} archivos recibidos. Los añadiré a este proyecto en orden.
}
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ Telegram me deja descargar archivos de hasta {$limit}; este ocupa {$size}. Envía un enlace al archivo o un clip más corto.
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ Telegram me deja descargar archivos de hasta {$limit}; este es más grande. Envía un enlace al archivo o un clip más corto.
# over the service's limit
upload-too-large-service = ⚠️ {$name} ocupa {$size}; el límite es {$limit}. Comprímelo o recórtalo y envíalo otra vez.
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ Para el servicio de video, {$name} ({$size}) es demasiado grande. Comprímelo o recórtalo y envíalo otra vez.
# wrong type
upload-unsupported = ⚠️ No puedo usar archivos {$ext}. Acepto: {$formats}.
# the service refuses a type that it should take
upload-refused-type = ⚠️ El servicio de video no puede usar {$name}. Guárdalo en otro formato y envíalo otra vez: {$formats}.
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ El archivo supera el límite de {$limit}. Comprímelo o recórtalo y envíalo otra vez.
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ El servicio de video no puede usar este tipo de archivo. Acepto: {$formats}.
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ No puedo usar ese enlace. Tiene que ser un enlace público y directo a un archivo de video.
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ No veo cuánto ocupa ese archivo y no puedo saber si llega entero. Envíalo otra vez, por favor.
# the platform's file link has run out
upload-expired = ⚠️ El enlace a tu archivo adjunto caducó. Envía el clip otra vez, por favor.
# broke off
upload-failed = { $pct ->
    [100] ⚠️ La subida no llegó a completarse. El proyecto sigue igual; envía el clip otra vez, por favor.
   *[other] ⚠️ La subida se cortó al {$pct} %. El proyecto sigue igual; envía el clip otra vez, por favor.
}
# below another reason why a clip did not get in
upload-again = Después, envía el clip otra vez, por favor.
# user stopped it
upload-cancelled = Subida detenida. El proyecto sigue igual.
# user stopped it, and some files are in the project; the next one follows
upload-stopped = Subida detenida.
# below why one of several files did not get in
upload-partly = De este mensaje ya están en el proyecto: {$names}.
# /upload with nothing, "I want to upload"
upload-how = Adjunta un clip a un mensaje aquí o envía /upload con un enlace público al archivo.
# edit wished, project empty
upload-none-yet = Este proyecto aún no tiene ningún clip. Envía uno como archivo adjunto o enlace.

## Work
# the request is sent
work-started = ⏳ Trabajando en ello…
# every 2 min of silence, in the same message
work-still = ⏳ Sigo trabajando… ({$elapsed} hasta ahora)
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = Esto sigue en marcha. Pronto no podré cambiar este mensaje; toca **Ver resultado** para ver qué llegó.
# below the last message of a long reply; the file comes next
reply-whole = 📄 Es más largo de lo que puedo mostrar aquí; va entero abajo, como archivo.
# the same where not all of it was kept
reply-part = 📄 Es más largo de lo que puedo mostrar aquí; lo que conservo va abajo, como archivo, y puede faltar algo.
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ El servicio de video está ocupado. Lo intento otra vez {$when}.
# a further request while one runs; becomes the live message of its turn
work-queued = Sigo con tu petición anterior. Esta ocupa el puesto {$place} en la cola.
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ Mirando tu clip…
work-generating = ⏳ Generando el clip…
work-music = ⏳ Trabajando en el sonido…
work-editing = ⏳ Trabajando en la línea de tiempo…
# with work-started, before generation or editing
work-long = Puede tardar unos minutos.
# after an edit, two or three steps
work-next = Ahora podrías: {$steps}
edit-ask = ¿Qué cambio? Dímelo con tus palabras, por ejemplo: {$steps}
# the steps
next-title = añadir un título
next-music = añadir música
next-shorter = acortarlo
next-export = exportar el MP4
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ El video en bruto está listo. El servicio lo está terminando…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ Tu respuesta está lista, mira arriba.
# the same where it ended otherwise
work-ping-ended = ⚠️ Tu petición terminó, mira arriba.
# a message is edited while it is worked on
edit-too-late = Ya estoy trabajando con tu primera versión. Envía el cambio como mensaje nuevo.
# the inbox is full; at most once a minute
work-queue-full = { $n ->
    [one] ⚠️ Ya tienes {$n} petición en espera. Envía esto otra vez cuando termine.
   *[other] ⚠️ Ya tienes {$n} peticiones en espera. Envía esto otra vez cuando termine una.
}
# waiting request dropped
work-dropped = Descartada: «{$request}»
# user stopped
work-stopped = Dejé de esperar. El servicio aún puede terminar esta edición; /status muestra el estado actual.
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ Tardaba demasiado y dejé de esperar. No lo envié otra vez, así que no se te cobrará dos veces.
# no words, project changed
work-silent-done = ✅ Hecho. Cambios: {$diff}
# no words, project as before
work-silent-nochange = No recibí respuesta y el proyecto no cambió. Prueba con otras palabras, por ejemplo «{$example}».
# the run failed, and no change is to be seen
work-failed = ⚠️ El servicio de video informó de un problema y no terminó (referencia {$reference}). No envié tu petición otra vez.
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ El servicio informó de un problema antes de terminar. Aun así hubo cambios: {$diff}
# the service added more after the first result
work-second-stage = El servicio también hizo cambios por su cuenta: {$diff}
# bot restarted in mid-work
work-resumed = Me reinicié mientras trabajaba en esto. Compruebo el resultado…
# stream lost
work-rechecking = Se cortó la conexión. Compruebo si la edición llegó a hacerse…
# state changed after a lost stream
work-recovered = ✅ Se cortó la conexión, pero la edición se hizo. Cambios: {$diff}
# still unchanged after all checks
work-unknown = ⚠️ Se cortó la conexión y el proyecto no cambió. No envié tu petición otra vez.
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ Ahora no puedo leer el proyecto y no sé si tu petición se hizo. Mira primero el estado: si reintentas, puede hacerse dos veces.
# a request failed inside the bot three times
work-gave-up = ⚠️ No pude procesar este mensaje (referencia {$reference}). Prueba a decirlo de otra manera.
# what waited too long to be begun, after a restore or a long stop
work-too-old = Este mensaje esperó más de dos días, así que no empecé con él. Envíalo otra vez si aún lo quieres.
# orderly stop during a request, below the text so far
work-back-soon = Me estoy reiniciando y la respuesta se cortó aquí. Compruebo el resultado enseguida.
# /cancel with nothing running
cancel-nothing = No hay nada en marcha.
# /new
new-done = Proyecto nuevo. Envía un clip para empezar; tu proyecto anterior no se borra.
# /new while a request runs
new-busy = Sigo trabajando en el proyecto actual.
# the bot cannot save
store-down = ⚠️ Un momento: ahora no puedo guardar mensajes. Responderé en cuanto pueda.
# too few replicas of the store have a request
store-unconfirmed = ⚠️ Ahora mismo no pude guardar tu petición de forma segura, así que no la envié. No se cobró nada.
# anything unforeseen
error-internal = ⚠️ Algo falló por mi parte (referencia {$reference}). Tu petición no se envió dos veces.
# the service refuses the request, and would again
error-refused = ⚠️ El servicio de video rechazó esta petición (referencia {$reference}). Dilo de otra manera o avisa al operador del bot.
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ No puedo leer lo que tenía guardado aquí (referencia {$reference}) y empiezo de cero. Tus proyectos en el servicio no se borraron.
# own limiter; at most once a minute
limit-rate = { $n ->
    [one] Llegaste al límite de {$n} petición por {$period}. Prueba otra vez {$when}.
   *[other] Llegaste al límite de {$n} peticiones por {$period}. Prueba otra vez {$when}.
}
# 429 from the service, after its one retry
limit-service = ⚠️ El servicio de video está ocupado. Debería quedar libre {$when}.

## Metadata
# head of the card
meta-result = **Títulos, descripción y etiquetas** para {$name}
# the same where nothing tells the clip
meta-result-unnamed = **Títulos, descripción y etiquetas**
# above titles alone
meta-titles = **Títulos**
# above the description
meta-description = **Descripción**
# above the tags
meta-tags = **Etiquetas**
# above the hashtags
meta-hashtags = **Hashtags**
# above the chapters
meta-chapters = **Capítulos**
# a title that the agent recommends
meta-recommended = {$title} (recomendado)
# fields in a count
meta-part-title = título
meta-part-description = descripción
meta-part-caption = texto
meta-part-tags = etiquetas
meta-part-hashtags = hashtags
meta-part-chapters = capítulos
meta-part-mentions = menciones
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ Cumple los límites de {$platform}: {$counts}.
# some field is too long, or there is too much of it
meta-check-over = ⚠️ Supera los límites de {$platform}: {$counts}.
# all rules pass
meta-check-ok = ✅ Cumple los límites de {$platform}: título {$t}/{$tmax}, descripción {$d}/{$dmax}, etiquetas {$g}/{$gmax}.
# a title is too long
meta-check-bad = ⚠️ El título {$n} tiene {$len} caracteres; {$platform} permite {$max}.
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ La descripción ocupa {$len} bytes; {$platform} permite {$max}.
# allowed, not advised
meta-check-warn = {$platform} solo muestra los primeros {$shown} caracteres del título {$n}.
# tags over budget
meta-trimmed = { $n ->
    [one] Dejé fuera {$n} etiqueta para no pasar de los {$max} caracteres de {$platform}: {$list}
   *[other] Dejé fuera {$n} etiquetas para no pasar de los {$max} caracteres de {$platform}: {$list}
}
# automatic repairs
meta-repaired = Ajustado para {$platform}: {$list}
# what was adjusted: angle brackets
meta-fix-angles = < y > sustituidos por ‹ y ›
# what was adjusted: characters that nobody sees
meta-fix-invisible = caracteres invisibles eliminados
# what was adjusted: the same twice
meta-fix-repeated = repetidos y por eso omitidos: {$list}
# what was adjusted: tags that are too long
meta-fix-long = demasiado largos y por eso omitidos: {$list}
# what was adjusted: too many
meta-fix-many = por encima del límite y por eso omitidos: {$list}
# what was adjusted: hashtags
meta-fix-hashtags = hashtags corregidos: {$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform} aconseja menos: {$counts}.
# chapters break the rules
meta-chapters-bad = ⚠️ {$platform} ignorará estos capítulos: {$reason}.
# why
meta-chapters-start = el primero tiene que empezar en 0:00
meta-chapters-few = tiene que haber tres o más
meta-chapters-order = cada uno tiene que ir después del anterior
meta-chapters-close = cada uno tiene que durar 10 segundos o más
meta-chapters-beyond = hay uno más allá del final del clip
# **Another language** pressed
meta-language-ask = ¿En qué idioma los escribo?
# a post too long for X, in several
meta-thread = { $n ->
    [one] Cabe en {$n} publicación:
   *[other] Como hilo de {$n} publicaciones:
}
# files attached
meta-files = Archivos de {$name}. El CSV se abre en Excel; el archivo de etiquetas está listo para pegar.
# files attached, where nothing tells the clip
meta-files-unnamed = Tus archivos. El CSV se abre en Excel; el archivo de etiquetas está listo para pegar.
# a button of titles, description and tags that are no longer kept
meta-gone = Ya no tengo estos títulos y etiquetas. Con /meta se escriben otros.
# **Generate metadata** on a message without a clip
meta-no-clip = Ese mensaje no tiene ningún clip. Elige un mensaje con video.

## Status and credits
# /status
status-timeline = { $n ->
    [one] **Línea de tiempo** ({$n} pista):
   *[other] **Línea de tiempo** ({$n} pistas):
}
# one per track
status-line = {$i}. {$track}: {$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name} ({$from}-{$to} s{$volume})
# the text of a title, inside a line
status-text = «{$text}»
# behind the times of a segment that has a sound
status-volume = , {$percent} %
# between the segments of a line
status-also = {$first}, {$second}
# more tracks or segments than shown
status-more = y {$n} más
# alt text of the picture
status-alt = { $n ->
    [one] Línea de tiempo, {$duration}, {$n} pista. {$lines}
   *[other] Línea de tiempo, {$duration}, {$n} pistas. {$lines}
}
# no draft
status-empty = Aquí aún no hay nada. Envía un clip para empezar.
# clips, and no timeline
status-clips = { $n ->
    [one] Hay {$n} clip en este proyecto y aún no hay línea de tiempo. Dime qué hago con él.
   *[other] Hay {$n} clips en este proyecto y aún no hay línea de tiempo. Dime qué hago con ellos.
}
# a timeline that cannot be read
status-unreadable = No puedo leer la línea de tiempo de este proyecto, pero está ahí: puedes seguir editando y exportarla.
# with the timeline, while a request runs
status-working = ⏳ Hay una petición en marcha desde hace {$elapsed}.
# /credits, visible to the asker only where the platform can
credits-show = Créditos: {$available} disponibles, {$frozen} reservados, {$total} en total. Exportar es gratis.
# below the threshold after a job
credits-low = Te quedan {$available} créditos.
# balance cannot be read
credits-unknown = ⚠️ Ahora mismo no puedo consultar el saldo.
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ No quedan créditos. Regístrate con este enlace personal para conservar tu proyecto: {$url}
# the same where others read it
credits-out-group = ⚠️ No quedan créditos. Si te registras, conservas tu proyecto.
# out of credits, the user's own account
credits-out-own = ⚠️ No quedan créditos en tu cuenta. Recarga en {$web}.
# out of credits, operator's account
credits-out-operator = ⚠️ No quedan créditos en la cuenta de este bot. El operador ya está avisado.

## Export
# /export accepted
export-queued = ⏳ Renderizando tu MP4. Suele tardar de 30 a 90 segundos.
# each poll, same message
export-progress = ⏳ Renderizando… {$elapsed} (suele tardar menos de 90 segundos)
export-unanswered = ⏳ El servicio de vídeo no responde. Sigo intentándolo.
# /export while one runs
export-running = Ese render ya está en marcha ({$elapsed}). El archivo llegará aquí.
# not done after 5 min
export-patience = ⏳ Sigo renderizando tras {$elapsed}. El archivo llegará aquí por sí solo; /export pregunta al momento y no empieza otro.
# not done at the deadline
export-gave-up = ⚠️ El render no terminó en {$elapsed} y dejé de preguntar. Tu proyecto sigue igual.
# /cancel or Stop during a render
export-stopped = Exportación detenida. Tu proyecto sigue igual.
# what was kept of a render does not open
export-lost = ⚠️ Perdí el rastro de tu exportación (referencia {$reference}). Empiézala otra vez, por favor.
# more than the service gives is asked for
export-max = El servicio exporta como máximo a 1080x1920. Lo renderizo a ese tamaño.
# the status message becomes the result, with one of the two lines below
export-done = ✅ Tu MP4 está listo: {$details}.
export-done-plain = ✅ Tu MP4 está listo.
joined = {$first}, {$second}
# two lines in one
joined-lines = {$first}; {$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = Descárgalo antes del {$expiry}: {$url}
# expiry unknown
export-link = Descarga: {$url}
# below a result: the project in a browser, for one person
web-link = Este enlace abre el proyecto en el navegador. Es solo tuyo: no lo compartas.
# there is no link, and the file is about to be sent
export-file-next = El archivo llega en el próximo mensaje. Si no, exporta otra vez; es gratis.
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ Es demasiado grande para enviarlo aquí y el servicio no dio ningún enlace. Pide un corte más breve y exporta otra vez.
# there is no link, and the file could not be sent
export-file-lost = ⚠️ No pude obtener el archivo del servicio de video. Exporta otra vez, por favor; es gratis.
# the service does not know the project any more
export-session-gone = ⚠️ El servicio de video ya no tiene este proyecto y no hay nada que renderizar. Envía el clip otra vez, por favor.
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ Tu MP4 está listo, mira arriba.
# no segment in the draft
export-nothing = Aún no hay nada que exportar. Primero envía un clip o pide una edición.
# failed twice
export-failed = ⚠️ El render falló dos veces. Tu proyecto sigue igual.
export-refused = ⚠️ El servicio de video rechazó el render (referencia {$reference}). Tu proyecto sigue igual.
# the plan does not allow it
export-plan-blocked = ⚠️ El plan de esta cuenta no incluye la exportación. No tiene que ver con los créditos. {$plan_help}
# inside the former, anonymous account
export-plan-help = Regístrate en {$web} para activarla.

## Language, privacy
# /language
language-ask = ¿Qué idioma uso? {$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = De acuerdo, a partir de ahora: {$language}.
# not understood
language-unknown = No conozco «{$value}». Prueba con un nombre como English o 中文.
# /privacy
privacy-text = Guardo: tus identificadores de usuario y de chat, idioma, cuenta, identificadores de proyecto, historial de trabajos, nombres de clips, las peticiones recientes, la última respuesta, los textos escritos para tus clips y la respuesta en curso; todo cifrado y {$days} días como máximo. Los clips pasan por este bot hacia NEMO y no se guardan aquí. Este bot no usa nada para entrenar modelos. Borrar todo: /forget
# below the former, where the operator has a policy
privacy-policy = Política completa: {$url}
# /forget, first step
privacy-forget = Esto borra de este bot tus ajustes, proyectos, token de cuenta e historial, y detiene lo que esté en marcha. Los archivos que ya están en NEMO siguen la política de NEMO.
# /forget, second step
privacy-forgotten = { $n ->
    [one] Borrado: {$n} registro.
   *[other] Borrado: {$n} registros.
}
# Keep pressed
privacy-kept = No se borró nada.

## What changed
diff-clip-added = clip añadido en {$at} ({$duration})
diff-clip-removed = clip quitado en {$at}
diff-clip-trimmed = clip en {$at}: {$before} → {$after}
diff-clip-moved = clip movido de {$before} a {$after}
diff-text-added = texto «{$text}» en {$from}–{$to}
diff-text-changed = el texto en {$at} ahora es «{$text}»
diff-text-removed = texto quitado en {$at}
diff-audio-added = se añadió {$name} ({$volume})
diff-audio-changed = {$name}: {$before} → {$after}
diff-audio-removed = se quitó {$name}
diff-canvas = imagen {$before} → {$after}
diff-duration = duración {$before} → {$after}
diff-media = { $n ->
    [one] {$n} medio nuevo
   *[other] {$n} medios nuevos
}
diff-other = otros cambios

## The picture of a timeline
# above it
picture-title = { $n ->
    [one] Línea de tiempo · {$n} pista · {$duration}
   *[other] Línea de tiempo · {$n} pistas · {$duration}
}
# above it, where no length is known
picture-title-untimed = { $n ->
    [one] Línea de tiempo · {$n} pista
   *[other] Línea de tiempo · {$n} pistas
}
# tracks that are not drawn
picture-more = { $n ->
    [one] +{$n} pista
   *[other] +{$n} pistas
}
# below it; diff is one or more of the sentences above
picture-changed = cambios: {$diff}

## Track names
track-video = Video
track-audio = Música
track-text = Título
track-other = Pista {$n}

## Buttons
btn-retry = Reintentar
btn-copy-title = Copiar título {$n}
btn-stop = Detener
btn-copy-description = Copiar descripción
btn-get-result = Ver resultado
btn-copy-tags = Copiar etiquetas
btn-status = Ver estado
btn-more-titles = Más títulos
btn-drop = Descartar
btn-shorter = Más corto
btn-export = Exportar MP4
btn-other-language = Otro idioma
btn-edit = Editar
btn-files = Archivos
btn-edit-more = Seguir editando
btn-shorten = Acortar
btn-meta = Títulos + etiquetas
btn-fix = Corregir
btn-do-it = Hazlo
btn-use-title = Usar título {$n}
btn-full-reply = Respuesta completa
btn-open-web = Abrir en la web
btn-keep = Conservar
btn-delete = Borrar
btn-only-clip = Solo el clip
btn-disconnect = Desconectar
btn-new = Empezar otro
btn-wait = Esperar
btn-open-private = Abrir chat privado
btn-share = Compartir aquí
btn-my-data = Mis datos

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = Escribe tres títulos, una descripción y etiquetas de este video para {$platforms}.
# the same, right after an upload
ask-meta-clip = Subí {$name}. Escribe para él tres títulos, una descripción y etiquetas para {$platforms}.
# More titles
ask-more-titles = Escribe cinco títulos más para este video. No cambies nada más.
# Shorter
ask-shorter = Haz más cortos los títulos y la descripción.
# Shorten it
ask-shorten-title = Acorta el título {$n} a {$max} caracteres como máximo: «{$title}»
# Another language
ask-other-language = Escribe los títulos, la descripción y las etiquetas en este idioma: {$language}.
# Use title N
ask-use-title = Usa el título {$n}: «{$title}»
# Only the clip
ask-only-clip = Quita la música, el título y los efectos que se añadieron automáticamente. Conserva el clip.

## Commands, as menus describe them
command-start = Empieza aquí
command-help = Cómo usar este bot
command-new = Empezar un proyecto nuevo
command-meta = Títulos, descripción y etiquetas
command-status = Mostrar la línea de tiempo
command-credits = Mostrar los créditos restantes
command-export = Renderizar y enviar el MP4
command-upload = Añadir un clip por archivo o enlace
command-cancel = Detener el trabajo en curso
command-connect = Usar tu propia cuenta de NEMO
command-language = Cambiar de idioma
command-privacy = Qué guardo
command-forget = Borrar mis datos
command-clips = Procesar cada clip de aquí (administradores)
command-generate = Generar metadatos
option-clip = Tu video
option-link = Un enlace a un video
option-token = El token de tu cuenta de NEMO
option-state = Activar o desactivar
option-language = El idioma que uso contigo

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
    [one] dentro de {$n} segundo
   *[other] dentro de {$n} segundos
}
when-minutes = { $n ->
    [one] dentro de {$n} minuto
   *[other] dentro de {$n} minutos
}
when-hours = { $n ->
    [one] dentro de {$n} hora
   *[other] dentro de {$n} horas
}
when-days = { $n ->
    [one] dentro de {$n} día
   *[other] dentro de {$n} días
}
# after "per"; other periods are worded as how long something takes
period-minute = minuto
period-hour = hora
period-day = día
# a moment, for example 2026-08-03 14:30
moment = {$date} {$time} UTC
