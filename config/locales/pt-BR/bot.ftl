# Português do Brasil. Tratamento por “você”. Acima de cada frase está quando ela é dita.

## Start, help, groups
# /start, first private message, bot added
start-welcome = Compartilhe seus clipes e eu começo a gerar os metadados com IA. Ou só me conte o que você tem em mente.
# what the three buttons say for the user, in full, and what is written on them (24 characters)
example-1 = gere meus clipes de vídeo
example-3 = gere títulos, descrição e tags para meu vídeo do YouTube
example-label-1 = Gerar meus clipes
example-label-2 = Exportar MP4 1080p
example-label-3 = Títulos para o YouTube
# once per person, before the first upload
start-notice = Seu clipe é enviado ao serviço de vídeo NEMO para ser processado. Detalhes: /privacy. Apague seus dados quando quiser: /forget.
# /start with a project open
start-returning = { $tracks ->
    [one] Que bom ter você de volta. Este projeto tem {$tracks} faixa e dura {$duration}. /status mostra, /new começa outro.
   *[other] Que bom ter você de volta. Este projeto tem {$tracks} faixas e dura {$duration}. /status mostra, /new começa outro.
}
# /help
help-text =
    Envie um clipe e diga com suas palavras o que você quer. Aceito {$formats}, aqui até {$limit}; clipes curtos e com um só assunto rendem as melhores sugestões.

    {$commands}
# bot added to a group or server
group-intro = Oi. Neste chat eu respondo a comandos, menções e respostas às minhas mensagens; depois de /clips on, a cada clipe também.
# Discord: a reply to the bot came without its text
group-mention-me = Não consigo ler uma resposta que não me menciona. Responda de novo com o @ ligado ou use um comando.
# Discord: words in a project's thread came without their text
thread-mention-me = Aqui não consigo ler mensagens que não me mencionam. Escreva de novo com @ e meu nome na frente ou use um comando.
# someone else presses a button that costs, as the press's own answer
group-not-yours-unnamed = Só quem pediu ou um administrador pode usar este botão.
# token or other private data in a group
group-private-only = ⚠️ Faça isso em um chat privado comigo, por favor.
# /clips on
clips-on = A partir de agora processo cada clipe publicado aqui. /clips off desliga isso.
# /clips off
clips-off = Certo, aqui só respondo quando falarem comigo.
# /clips by someone else
clips-admins-only = Só administradores podem mudar isso.
# /clips on, Discord, no message content
clips-need-intent = ⚠️ O Discord não deixa este bot ler as mensagens daqui. Fale com quem opera o bot ou use **Gerar metadados** em uma mensagem.
# /clips on, Telegram, privacy mode.
clips-hidden = ⚠️ O Telegram esconde de mim as mensagens comuns daqui, os clipes também. Torne-me administrador do grupo ou peça a quem me opera que desligue meu modo de privacidade.
# something else than video is asked for
not-video = Este bot é só para vídeo. Envie um clipe ou diga o que fazer com um.
# a platform permission is absent
perm-missing = ⚠️ Aqui me falta esta permissão: {$permission}. Peça à moderação ou fale comigo no privado.
perm-threads = abrir tópicos (Create Public Threads)
perm-view = ver este canal (View Channel)
perm-send = escrever (Send Messages)
perm-send-threads = escrever em tópicos (Send Messages in Threads)
perm-files = enviar arquivos (Attach Files)
perm-history = ler mensagens anteriores (Read Message History)
# button of an earlier project, as a message to the asker
button-stale = Este botão é de um projeto anterior. Use os botões da mensagem mais recente.
# second press, as a message to the asker
button-done = Isso já foi feito.
# a button whose meaning is no longer kept, as a message to the asker
button-old = Este botão é antigo demais. Escreva de novo o que você quer ou use os botões da mensagem mais recente.

## Session and account
# first call of a session
setup-connecting = Preparando…
# backend unreachable
setup-failed = ⚠️ Não consigo acessar o serviço de vídeo agora. Espere alguns minutos, por favor.
# session gone, new one made
session-renewed = Sua sessão anterior expirou e eu comecei uma nova. Envie o clipe de novo, por favor.
# no anonymous account to be had, or within 7 days of /forget
account-none-left = ⚠️ O serviço não tem conta gratuita livre para este bot no momento. Conecte a sua com /connect ou tente de novo em alguns dias.
# the user's own token is refused
account-expired = ⚠️ O token da sua conta não funciona mais. Envie um novo com /connect.
# the operator's token is refused
account-operator-down = ⚠️ Há um problema com a conta deste bot. Quem opera o bot já foi avisado.
# /connect without a token
connect-ask = Envie /connect com o token da sua conta NEMO. Eu o guardo criptografado, uso só para você e nunca mais o mostro.
# token accepted
connect-done = ✅ Conectado. Seu próximo clipe começa um projeto novo na sua própria conta.
# token refused
connect-bad = ⚠️ Esse token não foi aceito. Copie de novo nas configurações da sua conta em {$web} e envie com /connect.
# token posted in a group
connect-leaked = ⚠️ Outras pessoas podem ter visto este token. Revogue-o nas configurações da conta e me envie o novo no privado.
# Disconnect pressed
connect-removed = Desconectado. Apaguei o token daqui; seu próximo clipe começa um projeto novo.

## Upload
# file accepted
upload-received = Recebi {$name} ({$size}, {$duration}). Enviando…
# the same where the platform does not tell how long it is
upload-received-plain = Recebi {$name} ({$size}). Enviando…
# edited at most every 5 s
upload-progress = ⏳ Enviando {$name}: {$pct}% ({$done} de {$size})
# finished, no caption
upload-done = ✅ Enviado. O que faço com ele?
# finished, the clip had a caption
upload-caption-used = ✅ Enviado. Trabalhando em: “{$request}”
# several files
upload-album = { $n ->
    [one] Recebi {$n} arquivo. Vou colocá-lo neste projeto.
   *[other] Recebi {$n} arquivos. Vou colocá-los neste projeto em ordem.
}
# over what the platform lets a bot download
upload-too-large-platform = ⚠️ O Telegram me deixa baixar arquivos de até {$limit}; este tem {$size}. Envie um link para o arquivo ou um clipe mais curto.
# the same where the platform did not tell the size beforehand
upload-too-large-untold = ⚠️ O Telegram me deixa baixar arquivos de até {$limit}; este é maior. Envie um link para o arquivo ou um clipe mais curto.
# over the service's limit
upload-too-large-service = ⚠️ {$name} tem {$size}; o limite é {$limit}. Comprima ou corte o clipe e envie de novo.
# the service refuses a size that should be within its limit
upload-refused-size = ⚠️ O serviço de vídeo acha {$name} ({$size}) grande demais. Comprima ou corte o clipe e envie de novo.
# wrong type
upload-unsupported = ⚠️ Não consigo usar arquivos {$ext}. Aceito: {$formats}.
# the service refuses a type that it should take
upload-refused-type = ⚠️ O serviço de vídeo não consegue usar {$name}. Salve em outro formato e envie de novo: {$formats}.
# the file that the service fetched is over its limit
upload-too-large-unnamed = ⚠️ O arquivo passa do limite de {$limit}. Comprima ou corte o clipe e envie de novo.
# the same where the file is not known by name
upload-unsupported-unnamed = ⚠️ O serviço de vídeo não consegue usar este tipo de arquivo. Aceito: {$formats}.
# not a web address, a private one, or refused by the service
upload-link-bad = ⚠️ Não consigo usar esse link. Ele precisa ser público e levar direto a um arquivo de vídeo.
# an attachment whose size the platform does not tell
upload-no-length = ⚠️ Não vejo o tamanho desse arquivo e não sei se ele chega inteiro. Envie de novo, por favor.
# the platform's file link has run out
upload-expired = ⚠️ O link do seu anexo expirou. Envie o clipe de novo, por favor.
# broke off
upload-failed = { $pct ->
    [100] ⚠️ O envio não deu certo. Nada mudou no projeto; envie o clipe de novo, por favor.
   *[other] ⚠️ O envio parou em {$pct}%. Nada mudou no projeto; envie o clipe de novo, por favor.
}
# below another reason why a clip did not get in
upload-again = Depois, envie o clipe de novo, por favor.
# user stopped it
upload-cancelled = Envio interrompido. Nada mudou no projeto.
# user stopped it, and some files are in the project; the next one follows
upload-stopped = Envio interrompido.
# below why one of several files did not get in
upload-partly = Desta mensagem já estão no projeto: {$names}.
# /upload with nothing, "I want to upload"
upload-how = Anexe um clipe a uma mensagem aqui ou envie /upload com um link público para o arquivo.
# edit wished, project empty
upload-none-yet = Ainda não há clipe neste projeto. Envie um como anexo ou link.

## Work
# the request is sent
work-started = ⏳ Trabalhando nisso…
# every 2 min of silence, in the same message
work-still = ⏳ Ainda trabalhando… ({$elapsed} até agora)
# the message can be changed for two minutes more only, beside the button Get result
work-goes-on = Ainda não acabou. Logo não vou poder mudar esta mensagem; toque em **Ver resultado** para ver o que chegou.
# below the last message of a long reply; the file comes next
reply-whole = 📄 É mais longo do que cabe aqui; vai tudo abaixo, em um arquivo.
# the same where not all of it was kept
reply-part = 📄 É mais longo do que cabe aqui; o que guardei vai abaixo, em um arquivo, e pode faltar alguma coisa.
# the service refused the request for now; it goes out once more after a while
work-busy = ⏳ O serviço de vídeo está ocupado. Vou tentar de novo {$when}.
# a further request while one runs; becomes the live message of its turn
work-queued = Ainda estou no seu pedido anterior. Este é o número {$place} da fila.
# in place of work-started, by the kind of tool that is at work
work-looking = ⏳ Olhando seu clipe…
work-generating = ⏳ Gerando o clipe…
work-music = ⏳ Trabalhando no som…
work-editing = ⏳ Trabalhando na linha do tempo…
# with work-started, before generation or editing
work-long = Isso pode levar alguns minutos.
# after an edit, two or three steps
work-next = Agora você pode: {$steps}
edit-ask = O que devo mudar? Diga com suas palavras, por exemplo: {$steps}
# the steps
next-title = adicionar um título
next-music = adicionar música
next-shorter = deixar mais curto
next-export = exportar o MP4
# a generated clip is there, and the service has not spoken of it
work-raw-ready = ✅ O vídeo bruto está pronto. O serviço ainda está finalizando…
# short new message after a turn over 30 s, or with newer messages below
work-ping = ✅ Sua resposta está pronta, veja acima.
# the same where it ended otherwise
work-ping-ended = ⚠️ Seu pedido terminou, veja acima.
# a message is edited while it is worked on
edit-too-late = Já estou trabalhando com a sua primeira versão. Envie a mudança em uma nova mensagem.
# the inbox is full; at most once a minute
work-queue-full = { $n ->
    [one] ⚠️ Você já tem {$n} pedido na fila. Envie este de novo quando ele terminar.
   *[other] ⚠️ Você já tem {$n} pedidos na fila. Envie este de novo quando um deles terminar.
}
# waiting request dropped
work-dropped = Descartado: “{$request}”
# user stopped
work-stopped = Parei de esperar. O serviço ainda pode concluir esta edição; /status mostra como está agora.
# no substance for 10 min, or 15 min in all; buttons come after the rechecks
work-timeout = ⚠️ Demorou demais e eu parei de esperar. Não enviei de novo, então você não será cobrado duas vezes.
# no words, project changed
work-silent-done = ✅ Pronto. Mudanças: {$diff}
# no words, project as before
work-silent-nochange = Não recebi resposta e o projeto não mudou. Tente com outras palavras, por exemplo “{$example}”.
# the run failed, and no change is to be seen
work-failed = ⚠️ O serviço de vídeo informou um problema e não terminou (referência {$reference}). Não enviei seu pedido de novo.
# the run failed, and the project changed all the same
work-failed-changed = ⚠️ O serviço informou um problema antes de terminar. Mesmo assim houve mudanças: {$diff}
# the service added more after the first result
work-second-stage = O serviço também fez mudanças por conta própria: {$diff}
# bot restarted in mid-work
work-resumed = Fui reiniciado enquanto trabalhava nisso. Conferindo o resultado…
# stream lost
work-rechecking = A conexão caiu. Conferindo se a edição foi feita…
# state changed after a lost stream
work-recovered = ✅ A conexão caiu, mas a edição foi feita. Mudanças: {$diff}
# still unchanged after all checks
work-unknown = ⚠️ A conexão caiu e o projeto não mudou. Não enviei seu pedido de novo.
# the project could not be read after a lost answer, so nobody knows
work-unread = ⚠️ Não consigo ler o projeto agora e não sei se o seu pedido foi feito. Veja o status primeiro: se tentar de novo, ele pode ser feito duas vezes.
# a request failed inside the bot three times
work-gave-up = ⚠️ Não consegui processar esta mensagem (referência {$reference}). Tente dizer de outro jeito.
# what waited too long to be begun, after a restore or a long stop
work-too-old = Esta mensagem esperou mais de dois dias, então não comecei. Envie de novo se ainda quiser.
# orderly stop during a request, below the text so far
work-back-soon = Estou sendo reiniciado, por isso a resposta foi cortada aqui. Logo confiro o resultado.
# /cancel with nothing running
cancel-nothing = Não há nada em andamento.
# /new
new-done = Projeto novo. Envie um clipe para começar; o projeto anterior não foi apagado.
# /new while a request runs
new-busy = Ainda estou trabalhando no projeto atual.
# the bot cannot save
store-down = ⚠️ Um momento: não consigo salvar mensagens agora. Respondo assim que der.
# too few replicas of the store have a request
store-unconfirmed = ⚠️ Não consegui salvar seu pedido com segurança agora, então não o enviei. Nada foi cobrado.
# anything unforeseen
error-internal = ⚠️ Algo deu errado do meu lado (referência {$reference}). Seu pedido não foi enviado duas vezes.
# the service refuses the request, and would again
error-refused = ⚠️ O serviço de vídeo recusou este pedido (referência {$reference}). Diga de outro jeito ou avise quem opera o bot.
# what was kept of a conversation or a person does not open
kept-unreadable = ⚠️ Não consigo ler o que tinha guardado aqui (referência {$reference}), então começo do zero. Seus projetos no serviço não foram apagados.
# own limiter; at most once a minute
limit-rate = { $n ->
    [one] Você chegou ao limite de {$n} pedido por {$period}. Tente de novo {$when}.
   *[other] Você chegou ao limite de {$n} pedidos por {$period}. Tente de novo {$when}.
}
# 429 from the service, after its one retry
limit-service = ⚠️ O serviço de vídeo está ocupado. Deve ficar livre {$when}.

## Metadata
# head of the card
meta-result = **Títulos, descrição e tags** para {$name}
# the same where nothing tells the clip
meta-result-unnamed = **Títulos, descrição e tags**
# above titles alone
meta-titles = **Títulos**
# above the description
meta-description = **Descrição**
# above the tags
meta-tags = **Tags**
# above the hashtags
meta-hashtags = **Hashtags**
# above the chapters
meta-chapters = **Capítulos**
# a title that the agent recommends
meta-recommended = {$title} (recomendado)
# fields in a count
meta-part-title = título
meta-part-description = descrição
meta-part-caption = texto
meta-part-tags = tags
meta-part-hashtags = hashtags
meta-part-chapters = capítulos
meta-part-mentions = menções
# a field with its count
meta-count = {$part} {$count}/{$limit}
# all rules pass, on a platform with other fields
meta-check-fits = ✅ Dentro dos limites do {$platform}: {$counts}.
# some field is too long, or there is too much of it
meta-check-over = ⚠️ Passa dos limites do {$platform}: {$counts}.
# all rules pass
meta-check-ok = ✅ Dentro dos limites do {$platform}: título {$t}/{$tmax}, descrição {$d}/{$dmax}, tags {$g}/{$gmax}.
# a title is too long
meta-check-bad = ⚠️ O título {$n} tem {$len} caracteres; o limite do {$platform} é {$max}.
# a description is too long in bytes
meta-check-bad-bytes = ⚠️ A descrição tem {$len} bytes; o limite do {$platform} é {$max}.
# allowed, not advised
meta-check-warn = O {$platform} mostra só os primeiros {$shown} caracteres do título {$n}.
# tags over budget
meta-trimmed = { $n ->
    [one] Deixei {$n} tag de fora para caber no limite de {$max} caracteres do {$platform}: {$list}
   *[other] Deixei {$n} tags de fora para caber no limite de {$max} caracteres do {$platform}: {$list}
}
# automatic repairs
meta-repaired = Ajustado para o {$platform}: {$list}
# what was adjusted: angle brackets
meta-fix-angles = < e > trocados por ‹ e ›
# what was adjusted: characters that nobody sees
meta-fix-invisible = caracteres invisíveis removidos
# what was adjusted: the same twice
meta-fix-repeated = repetidos, por isso fora: {$list}
# what was adjusted: tags that are too long
meta-fix-long = longos demais, por isso fora: {$list}
# what was adjusted: too many
meta-fix-many = acima do limite, por isso fora: {$list}
# what was adjusted: hashtags
meta-fix-hashtags = hashtags corrigidas: {$list}
# allowed, not advised: too much of something
meta-check-advice = {$platform} recomenda menos: {$counts}.
# chapters break the rules
meta-chapters-bad = ⚠️ O {$platform} vai ignorar estes capítulos: {$reason}.
# why
meta-chapters-start = o primeiro precisa começar em 0:00
meta-chapters-few = é preciso ter três ou mais
meta-chapters-order = cada um precisa vir depois do anterior
meta-chapters-close = cada um precisa ter 10 segundos ou mais
meta-chapters-beyond = um deles passa do fim do clipe
# **Another language** pressed
meta-language-ask = Em qual idioma devo escrever?
# a post too long for X, in several
meta-thread = { $n ->
    [one] Cabe em {$n} post:
   *[other] Sequência de {$n} posts:
}
# files attached
meta-files = Arquivos de {$name}. O CSV abre no Excel; o arquivo de tags está pronto para colar.
# files attached, where nothing tells the clip
meta-files-unnamed = Seus arquivos. O CSV abre no Excel; o arquivo de tags está pronto para colar.
# a button of titles, description and tags that are no longer kept
meta-gone = Não tenho mais estes títulos e tags. Com /meta eu crio outros.
# **Generate metadata** on a message without a clip
meta-no-clip = Essa mensagem não tem clipe. Escolha uma mensagem com vídeo.

## Status and credits
# /status
status-timeline = { $n ->
    [one] **Linha do tempo** ({$n} faixa):
   *[other] **Linha do tempo** ({$n} faixas):
}
# one per track
status-line = {$i}. {$track}: {$segments}
# inside a line; a title's text is quoted, the volume only if known (`, 35%`)
status-segment = {$name} ({$from}-{$to} s{$volume})
# the text of a title, inside a line
status-text = “{$text}”
# behind the times of a segment that has a sound
status-volume = , {$percent}%
# between the segments of a line
status-also = {$first}, {$second}
# more tracks or segments than shown
status-more = e mais {$n}
# alt text of the picture
status-alt = { $n ->
    [one] Linha do tempo, {$duration}, {$n} faixa. {$lines}
   *[other] Linha do tempo, {$duration}, {$n} faixas. {$lines}
}
# no draft
status-empty = Ainda não há nada aqui. Envie um clipe para começar.
# clips, and no timeline
status-clips = { $n ->
    [one] Há {$n} clipe neste projeto e ainda nenhuma linha do tempo. Diga o que faço com ele.
   *[other] Há {$n} clipes neste projeto e ainda nenhuma linha do tempo. Diga o que faço com eles.
}
# a timeline that cannot be read
status-unreadable = Não consigo ler a linha do tempo deste projeto, mas ela está lá: você pode continuar editando e exportar.
# with the timeline, while a request runs
status-working = ⏳ Há um pedido em andamento há {$elapsed}.
# /credits, visible to the asker only where the platform can
credits-show = Créditos: {$available} disponíveis, {$frozen} reservados, {$total} no total. Exportar é grátis.
# below the threshold after a job
credits-low = Restam {$available} créditos.
# balance cannot be read
credits-unknown = ⚠️ Não consigo consultar o saldo agora.
# out of credits, anonymous account, only the asker reads it
credits-out-anonymous = ⚠️ Os créditos acabaram. Cadastre-se com este link pessoal para manter seu projeto: {$url}
# the same where others read it
credits-out-group = ⚠️ Os créditos acabaram. Com um cadastro você mantém seu projeto.
# out of credits, the user's own account
credits-out-own = ⚠️ Os créditos da sua conta acabaram. Recarregue em {$web}.
# out of credits, operator's account
credits-out-operator = ⚠️ Os créditos da conta deste bot acabaram. Quem opera o bot já foi avisado.

## Export
# /export accepted
export-queued = ⏳ Renderizando seu MP4. Costuma levar de 30 a 90 segundos.
# each poll, same message
export-progress = ⏳ Renderizando… {$elapsed} (costuma levar menos de 90 segundos)
export-unanswered = ⏳ O serviço de vídeo não responde. Continuo tentando.
# /export while one runs
export-running = Esta renderização já está em andamento ({$elapsed}). O arquivo vai chegar aqui.
# not done after 5 min
export-patience = ⏳ Ainda renderizando depois de {$elapsed}. O arquivo chega aqui sozinho; /export consulta na hora e não começa outra.
# not done at the deadline
export-gave-up = ⚠️ A renderização não terminou em {$elapsed} e eu parei de consultar. Seu projeto não mudou.
# /cancel or Stop during a render
export-stopped = Exportação interrompida. Seu projeto não mudou.
# what was kept of a render does not open
export-lost = ⚠️ Perdi sua exportação de vista (referência {$reference}). Comece de novo, por favor.
# more than the service gives is asked for
export-max = O serviço exporta no máximo em 1080x1920. Vou renderizar nesse tamanho.
# the status message becomes the result, with one of the two lines below
export-done = ✅ Seu MP4 está pronto: {$details}.
export-done-plain = ✅ Seu MP4 está pronto.
joined = {$first}, {$second}
# two lines in one
joined-lines = {$first}; {$second}
file-length = {$duration}
file-size = {$size}
# expiry known
export-link-expiring = Baixe até {$expiry}: {$url}
# expiry unknown
export-link = Baixar: {$url}
# below a result: the project in a browser, for one person
web-link = Este link abre o projeto no navegador. Ele é só seu: não compartilhe.
# there is no link, and the file is about to be sent
export-file-next = O arquivo vem na próxima mensagem. Se não vier, exporte de novo; é grátis.
# there is no link, and the file is too large for the chat
export-file-too-large = ⚠️ É grande demais para enviar aqui e o serviço não deu um link. Peça um corte mais curto e exporte de novo.
# there is no link, and the file could not be sent
export-file-lost = ⚠️ Não consegui pegar o arquivo no serviço de vídeo. Exporte de novo, por favor; é grátis.
# the service does not know the project any more
export-session-gone = ⚠️ O serviço de vídeo não tem mais este projeto, então não há o que renderizar. Envie o clipe de novo, por favor.
# short new message, because an edit does not notify; the video instead, where it fits
export-ping = ✅ Seu MP4 está pronto, veja acima.
# no segment in the draft
export-nothing = Ainda não há nada para exportar. Primeiro envie um clipe ou peça uma edição.
# failed twice
export-failed = ⚠️ A renderização falhou duas vezes. Seu projeto não mudou.
export-refused = ⚠️ O serviço de vídeo recusou a renderização (referência {$reference}). Seu projeto não mudou.
# the plan does not allow it
export-plan-blocked = ⚠️ O plano desta conta não inclui exportação. Isso não tem a ver com créditos. {$plan_help}
# inside the former, anonymous account
export-plan-help = Cadastre-se em {$web} para liberar.

## Language, privacy
# /language
language-ask = Qual idioma devo usar? {$languages}
# on the buttons below it
language-name = {$language}
# chosen
language-set = Certo, idioma escolhido: {$language}.
# not understood
language-unknown = Não conheço “{$value}”. Tente um nome como English ou 中文.
# /privacy
privacy-text = Eu guardo: seus IDs de usuário e de chat, idioma, conta, IDs de projetos, histórico de trabalhos, nomes de clipes, os pedidos recentes, a última resposta, os textos escritos para seus clipes e a resposta em andamento, tudo criptografado, por no máximo {$days} dias. Os clipes passam por este bot até o NEMO e não ficam guardados aqui. Este bot não usa nada para treinar modelos. Apagar tudo: /forget
# below the former, where the operator has a policy
privacy-policy = Política completa: {$url}
# /forget, first step
privacy-forget = Isso apaga deste bot suas configurações, projetos, token da conta e histórico, e interrompe o que está em andamento. Arquivos que já estão no NEMO seguem a política do NEMO.
# /forget, second step
privacy-forgotten = { $n ->
    [one] Apagado: {$n} registro.
   *[other] Apagados: {$n} registros.
}
# Keep pressed
privacy-kept = Nada foi apagado.

## What changed
diff-clip-added = clipe adicionado em {$at} ({$duration})
diff-clip-removed = clipe removido em {$at}
diff-clip-trimmed = clipe em {$at}: {$before} → {$after}
diff-clip-moved = clipe movido de {$before} para {$after}
diff-text-added = texto “{$text}” em {$from}–{$to}
diff-text-changed = o texto em {$at} agora é “{$text}”
diff-text-removed = texto removido em {$at}
diff-audio-added = {$name}: adicionado ({$volume})
diff-audio-changed = {$name}: {$before} → {$after}
diff-audio-removed = {$name}: removido
diff-canvas = imagem {$before} → {$after}
diff-duration = duração {$before} → {$after}
diff-media = { $n ->
    [one] {$n} mídia nova
   *[other] {$n} mídias novas
}
diff-other = outras mudanças

## The picture of a timeline
# above it
picture-title = { $n ->
    [one] Linha do tempo · {$n} faixa · {$duration}
   *[other] Linha do tempo · {$n} faixas · {$duration}
}
# above it, where no length is known
picture-title-untimed = { $n ->
    [one] Linha do tempo · {$n} faixa
   *[other] Linha do tempo · {$n} faixas
}
# tracks that are not drawn
picture-more = { $n ->
    [one] +{$n} faixa
   *[other] +{$n} faixas
}
# below it; diff is one or more of the sentences above
picture-changed = mudanças: {$diff}

## Track names
track-video = Vídeo
track-audio = Música
track-text = Título
track-other = Faixa {$n}

## Buttons
btn-retry = Tentar de novo
btn-copy-title = Copiar título {$n}
btn-stop = Parar
btn-copy-description = Copiar descrição
btn-get-result = Ver resultado
btn-copy-tags = Copiar tags
btn-status = Ver status
btn-more-titles = Mais títulos
btn-drop = Descartar
btn-shorter = Mais curto
btn-export = Exportar MP4
btn-other-language = Outro idioma
btn-edit = Editar
btn-files = Arquivos
btn-edit-more = Editar mais
btn-shorten = Encurtar
btn-meta = Títulos + tags
btn-fix = Corrigir
btn-do-it = Fazer isso
btn-use-title = Usar título {$n}
btn-full-reply = Resposta completa
btn-open-web = Abrir na web
btn-keep = Manter
btn-delete = Apagar
btn-only-clip = Só o clipe
btn-disconnect = Desconectar
btn-new = Começar outro
btn-wait = Esperar
btn-open-private = Abrir chat privado
btn-share = Compartilhar aqui
btn-my-data = Meus dados

## Instructions sent to the agent
# /meta, Titles + tags, **Generate metadata**
ask-meta = Escreva três títulos, uma descrição e tags deste vídeo para {$platforms}.
# the same, right after an upload
ask-meta-clip = Enviei {$name}. Escreva para ele três títulos, uma descrição e tags para {$platforms}.
# More titles
ask-more-titles = Escreva mais cinco títulos para este vídeo. Não mude mais nada.
# Shorter
ask-shorter = Deixe os títulos e a descrição mais curtos.
# Shorten it
ask-shorten-title = Encurte o título {$n} para no máximo {$max} caracteres: “{$title}”
# Another language
ask-other-language = Escreva os títulos, a descrição e as tags neste idioma: {$language}.
# Use title N
ask-use-title = Use o título {$n}: “{$title}”
# Only the clip
ask-only-clip = Remova a música, o título e os efeitos que foram adicionados automaticamente. Mantenha o clipe.

## Commands, as menus describe them
command-start = Comece aqui
command-help = Como usar este bot
command-new = Começar um projeto novo
command-meta = Títulos, descrição e tags
command-status = Mostrar a linha do tempo
command-credits = Mostrar os créditos restantes
command-export = Renderizar e enviar o MP4
command-upload = Adicionar um clipe por arquivo ou link
command-cancel = Parar o trabalho atual
command-connect = Usar sua própria conta NEMO
command-language = Mudar o idioma
command-privacy = O que eu guardo
command-forget = Apagar meus dados
command-clips = Processar cada clipe daqui (administradores)
command-generate = Gerar metadados
option-clip = Seu vídeo
option-link = Um link para um vídeo
option-token = O token da sua conta NEMO
option-state = Ligar ou desligar
option-language = O idioma que eu uso com você

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
    [one] em {$n} segundo
   *[other] em {$n} segundos
}
when-minutes = { $n ->
    [one] em {$n} minuto
   *[other] em {$n} minutos
}
when-hours = { $n ->
    [one] em {$n} hora
   *[other] em {$n} horas
}
when-days = { $n ->
    [one] em {$n} dia
   *[other] em {$n} dias
}
# after "per"; other periods are worded as how long something takes
period-minute = minuto
period-hour = hora
period-day = dia
# a moment, for example 2026-08-03 14:30
moment = {$date} {$time} UTC
